"""``rag eval``: every figure is that of a brute-force twin, and null where the set cannot give one."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from support.fakes import HashedWords
from support.sets import write_lines
from support.word_reader import WordReader
from typer.testing import CliRunner

from rag.answer.assistant import Assistant
from rag.cli.app import app
from rag.errors import ArticleError
from rag.evaluation.measuring import FOUND, build_library, evaluate
from rag.evaluation.question_sets import Asked, read_set
from rag.evaluation.report import Report, area
from rag.evaluation.wording import holds_answer, normal
from rag.index.library import Library
from rag.llm.quoting import QuotingModel

ARTICLES = [
    {
        "doc_id": "port",
        "title": "Le port de Bréhal",
        "lang": "fr",
        "date": "2025-06-14",
        "paragraphs": [
            "Le port de Bréhal a rouvert samedi 14 juin devant six cents habitants.",
            "La digue mesure 310 mètres. Elle a coûté 4,2 millions d'euros.",
            "Le phare reste fermé, faute de gardien.",
        ],
    },
    {
        "doc_id": "abeilles",
        "title": "Les abeilles noires",
        "lang": "fr",
        "paragraphs": [
            "Deux cents ruches ont passé l'hiver au-dessus de Briançon.",
            "Le frelon asiatique a détruit une colonie sur cinq.",
        ],
    },
    {
        "doc_id": "musée",
        "title": "Le musée de la dentelle",
        "lang": "fr",
        "paragraphs": [
            "Une robe de 1907 ouvre l'exposition.",
            "Les visiteurs japonais étaient onze mille au printemps.",
        ],
    },
]


def question(identifier: str, text: str, article: str, paragraph: int | None, *answers: str, answerable=True) -> dict:
    return {
        "id": identifier,
        "question": text,
        "lang": "fr",
        "answerable": answerable,
        "doc_id": article,
        "paragraph": paragraph,
        "answers": list(answers),
    }


QUESTIONS = [
    question("1", "Quand le port de Bréhal a-t-il rouvert ?", "port", 0, "14 juin"),
    question("2", "Combien mesure la digue ?", "port", 1, "310 mètres", "310"),
    question("3", "Pourquoi le phare est-il fermé ?", "port", 2, "faute de gardien"),
    question("4", "Combien de ruches ont passé l'hiver ?", "abeilles", 0, "Deux cents"),
    question("5", "Que dit-on de la colonie du frelon ?", "abeilles", None),
    question("6", "Que porte la robe du gardien du phare ?", "musée", 1, "un collier"),
    question("7", "Quelle est la capitale du Japon ?", "musée", 0, answerable=False),
    question("8", "Qui a peint la Joconde ?", "port", None, answerable=False),
]
SHAPE = {
    "set": str,
    "mode": str,
    "passages": int,
    "questions": int,
    "retrieval": ["recall@1", "recall@3", "recall@5", "recall@10", "mrr", "ndcg@10"],
    "answers": ["sentence_hit@1", "sentence_hit@3", "cited_characters_mean"],
    "refusal": ["auroc", "refused_unanswerable", "refused_answerable"],
    "readers": [
        "evidence@3",
        "evidence@1",
        "evidence_read_first",
        "evidence_complete",
        "pieces_shown",
        "all_pieces",
        "refused_unanswerable",
        "refused_answerable",
    ],
    "latency_ms": ["p50", "p95"],
    "calibration": dict,
    "groups": list,
}


def write_set(folder, articles=ARTICLES, questions=QUESTIONS):
    return write_lines(folder, {"articles": articles, "questions": questions})


@pytest.fixture
def folder(tmp_path):
    return write_set(tmp_path / "tiny-fr")


@pytest.fixture
def embedder() -> HashedWords:
    """Give one that reads a paragraph at a time, so that most passages are paragraphs."""
    return HashedWords(max_tokens=24)


@pytest.fixture
def run(folder, tmp_path, embedder):
    def run(**options) -> Report:
        return evaluate(options.pop("folder", folder), embedder, WordReader(), tmp_path / "indexes", **options)

    return run


@pytest.fixture(autouse=True)
def few_resamples(monkeypatch):
    monkeypatch.setattr("rag.evaluation.resampling.RESAMPLES", 25)


def assert_shape(contract: dict) -> None:
    assert list(contract) == list(SHAPE)
    for name, inner in SHAPE.items():
        if isinstance(inner, list):
            assert list(contract[name]) == inner
            assert all(value is None or isinstance(value, float) for value in contract[name].values())
        else:
            assert isinstance(contract[name], inner)
    assert json.loads(json.dumps(contract, allow_nan=False)) == contract


# ── The contract ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("mode", ["article", "library"])
def test_the_figures_have_the_promised_shape(run, mode):
    contract = run(mode=mode).as_contract()
    assert_shape(contract)
    assert (contract["set"], contract["mode"], contract["questions"]) == ("tiny-fr", mode, 8)
    for group in ("retrieval", "refusal"):
        assert all(0 <= value <= 1 for value in contract[group].values())
    assert 0 < contract["latency_ms"]["p50"] <= contract["latency_ms"]["p95"]


@pytest.fixture
def command(monkeypatch, folder, tmp_path, embedder):
    """Run ``rag eval`` on the tiny set, with an embedder that costs nothing."""
    monkeypatch.setattr("rag.opening.embedder_in", lambda *_, **__: embedder)
    monkeypatch.setattr("rag.opening.reader_in", lambda _: WordReader())

    def command(*words: str, of=folder):
        return CliRunner().invoke(app, ["eval", str(of), "--indexes", str(tmp_path / "indexes"), *words])

    return command


def test_the_command_prints_one_json_object(command, run):
    ran = command("--json", "--mode", "article")
    assert ran.exit_code == 0
    contract = json.loads(ran.stdout)
    assert_shape(contract)
    expected = run(mode="article").as_contract()
    assert {name: contract[name] for name in contract if name != "latency_ms"} == {
        name: expected[name] for name in expected if name != "latency_ms"
    }


def test_the_command_prints_a_table_to_read(command):
    ran = command("--limit", "4")
    assert ran.exit_code == 0
    assert "4 questions" in ran.stdout
    assert "recall@1" in ran.stdout


def test_the_command_tells_a_folder_that_is_no_set(command, tmp_path):
    ran = command(of=tmp_path / "nowhere")
    assert ran.exit_code == 1
    assert isinstance(ran.exception, ArticleError)
    assert "articles.jsonl" in ran.exception.message


@pytest.mark.parametrize("words", [("--mode", "both"), ("--limit", "-1")])
def test_the_command_refuses_an_unknown_mode_or_a_negative_limit(command, words):
    assert command(*words).exit_code == 2


# ── Against a twin ──────────────────────────────────────────────────────────────────────────────────────────────────


def searches(embedder, tmp_path, mode) -> list[tuple[dict, object]]:
    """Return each question with its search, in a library built apart from the one under test."""
    articles, _ = read_set(tmp_path / "tiny-fr")
    library = Library(tmp_path / "twin", embedder)
    for article in articles:
        for _ in library.add(article, article.identifier):
            pass
    assistant = Assistant(library, WordReader(), QuotingModel(), passages=FOUND)
    found = [(q, assistant.search(q["question"], article=q["doc_id"] if mode == "article" else "")) for q in QUESTIONS]
    library.close()
    return found


def paragraphs_in_rank_order(search) -> list[tuple[str, int]]:
    """Return the paragraphs that the passages touch, those they hold most of first, read from the set's own file."""
    ranked: list[tuple[str, int]] = []
    paragraphs = {row["doc_id"]: row["paragraphs"] for row in ARTICLES}
    for hit in search.hits:
        text = "\n\n".join(paragraphs[hit.passage.article])
        touched = []
        for number, paragraph in enumerate(paragraphs[hit.passage.article]):
            start = text.index(paragraph)
            shared = set(range(start, start + len(paragraph))) & set(range(hit.passage.start, hit.passage.end))
            touched += [(-len(shared), number)] if shared else []
        found = [(hit.passage.article, number) for _, number in sorted(touched)]
        ranked += [pair for pair in found if pair not in ranked]
    return ranked


