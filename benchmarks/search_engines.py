"""One search engine in a process of its own, for ``benchmarks/bench_search.py``: ours, txtai or LlamaIndex.

The first line of the standard input holds the folder of the embedder and the articles; the answer is how long indexing
took and how many passages there are. Each further line is a question; the answer is how long it took and what was
found. Every answer is one line of JSON. Nothing of ``rag`` is imported where another engine runs: it would set switches
for it.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, TypeVar

FOUND = 20  # passages asked for, as ``rag eval`` does
PRECISION = {"dtype": "float32"}  # the folder keeps half of it, which torch would compute with: slowly, on a processor
SEPARATOR = " "  # between what an engine is given as the name of a passage; no identifier holds it

Result = TypeVar("Result")
Place: TypeAlias = tuple[str, int, int]
"""Identifier of an article, and where in its text a passage begins and ends."""
Text: TypeAlias = dict[str, Any]
"""An article as the fields of ``rag.values.Article``, blocks as triples."""


class Engine(Protocol):
    """What is measured."""

    def index(self, articles: Sequence[Text]) -> int:
        """Index the articles so that the next question finds everything ready; return the number of passages."""

    def ask(self, question: str) -> Callable[[], Sequence[Place]]:
        """Search, which is what is timed; return what tells the places found, best first."""


class Ours:
    """This program up to the passages: a library on disk, searched by vectors and words."""

    def __init__(self, model: Path) -> None:
        from rag.index import Library
        from rag.opening import embedder_in
        from rag.search.retrieval import Retriever

        self._folder = tempfile.TemporaryDirectory()
        self._library = Library(Path(self._folder.name) / "library", embedder_in(model, {}))
        self._retriever = Retriever(self._library)

    def index(self, articles: Sequence[Text]) -> int:
        """Split, embed and store, and make what is derived at the first question."""
        from rag.values import Article, Block

        given = []
        for one in articles:
            fields = {**one, "blocks": tuple(Block(*block) for block in one["blocks"])}
            given.append((Article(**fields), one["identifier"]))
        for _ in self._library.add_all(given):
            pass
        self.ask("prêt")
        return self._library.count_passages()

    def ask(self, question: str) -> Callable[[], Sequence[Place]]:
        """Take the question apart and find passages."""
        from rag.question import understand

        hits = self._retriever.find(understand(question), limit=FOUND)
        return lambda: [(hit.passage.article, hit.passage.start, hit.passage.end) for hit in hits]


class OursRead(Ours):
    """This program up to the answer: what was found is read, put in order, quoted or refused."""

    def __init__(self, model: Path) -> None:
        from rag.opening import reader_in
        from rag.search import Searcher

        super().__init__(model)
        self._searcher = Searcher(self._library, reader_in(model), passages=FOUND)

    def ask(self, question: str) -> Callable[[], Sequence[Place]]:
        """Do all that is done before an answer is written."""
        from rag.question import understand

        hits = self._searcher.search(understand(question)).hits
        return lambda: [(hit.passage.article, hit.passage.start, hit.passage.end) for hit in hits]


class Txtai:
    """txtai with vectors and words, and the texts kept: it is given paragraphs, each after its article's title."""

    def __init__(self, model: Path) -> None:
        from txtai import Embeddings

        self._embeddings = Embeddings(path=str(model), hybrid=True, content=True, vectors=PRECISION)

    def index(self, articles: Sequence[Text]) -> int:
        """Index a paragraph a row; its name says where it stands."""
        rows = []
        for one in articles:
            for _, start, end in one["blocks"]:
                name = SEPARATOR.join(map(str, (one["identifier"], start, end)))
                rows.append((name, f"{one['title']}\n{one['text'][start:end]}"))
        self._embeddings.index(rows)
        return int(self._embeddings.count())

    def ask(self, question: str) -> Callable[[], Sequence[Place]]:
        """Search for the best rows."""
        found = self._embeddings.search(question, FOUND)

        def places() -> list[Place]:
            names = [str(one["id"]).split(SEPARATOR) for one in found]
            return [(identifier, int(start), int(end)) for identifier, start, end in names]

        return places


class LlamaIndex:
    """LlamaIndex with its own splitter and vector store; it does not read a model's prompts, so is told them."""

    def __init__(self, model: Path) -> None:
        from llama_index.embeddings.huggingface import HuggingFaceEmbedding

        settings = json.loads((model / "config_sentence_transformers.json").read_text(encoding="utf-8"))
        self._embedding = HuggingFaceEmbedding(
            model_name=str(model),
            query_instruction=settings["prompts"]["query"],
            text_instruction=settings["prompts"]["document"],
            device="cpu",
            model_kwargs=PRECISION,
        )

    def index(self, articles: Sequence[Text]) -> int:
        """Index an article a document, its title beside it."""
        from llama_index.core import Document, VectorStoreIndex

        documents = [
            Document(text=one["text"], id_=one["identifier"], metadata={"title": one["title"]}) for one in articles
        ]
        made = VectorStoreIndex.from_documents(documents, embed_model=self._embedding)
        self._retriever = made.as_retriever(similarity_top_k=FOUND)
        return len(made.docstore.docs)

    def ask(self, question: str) -> Callable[[], Sequence[Place]]:
        """Search for the best nodes."""
        found = self._retriever.retrieve(question)
        return lambda: [(one.node.ref_doc_id, one.node.start_char_idx, one.node.end_char_idx) for one in found]


ENGINES: dict[str, Callable[[Path], Engine]] = {
    "ours": Ours,
    "ours-read": OursRead,
    "txtai": Txtai,
    "LlamaIndex": LlamaIndex,
}


def main() -> None:
    """Serve one engine until the standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what libraries print goes elsewhere
    first = json.loads(sys.stdin.readline())
    engine = ENGINES[sys.argv[1]](Path(first["model"]))
    engine.index(first["articles"][:1])  # weights and tables are read the first time; the same article replaces itself

    def answer(**said: object) -> None:
        answers.write(json.dumps(said) + "\n")
        answers.flush()

    passages, spent = timed(lambda: engine.index(first["articles"]))
    answer(spent=spent, passages=passages)
    for line in sys.stdin:
        question = json.loads(line)
        places, spent = timed(lambda question=question: engine.ask(question))
        answer(spent=spent, places=places())


def timed(act: Callable[[], Result]) -> tuple[Result, tuple[float, float]]:
    """Return what an act gives, and the seconds it took: on the wall, and of the processor in all threads."""
    wall, processor = time.perf_counter(), time.process_time()
    result = act()
    return result, (time.perf_counter() - wall, time.process_time() - processor)


if __name__ == "__main__":
    main()
