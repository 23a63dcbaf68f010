"""What a reader is shown is that of the whole product: counted here again from the answer itself."""

from __future__ import annotations

import json

import pytest
from support.fakes import HashedWords, Scripted
from support.sets import write_lines
from support.word_reader import WordReader
from typer.testing import CliRunner

from rag.answer.assistant import Assistant
from rag.cli.app import app
from rag.evaluation.measuring import build_library, evaluate
from rag.evaluation.question_sets import Asked, read_set
from rag.evaluation.readers import HELD, read
from rag.evaluation.report import Report
from rag.events import Finished, Retrieved
from rag.llm.quoting import QuotingModel
from rag.values import Answer, Evidence, Quote

ARTICLES = [
    {
        "doc_id": "moulin",
        "title": "Le moulin de Kerouat",
        "lang": "fr",
        "paragraphs": [
            "Le moulin de Kerouat a été vendu mardi à Yann Prigent. Il moud de nouveau le sarrasin.",
            "Yann Prigent a planté deux cents pommiers. La roue du moulin a coûté 18 000 euros.",
            "La commune de Commana a payé le toit du moulin. La région a payé la roue du moulin.",
            "Le chemin est coupé, parce que la rivière déborde.",
        ],
    },
    {
        "doc_id": "tram",
        "title": "Le tramway de Brest",
        "lang": "fr",
        "paragraphs": [
            "La seconde ligne de tramway ouvre en février. Elle dessert l'hôpital.",
            "Le maire François Cuillandre annonce neuf stations.",
        ],
    },
]


def question(number: int, text: str, kind: str, article: str, *answers: str, lang: str = "fr", **more: object) -> dict:
    return {
        "id": f"q{number}",
        "question": text,
        "lang": lang,
        "answerable": bool(answers),
        "doc_id": article,
        "paragraph": None,
        "answers": list(answers),
        "kind": kind,
        "answer": " / ".join(answers),
        **more,
    }


QUESTIONS = [
    question(1, "Qui a acheté le moulin de Kerouat ?", "who", "moulin", "vendu mardi à Yann Prigent"),
    question(2, "Combien a coûté la roue du moulin ?", "howmany", "moulin", "18 000 euros"),
    question(
        3,
        "Qui a payé le toit et la roue du moulin ?",
        "list",
        "moulin",
        "commune de Commana a payé le toit",
        "région a payé la roue",
        must_all=True,
    ),
    question(4, "Who bought the mill of Kerouat?", "who", "moulin", "à Yann Prigent", lang="en"),
    question(5, "Quel âge a Yann Prigent ?", "nearmiss", "moulin"),
    question(6, "Quelle est la capitale du Japon ?", "nearmiss", "tram"),
    question(7, "De quoi parle l'article ?", "overview", "tram", "neuf stations", "seconde ligne de tramway"),
    question(8, "Qui a payé la cloche du moulin ?", "list", "moulin", "jamais dit", "ni cela", must_all=True),
]


@pytest.fixture
def folder(tmp_path):
    return write_lines(tmp_path / "tiny-readers", {"articles": ARTICLES, "questions": QUESTIONS})


@pytest.fixture
def embedder() -> HashedWords:
    return HashedWords(max_tokens=24)


@pytest.fixture
def run(folder, tmp_path, embedder, monkeypatch):
    monkeypatch.setattr("rag.evaluation.resampling.RESAMPLES", 25)

    def run(**options) -> Report:
        return evaluate(folder, embedder, WordReader(), tmp_path / "indexes", **options)

    return run


@pytest.fixture
def answers(folder, tmp_path, embedder) -> list[tuple[dict, Answer, Evidence]]:
    """Return each question with the answer and the evidence, asked of a library built apart."""
    library = build_library(read_set(folder)[0], embedder, tmp_path / "twin")
    assistant = Assistant(library, WordReader(), QuotingModel())
    given = []
    for one in QUESTIONS:
        events = list(assistant.answer(one["question"], article=one["doc_id"]))
        evidence = next(event.evidence for event in events if isinstance(event, Retrieved))
        given.append((one, events[-1].answer, evidence))
    library.close()
    return given


