"""The sentences that may be quoted: whole, exact, never a heading; and the runs that are quoted of them."""

from __future__ import annotations

import pytest
from support.harbour import put

from rag.reading.prose import prose_sentences
from rag.search.quotes import choose_quotes
from rag.search.reading import Scored
from rag.values import Article, Block, Quote

TEXT = """title: Le port de Bréhal rouvre
date: 2025-06-14

Le port de Bréhal rouvre

Le port rénové a plu aux pêcheurs. Le port rénové a ouvert samedi. Le port rénové a reçu 300 voiliers.

La digue du port

La digue mesure 310 mètres. Elle protège les voiliers « des pires tempêtes. Enfin, presque. » Le maire est M. Corbin.

Le phare du port

Le phare reste fermé parce que le gardien est malade. La région a payé 4,2 millions d'euros pour le port.
"""


@pytest.fixture
def port(library) -> Article:
    return library.article(put(library, TEXT))


# ── Where the sentences are looked for ──────────────────────────────────────────────────────────────────────────────


def cut(article: Article, start: int, end: int) -> list[str]:
    return [article.text[left:right] for left, right in prose_sentences(article, start, end)]


def test_titles_headings_and_metadata_are_left_out(port):
    sentences = cut(port, 0, len(port.text))
    assert "La digue du port" not in sentences
    assert not [one for one in sentences if "2025-06-14" in one or one.startswith("Le port de Bréhal rouvre")]
    assert sentences[0] == "Le port rénové a plu aux pêcheurs."
    assert sentences[-1].endswith("pour le port.")


def test_a_sentence_never_crosses_two_paragraphs():
    text = "Une phrase sans point\n\nUne autre. La fin"
    blocks = (Block("paragraph", 0, 21), Block("caption", 23, 33), Block("paragraph", 34, 40))
    assert cut(Article("a", "T", text, "fr", blocks=blocks), 0, len(text)) == [
        "Une phrase sans point",
        "Une autre.",
        "La fin",
    ]


def test_only_what_lies_within_the_offsets_counts(port):
    start = port.text.index("La digue mesure")
    assert cut(port, start, start + 27) == ["La digue mesure 310 mètres."]


def test_a_passage_of_nothing_but_a_heading_is_kept_rather_than_nothing():
    text = "La digue du port"
    article = Article("a", "T", text, "fr", blocks=(Block("heading", 0, len(text), 2),))
    assert cut(article, 0, len(text)) == [text]


# ── Quotes: a sentence, or a short run of them ──────────────────────────────────────────────────────────────────────


def scored(article: Article, *shares: float) -> tuple[Scored, ...]:
    """Return the sentences of an article with these shares, best first."""
    spans = prose_sentences(article, 0, len(article.text))
    quotes = [
        Quote(article.identifier, article.title, start, end, article.text[start:end], share)
        for (start, end), share in zip(spans, shares, strict=True)
    ]
    found = [Scored(quote, 0) for quote in quotes]
    return tuple(sorted(found, key=lambda one: -one.quote.score))


def chosen(text: str, *shares: float, most: int = 3) -> list[str]:
    article = Article("a", "T", text, "fr")
    return [quote.text for quote in choose_quotes(scored(article, *shares), {"a": article}, most)]


def test_a_sentence_whose_neighbours_say_little_is_quoted_alone():
    assert chosen("Il pleut. Il vente. Il neige.", 0.1, 0.9, 0.2, most=1) == ["Il vente."]


def test_a_neighbour_that_is_as_likely_to_answer_is_quoted_along():
    assert chosen("Il pleut. Il vente. Il neige.", 0.1, 0.9, 0.8, most=1) == ["Il vente. Il neige."]


def test_what_hardly_answers_is_never_joined_however_alike():
    assert chosen("Il pleut. Il vente. Il neige.", 0.05, 0.06, 0.05, most=1) == ["Il vente."]


def test_a_run_has_three_sentences_at_most_and_no_sentence_is_quoted_twice():
    quotes = chosen("Un. Deux. Trois. Quatre. Cinq.", 0.7, 0.7, 0.7, 0.7, 0.7)
    assert [len(quote.split()) for quote in quotes] == [3, 2]
    assert sorted(" ".join(quotes).split()) == ["Cinq.", "Deux.", "Quatre.", "Trois.", "Un."]


def test_a_run_stays_within_its_paragraph():
    assert chosen("Il pleut.\n\nIl vente.", 0.8, 0.8, most=1) == ["Il pleut."]


def test_a_run_has_the_score_and_the_words_of_its_best_sentence_and_exact_characters():
    article = Article("a", "T", "Il pleut. Il vente. Il neige.", "fr")
    one, two = Quote("a", "T", 10, 19, "Il vente.", 0.9, (13, 18)), Quote("a", "T", 20, 29, "Il neige.", 0.8, (23, 28))
    (run,) = choose_quotes((Scored(one, 0), Scored(two, 0)), {"a": article}, 3)
    assert run == Quote("a", "T", 10, 29, "Il vente. Il neige.", 0.9, (13, 18))


def test_sentences_of_two_passages_are_quoted_apart():
    article = Article("a", "T", "Il pleut. Il vente.", "fr")
    one, two = Quote("a", "T", 0, 9, "Il pleut.", 0.9), Quote("a", "T", 10, 19, "Il vente.", 0.8)
    assert choose_quotes((Scored(one, 0), Scored(two, 1)), {"a": article}, 3) == (one, two)


def test_what_two_copies_say_is_quoted_once_from_the_one_that_answers_best(library):
    texts = [
        "La digue mesure 310 mètres. Elle est neuve.",
        "La  digue mesure 310  mètres. Elle est neuve.\n\nUn ajout.",
    ]
    articles = [library.article(put(library, text)) for text in texts]
    scored = [
        Scored(Quote(article.identifier, article.title, start, end, article.text[start:end], score), hit)
        for hit, (article, best) in enumerate(zip(articles, (0.7, 0.9), strict=True))
        for (start, end), score in zip(prose_sentences(article, 0, 50), (best, 0.1), strict=False)
    ]
    quotes = choose_quotes(sorted(scored, key=lambda one: -one.quote.score), {a.identifier: a for a in articles}, 3)
    wordings = [" ".join(quote.text.split()) for quote in quotes]
    assert wordings == ["La digue mesure 310 mètres.", "Elle est neuve."]
    assert {quote.article for quote in quotes} == {articles[1].identifier}
