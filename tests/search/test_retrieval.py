"""The right passage comes first, however the question spells it, and nothing changes between two runs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import HashedWords
from support.harbour import put

from rag.index.contexts import texts_in_context
from rag.index.library import Library
from rag.question import understand
from rag.search.retrieval import Retriever, merge_neighbours
from rag.values import Hit, Passage, Turn

PRESS = {
    "coalition": """Une coalition pour garantir la trêve

Vingt-six pays veulent rejoindre la coalition que dirige le général Haldane. Elle compterait dix mille soldats.

Les troupes nord-coréennes déployées l'an dernier sur la ligne de front ne sont pas reparties, selon l'état-major.

La Russie refuse la présence de forces étrangères. Le Kremlin y voit une menace directe.
""",
    "port": """Le port de Bréhal rouvre

La digue mesure désormais 310 mètres, et le chantier a coûté 4,2 millions d'euros à la région.

Vingt-deux pêcheurs débarquent des homards chaque matin dans le bassin rénové.

Le phare reste fermé jusqu'en septembre, faute de gardien.
""",
    "musée": """Le musée de la dentelle expose ses trésors

Une robe de 1907, venue d'Alençon, ouvre l'exposition.

Les visiteurs japonais sont les plus nombreux : ils étaient onze mille au printemps.

La conservatrice, Ombeline Thévenard, veut acquérir un éventail du roi.
""",
    "abeilles": """Les abeilles noires reviennent en montagne

Deux cents ruches ont passé l'hiver au-dessus de Briançon, à 1 800 mètres d'altitude.

Le frelon asiatique a détruit une colonie sur cinq, d'après les apiculteurs.

