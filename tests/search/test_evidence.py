"""What the article says nothing about is refused, what it says is answered, and the nearest sentences go along."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.harbour import put

from rag.answer.assistant import Assistant, Search
from rag.answer.notices import REFUSALS
from rag.events import Finished
from rag.index.embedding import CosineScale
from rag.index.library import Library
from rag.llm.quoting import QuotingModel
from rag.question.analysis import analyse_question
from rag.question.answer_kinds import asks_in_vain
from rag.search.evidence import QUOTES, WEIGHTS, RefusalModel, judge, load_refusal_model, measure
from rag.search.matching import match_terms
from rag.search.quotes import Scored
from rag.values import Article, Hit, Passage, Quote

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
    return Assistant(library, QuotingModel()).search(question)


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


def test_a_refusal_comes_with_the_sentence_that_comes_closest(articles):
    *_, last = Assistant(articles["fr"], QuotingModel()).answer("Le phare abrite-t-il des chauves-souris de Bornéo ?")
    assert isinstance(last, Finished)
    assert last.answer.refused
    assert last.answer.text == REFUSALS["fr"]
    assert last.answer.nearest[0].text.startswith("Le phare reste fermé")


def test_a_refusal_of_quite_another_subject_shows_no_sentence(articles):
    *_, last = Assistant(articles["fr"], QuotingModel()).answer("Qui a peint la Joconde ?")
    assert (last.answer.refused, last.answer.nearest) == (True, ())


# ── What is measured ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def port(library) -> Library:
    put(library, FRENCH)
    return library


def test_every_measure_is_a_plain_number_about_within_0_and_1(port):
    for question in [*ANSWERED, *ANSWERED_ENGLISH, *REFUSED, "", "?"]:
        features = search(port, question).evidence.features
        assert all(-1e-6 <= value <= 1.5 for value in features.values()), question
        assert json.loads(json.dumps(features)) == features


def test_the_same_measures_are_taken_of_every_question(port, tmp_path):
    names = {frozenset(search(port, question).evidence.features) for question in [*ANSWERED, *REFUSED, ""]}
    empty = Library(tmp_path / "empty", port.embedder)
    names.add(frozenset(search(empty, "Combien ?").evidence.features))
    empty.close()
    assert len(names) == 1


def test_what_is_missing_shows_in_the_measures(port):
    held = search(port, "Que dit Nadège Corbin du port ?").evidence.features
    missing = search(port, "Que dit Wladimir Klitschko du port ?").evidence.features
    assert held["names_missing"] == 0 < missing["names_missing"]
    assert held["scope"] > missing["scope"]
    assert held["rarest_missing"] < missing["rarest_missing"]


GARDEN = "Le jardin clos\n\nLe mur est haut. Des rosiers fleurissent le long du mur. Marthe taille les rosiers."


@pytest.mark.parametrize(
    ("question", "kind", "holds"),
    [
        ("Combien le mur a-t-il coûté ?", "money", "Le mur a coûté 1 200 euros."),
        ("Quand Marthe taille-t-elle les rosiers ?", "date", "Marthe taille les rosiers le 3 mars."),
        ("Combien de rosiers fleurissent ?", "quantity", "Le long du mur fleurissent 42 rosiers."),
    ],
)
def test_a_kind_of_answer_that_no_good_sentence_holds_is_told(library, question, kind, holds):
    for text, told in ((GARDEN, {f"no_{kind}": 1.0}), (f"{GARDEN} {holds}", {})):
        for entry in library.entries():
            library.remove(entry.identifier)
        put(library, text)
        features = search(library, question).evidence.features
        assert features["kinds_asked"] == 1.0
        assert {name: value for name, value in features.items() if name.startswith("no_") and value} == told


def test_a_question_that_asks_for_no_kind_of_answer_misses_none(port):
    features = search(port, "Que réclament les pêcheurs ?").evidence.features
    assert features["kinds_asked"] == 0.0
    assert not any(value for name, value in features.items() if name.startswith("no_"))


def test_a_question_in_another_language_than_the_article_is_told(port):
    assert search(port, "Combien mesure la digue ?").evidence.features["translated"] == 0.0
    assert search(port, "How long is the breakwater?").evidence.features["translated"] == 1.0


@pytest.mark.parametrize(
    ("question", "wordless"),
    [
        ("Combien mesure la digue ?", 0.0),
        ("How long is the breakwater?", 0.0),
        ("Wie lang ist der Deich?", 1.0),
        ("¿Cuánto mide el dique?", 1.0),
    ],
)
def test_a_question_in_a_language_from_which_no_word_is_translated_is_told_and_judged_by_meaning_alone(
    port, question, wordless
):
    evidence = search(port, question).evidence
    assert evidence.features["wordless"] == wordless
    if wordless:
        model = load_refusal_model(translated=True, wordless=True)
        assert evidence.probability == pytest.approx(model.probability({"cosine": evidence.features["cosine"]}))


def test_nothing_found_is_measured_and_refused():
    features = measure(
        analyse_question("Combien ?", "fr"), match_terms(()), (), (), {}, CosineScale(unlike=0.0, like=1.0, weight=0.5)
    )
    evidence = judge(features, (), {})
    assert (evidence.sufficient, evidence.quotes) == (False, ())


# ── The model ───────────────────────────────────────────────────────────────────────────────────────────────────────

MODEL = RefusalModel({"good": 2.0, "bad": -3.0}, bias=-0.5, threshold=0.5)


def test_the_probability_is_the_logistic_function():
    assert MODEL.probability({"good": 0.25}) == pytest.approx(0.5)
    assert MODEL.probability({"good": 1.0, "bad": 0.5, "unheard of": 9.0}) == pytest.approx(0.5)
    assert MODEL.probability({"bad": 1.0}) == pytest.approx(1 / (1 + 2.718281828**3.5))


@settings(deadline=None)
@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_the_probability_stays_within_0_and_1_and_follows_its_weights(good, bad):
    probability = MODEL.probability({"good": good, "bad": bad})
    assert 0 < probability < 1
    assert MODEL.probability({"good": good + 1, "bad": bad}) >= probability
    assert MODEL.probability({"good": good, "bad": bad + 1}) <= probability


def test_the_fitted_weights_are_of_measures_that_are_taken(port):
    taken = set(search(port, "Combien mesure la digue ?").evidence.features)
    fitted = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert set(fitted) == {"same language", "translated", "wordless"}
    for name, model in fitted.items():
        assert set(model["weights"]) <= taken, name
        assert 0 < model["threshold"] < 1


def test_the_weights_serve_every_embedder_whose_cosines_have_a_scale():
    passage = Passage("a", 0, 4, "Oui.")
    articles = {"a": Article("a", "T", "Oui.", "fr")}
    question = analyse_question("Combien ?", "fr")
    narrow, wide = CosineScale(unlike=0.76, like=0.88, weight=0.4), CosineScale(unlike=0.1, like=0.7, weight=0.5)
    for share in (0.0, 0.5, 1.0):
        seen = []
        for scale in (narrow, wide):
            hit = Hit(passage, "T", 0.5, scale.unlike + share * (scale.like - scale.unlike), 0.0)
            seen.append(measure(question, match_terms(()), (hit,), (), articles, scale))
        assert seen[0] == pytest.approx(seen[1])
        assert seen[0]["cosine"] == pytest.approx(share)


@pytest.mark.parametrize(
    ("question", "translated"),
    [("How many fishermen work in the harbour?", True), ("Combien mesure la digue ?", False)],
)
def test_a_question_in_another_language_has_weights_of_its_own(port, question, translated):
    searched = search(port, question).evidence
    own, other = (load_refusal_model(translated=one) for one in (translated, not translated))
    assert searched.probability == pytest.approx(own.probability(searched.features))
    assert searched.probability != pytest.approx(other.probability(searched.features), abs=0.05)


@pytest.mark.parametrize(
    ("scope", "some", "sufficient"), [(0.5, True, True), (0.499, True, False), (0.501, True, True), (1.0, False, False)]
)
def test_a_question_is_answered_from_the_threshold_on_if_there_is_anything_to_quote(
    monkeypatch, scope, some, sufficient
):
    monkeypatch.setattr(
        "rag.search.evidence.load_refusal_model", lambda *_, **__: RefusalModel({"scope": 4.0}, -2.0, threshold=0.5)
    )
    text = "Oui.\n\n" * 12
    quotes = [Quote("a", "T", at, at + 4, "Oui.", 1 / 12) for at in range(0, len(text), 6)]
    scored = tuple(Scored(quote, 0, 1.0, 1.0, 1.0, 1.0, frozenset()) for quote in quotes) if some else ()
    decided = judge({"scope": scope}, scored, {"a": Article("a", "T", text, "fr")})
    assert len(decided.quotes) == (QUOTES if some else 0)
    assert decided.features == {"scope": scope}
    assert decided.sufficient is sufficient


@pytest.mark.parametrize(
    ("question", "held", "not_held"),
    [
        ("Quel âge a la maire ?", "La maire a 51 ans.", "La maire est élue depuis l'an dernier."),
        ("Quelle est la population de Bréhal ?", "Bréhal compte 3 300 habitants.", "Le président vit à Bréhal."),
        ("Quelle est la hauteur du phare ?", "Le phare s'élève à 48 m.", "Le phare date de 1894."),
        ("What is the population of Bryher?", "Some 84 people live there.", "Bryher has 84 houses."),
        ("How old is the mayor?", "The mayor, aged 51, smiled.", "The mayor smiled at 10."),
        (
            "Quand Nadège Corbin est-elle née ?",
            "Nadège Corbin, née en 1974, a souri.",
            "Nadège Corbin est élue en 2020.",
        ),
        ("When did Jane Tregarthen die?", "She was killed in 2020.", "She was mayor in 2020."),
    ],
)
def test_an_age_or_a_height_that_no_text_gives_is_asked_for_in_vain(question, held, not_held):
    assert asks_in_vain(question, [not_held], named=True)
    assert not asks_in_vain(question, [not_held, held], named=True)


def test_a_question_for_no_measure_is_never_in_vain():
    for question in ("Qui est la maire ?", "Quel risque pèse sur le port ?", "Combien de bateaux ?", "Who is he?"):
        assert not asks_in_vain(question, [], named=True)
    assert not asks_in_vain("Quand est né ce mouvement ?", [])


def test_what_is_denied_and_what_is_born_of_something_tell_no_birthday():
    texts = ["Corbin ne répond pas.", "Le projet de Corbin est né d'un changement de cap."]
    assert asks_in_vain("Quand Corbin est-elle née ?", texts, named=True)
    assert not asks_in_vain("Quand Corbin ne répond-elle pas ?", texts, named=True)


def test_a_question_for_a_measure_that_the_article_lacks_is_refused(articles):
    assert not search(articles["fr"], "Quelle est la superficie du port de Bréhal ?").evidence.sufficient
    assert search(articles["fr"], "Quelle est la longueur de la digue de Bréhal ?").evidence.sufficient
