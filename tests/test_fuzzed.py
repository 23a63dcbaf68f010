"""Whatever a file or a question holds, it is read or answered, or refused in one sentence."""

from __future__ import annotations

import json

import pytest
from support.fakes import HashedWords
from support.fuzzing import documents, questions
from support.harbour import HARBOUR, put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.cli.contract import as_contract
from rag.errors import ArticleError, RagError
from rag.events import Finished
from rag.index import Library
from rag.llm.quoting import QuotingModel
from rag.reading import read_article

DOCUMENTS, QUESTIONS, SEED = 2_000, 400, 1
SLICES = 8  # so that several processes share them


def fault_of(path) -> str:
    """Return what is wrong with the way a file is read; empty where nothing is."""
    try:
        article = read_article(path)
    except ArticleError as error:
        return "" if error.message.endswith((".", "!", "?")) and "\n" not in error.message else repr(error.message)
    article.text.encode()  # no half characters
    article.title.encode()
    last = 0
    for block in article.blocks:
        if not last <= block.start < block.end <= len(article.text):
            return f"a block from {block.start} to {block.end}"
        last = block.end
    return "" if article.text.strip() and article.title.strip() else "no text or no title"


def fault_of_answer(assistant, question) -> str:
    """Return what is wrong with the answer of a question; empty where nothing is."""
    try:
        *_, last = assistant.answer(question)
    except RagError:
        return ""
    if not isinstance(last, Finished):
        return "no answer"
    answer = last.answer
    json.dumps(as_contract(answer), ensure_ascii=False).encode("utf-8", "surrogatepass")
    wrong = [one for one in answer.sentences if answer.text[one.start : one.end] != one.text]
    return f"a sentence that stands elsewhere: {wrong[0].text!r}" if wrong else ""


@pytest.mark.parametrize("part", range(SLICES))
def test_every_file_is_read_or_refused_in_one_sentence(tmp_path, part):
    faults = []
    for number, (name, data) in enumerate(documents(DOCUMENTS // SLICES, SEED + part)):
        path = tmp_path / name
        path.write_bytes(data)
        if fault := fault_of(path):
            faults.append(f"{number} {name}: {fault}")
    assert not faults


def test_every_question_is_answered_or_refused(tmp_path):
    library = Library(tmp_path / "press", HashedWords())
    put(library, HARBOUR)
    assistant = Assistant(library, WordReader(), QuotingModel())
    faults = [
        (question, fault) for question in questions(QUESTIONS, SEED) if (fault := fault_of_answer(assistant, question))
    ]
    library.close()
    assert not faults
