"""What an article mentions: each figure, name, place and date with its place in the text."""

import pytest
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


@pytest.mark.parametrize(
    ("sentence", "amount"),
    [
        ("The keepers' cottage cost £1.8 million to mend.", "£1.8 million"),
        ("Le port a payé £ 14,5 M pour deux grues.", "£ 14,5 M"),
        ("The yard lost $95 million in a year.", "$95 million"),
        ("A ferry costs US$10,000 a day.", "US$10,000"),
        ("La banque a gagné CHF 312 millions l'an dernier.", "CHF 312 millions"),
        ("Trois cadres verseront 250 000 CHF.", "250 000 CHF"),
        ("Les deux navires ont coûté 17 M£ au canton.", "17 M£"),
        ("The mill was sold for ₹500 crore.", "₹500"),
    ],
)
def test_an_amount_has_its_currency_whole_on_whichever_side(sentence, amount):
    article, _ = read(f"Un titre\n\n{sentence}\n")
    assert [one.text for one in find_figures(article)] == [amount]
    assert "CHF" not in [one.text for one in find_names(article)[0]]
    for one in find_figures(article):
        assert article.text[one.start : one.end] == one.text


def test_an_english_adjective_stands_with_what_it_describes():
    article, _ = read("A title\n\nSome 2,400 private donors gave, and 12 people climbed 163 steps as 60 women sang.\n")
    assert [one.text for one in find_figures(article)] == ["2,400 private donors", "12 people", "163 steps", "60 women"]


def test_what_belongs_to_the_number_before_is_no_currency_of_the_next_one():
    article, _ = read("Un titre\n\nLe billet vaut 30 € 12 mois par an, et sa valeur 40 pour les enfants.\n")
    assert [one.text for one in find_figures(article)] == ["30 €", "12 mois"]


@pytest.mark.parametrize(
    ("paragraph", "place"),
    [
        ("BRÉHAL, 3 février 2026. Le conseil a voté.", "BRÉHAL"),
        ("BRÉHAL (Agence du Littoral) – Le conseil de Bréhal a voté.", "Bréhal"),
        ("PORT-LOUIS, Morbihan, le 3 mars 2026 — « Le quai » a rouvert.", "PORT-LOUIS"),
        ("SKERRY, March 3 (Reuters) - The tower is closed.", "SKERRY"),
        ("The town of LONDON pays.", "LONDON"),
        ("METZ, 3 février 2026. Le maire de Metz a voté.", "Metz"),
        ("NANTES, 3 mars 2026. Le conseil a voté.\n\nNANTES, 4 mars 2026. Le conseil a voté.", "NANTES"),
        ("SALÉ, 12 mai (Agence) – Le port de la ville a rouvert.\n\nOn attend à SALÉ.", "SALÉ"),
    ],
)
def test_a_town_in_capitals_is_a_place(paragraph, place):
    names, places = find_names(read(f"Un titre\n\n{paragraph}\n")[0])
    assert place in [one.text for one in places]
    assert place not in [one.text for one in names]


@pytest.mark.parametrize(
    "paragraph",
    [
        "SNCM, qui exploite deux lignes, a fait faillite. Le port attend.",
        "SNCM – Le groupe attend.",
        "L'OTAN, 3 mars 2026. Le conseil a voté.",
        "NATO, 3 March 2026. The council met.",
        "SNCM, 3 mars 2026. Le groupe attend.",
        "ADEMA, le 4 avril 2025 – Le prix monte. L'Adema attend une baisse.",
        "AMAL (Syndicat) – Le secrétaire a parlé. La AMAL attend.",
        "RSPB, March 3, 2026 - The council met. Members of the RSPB will vote in May.",
    ],
)
def test_an_acronym_at_the_head_of_a_paragraph_is_no_place(paragraph):
    names, places = find_names(read(f"Un titre\n\n{paragraph}\n")[0])
    assert [one.text.upper() for one in names][:1] in (["SNCM"], ["OTAN"], ["NATO"], ["ADEMA"], ["AMAL"], ["RSPB"])
    assert not places
