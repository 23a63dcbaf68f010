"""The check on pairs of sentences: every share is counted again from the verdicts."""

from __future__ import annotations

import json

import pytest
from support.sets import write_lines
from support.word_reader import WordReader
from typer.testing import CliRunner

from rag.check.checker import Checker
from rag.cli.app import app
from rag.errors import ArticleError
from rag.evaluation.entailment import Judged, PairReport, balanced_accuracy, evaluate_pairs
from rag.evaluation.question_sets import Pair
from rag.values import Article, Citation


def pair(identifier: str, premise: str, hypothesis: str, label: str) -> dict[str, str]:
    return {"id": identifier, "premise": premise, "hypothesis": hypothesis, "label": label, "lang": "fr", "topic": "x"}


PREMISE = "Le pont de Térénez a rouvert samedi, après trois ans de travaux."
PAIRS = [
    pair("presse-1", PREMISE, "Le pont de Térénez a rouvert samedi.", "compatible"),
    pair("presse-2", PREMISE, "Le pont de Térénez n'a pas rouvert samedi.", "contradiction"),
    pair("presse-3", PREMISE, "Après neuf ans de travaux, le pont de Térénez a rouvert.", "contradiction"),
    pair("presse-4", PREMISE, "Une passerelle bordait la rive.", "compatible"),
    pair("livre-1", PREMISE, "Les travaux du pont de Térénez ont pris trois ans.", "entailment"),
    pair("livre-2", PREMISE, "Les pêcheurs boudent la fête.", "neutral"),
]


@pytest.fixture
def folder(tmp_path):
    return write_lines(tmp_path / "paires-fr", {"pairs": PAIRS})


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    monkeypatch.setattr("rag.evaluation.resampling.RESAMPLES", 25)


def verdicts(*sources: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the label, verdict and named words of the pairs of the sources, by a checker of their own."""
    found = []
    for one in PAIRS:
        if one["id"].split("-")[0] in sources:
            article = Article("premise", "", one["premise"], "fr")
            whole = Citation(1, "premise", "", 0, len(article.text), article.text)
            verdict, missing = Checker({"premise": article}, WordReader()).check(one["hypothesis"], [whole])
            found.append((one["label"], verdict, missing))
    return found


@pytest.mark.parametrize("source", ["presse", "livre"])
def test_the_shares_are_those_of_the_checks_verdicts(folder, source):
    contract = evaluate_pairs(folder, WordReader()).as_contract()
    assert [one["source"] for one in contract["sources"]] == ["presse", "livre"]
    told = next(one for one in contract["sources"] if one["source"] == source)
    found = verdicts(source)
    assert told["pairs"] == len(found)
    for label in told["labels"]:
        of_label = [(verdict, missing) for name, verdict, missing in found if name == label["label"]]
        assert label["pairs"] == len(of_label)
        for verdict in ("yes", "partly", "no", "contradicted", "unchecked"):
            assert label[verdict] == sum(one == verdict for one, _ in of_label) / len(of_label)
        assert label["named"] == sum(bool(missing) and one != "yes" for one, missing in of_label) / len(of_label)


def test_a_changed_number_is_not_accepted_and_named(folder):
    judged = {one.pair.identifier: one for one in evaluate_pairs(folder, WordReader()).judged}
    assert judged["presse-1"].accepted
    assert not judged["livre-2"].accepted
    assert (judged["presse-3"].accepted, judged["presse-3"].missing) == (False, ("neuf ans",))


def judged(label: str, verdict: str) -> Judged:
    return Judged(Pair("a-1", "p", "h", label, "fr"), verdict, ())


@pytest.mark.parametrize(
    ("cases", "expected"),
    [
        ([("entailment", "yes"), ("neutral", "no")], 1.0),
        ([("compatible", "yes"), ("contradiction", "yes")], 0.5),
        ([("entailment", "partly"), ("contradiction", "yes")], 0.0),
        ([("entailment", "yes")] * 9 + [("neutral", "yes"), ("contradiction", "partly")], 0.75),
        ([("entailment", "yes")], None),
        ([("neutral", "no")], None),
        ([], None),
    ],
)
def test_both_sides_count_alike_however_many_pairs_each_has(cases, expected):
    assert balanced_accuracy([judged(*case) for case in cases]) == expected


def test_the_interval_holds_the_figure_and_comes_out_the_same_twice():
    cases = [("entailment", "yes"), ("entailment", "no"), ("neutral", "no"), ("neutral", "yes"), ("neutral", "no")] * 4
    report = PairReport("x", tuple(judged(*case) for case in cases))
    (source,) = report.as_contract()["sources"]
    low, high = source["interval"]
    assert 0 <= low <= source["balanced_accuracy"] <= high <= 1
    assert report.as_contract() == report.as_contract()


def test_pairs_of_one_side_have_no_balanced_accuracy():
    (source,) = PairReport("x", (judged("neutral", "no"),)).as_contract()["sources"]
    assert (source["balanced_accuracy"], source["interval"]) == (None, None)


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_a_limit_checks_so_many_pairs_spread_over_the_set(folder, limit):
    report = evaluate_pairs(folder, WordReader(), limit=limit)
    assert len(report.judged) == min(limit, len(PAIRS))
    if limit == 2:
        assert [one.pair.identifier for one in report.judged] == ["presse-1", "presse-4"]


# ── The command ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def command(monkeypatch, folder):
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
    return lambda *words: CliRunner().invoke(app, ["eval", str(folder), *words])


def test_the_command_prints_one_json_object(command, folder):
    ran = command("--json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout) == evaluate_pairs(folder, WordReader()).as_contract()


def test_the_command_prints_tables_and_pairs_to_read(command):
    ran = command("--show", "4")
    assert ran.exit_code == 0
    assert "presse: 4 pairs, balanced accuracy" in ran.stdout
    assert ran.stdout.count("Sentence: ") == 4


@pytest.mark.parametrize("words", [("--mode", "article"), ("--distractors", "elsewhere")])
def test_options_of_questions_are_refused_for_pairs(command, words):
    assert command(*words).exit_code == 2


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "a-1", "premise": "p", "hypothesis": "h", "lang": "fr"}', "lacks 'label'"),
        ('{"id": "a-1", "premise": "p", "hypothesis": "h", "lang": "fr", "label": "so"}', "no usable 'label': "),
        ("{", "is not JSON"),
    ],
)
def test_a_line_of_another_shape_is_one_clear_sentence(folder, line, said):
    (folder / "pairs.jsonl").write_text(line + "\n", encoding="utf-8")
    with pytest.raises(ArticleError, match=r"Line 1 of .*pairs\.jsonl") as caught:
        evaluate_pairs(folder, WordReader())
    assert said in str(caught.value)


def test_a_set_without_pairs_is_one_sentence(tmp_path):
    with pytest.raises(ArticleError, match=r"pairs\.jsonl"):
        evaluate_pairs(tmp_path, WordReader())
