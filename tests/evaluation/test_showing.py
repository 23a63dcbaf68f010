"""Cases for a person to read: spread evenly, the same every time, with all that is needed to judge them."""

from __future__ import annotations

from collections import Counter

import pytest

from rag.evaluation.entailment import Judged, PairReport
from rag.evaluation.question_sets import Asked, Pair
from rag.evaluation.readers import Reading
from rag.evaluation.report import Outcome, Report
from rag.evaluation.showing import shown_answers, shown_pairs, spread
from rag.evaluation.written import Written
from rag.values import Answer, Quote, Sentence

CASES = [f"a{number}" for number in range(10)] + ["b0"] + [f"c{number}" for number in range(4)]


@pytest.mark.parametrize(
    ("number", "counts"),
    [(0, {}), (2, {"a": 1, "b": 1}), (6, {"a": 3, "b": 1, "c": 2}), (9, {"a": 4, "b": 1, "c": 4}), (99, None)],
)
def test_kinds_come_alike_as_far_as_they_go(number, counts):
    chosen = spread(CASES, lambda case: case[0], number)
    assert chosen == spread(CASES, lambda case: case[0], number)
    if counts is None:
        assert chosen == CASES
    else:
        assert Counter(case[0] for case in chosen) == counts
        assert len(set(chosen)) == number


def test_those_of_a_kind_are_spread_over_the_set():
    assert spread(CASES, lambda _: "one", 5) == ["a0", "a3", "a6", "a9", "c1"]


ASKED = Asked(
    "q1", "Où est le\nphare ?", True, "a", answers=("à Ouessant",), kind="where", language="fr", expected="Ici"
)


def text(asked: Asked = ASKED, *, refused: bool = False, quotes: tuple[str, ...] = (), held=None) -> str:
    answer = Answer(
        asked.text,
        "L’article ne répond pas." if refused else "\n".join(quotes),
        refused=refused,
        model="quotes",
        nearest=(Quote("a", "", 0, 9, "Le phare d'à côté.", 1.0),) if refused else (),
        sentences=() if refused else (Sentence("x", supported="yes"), Sentence("y", supported="no", missing=("12",))),
        notices=("Relisez.",),
    )
    reading = Reading(asked, answer, 0.4321, quotes, held, Written((), replaced=False, covered=None))
    return shown_answers(Report("x", "article", 1, (Outcome(None, None, 0, 0.4, refused, True, 1.0, reading),)), 5)


def test_an_answer_is_shown_with_what_was_expected_and_what_holds_the_evidence():
    told = text(quotes=("« Il est à Ouessant. »", "« Il est blanc. »"), held=(1.0, 1.0, 1.0, 1.0, 1.0))
    assert told.splitlines() == [
        "── 1. q1: where, fr",
        "Question: Où est le phare ?",
        "Expected: Ici",
        "Evidence: à Ouessant",
        "Probability that the article answers: 0.432",
        "Shown (holds evidence): « Il est à Ouessant. »",
        "Shown: « Il est blanc. »",
        "Verdicts: yes, no (12)",
        "Notice: Relisez.",
        "Outcome: shown",
    ]


def test_a_refusal_is_shown_as_it_is_worded_with_what_is_closest():
    told = text(refused=True, held=(0.0, 0.0, 0.0, 0.0, 0.0))
    assert "Shown: L’article ne répond pas.\n  closest: Le phare d'à côté.\n" in told
    assert "Verdicts" not in told
    assert told.endswith("Outcome: refused, wrongly\n")


NEAR = Asked("q2", "Qui garde le phare ?", False, "a", kind="nearmiss")
BOTH = Asked("q3", "?", True, "a", answers=("un", "deux"), must_all=True)


@pytest.mark.parametrize(
    ("asked", "options", "outcome"),
    [
        (NEAR, {"refused": True}, "refused, rightly"),
        (NEAR, {"quotes": ("« a »",)}, "answered, wrongly"),
        (BOTH, {"quotes": ("« un »",), "held": (1.0, 1.0, 1.0, 0.0, 0.5)}, "shown in part"),
        (BOTH, {"quotes": ("« trois »",), "held": (0.0, 0.0, 0.0, 0.0, 0.0)}, "not shown"),
        (Asked("q4", "?", True, "a"), {"quotes": ("« a »",)}, "answered"),
    ],
)
def test_the_outcome_says_what_became_of_the_question(asked, options, outcome):
    told = text(asked, **options)
    assert told.endswith(f"Outcome: {outcome}\n")
    assert ("Evidence (all of it): un\n" in told) is asked.must_all
    assert ("Expected: a refusal" in told) is (not asked.answerable)


def test_pairs_are_shown_with_their_verdicts_spread_over_source_and_label():
    judged = [
        Judged(Pair(f"{source}-{number}", "Le pont\nest ouvert.", "Il est fermé.", label, "fr"), "partly", ("fermé",))
        for source in ("un", "deux")
        for label in ("neutral", "contradiction")
        for number in range(3)
    ]
    told = shown_pairs(PairReport("x", tuple(judged)), 4)
    heads = [line for line in told.splitlines() if line.startswith("──")]
    assert heads == [
        "── 1. un-0: neutral", "── 2. un-0: contradiction", "── 3. deux-0: neutral", "── 4. deux-0: contradiction"
    ]  # fmt: skip
    assert told.count("Premise: Le pont est ouvert.\nSentence: Il est fermé.\nVerdict: partly (fermé)\n") == 4