def rank_of(search, asked: dict) -> int:
    """Return the rank, from 1, of the paragraph that answers; any of its article where none is named."""
    ranked = paragraphs_in_rank_order(search)
    if asked["paragraph"] is None:  # the further paragraphs of the article are no misses
        first = next(pair for pair in ranked if pair[0] == asked["doc_id"])
        return 1 + sum(pair[0] != asked["doc_id"] for pair in ranked[: ranked.index(first)])
    return 1 + ranked.index((asked["doc_id"], asked["paragraph"]))


@pytest.mark.parametrize("mode", ["article", "library"])
def test_retrieval_is_scored_on_the_sets_own_paragraphs(run, embedder, tmp_path, mode):
    ranks = [rank_of(search, q) for q, search in searches(embedder, tmp_path, mode) if q["answerable"]]
    expected = {f"recall@{k}": sum(rank <= k for rank in ranks) / len(ranks) for k in (1, 3, 5, 10)}
    expected["mrr"] = sum(1 / rank for rank in ranks if rank <= 10) / len(ranks)
    expected["ndcg@10"] = sum(1 / math.log2(1 + rank) for rank in ranks if rank <= 10) / len(ranks)
    assert run(mode=mode).as_contract()["retrieval"] == pytest.approx(expected)
    assert len(set(ranks)) > 1  # or the twin would prove nothing


