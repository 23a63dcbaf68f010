"""What the answerer knows beside the reader: when to refuse, when its own words are right, which sentence comes first.

Of each question it is given the sentences that the reader finds likeliest, as in the product, and three things are held
against the set:

- the odds that no sentence answers, as the model and the reader say, and both together: the area under
  the ROC curve, of questions with and without an answer;
- how likely its short answer is to itself, beside whether it is right, for questions with an answer. It is made to
  answer each, also where it would refuse; right is what holds at least half of the words with meaning of an expected
  answer, or of one of the accepted ones where the set expects none. The check has no say here;
- whether the sentence that stands first holds an accepted answer: ordered by the reader, by the model's choice, and as
  in the product.

Questions that no sentence was found for, and those that want no answer out of a sentence (overviews, greetings), are
left out and counted. Intervals are 95 %, drawn over questions.

    python -m benchmarks.bench_answerer SET... [--limit N] [--mode article|library] [--model NAME] [--cases FILE]
"""

from __future__ import annotations

import argparse
import json
import math
import os
import re
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from rag.errors import RagError
from rag.evaluation import read_set
from rag.evaluation.measuring import build_library, spread
from rag.evaluation.question_sets import Asked
from rag.evaluation.report import area
from rag.evaluation.resampling import intervals, mean
from rag.evaluation.wording import holds_answer
from rag.evaluation.written import covered_share
from rag.events import Working
from rag.llm import compose_evidence
from rag.llm.evidence import ANSWER_TOKENS, LEAST_LIKELIHOOD, ranked
from rag.llm.llama import LlamaCppModel
from rag.opening import open_embedder, open_model, open_reader
from rag.question import CONTENT, understand
from rag.reading import telling_title
from rag.search import Search, Searcher
from rag.settings import load_settings
from rag.values import Prompt, Quote

HALF = 0.5
MARK = re.compile(r"\s*\[\d+\]")
ORDERS = ("reader", "model", "both")


@dataclass(frozen=True)
class Case:
    """What reader and model said of one question.

    Attributes:
        reader: log-odds that the article answers, as the reader says.
        refusal: log-odds of a refusal, as the model says.
        written: its short answer, without marks.
        likelihood: of that to itself, in (0, 1].
        right: whether it holds what is expected; None where nothing is.
        first: for each of ``ORDERS`` whether the first sentence holds an accepted answer; empty where none is named.
    """

    identifier: str
    answerable: bool
    reader: float
    refusal: float
    written: str
    likelihood: float
    right: bool | None
    first: tuple[bool, ...]


def judge(asked: Asked, search: Search, model: LlamaCppModel) -> Case:
    """Let the model answer with the sentences found, and hold it against the set."""
    quotes, probability = search.evidence.quotes, search.evidence.probability
    prompt = compose_evidence(
        asked.text,
        quotes,
        (),
        title=telling_title(search.articles[quotes[0].article]),
        searched=search.question.text,
        language=search.question.answer_language,
        answer_tokens=ANSWER_TOKENS,
        probability=probability,
    )
    text, ended = answered(model, replace(prompt, refused_above=math.inf))
    written = MARK.sub("", text).strip()
    wanted = (asked.expected,) if asked.expected else asked.answers
    shares = [covered_share(one, written, asked.language or "fr") for one in wanted] if asked.answerable else []
    told = [share for share in shares if share is not None]
    return Case(
        asked.identifier,
        asked.answerable,
        math.log(probability / (1 - probability)),
        ended.refusal,
        written,
        ended.likelihood,
        max(told) >= HALF if told else None,
        tuple(holds_answer(one.text, asked.answers) for one in first_of(quotes, ended.marks))
        if asked.answerable and asked.answers
        else (),
    )


def answered(model: LlamaCppModel, prompt: Prompt) -> tuple[str, Working]:
    """Return what was written, and what is known at the end."""
    *pieces, ended = model.stream(prompt)
    assert isinstance(ended, Working)
    return "".join(piece for piece in pieces if isinstance(piece, str)), ended


def first_of(quotes: Sequence[Quote], marks: Sequence[float]) -> tuple[Quote, Quote, Quote]:
    """Return the sentence that would stand first, for each of ``ORDERS``."""
    preferred = quotes[int(np.argmax(marks))] if marks else quotes[0]
    return quotes[0], preferred, (ranked(quotes, marks, 1) if marks else quotes)[0]


