"""A library finds by meaning and by words at once, serves while it changes, and never mixes two embedders."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from rag.index.terms import term, word_fields
from support.fakes import HashedWords
from support.storing import PORT, article, paragraphs

from rag.errors import EmbedderChanged, LibraryError
from rag.index.library import VECTORS_FILE, Library
from rag.language.words import content_stems

GARDEN = "Le jardin clos a ouvert en 1894.\n\nSon mur mesure deux mètres."
WEIGHTS = (1.0, 1.0, 1.0)


def fill(library: Library, *texts: str) -> list[str]:
    identifiers = []
    for text in texts:
        one = article(text, title=text.split()[1])
        assert list(library.add(one, f"/press/{one.identifier}"))[-1] == 1.0
        identifiers.append(one.identifier)
    return identifiers


def search(library: Library, question: str, limit: int = 5, article: str = ""):
    vector = library.embedder.encode_query(question)
    return library.search(vector, content_stems(question, "fr"), limit, weights=WEIGHTS, article=article)


# ── Searching ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_candidate_carries_both_measures_and_both_are_right(library):
    fill(library, PORT, GARDEN)
    question = "Combien mesure la digue du port ?"
    found = search(library, question, limit=1)  # one by meaning, one by words: the union
    vector = library.embedder.encode_query(question)
    for one in found:
        expected = float(library.embedder.encode_documents([one.passage.text])[0] @ vector)
        assert one.dense == pytest.approx(expected, abs=1e-5)
    lexical = dict(library._store.search_words([term(s) for s in content_stems(question, "fr")], 99, weights=WEIGHTS))
    assert all(one.lexical == lexical.get(one.row, 0.0) for one in found if one.lexical)
    assert any(one.lexical > 0 for one in found)


def test_the_best_by_meaning_are_those_of_brute_force(library):
    fill(library, *(f"Article {number}.\n\nLe texte numéro {number} parle du port." for number in range(8)))
    vector = library.embedder.encode_query("Que dit le texte numéro 5 ?")
    cosines = {one.text: float(library.embedder.encode_documents([one.text])[0] @ vector) for one in library.passages()}
    found = sorted(library.search(vector, [], 3, weights=WEIGHTS), key=lambda one: -one.dense)
    assert [one.dense for one in found] == pytest.approx(sorted(cosines.values(), reverse=True)[:3], abs=1e-5)
    assert [one.dense for one in found] == pytest.approx([cosines[one.passage.text] for one in found], abs=1e-5)
    assert "5" in found[0].passage.text


def test_a_search_within_one_article_stays_there(library):
    port, garden = fill(library, PORT, GARDEN)
    assert {one.passage.article for one in search(library, "Combien mesure le mur ?")} == {port, garden}
    assert {one.passage.article for one in search(library, "Combien mesure le mur ?", article=port)} == {port}


def test_an_empty_library_finds_nothing(library):
    assert search(library, "Combien ?") == []


def test_passages_are_the_articles_own_characters_in_reading_order(library):
    (port,) = fill(library, PORT)
    passages = library.passages(port)
    assert all(PORT[one.start : one.end] == one.text for one in passages)
    assert list(passages) == sorted(passages, key=lambda one: one.start)
    assert "".join("".join(one.text for one in passages).split()) == "".join(PORT.split())
    assert library.count_passages(port) == len(passages) == library.entries()[0].passages


def test_words_are_kept_as_stems_without_accents_whatever_their_form(library):
    fill(library, "L'O.N.U. s'est réunie à l'Élysée.")
    found = search(library, "Où l'ONU se réunit-elle ?")
    assert found[0].lexical > 0
    assert all(stem == term(stem) for stem in library.vocabulary())
    assert library.frequencies(["jamais-vu"]) == {"jamais-vu": 0}


def test_each_passage_is_kept_with_the_heading_it_stands_under_and_the_title():
    text = "Chapeau du texte.\n\nLes travaux\n\nLa digue est haute.\n\nLe phare\n\nIl est fermé."
    one = article(text, title="Le port")
    kinds = {"Les travaux": "heading", "Le phare": "heading"}
    blocks = tuple(replace(b, kind=kinds.get(text[b.start : b.end], b.kind)) for b in one.blocks)
    passages = [passage for passage in paragraphs(one.identifier, text) if passage.text not in kinds]
    fields = word_fields(replace(one, blocks=blocks), passages)
    assert [field.heading for field in fields] == ["", *(" ".join(content_stems(kind, "fr")) for kind in kinds)]
    assert {field.title for field in fields} == {"port"}


# ── Changing ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_progress_grows_and_ends_when_the_article_is_on_disk(library, tmp_path):
    long = "\n\n".join(f"Le paragraphe {number} est assez long. " * 12 for number in range(60))
    one = article(long)
    progress = []
    for done in library.add(one, "x"):
        progress.append(done)
        assert (one.identifier in {entry.identifier for entry in library.entries()}) == (done == 1.0)
    assert progress == sorted(progress)
    assert len(progress) > 2
    assert progress[-1] == 1.0


def test_stopping_in_the_middle_adds_nothing(library):
    adding = library.add(article(PORT), "x")
    next(adding)
    adding.close()
    assert library.entries() == ()


def test_what_was_removed_is_found_no_more(library):
    port, _ = fill(library, PORT, GARDEN)
    assert "phare" in " ".join(one.passage.text for one in search(library, "le phare"))
    library.remove(port)
    assert "phare" not in " ".join(one.passage.text for one in search(library, "le phare"))
    with pytest.raises(LibraryError, match="holds no article"):
        library.remove(port)


def test_a_library_opened_again_answers_the_same(library, embedder, tmp_path):
    fill(library, PORT, GARDEN)
    before = search(library, "Combien mesure la digue ?")
    library.close()
    again = Library(tmp_path / "indexes" / "press", embedder)
    assert search(again, "Combien mesure la digue ?") == before
    again.close()


def test_articles_can_be_added_by_others_while_it_is_searched(library, embedder, tmp_path):
    fill(library, PORT)
    writer = Library(tmp_path / "indexes" / "press", embedder)
    over, failed = threading.Event(), []

    def ask() -> None:
        try:
            while not over.is_set():
                for one in search(library, "Le texte du port mesure combien ?"):
                    assert one.dense <= 1.001
        except BaseException as error:  # noqa: BLE001  # whatever happened in the thread is the finding
            failed.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    fill(writer, *(f"Le texte {number} du port." for number in range(25)))
    over.set()
    asking.join()
    writer.close()
    assert failed == []
    assert len(library.entries()) == 26


# ── Names ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_article_is_found_by_identifier_its_beginning_title_or_file_name(library):
    port, garden = fill(library, PORT, GARDEN)
    assert library.find_entry(port).identifier == port
    assert library.find_entry(garden[:6]).identifier == garden
    assert library.find_entry("jardin").identifier == garden


@pytest.mark.parametrize("name", ["port.txt", "rien", "", "abc"])
def test_a_name_that_is_nobodys_or_everybodys_is_a_sentence_with_the_command_to_see_them(library, name):
    fill(library, PORT, GARDEN)
    with pytest.raises(LibraryError) as caught:
        library.find_entry(name)
    assert "rag list --library press" in caught.value.remedy


# ── Another embedder ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def changed(library, tmp_path):
    """Give a library built with one embedder and opened with another."""
    fill(library, PORT, GARDEN)
    library.close()
    changed = Library(tmp_path / "indexes" / "press", HashedWords(version=2, dimensions=64))
    yield changed
    changed.close()


def test_vectors_of_two_embedders_are_never_compared(changed):
    with pytest.raises(EmbedderChanged, match="hashed-words 1") as caught:
        search(changed, "La digue ?")
    assert caught.value.remedy.startswith("rag rebuild --library press")
    with pytest.raises(EmbedderChanged):
        list(changed.add(article("Autre chose."), "x"))
    assert len(changed.entries()) == 2


def test_rebuilding_keeps_every_text_and_answers_with_the_new_embedder(changed):
    before = [(entry.identifier, changed.article(entry.identifier)) for entry in changed.entries()]
    assert [done for _, done in changed.rebuild()] == [0.0, 0.5]
    assert [(entry.identifier, changed.article(entry.identifier)) for entry in changed.entries()] == before
    found = search(changed, "Combien mesure la digue ?")
    assert "310" in found[0].passage.text
    assert changed._store.vectors()[1].shape[1] == 64
    assert changed.verify() == []


def test_a_rebuild_that_is_stopped_leaves_the_old_library_whole(changed, library, tmp_path):
    rebuilding = changed.rebuild()
    next(rebuilding)
    next(rebuilding)
    rebuilding.close()
    old = Library(tmp_path / "indexes" / "press", HashedWords())
    assert "310" in search(old, "Combien mesure la digue ?")[0].passage.text
    assert old.verify() == []
    old.close()


# ── Verifying ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sound_library_has_no_problem_and_a_damaged_index_is_mended_on_the_way(library, tmp_path):
    fill(library, PORT, GARDEN)
    assert library.verify() == []
    path = tmp_path / "indexes" / "press" / VECTORS_FILE
    path.write_bytes(path.read_bytes()[:-5])
    assert library.verify() == []


def test_a_passage_that_was_lost_is_noticed(library):
    fill(library, PORT, GARDEN)
    with library._store.transaction():
        library._store._connection.execute("DELETE FROM passages WHERE row = 1")
    assert any("do not cover" in problem for problem in library.verify())


def test_words_that_were_lost_are_noticed(library):
    fill(library, PORT, GARDEN)
    with library._store.transaction():
        library._store._connection.execute("DELETE FROM words WHERE rowid = 1")
    assert any("no words" in problem for problem in library.verify())