@pytest.mark.parametrize("mode", ["article", "library"])
def test_a_sentence_hits_when_it_holds_an_accepted_answer(run, embedder, tmp_path, mode):
    first, any_, characters = [], [], []
    for q, search in searches(embedder, tmp_path, mode):
        if q["answerable"] and q["answers"]:
            texts = [quote.text.lower() for quote in search.evidence.quotes[:3]]
            held = [any(answer.lower() in text for answer in q["answers"]) for text in texts]
            first.append(held[0])
            any_.append(any(held))
            characters.append(len(texts[0]))
    answers = run(mode=mode).as_contract()["answers"]
    assert answers["sentence_hit@1"] == pytest.approx(sum(first) / 5)
    assert answers["sentence_hit@3"] == pytest.approx(sum(any_) / 5)
    assert answers["cited_characters_mean"] == pytest.approx(sum(characters) / 5)
    assert 0 < answers["sentence_hit@1"] < 1


@pytest.mark.parametrize("mode", ["article", "library"])
def test_refusals_are_those_of_the_product(run, embedder, tmp_path, mode):
    decided = [(q["answerable"], search.evidence) for q, search in searches(embedder, tmp_path, mode)]
    refusal = run(mode=mode).as_contract()["refusal"]
    for kind, name in ((False, "refused_unanswerable"), (True, "refused_answerable")):
        refused = [not evidence.sufficient for answerable, evidence in decided if answerable is kind]
        assert refusal[name] == pytest.approx(sum(refused) / len(refused))
    pairs = [(a.probability, b.probability) for yes, a in decided if yes for no, b in decided if not no]
    wins = sum((a > b) + 0.5 * (a == b) for a, b in pairs)
    assert refusal["auroc"] == pytest.approx(wins / len(pairs))


def test_the_interval_of_a_figure_holds_it(run):
    report = run()
    figures = {
        name: value
        for group in ("retrieval", "answers", "refusal")
        for name, value in report.as_contract()[group].items()
    }
    intervals = report.intervals()
    for name, value in figures.items():
        low, high = intervals[name]
        assert 0 <= low <= high
        assert low <= value <= high, name
    assert intervals == report.intervals()
    shown = {name: value for name, value, _ in report.rows()}
    assert all(shown[name] == f"{value:.3f}" for name, value in figures.items())


# ── Where the set cannot give a figure ──────────────────────────────────────────────────────────────────────────────


def test_a_set_without_answers_has_no_sentence_figures(run, tmp_path):
    contract = run(
        folder=write_set(tmp_path / "silent", questions=[{**q, "answers": []} for q in QUESTIONS])
    ).as_contract()
    assert_shape(contract)
    assert set(contract["answers"].values()) == {None}
    assert contract["retrieval"]["recall@10"] is not None


