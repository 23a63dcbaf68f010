"""What the article says nothing about is refused, what it says is answered, and the nearest sentences go along."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.bundled import bundled_reader
from support.harbour import put

from rag.answer.assistant import Assistant, Search
from rag.index.library import Library
from rag.llm.quoting import QuotingModel
from rag.search.calibration import SURE_FROM, Scale, load_calibration
from rag.search.evidence import QUOTES, judge
from rag.search.reading import Read, Scored
from rag.values import Article, Quote

FRENCH = """Le port de Bréhal rouvre après deux ans de travaux

Le port de Bréhal, dans la Manche, a rouvert samedi 14 juin. La maire, Nadège Corbin, a
coupé le ruban devant six cents habitants, malgré une averse.

Le chantier a coûté 4,2 millions d'euros, dont la moitié payée par la région. La digue
mesure désormais 310 mètres. Elle était trop basse depuis la tempête de 1987, qui avait
emporté trois maisons.

Vingt-deux pêcheurs y débarquent des homards chaque matin. Ils réclament une chambre froide.

Le phare reste fermé jusqu'en septembre, faute de gardien.
"""
ENGLISH = """The harbour of Bryher reopens after two years of repairs

The harbour of Bryher reopened on Saturday 14 June. The mayor, Jane Tregarthen, cut the
ribbon in front of six hundred people, in spite of a shower.

The repairs cost 4.2 million pounds, half of which the county paid. The breakwater now
measures 310 metres. It had been too low since the storm of 1987, which destroyed three
houses.

Twenty-two fishermen land lobsters there every morning. They are asking for a cold store.

