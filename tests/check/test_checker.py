"""A true sentence passes, a sentence with one fact changed does not, and what was not found is named."""

from __future__ import annotations

import pytest
from support.word_reader import WordReader

from rag.check.checker import Checker
from rag.reader import Entailment
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


class Saying:
    """A reader for which every text says as much of every claim, and which keeps what it was given to read."""

    identity = "saying"

    def __init__(self, entailed: float, contradicted: float = 0.0) -> None:
        self.said = Entailment(entailed, contradicted, 1 - entailed - contradicted)
        self.premises: list[str] = []

    def read(self, question, texts):
        raise AssertionError(f"the check asks no question: {question} of {texts}")

    def entail(self, claim, premises):
        assert claim
        self.premises += premises
        return [self.said] * len(premises)


class Holding(Saying):
    """A reader for which a text says a claim where it holds a word, and nothing of it elsewhere."""

    def __init__(self, word: str) -> None:
        super().__init__(1.0)
        self.word = word

    def entail(self, claim, premises):
        super().entail(claim, premises)
        return [self.said if self.word in premise else Entailment(0.0, 0.0, 1.0) for premise in premises]


def cite(article: Article, beginning: str, end: str = ".") -> Citation:
    start = article.text.index(beginning)
    stop = article.text.index(end, start) + len(end)
    return Citation(1, article.identifier, article.title, start, stop, article.text[start:stop])


def check(sentence: str, beginning: str, article: Article = FRENCH, end: str = ".", reader=None):
    checker = Checker({article.identifier: article}, reader or Saying(1.0))
    return checker.check(sentence, [cite(article, beginning, end)])


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
        ("Plus de 250 villes veulent signer le pacte.", "Plus de"),
        ("Le forum s'est ouvert samedi à Lyon.", "Hélène"),  # another place of the article
    ],
)
def test_facts_of_another_place_are_not_said_by_what_is_cited_however_sure_the_reader_is(sentence, beginning):
    assert check(sentence, beginning)[0] != "yes"


@pytest.mark.parametrize(
    ("sentence", "beginning", "verdict"),
    [
        ("Sarah Collins opened the bridge on May 4, 1932.", "The bridge", "yes"),
        ("The bridge was opened on 14 May 1932 by Sarah Collins.", "The bridge", "no"),
        ("It is 1.149 kilometres long and carries 8 lanes.", "It is", "yes"),
        ("It is 1,149 feet long and carries eight lanes.", "It is", "no"),
        ("About 160 000 vehicles cross the bridge every day.", "About", "yes"),
        ("Portuguese engineers inspected the cables.", "Engineers", "yes"),
        ("Spanish engineers inspected the cables.", "Engineers", "no"),
        ("Des ingénieurs du Portugal ont inspecté les câbles.", "Engineers", "yes"),
    ],
)
def test_facts_of_english_articles(sentence, beginning, verdict):
    assert check(sentence, beginning, ENGLISH)[0] == verdict


# ── What the reader says ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("entailed", "contradicted", "verdict"),
    [(0.99, 0.0, "yes"), (0.0, 0.99, "contradicted"), (0.0, 0.0, "no")],
)
def test_where_all_facts_are_there_the_reader_decides(entailed, contradicted, verdict):
    said = check("Le Premier ministre a compté les barrages.", "Le Premier", reader=Saying(entailed, contradicted))
    assert said == (verdict, ())


def test_the_facts_that_differ_are_named_where_the_article_says_the_contrary():
    opposed = Saying(0.0, 0.99)
    assert check("Plus de 31 villes veulent signer.", "Plus de", reader=opposed) == ("contradicted", ("31",))
    exchanged = check("Hélène Vasseur a promis 30 millions d'euros.", "Hélène", reader=opposed)
    assert exchanged == ("contradicted", ("30 millions d'euros",))


def test_what_is_nowhere_is_named_where_the_reader_sees_nothing_contrary():
    assert check("Plus de 31 villes veulent signer.", "Plus de", reader=Saying(0.0)) == ("no", ("31",))


def test_a_quote_is_supported_without_being_read():
    reader = Saying(0.0)
    for said in ("Le forum s'est ouvert samedi à Lyon.", "«\u202fLe forum s’est  ouvert samedi à Lyon.\u202f»"):
        assert check(said, "Le forum", reader=reader) == ("yes", ())
    assert reader.premises == []
    check("Le forum s'est ouvert", "Le forum", reader=reader)  # a part of a sentence may be the half of what it says
    assert reader.premises


def test_one_text_is_read_where_that_tells_and_no_text_twice():
    sure, silent = Saying(0.99), Saying(0.0)
    check("Le forum a commencé samedi à Lyon.", "Le forum", reader=sure)
    assert sure.premises == ["Le pacte des rivières\nLe forum s'est ouvert samedi à Lyon."]
    check("Le forum a commencé samedi à Lyon.", "Le forum", reader=silent)
    assert len(silent.premises) == len(set(silent.premises)) == 2  # the closest sentence is the one that is cited
    check("Le forum parle des berges.", "Le forum", reader=silent)
    assert len(silent.premises) == 5


def test_what_stands_around_a_citation_may_say_who_speaks():
    said = check("Elle nettoierait les berges du fleuve.", "« Nous", reader=Holding("Vasseur"))
    assert said == ("yes", ())