def test_pools_that_name_no_paragraph_have_no_retrieval_figures(run, tmp_path):
    articles = [{**row, "doc_id": f"pool-{row['doc_id']}"} for row in ARTICLES]
    asked = [{**q, "doc_id": f"pool-{q['doc_id']}", "paragraph": None} for q in QUESTIONS]
    contract = run(folder=write_set(tmp_path / "pools", articles, asked), mode="article").as_contract()
    assert_shape(contract)
    assert set(contract["retrieval"].values()) == {None}
    assert contract["answers"]["sentence_hit@1"] is not None


@pytest.mark.parametrize(("kind", "missing"), [(True, "refused_unanswerable"), (False, "refused_answerable")])
def test_questions_of_one_kind_give_no_figure_for_the_other(run, tmp_path, kind, missing):
    asked = [q for q in QUESTIONS if q["answerable"] is kind]
    contract = run(folder=write_set(tmp_path / "one-kind", questions=asked)).as_contract()
    assert_shape(contract)
    assert contract["refusal"][missing] is None
    assert contract["refusal"]["auroc"] is None
    assert (contract["retrieval"]["mrr"] is None) is (not kind)


# ── Options ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_in_article_mode_each_question_sees_its_own_article_only(run):
    within, among = (run(mode=mode).as_contract() for mode in ("article", "library"))
    assert within["retrieval"]["recall@3"] == 1.0
    assert within["retrieval"]["mrr"] >= among["retrieval"]["mrr"]
    assert within["passages"] == among["passages"]


@pytest.mark.parametrize("limit", [1, 2, 8, 50])
def test_a_limit_asks_so_many_questions_spread_over_the_set(run, limit):
    report = run(limit=limit)
    assert len(report.outcomes) == min(limit, 8)
    if limit == 2:
        assert [one.hits is None for one in report.outcomes] == [not QUESTIONS[at]["answers"] for at in (0, 4)]


def test_distractors_stand_in_the_library_and_are_not_asked_about(run, tmp_path):
    others = [{**ARTICLES[0], "doc_id": f"autre-{n}", "title": f"Le port {n}"} for n in range(3)]
    distractors = write_set(tmp_path / "others", others, None)
    alone, crowded = run().as_contract(), run(distractors=distractors).as_contract()
    assert crowded["passages"] > alone["passages"]
    assert crowded["questions"] == alone["questions"]
    assert crowded["retrieval"]["mrr"] < alone["retrieval"]["mrr"]


def test_the_library_is_kept_for_the_next_run_and_built_anew_when_the_set_changes(run, embedder, folder, tmp_path):
    before = run().as_contract()
    embedder.encoded.clear()
    run(mode="article")
    assert embedder.encoded == []
    changed = [{**ARTICLES[0], "paragraphs": ["Le port est fermé."]}, *ARTICLES[1:]]
    contract = run(folder=write_set(tmp_path / "changed", changed, QUESTIONS[3:5])).as_contract()
    assert any("Le port est fermé." in text for text in embedder.encoded)
    assert not any("La digue mesure" in text for text in embedder.encoded)
    assert contract["passages"] < before["passages"]


def test_a_build_that_was_stopped_is_finished_by_the_next(folder, embedder, tmp_path):
    articles, _ = read_set(folder)

    def stop(_stage: str, done: float) -> None:
        if done > 0.5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_library(articles, embedder, tmp_path / "indexes", stop)
    library = build_library(articles, embedder, tmp_path / "indexes")
    assert [entry.identifier for entry in library.entries()] == [row["doc_id"] for row in ARTICLES]
    library.close()


def test_progress_tells_both_stages(run):
    told: list[tuple[str, float]] = []
    run(progress=lambda stage, done: told.append((stage, done)))
    assert [stage for stage, _ in told] == ["indexing"] * 3 + ["asking"] * 8
    assert all(0 <= done < 1 for _, done in told)


# ── Reading a set ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_paragraphs_are_the_blocks_of_their_article(folder):
    articles, asked = read_set(folder)
    for article, row in zip(articles, ARTICLES, strict=True):
        assert [article.text[block.start : block.end] for block in article.blocks] == row["paragraphs"]
        assert (article.identifier, article.title, article.language) == (row["doc_id"], row["title"], row["lang"])
    assert [one.text for one in asked] == [q["question"] for q in QUESTIONS]
    assert [one.paragraph for one in asked] == [q["paragraph"] for q in QUESTIONS]