def figures(cases: Sequence[Case]) -> dict[str, float | None]:
    """Return all figures of some questions, None where they cannot give one."""
    answerable = [one.answerable for one in cases]
    held = [one for one in cases if one.right is not None]
    right = [bool(one.right) for one in held]
    sure = [bool(one.right) for one in held if one.likelihood >= LEAST_LIKELIHOOD]
    named = [one.first for one in cases if one.first]
    return {
        "refusing, area: reader": area(answerable, [one.reader for one in cases]),
        "refusing, area: model": area(answerable, [-one.refusal for one in cases]),
        "refusing, area: both": area(answerable, [one.reader - one.refusal for one in cases]),
        "short answers: right": mean(right),
        "short answers, area of their likelihood": area(right, [one.likelihood for one in held]),
        f"short answers likelier than {LEAST_LIKELIHOOD}": len(sure) / len(held) if held else None,
        "of these: right": mean(sure),
        **{
            f"answer in the first sentence: {order}": mean([first[place] for first in named])
            for place, order in enumerate(ORDERS)
        },
    }


def table(cases: Sequence[Case]) -> Iterator[str]:
    """Yield the figures with their intervals, a line each."""

    def drawn(numbers: Sequence[int]) -> dict[str, float]:
        values = figures([cases[number] for number in numbers])
        return {name: value for name, value in values.items() if value is not None}

    yield "| figure | value | 95 % interval |"
    yield "|---|---|---|"
    within = intervals(len(cases), drawn)
    for name, value in figures(cases).items():
        if value is not None:
            yield f"| {name} | {value:.3f} | {'{:.3f} to {:.3f}'.format(*within[name])} |"


def ask_set(folder: Path, arguments: argparse.Namespace, model: LlamaCppModel) -> tuple[str, list[Case]]:
    """Ask the questions of a set; return a title that says how many, and what was said of each."""
    settings = load_settings(indexes=arguments.indexes)
    articles, questions = read_set(folder)
    known = {article.identifier for article in articles}
    mode = arguments.mode or ("article" if any(one.kind for one in questions) else "library")
    chosen = spread([one for one in questions if one.article in known or mode == "library"], arguments.limit)
    library = build_library(articles, open_embedder(settings), settings.indexes)
    cases: list[Case] = []
    with closing(library):
        searcher = Searcher(library, open_reader(settings))
        for number, asked in enumerate(chosen, 1):
            search = searcher.search(understand(asked.text), article=asked.article if mode == "article" else "")
            if search.evidence.quotes and search.intent == CONTENT:
                cases.append(judge(asked, search, model))
            print(f"\r{folder.name}: {number} of {len(chosen)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    counts = f"{len(chosen)} questions, {len(cases)} asked, {sum(one.answerable for one in cases)} with an answer"
    return f"{folder.name}, {mode} mode: {counts}", cases


def main() -> None:
    """Measure each set, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", type=Path, help="folders with articles.jsonl and questions.jsonl")
    parser.add_argument("--limit", type=int, default=0, help="questions of each set, spread evenly; 0: all")
    parser.add_argument("--mode", choices=("article", "library"), help="as rag eval has it")
    parser.add_argument("--model", default="gemma-3-270m", help="with an adapter that may refuse")
    parser.add_argument("--indexes", type=Path, help="where the sets' libraries are kept")
    parser.add_argument("--cases", type=Path, help="also write what was said of each question here, a JSON line each")
    arguments = parser.parse_args()
    try:
        model = open_model(load_settings(model=arguments.model))
        if not (isinstance(model, LlamaCppModel) and model.may_refuse):
            parser.error(f"{arguments.model} has no adapter that may refuse")
        with closing(model):
            for folder in arguments.sets:
                measure(lambda one=folder: ask_set(one, arguments, model), arguments.cases)
    except RagError as error:
        parser.error(str(error))


def measure(ask: Callable[[], tuple[str, list[Case]]], kept: Path | None) -> None:
    """Print the table of a set, and how long it took; keep the cases where that is wanted."""
    began = time.perf_counter()
    title, cases = ask()
    print(f"\n{title}; {time.perf_counter() - began:.0f} s, load {os.getloadavg()[0]:.1f}\n")
    print("\n".join(table(cases)), flush=True)
    if kept:
        with kept.open("a", encoding="utf-8") as lines:
            lines.writelines(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in cases)


if __name__ == "__main__":
    main()