def test_what_the_cited_text_contradicts_is_not_looked_for_elsewhere():
    reader = Saying(0.3, 0.7)
    assert check("Le forum s'est ouvert à Lyon sans public.", "Le forum", reader=reader)[0] == "contradicted"
    assert len(reader.premises) == 1


def test_what_stands_around_speaks_only_where_the_cited_text_is_silent():
    reader = Saying(0.2, 0.5)
    assert check("Le forum s'est ouvert à Lyon sans public.", "Le forum", reader=reader)[0] != "yes"
    assert len(reader.premises) == 1


def test_what_the_article_says_elsewhere_is_partly_supported():
    article = Article("long", "", f"{FRENCH.text} {'Il pleut beaucoup ici. ' * 40}La digue tient bon.", "fr")
    said = check("La digue tient.", "Le forum", article, reader=Holding("digue tient"))
    assert said == ("partly", ())


def test_a_sentence_without_citation_is_read_against_what_is_closest():
    reader = WordReader()
    checker = Checker({"fr": FRENCH}, reader)
    assert checker.check("Hélène Vasseur a promis des millions d'euros.", []) == ("yes", ())
    assert checker.check("Les poissons volants mangent des algues.", []) == ("no", ())


def test_likeness_is_what_each_text_alone_says():
    checker = Checker({"fr": FRENCH}, Holding("Lyon"))
    assert checker.likeness("Quoi ?", ["À Lyon.", "À Riga.", ""]) == [1.0, 0.0, 0.0]


def test_a_citation_supports_a_sentence_only_with_all_of_its_facts():
    reader = Saying(0.99)
    checker = Checker({"fr": FRENCH}, reader)
    assert checker.supports("Plus de 30 villes signeraient.", cite(FRENCH, "Plus de"))
    read = len(reader.premises)
    assert not checker.supports("Plus de 31 villes signeraient.", cite(FRENCH, "Plus de"))
    assert len(reader.premises) == read
    assert not Checker({"fr": FRENCH}, Saying(0.0)).supports("30 villes signeraient.", cite(FRENCH, "Plus de"))


# ── What is called absent ───────────────────────────────────────────────────────────────────────────────────────────

OTHER = Article("other", "Sommet d'Oslo", "Au total, 47 délégués se sont rendus à Oslo. Ils sont repartis.", "fr")
PLACED = Article(
    "placed",
    "Chili : 12 blessés à Valparaiso",
    "Publié le 3 juin 2024\n\nUn séisme a eu lieu.\n\nUne école de Quillota, 80 élèves. (PHOTO / ANNE PETIT)\n\nFin.",
    "fr",
    blocks=(),
)


@pytest.mark.parametrize(
    ("sentence", "articles", "beginning"),
    [
        # Another article at hand holds it: the sentence only cites the wrong one.
        ("On a compté 47 délégués à Oslo.", (FRENCH, OTHER), "Le forum"),
        # It stands in the title, the metadata or a caption.
        ("12 blessés à Valparaiso, et 80 élèves à Quillota, le 3 juin 2024, selon Anne Petit.", (PLACED,), "Un séisme"),
        # It is emphasized as models do it, a number apart from what it counts.
        ("**Hélène Vasseur** a promis **3** millions d'**euros** et *250* bateaux.", (FRENCH,), "Le forum"),
        # It is quoted in another form, or only its size is told.
        ("Il parle de « le retour du navire balte ».", (FRENCH,), "Le forum"),
        ("Hélène Vasseur a promis des millions d'euros et des centaines de bateaux.", (FRENCH,), "Le forum"),
    ],
)
def test_nothing_is_called_absent_that_an_article_at_hand_says(sentence, articles, beginning):
    checker = Checker({one.identifier: one for one in articles}, Saying(0.0))
    assert checker.check(sentence, [cite(articles[0], beginning)])[1] == ()


@pytest.mark.parametrize("sentence", ["", " … ", "\u2014"])
def test_a_sentence_without_words_claims_nothing(sentence):
    assert check(sentence, "Le forum") == ("yes", ())


def test_without_articles_nothing_is_supported():
    assert Checker({}, Saying(1.0)).check("Paris a dit oui à 30 pays.", []) == ("no", ("30", "Paris"))


@pytest.mark.parametrize(
    "written",
    [
        "😀 Plus de 30 villes veulent signer.",
        "1️⃣ Plus de 30 villes veulent **signer** 👨‍👩‍👧.",
        "✅ 🇫🇷 Plus de 30 villes ⚠️ veulent signer.",
    ],
)
def test_a_picture_is_nothing_that_has_to_be_supported(written):
    class Hearing(Saying):
        def entail(self, claim, premises):
            assert claim == "Plus de 30 villes veulent signer."
            return super().entail(claim, premises)

    assert Checker({FRENCH.identifier: FRENCH}, Hearing(0.99)).check(written, []) == ("yes", ())


def test_signs_that_mean_something_are_read_with_their_sentence():
    class Hearing(Saying):
        def entail(self, claim, premises):
            assert claim == "Il fait 30 °C ≥ 20 → 40 ① № ™."
            return super().entail(claim, premises)

    reader = Hearing(0.99)
    Checker({FRENCH.identifier: FRENCH}, reader).check("Il fait 30 °C ≥ 20 → 40 ① № ™.", [])
    assert reader.premises
