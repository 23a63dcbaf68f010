"""Finds, with the product's own search, the passages that look like an answer to a question and are none."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.perturbing import CHANGES, Pool
from rag.evaluation.measuring import build_library
from rag.evaluation.question_sets import read_set
from rag.evaluation.wording import normal
from rag.index import Embedder
from rag.index.contexts import context
from rag.question import understand
from rag.search.retrieval import Retriever
from training.reader.examples import Labelled, Reading, answered, occurrences, read_lines

NEGATIVES = 3


def mined_readings(folder: Path, embedder: Embedder, work: Path, chance: random.Random) -> Iterator[Reading]:
    """Yield the training questions of a set with the product's passages: the one that answers, and others found.

    Of a question with an answer, one in two comes once more as a near miss: one of its names, numbers or dates changed.
    """
    articles, questions = read_set(folder, "train.jsonl")
    asked = {one.article for one in questions}
    kept = [article for article in articles if article.identifier in asked]
    known = {article.identifier: article for article in kept}
    library = build_library(kept, embedder, work)
    retriever = Retriever(library)
    pool = Pool.of([article.text for article in kept])
    for one in questions:
        article = known[one.article]
        title = context(article)
        hits = retriever.find(understand(one.text), article=one.article, limit=8)
        block = article.blocks[one.paragraph] if one.paragraph is not None else None
        found: list[Labelled] = []
        if one.answerable and block:
            for passage in library.passages(one.article):
                if passage.start < block.end and passage.end > block.start:
                    spans = occurrences(list(one.answers), title + passage.text)
                    spans = tuple(span for span in spans if span[0] >= len(title))
                    found += [answered(title + passage.text, spans)] if spans else []
            if not found:
                continue
        wrong = [
            Labelled(title + hit.passage.text, False)
            for hit in hits
            if not any(f" {normal(answer)} " in f" {normal(hit.passage.text)} " for answer in one.answers)
        ][:NEGATIVES]
        yield Reading(folder.name, one.text, (*found[:1], *wrong[: 4 - len(found[:1])]))
        if found and chance.random() < 0.5:
            language = article.language
            for change in chance.sample(["name", "number", "date"], 3):
                altered = CHANGES[change](one.text, article.text, pool, language, chance)
                if altered and altered != one.text:
                    yield Reading("altered", altered, (Labelled(found[0].text, False), *wrong[:1]))
                    break


def paired_readings(
    path: Path, sources: dict[str, int], embedder: Embedder, work: Path, chance: random.Random
) -> Iterator[Reading]:
    """Yield real questions with the passage that answers, and passages near the question in meaning that do not.

    Args:
        path: of pairs.
        sources: to take, each with the most questions of it.
        embedder: that says what is near.
        work: folder for what takes long.
        chance: of what is taken.
    """
    lines: list[dict[str, str]] = []
    every = [line for line in read_lines(path) if line["kind"] == "question"]
    for source in sorted({line["source"] for line in every}):
        here = [line for line in every if line["source"] == source and len(line["passage"]) > 60]
        most = sources.get(source, sources["*"])
        lines += chance.sample(here, min(most, len(here)))
    passages = [line["passage"][:900] for line in lines]
    kept = work / f"{path.name}.{len(lines)}.npz"
    if not kept.is_file():
        vectors = embedder.encode_documents(passages)
        asked = np.stack([embedder.encode_query(line["question"]) for line in lines])
        np.savez(kept, vectors=vectors, asked=asked)
    with np.load(kept) as loaded:
        vectors, asked = loaded["vectors"], loaded["asked"]
    for number, line in enumerate(lines):
        near = asked[number] @ vectors.T
        order = [int(at) for at in np.argsort(-near)[:40] if passages[at] != passages[number]]
        # The nearest few may answer too; what is much nearer than the passage itself is left alone.
        order = [at for at in order if near[at] < near[number] + 0.01][1:]
        wrong = [Labelled(passages[at], False) for at in chance.sample(order[:12], min(NEGATIVES, len(order[:12])))]
        yield Reading(line["source"], line["question"], (Labelled(passages[number], True, (), None), *wrong))
