"""The sentences that answer: whole, exact, never a heading, and chosen by the kind of answer that is wanted."""

from __future__ import annotations

import pytest
from support.harbour import put

from rag.index.library import Library
from rag.language.sentences import split_sentences
from rag.question import understand
from rag.question.analysis import analyse_question
from rag.reading.prose import prose_sentences
from rag.search.matching import match_terms
from rag.search.quotes import Scored, choose_quotes, rank_sentences
from rag.search.retrieval import Retriever
from rag.values import Article, Block, Hit, Passage, Quote

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


def rank(library: Library, text: str) -> tuple[Scored, ...]:
    question = understand(text)
    found = Retriever(library).find(question)
    articles = {hit.passage.article: library.article(hit.passage.article) for hit in found.hits}
    return rank_sentences(question, found.matches, found.hits, articles)


QUESTIONS = (
    "Quand le port a-t-il ouvert ?",
    "Combien mesure la digue ?",
    "Le port de Bréhal rouvre-t-il ?",
    "La digue du port ?",
    "Que devient le phare du port ?",
    "How long is the breakwater?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_is_a_whole_sentence_of_the_running_text_and_all_are_there_once(library, port, question):
    whole = [
        port.text[block.start + start : block.start + end]
        for block in port.blocks
        if block.kind == "paragraph"
        for start, end in split_sentences(port.text[block.start : block.end], "fr")
    ]
    ranked = [one.quote for one in rank(library, question)]
    assert all(quote.text == port.text[quote.start : quote.end] for quote in ranked)
    assert sorted(quote.text for quote in ranked) == sorted(whole)
    assert {(quote.article, quote.title) for quote in ranked} == {(port.identifier, port.title)}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_best_come_first_and_every_measure_lies_within_0_and_1(library, port, question):
    ranked = rank(library, question)
    assert [one.quote.score for one in ranked] == sorted((one.quote.score for one in ranked), reverse=True)
    for one in ranked:
        assert 0 <= one.own <= one.titled <= 1 + 1e-9
        assert 0 <= one.around <= 1 + 1e-9
        assert one.kinds <= analyse_question(question, "fr").kinds


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Quand le port rénové a-t-il ouvert ?", "samedi"),
        ("Combien de voiliers le port rénové a-t-il reçus ?", "300"),
        ("À qui le port rénové a-t-il plu ?", "pêcheurs"),
        ("Combien mesure la digue ?", "310 mètres"),
        ("Pourquoi le phare est-il fermé ?", "malade"),
        ("Combien le port a-t-il coûté à la région ?", "millions d'euros"),
        ("Qui est le maire ?", "M. Corbin"),
    ],
)
def test_the_sentence_that_answers_comes_first(library, port, question, answer):
    assert answer in rank(library, question)[0].quote.text


@pytest.mark.parametrize(("question", "answer"), [("Quand", "samedi"), ("Combien", "300")])
def test_of_sentences_with_the_same_words_the_one_with_the_wanted_kind_comes_first(library, port, question, answer):
    ranked = rank(library, f"{question}, le port rénové ?")
    assert answer in ranked[0].quote.text
    (first,) = [one for one in ranked if one.quote.text == "Le port rénové a plu aux pêcheurs."]
    assert ranked[0].own == pytest.approx(first.own)
    assert ranked[0].kinds > first.kinds


def test_a_sentence_found_in_another_article_is_cited_there(library, port):
    fair = put(library, "La foire de Dinan\n\nLa foire a reçu neuf mille visiteurs dimanche.")
    best = rank(library, "Combien de visiteurs la foire a-t-elle reçus ?")[0].quote
    assert (best.article, best.title) == (fair, "La foire de Dinan")


@pytest.mark.parametrize("wanted", ["La région a payé", "Elle protège", "Le port rénové a plu"])
def test_where_words_say_nothing_the_sentence_that_is_nearest_in_meaning_comes_first(library, port, wanted):
    question = understand("Wer hat das bezahlt?")
    found = Retriever(library).find(question)
    articles = {port.identifier: port}
    near = rank_sentences(
        question, found.matches, found.hits, articles, lambda texts: [9.0 * text.startswith(wanted) for text in texts]
    )
    assert near[0].quote.text.startswith(wanted)
    assert sum(one.quote.score for one in near) == pytest.approx(1.0)


