"""The benchmark of the answerer counts what it says it counts."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

from benchmarks.bench_answerer import Case, answered, figures, first_of, judge, table
from rag.evaluation.question_sets import Asked
from rag.events import Working
from rag.llm.evidence import LEAST_LIKELIHOOD
from rag.question import understand
from rag.values import Article, Evidence, Prompt, Quote

REOPENED = Quote("a", "Le port", 0, 37, "Le port a rouvert samedi 14 juin 2025.", 0.6)
COST = Quote("a", "Le port", 40, 60, "Il a coûté 4,2 millions.", 0.5)
PROMPT = Prompt("", (), (), "Quand ?", "Quand ?", "fr")
QUESTION = "Quand le port a-t-il rouvert ?"


def case(*, answerable: bool = True, reader: float = 0.0, refusal: float = 0.0, **more) -> Case:
    values = {"written": "", "likelihood": 0.5, "right": None, "first": ()} | more
    return Case("q", answerable, reader, refusal, **values)


def model(*pieces: str, likelihood: float = 0.95, marks: tuple[float, ...] = ()) -> SimpleNamespace:
    """Return a model that writes these pieces."""
    ended = Working("written", likelihood=likelihood, marks=marks, refusal=-0.4)
    return SimpleNamespace(stream=lambda _: iter([Working("reading", 0.5), *pieces, ended]))


def test_the_areas_are_those_of_reader_model_and_both_together():
    told = figures([
        case(reader=1.0, refusal=0.5), case(reader=0.0, refusal=-2.0),
        case(answerable=False, reader=0.5, refusal=1.0), case(answerable=False, reader=-1.0, refusal=-1.0),
    ])  # fmt: skip
    assert told["refusing, area: reader"] == 0.75
    assert told["refusing, area: model"] == 0.75
    assert told["refusing, area: both"] == 1.0


def test_short_answers_are_counted_where_something_is_expected():
    sure, unsure = LEAST_LIKELIHOOD + 0.01, LEAST_LIKELIHOOD - 0.01
    told = figures([
        case(likelihood=sure, right=True), case(likelihood=sure, right=False),
        case(likelihood=unsure, right=False), case(likelihood=unsure, right=False), case(likelihood=1.0),
    ])  # fmt: skip
    assert told["short answers: right"] == 0.25
    assert told["short answers, area of their likelihood"] == pytest.approx(2.5 / 3)
    assert told[f"short answers likelier than {LEAST_LIKELIHOOD}"] == 0.5
    assert told["of these: right"] == 0.5


def test_the_sentence_that_stands_first_is_told_for_each_order():
    told = figures([case(first=(True, False, True)), case(first=(False, False, True)), case()])
    orders = [told[f"answer in the first sentence: {order}"] for order in ("reader", "model", "both")]
    assert orders == [0.5, 0.0, 1.0]


def test_what_cannot_be_told_is_left_out_of_the_table():
    lines = list(table([case(), case()]))
    assert all("|" in line for line in lines)
    assert not any("area" in line or "right" in line or "first" in line for line in lines)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((), (REOPENED, REOPENED, REOPENED)),
        ((0.1, 0.9), (REOPENED, COST, COST)),
        ((0.45, 0.55), (REOPENED, COST, REOPENED)),
    ],
)
def test_the_orders_are_the_readers_the_models_and_the_products(marks, expected):
    assert first_of((REOPENED, COST), marks) == expected


def test_an_answer_is_all_that_was_written_and_what_is_known_at_its_end():
    text, ended = answered(model("Le 14 ", "juin [1]."), PROMPT)
    assert (text, ended.likelihood) == ("Le 14 juin [1].", 0.95)


@pytest.mark.parametrize(
    ("asked", "right", "first"),
    [
        (Asked("q", QUESTION, True, "a", answers=("14 juin 2025",)), True, (True, False, True)),
        (Asked("q", QUESTION, True, "a", answers=("4,2 millions",)), False, (False, True, False)),
        (Asked("q", QUESTION, True, "a", answers=("4,2 millions",), expected="Le 14 juin"), True, (False, True, False)),
        (Asked("q", QUESTION, False, "a"), None, ()),
    ],
)
def test_a_question_is_held_against_what_the_set_accepts(asked, right, first):
    evidence = Evidence((REOPENED, COST), {}, 0.8, True, "likely")
    articles = {"a": Article("a", "Le port", f"{REOPENED.text} {COST.text}", "fr")}
    search = SimpleNamespace(evidence=evidence, question=understand(QUESTION), articles=articles)
    told = judge(asked, search, model("Le 14 juin 2025 [1].", marks=(0.45, 0.55)))
    assert (told.written, told.right, told.first) == ("Le 14 juin 2025.", right, first)
    assert (told.reader, told.refusal) == (pytest.approx(math.log(4)), -0.4)