def test_what_a_model_writes_is_measured_beside_what_a_reader_is_shown(run):
    lie = "La tour de Tokyo attire 5000 pingouins."
    contract = run(model=Scripted(f"{lie} ", "Yann Prigent a planté deux cents pommiers.")).as_contract()
    written = contract["written"]
    assert written["sentences"] == 2.0
    shares = [written[f"sentences_{verdict}"] for verdict in ("yes", "partly", "no", "contradicted", "unchecked")]
    assert sum(shares) == pytest.approx(1)
    assert shares[0] > 0 < shares[2]
    assert written["replaced"] > 0
    assert 0 < written["covered"] <= 1
    assert written["tokens_per_s"] is None
    assert "written" not in run().as_contract()
    quotes = run(model=QuotingModel()).as_contract()
    assert quotes["readers"] == run().as_contract()["readers"]
    assert quotes["written"]["replaced"] == 0


def shares(values) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def test_the_figures_are_those_of_the_answers_that_the_product_gives(run, answers):
    readers = run().as_contract()["readers"]
    first, any_, read_first, complete, several, parts = [], [], [], [], [], []
    for one, answer, evidence in answers:
        if one["answers"]:
            lines = [] if answer.refused else answer.text.splitlines()
            best = [quote.text for quote in evidence.quotes[:1] if lines]
            found = [any(piece in line for line in lines) for piece in one["answers"]]
            first.append(any(piece in text for text in best for piece in one["answers"]))
            read_first.append(any(piece in line for line in lines[:1] for piece in one["answers"]))
            any_.append(any(found))
            complete.append(all(found) if one.get("must_all") else any(found))
            parts.append(sum(found) / len(found))
            several += [all(found)] if one.get("must_all") else []
    expected = dict(zip(HELD, map(shares, (any_, first, read_first, complete, parts)), strict=True))
    expected["all_pieces"] = shares(several)
    for kind, name in ((False, "refused_unanswerable"), (True, "refused_answerable")):
        expected[name] = shares(answer.refused for one, answer, _ in answers if one["answerable"] is kind)
    assert readers == pytest.approx(expected)
    assert 0 < readers["evidence@3"] < 1, "or the twin would prove nothing"


def test_the_groups_tell_language_kind_and_where_all_is_needed(run, answers):
    groups = {(one["by"], one["name"]): one for one in run().as_contract()["groups"]}
    kinds = ("who", "howmany", "list", "nearmiss", "overview")
    assert list(groups) == [
        ("all", ""), ("language", "fr"), ("language", "en"), ("must_all", ""), *(("kind", name) for name in kinds)
    ]  # fmt: skip
    assert groups["all", ""]["answerable"] == 6
    assert groups["all", ""]["unanswerable"] == 2
    assert groups["must_all", ""]["answerable"] == 2
    near = groups["kind", "nearmiss"]
    assert (near["answerable"], near["unanswerable"], near["evidence@3"], near["quotes_mean"]) == (0, 2, None, None)
    assert near["refused_unanswerable"] == shares(a.refused for q, a, _ in answers if q["kind"] == "nearmiss")
    shown = [len(a.text.splitlines()) for q, a, _ in answers if q["kind"] == "list" and not a.refused]
    assert groups["kind", "list"]["quotes_mean"] == shares(shown)


def test_a_set_that_tells_kinds_is_asked_article_by_article_unless_a_mode_is_named(run):
    assert run().mode == "article"
    assert run(mode="library").mode == "library"


def test_the_same_set_gives_the_same_figures_twice(run):
    first, second = run().as_contract(), run().as_contract()
    del first["latency_ms"], second["latency_ms"]
    assert first == second
    assert first["calibration"]["error"] is not None
    assert sum(one["questions"] for one in first["calibration"]["bins"]) == len(QUESTIONS)


