"""What a reader says of passages becomes sentences with their probability, their words and their place."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from support.fake_door import make_article
from support.word_reader import WordReader

from rag.search.calibration import load_calibration
from rag.search.reading import blend, read_hits
from rag.values import Article, Hit, Passage

PORT = "La digue mesure 310 mètres. Le phare reste fermé. Où dormir ? À l'auberge du quai."
FAIR = "La foire a reçu neuf mille visiteurs dimanche. Elle reviendra."


@pytest.fixture
def articles() -> dict[str, Article]:
    made = (make_article(PORT, language="fr", title="Le port"), make_article(FAIR, language="fr", title="La foire"))
    return {article.identifier: article for article in made}


def hits(articles: dict[str, Article]) -> list[Hit]:
    return [
        Hit(Passage(one.identifier, 0, len(one.text), one.text), one.title, 0.5, 0.5, 1.0) for one in articles.values()
    ]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Combien mesure la digue ?", "La digue mesure 310 mètres."),
        ("Le phare reste fermé ?", "Le phare reste fermé."),
        ("Combien de visiteurs la foire a reçu ?", "La foire a reçu neuf mille visiteurs dimanche."),
    ],
)
def test_the_sentence_the_reader_prefers_comes_first_with_exact_offsets(articles, question, best):
    read = read_hits(WordReader(), question, hits(articles), articles)
    first = read.sentences[0].quote
    assert first.text == best
    assert articles[first.article].text[first.start : first.end] == best
    assert hits(articles)[read.sentences[0].hit].passage.article == first.article


def test_the_words_that_answer_lie_inside_their_sentence(articles):
    for one in read_hits(WordReader(), "Combien mesure la digue ?", hits(articles), articles).sentences:
        assert one.quote.start <= one.quote.words[0] <= one.quote.words[1] <= one.quote.end


def test_every_sentence_is_there_once_best_first_and_a_question_of_the_text_goes_with_its_answer(articles):
    sentences = read_hits(WordReader(), "Combien mesure la digue ?", hits(articles), articles).sentences
    assert "Où dormir ? À l'auberge du quai." in {one.quote.text for one in sentences}
    assert len({(one.quote.article, one.quote.start) for one in sentences}) == len(sentences)
    scores = [one.quote.score for one in sentences]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


def test_a_passage_that_begins_later_in_its_article_gives_offsets_of_the_article(articles):
    (port, _) = articles.values()
    start = PORT.index("Le phare")
    hit = Hit(Passage(port.identifier, start, len(PORT), PORT[start:]), port.title, 0.5, 0.5, 1.0)
    first = read_hits(WordReader(), "Le phare reste fermé ?", [hit], articles).sentences[0].quote
    assert PORT[first.start : first.end] == first.text == "Le phare reste fermé."


def test_the_probability_is_what_the_calibration_says_of_sentence_and_passage(articles):
    reader, shown = WordReader(), hits(articles)
    read = read_hits(reader, "Combien mesure la digue ?", shown, articles)
    assert len(read.answers) == len(shown)
    best, two_of_three_words = read.sentences[0], 8 * 2 / 3 - 4
    assert best.quote.score == pytest.approx(
        load_calibration().sentence.probability(two_of_three_words, read.answers[best.hit], 0.0, 0.0)
    )


def test_of_sentences_that_are_read_alike_the_one_found_first_comes_first(articles):
    (port, fair) = hits(articles)
    question = "Combien la digue mesure, et la foire ?"
    for first, second in ((port, fair), (fair, port)):
        found = [replace(first, score=0.9), replace(second, score=0.2)]
        best = read_hits(WordReader(), question, found, articles).sentences[0]
        assert best.quote.article == first.passage.article


def test_a_title_as_long_as_a_page_leaves_the_passage_to_be_read(articles):
    read = []

    class Noting(WordReader):
        def read(self, question, texts):
            read.extend(texts)
            return super().read(question, texts)

    (hit, _) = hits(articles)
    read_hits(Noting(), "Combien mesure la digue ?", [replace(hit, title="Le port " * 500)], articles)
    assert len(read[0].title) < len(read[0].text) * 4


def test_a_title_that_is_but_a_sentence_of_the_text_is_not_read_before_each_passage():
    said = "Le maire est opposé au projet."
    article, told = replace(make_article(f"Port\n\nOn le dit. {said}", language="fr"), title=said), []

    class Listening(WordReader):
        def read(self, question, texts):
            told.extend(one.title for one in texts)
            return super().read(question, texts)

    hit = Hit(Passage(article.identifier, 0, len(article.text), article.text), said, 0.5, 0.5, 1.0)
    first = read_hits(Listening(), "Qui est opposé ?", [hit], {article.identifier: article}).sentences[0].quote
    assert told == [""]
    assert (first.title, first.text) == (said, said)


def test_where_no_sentence_could_be_read_nothing_answers(articles):
    class Blind(WordReader):
        def read(self, question, texts):
            nothing = [(-math.inf,) * len(text.sentences) for text in texts]
            told = super().read(question, texts)
            return [
                replace(one, sentences=none, alike=none, spans=none) for one, none in zip(told, nothing, strict=True)
            ]

    scores = [one.quote.score for one in read_hits(Blind(), "Combien ?", hits(articles), articles).sentences]
    assert scores
    assert max(scores) < 1e-6


def test_nothing_found_is_nothing_read():
    read = read_hits(WordReader(), "Combien ?", [], {})
    assert (read.answers, read.sentences) == ((), ())


def test_two_readings_are_one_by_the_mean_of_their_odds(articles):
    alone, together = (
        read_hits(WordReader(), question, hits(articles), articles)
        for question in ("Combien de visiteurs ?", "Combien de visiteurs ? (Combien mesure la digue)")
    )
    both = blend(together, alone)
    scores = [{(one.hit, one.quote.start): one.quote.score for one in read.sentences} for read in (alone, together)]
    for one in both.sentences:
        before = [score[one.hit, one.quote.start] for score in scores]
        odds = math.prod(score / (1 - score) for score in before) ** 0.5
        assert one.quote.score == pytest.approx(odds / (1 + odds))
    assert both.answers == pytest.approx([sum(pair) / 2 for pair in zip(alone.answers, together.answers, strict=True)])
    told = [one.quote.score for one in both.sentences]
    assert told == sorted(told, reverse=True)
    assert blend(alone, alone).answers == alone.answers


def test_the_words_that_answer_are_those_of_the_surer_reading(articles):
    read = read_hits(WordReader(), "Combien mesure la digue ?", hits(articles), articles)
    first, *rest = read.sentences
    doubtful = replace(first, quote=replace(first.quote, score=0.01, words=(0, 0)))
    for pair in (
        (read, replace(read, sentences=(doubtful, *rest))),
        (replace(read, sentences=(doubtful, *rest)), read),
    ):
        (kept,) = (
            one for one in blend(*pair).sentences if (one.hit, one.quote.start) == (first.hit, first.quote.start)
        )
        assert kept.quote.words == first.quote.words


def test_certainty_on_both_sides_stays_a_probability(articles):
    read = read_hits(WordReader(), "Combien mesure la digue ?", hits(articles), articles)
    for score in (0.0, 1.0):
        sure = replace(
            read, sentences=tuple(replace(one, quote=replace(one.quote, score=score)) for one in read.sentences)
        )
        assert all(0 < one.quote.score < 1 for one in blend(sure, sure).sentences)