def test_only_the_best_passages_are_read_for_their_meaning_and_the_others_count_as_the_farthest(library):
    article = library.article(put(library, "\n\n".join(f"Quai {number}\n\nIl est long." for number in range(9))))
    spans = [(block.start, block.end) for block in article.blocks if block.kind == "paragraph"]
    hits = [Hit(Passage(article.identifier, *at, article.text[slice(*at)]), "", 0.0, 0.0, 0.0) for at in spans]
    read: list[str] = []

    def close(texts):
        read.extend(texts)
        return [0.2 + number / 10 for number in range(len(texts))]

    ranked = rank_sentences(analyse_question("Wie?", "de"), match_terms(()), hits, {article.identifier: article}, close)
    assert 0 < len(read) < len(ranked) == len(hits)
    assert {one.meant for one in ranked if one.hit >= len(read)} == {0.2}


def test_no_hits_no_sentences():
    assert rank_sentences(analyse_question("Combien ?", "fr"), match_terms(()), (), {}) == ()
    assert rank_sentences(analyse_question("Wie?", "de"), match_terms(()), (), {}, lambda _: []) == ()


def test_a_question_without_terms_ranks_by_passage(library, port):
    ranked = rank(library, "Et alors ?")
    assert ranked
    assert all(one.own == one.titled == one.around == 0 for one in ranked)


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
    hit = Hit(Passage("a", 0, len(text), text), "T", 0.5, 0.5, 1.0)
    (one,) = rank_sentences(analyse_question("La digue ?", "fr"), match_terms(()), (hit,), {"a": article})
    assert one.quote.text == text


# ── Quotes: a sentence, or a short run of them ──────────────────────────────────────────────────────────────────────


def scored(article: Article, *shares: float) -> tuple[Scored, ...]:
    """Return the sentences of an article with these shares, best first."""
    spans = prose_sentences(article, 0, len(article.text))
    quotes = [
        Quote(article.identifier, article.title, start, end, article.text[start:end], share)
        for (start, end), share in zip(spans, shares, strict=True)
    ]
    found = [Scored(quote, 0, 1.0, 1.0, 1.0, 1.0, frozenset()) for quote in quotes]
    return tuple(sorted(found, key=lambda one: -one.quote.score))


def chosen(text: str, *shares: float, most: int = 3) -> list[str]:
    article = Article("a", "T", text, "fr")
    return [quote.text for quote in choose_quotes(scored(article, *shares), {"a": article}, most)]


def test_a_sentence_whose_neighbours_say_little_is_quoted_alone():
    assert chosen("Il pleut. Il vente. Il neige.", 0.01, 0.98, 0.01, most=1) == ["Il vente."]


def test_a_neighbour_that_is_as_likely_to_answer_is_quoted_along():
    assert chosen("Il pleut. Il vente. Il neige.", 0.01, 0.5, 0.49, most=1) == ["Il vente. Il neige."]


def test_a_neighbour_must_be_worth_its_length():
    long = "Il neige " + "encore " * 80 + "un peu."
    assert chosen(f"Il pleut. Il vente. {long}", 0.0, 0.6, 0.4, most=1) == ["Il vente."]


def test_a_run_has_three_sentences_at_most_and_no_sentence_is_quoted_twice():
    quotes = chosen("Un. Deux. Trois. Quatre. Cinq.", 0.2, 0.2, 0.2, 0.2, 0.2)
    assert [len(quote.split()) for quote in quotes] == [3, 2]
    assert sorted(" ".join(quotes).split()) == ["Cinq.", "Deux.", "Quatre.", "Trois.", "Un."]


def test_a_run_stays_within_its_paragraph():
    assert chosen("Il pleut.\n\nIl vente.", 0.5, 0.5, most=1) == ["Il pleut."]


def test_quotes_are_exact_characters_of_the_article(library, port):
    ranked = rank(library, "Quand le port rénové a-t-il ouvert et combien de voiliers a-t-il reçus ?")
    quotes = choose_quotes(ranked, {port.identifier: port}, 10)
    assert all(quote.text == port.text[quote.start : quote.end] for quote in quotes)
    assert quotes[0].score >= ranked[0].quote.score


def test_the_shares_of_all_sentences_add_up_to_one(library, port):
    assert sum(one.quote.score for one in rank(library, "Combien mesure la digue ?")) == pytest.approx(1.0)