def test_a_set_without_kinds_is_answered_only_when_asked_for(folder, run):
    rows = [{name: value for name, value in one.items() if name != "kind"} for one in QUESTIONS]
    (folder / "questions.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    silent, answered = run(mode="article").as_contract(), run(mode="article", answers=True).as_contract()
    assert silent["groups"] == []
    assert set(silent["readers"].values()) == {None}
    assert answered["readers"]["evidence@3"] is not None
    assert silent["answers"] == answered["answers"]
    assert silent["refusal"] == answered["refusal"]
    assert run().mode == "library"


class Said:
    """An assistant that shows what it was told to, in an order that is not that of the ranks."""

    def __init__(self, *lines: str, ranked: tuple[str, ...] = (), refused: bool = False) -> None:
        self.quotes = tuple(Quote("a", "", 0, len(text), text, 1.0) for text in ranked)
        self.answer_ = Answer(
            "?", "\n".join(f"« {line} »" for line in lines), refused=refused, model="quotes", probability=0.6
        )

    def answer(self, _question: str, **_within: str):
        yield Retrieved("?", (), Evidence(self.quotes, {}, 0.7, sufficient=True))
        yield Finished(self.answer_)


def asked(*pieces: str, must_all: bool = False, answerable: bool = True) -> Asked:
    return Asked("1", "?", answerable=answerable, article="a", answers=pieces, must_all=must_all)


@pytest.mark.parametrize(
    ("assistant", "question", "held"),
    [
        (Said("un", "deux", ranked=("deux", "un")), asked("deux"), (True, True, False, True, 1.0)),
        (Said("un", "deux", ranked=("deux", "un")), asked("un"), (True, False, True, True, 1.0)),
        (Said("un", "deux", ranked=("un", "deux")), asked("un", "trois"), (True, True, True, True, 0.5)),
        (Said("un", "deux", ranked=("un",)), asked("un", "trois", must_all=True), (True, True, True, False, 0.5)),
        (Said("un", "deux", ranked=("un",)), asked("deux", "un", must_all=True), (True, True, True, True, 1.0)),
        (Said("a", "b", "c", "d", ranked=("a", "b", "c", "d")), asked("d"), (False, False, False, True, 1.0)),
        (Said("un", ranked=("un",), refused=True), asked("un"), (False, False, False, False, 0.0)),
        (Said("un", ranked=("un",)), asked(), None),
        (Said("un", ranked=("un",)), asked("un", answerable=False), None),
    ],
)
def test_evidence_is_looked_for_in_what_is_shown(assistant, question, held):
    reading = read(assistant, question, article="a")
    assert reading.held == held
    assert reading.probability == 0.6  # the answer's: a model may have had a say
    assert len(reading.quotes) == (0 if reading.answer.refused else len(reading.answer.text.splitlines()))


# ── The command ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def command(monkeypatch, folder, tmp_path, embedder):
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())
    monkeypatch.setattr("rag.evaluation.resampling.RESAMPLES", 25)
    return lambda *words: CliRunner().invoke(app, ["eval", str(folder), "--indexes", str(tmp_path / "indexes"), *words])


def test_the_command_prints_every_figure_however_narrow_the_terminal(command, run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    ran = command()
    assert ran.exit_code == 0
    assert "…" not in ran.stdout
    assert "expected calibration error" in ran.stdout
    for group in run().as_contract()["groups"]:
        row = next(line for line in ran.stdout.splitlines() if f"│ {group['name'] or group['by']} " in line)
        assert all(f"{group[name]:.3f}" in row for name in HELD if group[name] is not None)


def test_the_command_shows_answers_in_full_after_the_figures(command):
    ran = command("--show", "5")
    assert ran.exit_code == 0
    figures, _, shown = ran.stdout.partition("── 1. ")
    assert "evidence@3" in figures
    assert shown.count("\n── ") == 4
    assert "Outcome: " in shown


def test_text_to_read_and_one_object_are_not_both_printed(command):
    assert command("--show", "5", "--json").exit_code == 2