def test_what_a_line_leaves_open_or_says_besides_is_no_matter(folder):
    line = {"id": 7, "question": "Une ligne\u2028et une autre ?", "answerable": True, "doc_id": "port", "kind": "new"}
    lines = (json.dumps({**line, **more}, ensure_ascii=False) for more in ({}, {"answers": None, "paragraph": None}))
    (folder / "questions.jsonl").write_text("\n".join(lines), encoding="utf-8")
    _, asked = read_set(folder)
    assert asked == [Asked("7", "Une ligne\u2028et une autre ?", answerable=True, article="port", kind="new")] * 2


def test_a_folder_that_is_no_set_is_one_sentence(run, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArticleError, match=r"articles\.jsonl") as caught:
        run(folder=tmp_path / "empty")
    assert "rag eval" in caught.value.remedy


@pytest.mark.parametrize("questions", [None, []])
def test_a_set_without_questions_is_one_sentence(run, tmp_path, questions):
    with pytest.raises(ArticleError, match=r"questions\.jsonl"):
        run(folder=write_set(tmp_path / "mute", questions=questions))


def test_a_broken_line_is_named(run, folder):
    with (folder / "questions.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "9", "question":\n')
    with pytest.raises(ArticleError, match=r"Line 9 of .*questions\.jsonl"):
        run(folder=folder)


def test_distractors_that_are_no_set_are_one_sentence(run, tmp_path):
    with pytest.raises(ArticleError, match=r"articles\.jsonl"):
        run(distractors=tmp_path / "nowhere")


# ── Normalisation ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("quote", "answer", "held"),
    [
        ("La digue mesure « 310 mètres ».", "310 MÈTRES", True),
        ("L’été dernier, à Alençon.", "alencon", True),
        ("La digue mesure 310 mètres.", "10 mètres", False),
        ("La digue mesure 310 mètres.", "", False),
        ("Un œuf", "oeuf", True),
        ("le week-end", "week end", True),
    ],
)
def test_an_answer_is_held_word_for_word_after_normalisation(quote, answer, held):
    assert holds_answer(quote, ["jamais dit", answer]) is held
    assert normal(normal(quote)) == normal(quote)


def test_the_area_is_that_of_the_pairs():
    assert area([True, False, True], [0.9, 0.1, 0.5]) == 1.0
    assert area([True, False], [0.5, 0.5]) == 0.5
    assert area([True, True], [0.9, 0.1]) is None
    assert area([], []) is None


class Contrary:
    """A reranker that thinks the shorter a passage, the better it answers."""

    def scores(self, _question: str, passages):
        return np.array([1 / len(passage) for passage in passages], dtype=np.float32)


def test_a_reranker_in_use_is_measured_too(run):
    without, reranked = run().as_contract(), run(reranker=Contrary()).as_contract()
    assert reranked["retrieval"]["recall@1"] < without["retrieval"]["recall@1"]
    assert reranked["refusal"] == without["refusal"]  # decided without it, as in the product


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": "1", "question": "Quoi ?", "lang": "fr", "doc_id": "a"}', "lacks 'answerable'"),
        ('{"id": "1", "question": 7, "answerable": true, "doc_id": "a"}', "has no usable 'question': "),
        ('{"id": "1", "question": "?", "answerable": true, "doc_id": "a", "answers": "x"}', "no usable 'answers': "),
        ('{"id": "1", "question": "?", "answerable": true, "doc_id": "a", "paragraph": 1.5}', "usable 'paragraph': "),
        ("[1]", "is no object of a set"),
        ("{", "is not JSON"),
        ('{"id": "\udce9"}', "is not JSON"),
    ],
)
def test_a_line_of_another_shape_is_one_clear_sentence(command, folder, line, said):
    (folder / "questions.jsonl").write_bytes((line + "\n").encode("utf-8", "surrogateescape"))
    ran = command()
    assert ran.exit_code == 1
    assert isinstance(ran.exception, ArticleError)
    assert "Line 1 of" in str(ran.exception)
    assert said in str(ran.exception)