The lighthouse stays closed until September, because there is no keeper.
"""
ANSWERED = {
    "Combien le chantier du port a-t-il coûté ?": "4,2 millions d'euros",
    "Quand le port de Bréhal a-t-il rouvert ?": "14 juin",
    "Combien mesure la digue ?": "310 mètres",
    "Qui est la maire de Bréhal ?": "Nadège Corbin",
    "Combien de pêcheurs débarquent des homards ?": "Vingt-deux",
    "Jusqu'à quand le phare reste-t-il fermé ?": "septembre",
    "Pourquoi le phare est-il fermé ?": "faute de gardien",
    "Que réclament les pêcheurs ?": "chambre froide",
}
ANSWERED_ENGLISH = {
    "How much did the repairs of the harbour cost?": "4.2 million pounds",
    "When did the harbour of Bryher reopen?": "14 June",
    "How long is the breakwater?": "310 metres",
    "Who is the mayor of Bryher?": "Jane Tregarthen",
    "How many fishermen land lobsters?": "Twenty-two",
    "Why is the lighthouse closed?": "no keeper",
}
REFUSED = (
    "Qui a peint la Joconde ?",
    "Combien d'habitants compte la ville de Lyon ?",
    "Comment soigne-t-on une angine ?",
    "Quel joueur a remporté le tournoi de Wimbledon en 2019 ?",
    "Quelle est la masse atomique du tungstène ?",
    "Who wrote Romeo and Juliet?",
    "What is the boiling point of mercury?",
    "How many members does the European Parliament have?",
)


@pytest.fixture(scope="module")
def articles(tmp_path_factory, bundled):
    """Give a French and an English article, each in a library of its own, with the embedder of the fitted weights."""
    libraries = {}
    for name, text in (("fr", FRENCH), ("en", ENGLISH)):
        libraries[name] = Library(tmp_path_factory.mktemp("indexes") / name, bundled)
        put(libraries[name], text)
    yield libraries
    for library in libraries.values():
        library.close()


def search(library: Library, question: str) -> Search:
    return Assistant(library, bundled_reader(), QuotingModel()).search(question)


# ── The decision ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("language", "question", "fact"),
    [("fr", *one) for one in ANSWERED.items()] + [("en", *one) for one in ANSWERED_ENGLISH.items()],
)
def test_what_the_article_says_is_answered_with_the_sentence_that_says_it(articles, language, question, fact):
    evidence = search(articles[language], question).evidence
    assert evidence.sufficient
    assert fact in evidence.quotes[0].text


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("question", REFUSED)
def test_what_the_article_says_nothing_about_is_refused(articles, language, question):
    evidence = search(articles[language], question).evidence
    assert not evidence.sufficient


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_answered_question_is_likelier_than_every_refused_one(articles, language):
    answered = ANSWERED if language == "fr" else ANSWERED_ENGLISH
    likely = [search(articles[language], question).evidence.probability for question in answered]
    unlikely = [search(articles[language], question).evidence.probability for question in REFUSED]
    assert 0 < max(unlikely) < min(likely) < 1


def test_quotes_are_exact_characters_and_never_overlap_answered_or_not(articles):
    for question in [*ANSWERED, *REFUSED]:
        quotes = search(articles["fr"], question).evidence.quotes
        assert 0 < len(quotes) <= QUOTES
        taken = sorted((quote.article, quote.start, quote.end) for quote in quotes)
        assert all(one[0] != other[0] or one[2] <= other[1] for one, other in pairwise(taken))
        for quote in quotes:
            assert articles["fr"].article(quote.article).text[quote.start : quote.end] == quote.text


def test_a_refusal_of_quite_another_subject_shows_no_sentence(articles):
    *_, last = Assistant(articles["fr"], bundled_reader(), QuotingModel()).answer("Qui a peint la Joconde ?")
    assert (last.answer.refused, last.answer.nearest) == (True, ())


# ── The probability ─────────────────────────────────────────────────────────────────────────────────────────────────


def read(*scores: float, answers: float = 0.0) -> tuple[Read, dict[str, Article]]:
    """Return what a reader may have said of an article of short sentences, likeliest first."""
    said = [f"Oui {at:02}." for at in range(len(scores))]  # copies are quoted once
    text = "".join(f"{one}\n\n" for one in said)
    quotes = [Quote("a", "T", at * 9, at * 9 + 7, said[at], score) for at, score in enumerate(scores)]
    return Read((answers,), tuple(Scored(one, 0) for one in quotes)), {"a": Article("a", "T", text, "fr")}


def test_a_question_in_another_language_is_held_to_less():
    assert judge(*read(0.9), "en", 0.0).probability > judge(*read(0.9), "fr", 0.0).probability


def test_nothing_found_is_refused():
    evidence = judge(Read((), ()), {}, "fr", 0.0)
    assert (evidence.sufficient, evidence.quotes) == (False, ())
    assert 0 < evidence.probability < load_calibration().refused_below


def test_the_likelier_a_passage_answers_the_likelier_the_article_does():
    probabilities = [judge(*read(0.9, answers=answers), "fr", 0.0).probability for answers in (-4.0, 0.0, 4.0)]
    assert probabilities == sorted(set(probabilities))


def test_the_nearer_the_nearest_passage_the_likelier_up_to_a_bound():
    probabilities = [judge(*read(0.9), "fr", nearness).probability for nearness in (-0.5, 0.0, 0.2)]
    assert probabilities == sorted(set(probabilities))
    assert judge(*read(0.9), "fr", 90.0) == judge(*read(0.9), "fr", 9.0)
    assert judge(*read(0.9), "fr", -9.0) == judge(*read(0.9), "fr", -90.0)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(-20, 20))
def test_what_is_refused_what_is_unsure_and_what_is_sure_follow_each_other(score, answers):
    calibration = load_calibration()
    evidence = judge(*read(score, answers=answers), "fr", 0.0)
    assert evidence.sufficient == (evidence.probability >= calibration.refused_below)
    assert (evidence.confidence == "unsure") == (evidence.probability < calibration.unsure_below)
    assert (evidence.confidence == "sure") == (evidence.probability >= max(SURE_FROM, calibration.unsure_below))
    assert 0 < calibration.refused_below < calibration.unsure_below < 1


def test_the_quotes_go_along_and_are_never_more_than_needed():
    evidence = judge(*read(*([0.5] * 12), answers=5.0), "fr", 0.0)
    assert len(evidence.quotes) == QUOTES


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_a_scale_gives_a_probability_that_follows_its_weights(good, bad):
    scale = Scale((2.0, -3.0), -0.5)
    assert 0 < scale.probability(good, bad) < 1
    assert scale.probability(good + 1, bad) >= scale.probability(good, bad)
    assert scale.probability(good, bad + 1) <= scale.probability(good, bad)


def test_a_scale_is_the_logistic_function():
    assert Scale((2.0,), -0.5).probability(0.25) == pytest.approx(0.5)
    assert Scale((), -3.5).probability() == pytest.approx(1 / (1 + 2.718281828**3.5))