Le miel de rhododendron se vend dix-huit euros le pot sur les marchés.
""",
}


@pytest.fixture(scope="module")
def press(tmp_path_factory):
    """Give a library of four articles whose paragraphs are passages of their own."""
    embedder = HashedWords(max_tokens=28)
    library = Library(tmp_path_factory.mktemp("indexes") / "press", embedder)
    names = {name: put(library, text) for name, text in PRESS.items()}
    yield library, names
    library.close()


class Narrow:
    """The standard embedder, with passages of one paragraph."""

    max_tokens = 60

    def __init__(self, embedder) -> None:
        self._embedder = embedder

    def __getattr__(self, name):
        return getattr(self._embedder, name)


@pytest.fixture(scope="module")
def understood(tmp_path_factory, bundled):
    """Give the same library, searched by the embedder that readers have."""
    library = Library(tmp_path_factory.mktemp("indexes") / "press", Narrow(bundled))
    names = {name: put(library, text) for name, text in PRESS.items()}
    yield library, names
    library.close()


def find(press, question: str, history=(), **options) -> tuple[Hit, ...]:
    return Retriever(press[0]).find(understand(question, history), **options)


def first(found: tuple[Hit, ...]) -> str:
    return found[0].passage.text


# ── The right passage first ─────────────────────────────────────────────────────────────────────────────────────────

RIGHT = {
    "Combien de pays veulent rejoindre la coalition ?": "Vingt-six pays",
    "Que voit le Kremlin dans les forces étrangères ?": "Le Kremlin",
    "Combien mesure la digue ?": "310",
    "Qui débarque des homards ?": "pêcheurs",
    "Pourquoi le phare est-il fermé ?": "gardien",
    "Quelle robe ouvre l'exposition ?": "robe",
    "Qui veut acquérir un éventail ?": "Ombeline",
    "Combien de ruches ont passé l'hiver ?": "ruches",
    "À quel prix se vend le miel de rhododendron ?": "dix-huit euros",
}


@pytest.mark.parametrize(("question", "held"), RIGHT.items())
def test_the_passage_that_answers_comes_first(understood, question, held):
    assert held in first(find(understood, question))


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Qui veut rejoindre la coalission ?", "Vingt-six pays"),  # typing errors
        ("Qui debarque des omards ?", "homards"),
        ("Combien de ruhces ont passé l'hiver ?", "ruches"),
        ("Que dit-on des pecheurs ?", "pêcheurs"),  # accents missing
        ("COMBIEN DE PÊCHEURS ?", "pêcheurs"),
        ("Que dit l'etat-major ?", "état-major"),
        ("Que disent les e\u0301tats-majors ?", "état-major"),  # accents as characters of their own
        ("Qu'est-il dit d'Alençon ?", "Alençon"),  # elision, both apostrophes
        ("Qu’est-il dit d’Alençon ?", "Alençon"),
        ("Où en est le bassin de pêche ?", "bassin"),  # another form of the word
        ("Quelles colonies furent détruites ?", "colonie"),
        ("Combien de militaires compterait-elle ?", "soldats"),  # a near-synonym
        ("Que devient la troupe ?", "troupes"),
        ("Que sait-on de la Corée du Nord ?", "nord-coréennes"),  # a country and its people
        ("Combien de touristes du Japon ?", "japonais"),
        ("Que refuse Moscou ?", "Russie"),  # a capital and its government
        ("Que s'est-il passé à 1800 mètres ?", "1 800"),  # a number written otherwise
    ],
)
def test_a_question_that_says_it_otherwise_finds_it_too(understood, question, held):
    assert held in first(find(understood, question))


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("What does Russia refuse?", "Russie"),
        ("How many Japanese visitors came?", "japonais"),
        ("How many countries want to join the coalition?", "Vingt-six pays"),
        ("Who wants to buy a fan of the king?", "éventail"),
        ("Why is the lighthouse closed until September?", "septembre"),
        ("What did the North Koreans do on the front line?", "nord-coréennes"),
    ],
)
def test_an_english_question_finds_the_french_passage(understood, question, held):
    assert understand(question).language == "en"
    assert held in first(find(understood, question))


def test_a_french_question_finds_the_english_passage(library):
    put(
        library,
        "The harbour\n\nThe ceasefire was signed by nine countries.\n\nBread is sold on Tuesdays by the church.",
    )
    assert "ceasefire" in Retriever(library).find(understand("Quels pays ont signé la trêve ?"))[0].passage.text


def test_the_title_tells_which_of_two_alike_passages_is_meant(library):
    body = "Le maire a promis trois cents mètres de piste cyclable avant la fin du mandat."
    put(library, f"Le budget de Vannes\n\n{body}\n")
    wanted = put(library, f"Le budget de Lorient\n\n{body}\n")
    found = Retriever(library).find(understand("Combien de piste cyclable à Lorient ?"))
    assert found[0].passage.article == wanted


def test_a_rare_word_decides_over_a_common_one(library):
    put(library, "Le conseil\n\nLe pays et la ville ont voté une aide pour les habitants de la commune.")
    put(library, "Le zinc\n\nLa smithsonite vaut deux fois plus cher qu'en avril.")
    found = Retriever(library).find(understand("Quelle ville pour la smithsonite ?"))
    assert "smithsonite" in found[0].passage.text


# ── What comes back ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_hits_are_best_first_each_once_and_exact_characters(press):
    library, _ = press
    hits = find(press, "Combien de pays et combien de ruches ?", limit=20)
    assert len({hit.passage for hit in hits}) == len(hits) > 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        article = library.article(hit.passage.article)
        assert hit.passage.text == article.text[hit.passage.start : hit.passage.end]
        assert hit.title == article.title


def test_the_two_measures_are_what_they_are_called(press):
    library, _ = press
    question = "Combien de ruches ont passé l'hiver ?"
    vector = library.embedder.encode_query(question)
    for hit in find(press, question, limit=20):
        (text,) = texts_in_context(library.article(hit.passage.article), [hit.passage])
        cosine = float(library.embedder.encode_documents([text])[0] @ vector)
        assert hit.dense == pytest.approx(cosine, abs=1e-5)
        assert (hit.lexical > 0) >= ("ruches" in hit.passage.text)


@pytest.mark.parametrize("limit", [1, 3])
def test_no_more_hits_than_asked_and_the_same_ones_first(press, limit):
    question = "Que dit la Russie ?"
    assert find(press, question, limit=limit) == find(press, question, limit=20)[:limit]


@pytest.mark.parametrize("name", PRESS)
def test_a_search_within_an_article_stays_there(press, name):
    _, names = press
    hits = find(press, "Combien de pays veulent rejoindre la coalition ?", article=names[name], limit=20)
    assert {hit.passage.article for hit in hits} == {names[name]}


def test_the_same_question_finds_the_same_twice_and_in_a_library_opened_anew(press, tmp_path):
    again = Library(tmp_path / "again", HashedWords(max_tokens=28))
    for text in PRESS.values():
        put(again, text)
    for question in RIGHT:
        assert find(press, question) == find(press, question) == Retriever(again).find(understand(question))
    again.close()


def test_an_article_that_was_added_later_is_found_by_the_same_retriever(library):
    put(library, PRESS["port"])
    retriever = Retriever(library)
    retriever.find(understand("Qui élève des ornithorynques ?"))
    wanted = put(library, "Une ferme rare\n\nMaëlle élève des ornithorynques près de Rennes depuis 2019.")
    found = retriever.find(understand("Qui élève des ornithorinques ?"))
    assert found[0].passage.article == wanted
    library.remove(wanted)
    left = [hit.passage.article for hit in retriever.find(understand("Qui élève des ornithorynques ?"))]
    assert left
    assert wanted not in left


@pytest.mark.parametrize("question", ["", "?", "Quoi ?", "le la les", "\u0000", "🗼", "x" * 5000, '"* OR NEAR(' * 50])
def test_a_question_without_sense_raises_nothing(press, question):
    assert len(find(press, question)) <= 8


def test_an_empty_library_finds_nothing(library):
    assert Retriever(library).find(understand("Combien de pays ?")) == ()


# ── Follow-ups ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_follow_up_is_searched_with_what_it_leaves_out(press):
    history = (Turn("Que refuse la Russie ?", "Elle refuse la présence de forces étrangères. [1]"),)
    question = understand("Pourquoi ?", history)
    assert "Russie" in question.text
    assert "Russie" in first(find(press, "Pourquoi ?", history))


def test_a_complete_question_is_searched_as_it_was_asked(press):
    history = (Turn("Que refuse la Russie ?", "Elle refuse la présence de forces étrangères. [1]"),)
    question = "Combien mesure la digue du port ?"
    assert find(press, question, history) == find(press, question)
    assert understand(question, history).text == question


# ── Neighbours ──────────────────────────────────────────────────────────────────────────────────────────────────────

TEXT = "Un port. Une digue. Un phare. Une criée. Un quai."
SPANS = [(0, 8), (9, 19), (20, 29), (30, 40), (41, 49)]


def piece(number: int, score: float = 0.5, article: str = "a") -> Hit:
    start, end = SPANS[number]
    return Hit(Passage(article, start, end, TEXT[start:end]), article.upper(), score, score / 2, score * 3)


def test_neighbours_become_one_hit_with_the_best_of_each_measure():
    (one,) = merge_neighbours([piece(2, 0.2), piece(1, 0.9)], {"a": TEXT})
    assert (one.passage.start, one.passage.end) == (9, 29)
    assert one.passage.text == TEXT[9:29]
    assert (one.score, one.dense, one.lexical, one.title) == (0.9, 0.45, pytest.approx(2.7), "A")


def test_a_gap_keeps_hits_apart_and_the_best_comes_first():
    found = merge_neighbours([piece(0, 0.2), piece(2, 0.9), piece(4, 0.5)], {"a": TEXT})
    assert [hit.passage.text for hit in found] == ["Un phare.", "Un quai.", "Un port."]


def test_hits_of_two_articles_are_never_merged():
    found = merge_neighbours([piece(0), piece(1, article="b")], {"a": TEXT, "b": TEXT})
    assert {(hit.passage.article, hit.passage.text) for hit in found} == {("a", "Un port."), ("b", "Une digue.")}


def test_merging_stops_at_the_longest_passage():
    found = merge_neighbours([piece(number) for number in range(5)], {"a": TEXT}, longest=20)
    assert sorted((hit.passage.start, hit.passage.end) for hit in found) == [(0, 19), (20, 40), (41, 49)]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.floats(0, 1), st.sampled_from("ab")), unique_by=lambda one: (one[0], one[2])
    ),
    st.integers(1, 60),
)
def test_merged_hits_are_exact_hold_each_hit_once_and_keep_the_best_score(chosen, longest):
    texts = {"a": TEXT, "b": TEXT}
    hits = [piece(*one) for one in chosen]
    merged = merge_neighbours(hits, texts, longest)
    assert [hit.score for hit in merged] == sorted((hit.score for hit in merged), reverse=True)
    for hit in merged:
        passage = hit.passage
        assert passage.text == texts[passage.article][passage.start : passage.end]
    for hit in hits:
        (holder,) = [
            one
            for one in merged
            if one.passage.article == hit.passage.article
            and one.passage.start <= hit.passage.start
            and hit.passage.end <= one.passage.end
        ]
        assert holder.score >= hit.score
    assert merge_neighbours(hits[::-1], texts, longest) == merged
