"""A true sentence passes, a sentence with one fact changed does not, and what was not found is named."""

from __future__ import annotations

import numpy as np
import pytest

from rag.check.checker import Checker
from rag.values import Article, Citation

FRENCH = Article(
    "fr",
    "Le pacte des rivières",
    "Le forum s'est ouvert samedi à Lyon. Plus de 30 villes veulent signer le pacte que préparent Paris et Porto, a "
    "dit le ministère portugais mardi 8 avril. Le Premier ministre Anton Lindqvist n'a pas précisé le nombre de "
    "barrages. Hélène Vasseur a promis 3 millions d'euros et 250 bateaux. « Nous nettoierons toutes les berges du "
    "fleuve », a-t-elle dit. La Norvège refuse le retour des navires baltes. Douze blessés et trente morts ont été "
    "comptés à Riga en 2024.",
    "fr",
    "2025-04-08",
)
ENGLISH = Article(
    "en",
    "The bridge",
    "The bridge was opened on 4 May 1932 by Sarah Collins. It is 1,149 metres long and carries eight lanes. "
    "The council did not approve the toll. About 160,000 vehicles cross it every day. Engineers from Portugal "
    "inspected the cables.",
    "en",
)


class FewWords:
    """An embedder for which texts mean the same when they begin alike, and which counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def encode_query(self, text):
        self.asked += 1
        vector = np.zeros(26, dtype=np.float32)
        vector[sum(map(ord, text[:4].casefold())) % 26] = 1.0
        return vector


def cite(article: Article, beginning: str, end: str = ".") -> Citation:
    start = article.text.index(beginning)
    stop = article.text.index(end, start) + len(end)
    return Citation(1, article.identifier, article.title, start, stop, article.text[start:stop])


def check(sentence: str, beginning: str, article: Article = FRENCH, end: str = "."):
    return Checker({article.identifier: article}, FewWords()).check(sentence, [cite(article, beginning, end)])


@pytest.mark.parametrize(
    ("sentence", "beginning"),
    [
        ("Plus de 30 villes veulent signer le pacte que préparent Paris et Porto.", "Plus de"),
        ("Plus de trente villes veulent signer le pacte.", "Plus de"),
        ("Le 8 avril, le ministère portugais a affirmé que 30 villes signeraient le pacte.", "Plus de"),
        ("Le 8 avril 2025, le ministère portugais a parlé de 30 villes pour ce pacte.", "Plus de"),
        ("Le forum s'est ouvert à Lyon samedi 5 avril.", "Le forum"),
        ("Vasseur a promis 3 000 000 euros.", "Hélène"),
        ("Lindqvist n'a pas précisé le nombre de barrages.", "Le Premier"),
        ("Elle affirme : « Nous nettoierons toutes les berges du fleuve ».", "« Nous"),
        ("Le retour des navires baltes est refusé par Oslo.", "La Norvège"),
        ("À Riga, 12 blessés et 30 morts ont été comptés en 2024.", "Douze"),
        ("More than 30 cities want to sign the pact, the Portuguese ministry said on Tuesday 8 April.", "Plus"),
        ("Anton Lindqvist did not specify the number of dams.", "Le Premier"),
        ("Hélène Vasseur promised €3 million and 250 boats.", "Hélène"),
    ],
)
def test_true_sentences_pass_in_french_and_from_english(sentence, beginning):
    assert check(sentence, beginning) == ("yes", ())


@pytest.mark.parametrize(
    ("sentence", "beginning", "missing"),
    [
        ("Plus de 31 villes veulent signer le pacte.", "Plus de", "31"),
        ("Plus de quarante villes veulent signer le pacte.", "Plus de", "quarante"),
        ("Le ministère portugais l'a dit le 9 avril, avec 30 villes.", "Plus de", "9 avril"),
        ("Hélène Vasseur a promis 3 millions de dollars.", "Hélène", "3 millions de dollars"),
        ("Hélène Vasseur a promis 3 milliards d'euros.", "Hélène", "3 milliards d'euros"),
        ("Hélène Dupont a promis 3 millions d'euros.", "Hélène", "Dupont"),
        ("L'Espagne refuse le retour des navires baltes.", "La Norvège", "Espagne"),
        ("Elle a dit : « Nous nettoierons un jour toute la mer ».", "« Nous", "Nous nettoierons un jour toute la mer"),
        ("More than 45 cities want to sign the pact.", "Plus de", "45"),
        ("Anton Johnson did not specify the number of dams.", "Le Premier", "Johnson"),
    ],
)
def test_what_is_nowhere_in_the_article_is_named(sentence, beginning, missing):
    verdict, named = check(sentence, beginning)
    assert verdict == "no"
    assert missing in named


@pytest.mark.parametrize(
    ("sentence", "beginning"),
    [
        ("Anton Lindqvist a promis 3 millions d'euros et 250 bateaux.", "Hélène"),  # another name of the article
        ("Hélène Vasseur a promis 30 millions d'euros et 3 bateaux.", "Hélène"),
        ("Trente blessés et douze morts ont été comptés à Riga en 2024.", "Douze"),  # exchanged
        ("Trente blessés et trente morts ont été comptés à Riga en 2024.", "Douze"),
        ("Plus de 30 villes veulent signer le pacte que préparent Paris et Paris.", "Plus de"),
        ("Anton Lindqvist a précisé le nombre de barrages.", "Le Premier"),
        ("Hélène Vasseur n'a pas promis 3 millions d'euros.", "Hélène"),
        ("Plus de 250 villes veulent signer le pacte.", "Plus de"),
        ("Anton Lindqvist specified the number of dams.", "Le Premier"),
        ("Hélène Vasseur never promised €3 million.", "Hélène"),
        ("Le forum s'est ouvert samedi à Lyon.", "Hélène"),  # another place of the article
    ],
)
def test_what_the_cited_words_do_not_say_does_not_pass(sentence, beginning):
    assert check(sentence, beginning)[0] != "yes"


def test_a_negation_is_named():
    assert check("Hélène Vasseur n'a pas promis 3 millions d'euros.", "Hélène")[1] == ("n'a pas promis",)


@pytest.mark.parametrize(
    ("sentence", "beginning", "verdict"),
    [
        ("Sarah Collins opened the bridge on May 4, 1932.", "The bridge", "yes"),
        ("The bridge was opened on 14 May 1932 by Sarah Collins.", "The bridge", "no"),
        ("The bridge was opened in 1932.", "The bridge", "yes"),
        ("It is 1.149 kilometres long and carries 8 lanes.", "It is", "yes"),
        ("It is 1,149 feet long and carries eight lanes.", "It is", "no"),
        ("The council did not approve the toll.", "The council", "yes"),
        ("The council didn't approve the toll.", "The council", "yes"),
        ("The council approved the toll.", "The council", "partly"),
        ("About 160 000 vehicles cross the bridge every day.", "About", "yes"),
        ("Portuguese engineers inspected the cables.", "Engineers", "yes"),
        ("Spanish engineers inspected the cables.", "Engineers", "no"),
        ("Des ingénieurs du Portugal ont inspecté les câbles.", "Engineers", "yes"),
    ],
)
def test_english_articles(sentence, beginning, verdict):
    assert check(sentence, beginning, ENGLISH)[0] == verdict


def test_nothing_cited_is_at_most_partly():
    checker = Checker({"fr": FRENCH}, FewWords())
    assert checker.check("Hélène Vasseur a promis 3 millions d'euros.", [])[0] == "partly"
    assert checker.check("Les poissons volants mangent des algues.", [])[0] == "no"


def test_a_name_the_neighbourhood_gives_is_no_mistake():
    verdict = check("Hélène Vasseur a dit : « Nous nettoierons toutes les berges du fleuve ».", "« Nous")
    assert verdict == ("yes", ())


def test_the_embedder_is_asked_only_where_words_differ():
    embedder = FewWords()
    checker = Checker({"fr": FRENCH}, embedder)
    citation = cite(FRENCH, "Le forum")
    assert checker.check("Le forum s'est ouvert samedi à Lyon.", [citation])[0] == "yes"
    assert embedder.asked == 0
    verdict, _ = checker.check(
        "Les dirigeants du monde entier se voient pour ce forum lyonnais à huis clos.", [citation]
    )
    assert verdict in {"no", "partly"}


def test_meaning_carries_a_sentence_whose_words_differ():
    sentence = "Le forum nourrissait plusieurs dirigeants étrangers samedi."
    assert check(sentence, "Le forum")[0] == "yes"  # both begin alike for this embedder
    assert check("Plusieurs dirigeants étrangers mangeaient au forum samedi.", "Le forum")[0] != "yes"


@pytest.mark.parametrize("sentence", ["", " … ", "\u2014"])
def test_a_sentence_without_words_claims_nothing(sentence):
    assert check(sentence, "Le forum") == ("yes", ())


def test_without_articles_nothing_is_supported():
    assert Checker({}, FewWords()).check("Paris a dit oui à 30 pays.", [])[0] == "no"
