"""What an article mentions: each figure, name, place and date with its place in the text."""

from support.harbour import HARBOUR

from rag.card.mentioned import find_dates, find_figures, find_names
from rag.reading import article_from_text
from rag.search.overview import find_candidates
from rag.values import Passage

TEXT = (
    "Le sommet\n\n"
    "Keir Starmer a reçu Emmanuel Macron à Londres le lundi 17 mars 2025. Starmer a parlé de l'OTAN. La rencontre a "
    "coûté 4,2 millions d'euros et rassemblé plus de 30 pays, pendant deux heures.\n\n"
    "Le 2 mars, les Britanniques étaient venus en France. Ils habitent à Bréhal depuis 1894.\n"
)


def read(text):
    article = article_from_text(text)
    passages = [Passage(article.identifier, one.start, one.end, "") for one in article.blocks]
    return article, find_candidates(article, passages)


def test_names_are_persons_and_organisations_and_places_are_apart():
    article, _ = read(TEXT)
    names, places = find_names(article)
    assert [one.text for one in names] == [
        "Keir Starmer",
        "Emmanuel Macron",
        "OTAN",
    ]  # the surname counts for the first
    assert {one.text for one in places} == {"Londres", "France", "Bréhal"}  # no people
    for one in (*names, *places):
        assert article.text[one.start : one.end] == one.text


def test_figures_count_or_measure_and_keep_the_words_around_them():
    article, _ = read(TEXT)
    figures = find_figures(article)
    assert [one.text for one in figures][:2] == ["4,2 millions d'euros", "30 pays"]
    assert figures[1].before.endswith("rassemblé plus de ")
    assert not [one for one in figures if one.text.startswith(("17", "1894"))]
    for one in figures:
        assert article.text[one.start : one.end] == one.text


def test_dates_come_in_their_order_with_their_sentences():
    article, candidates = read(TEXT)
    dates = find_dates(article, candidates)
    assert [one.text for one in dates] == ["1894", "2025-03-17"]
    assert dates[1].after.startswith("Keir Starmer a reçu")
    assert article.text[dates[0].start :].startswith("Ils habitent à Bréhal")


def test_an_article_without_any_mentions_nothing():
    article, candidates = read("Un titre\n\nIl ne se passe rien du tout ici.\n")
    assert find_names(article) == ((), ())
    assert find_figures(article) == find_dates(article, candidates) == ()


def test_the_harbour_has_its_mayor_and_its_dam():
    article, _ = read(HARBOUR)
    assert "Nadège Corbin" in [one.text for one in find_names(article)[0]]
    assert "310 mètres" in [one.text for one in find_figures(article)]
