"""Notes on articles: the exact words, the reader's own, taken away with the conversation."""

import pytest
from support.fake_door import QUOTE, cite, harbour

from rag.conversations import Conversations, KeptTurn, outline_of_notes, to_markdown
from rag.conversations.notes import QUOTE_CHARACTERS, REMARK_CHARACTERS
from rag.values import Answer

PORT = harbour()
START = PORT.text.index(QUOTE)
END = START + len(QUOTE)


@pytest.fixture
def kept(tmp_path):
    opened = Conversations(tmp_path / "conversations")
    yield opened
    opened.close()


def test_a_note_holds_the_words_themselves_in_the_order_of_the_article(kept):
    later = kept.notes.add("a", PORT, START, END)
    first = kept.notes.add("a", PORT, 0, 7)
    assert [note.quote for note in kept.notes.of("a", PORT.identifier)] == ["Le port", QUOTE]
    assert PORT.text[later.start : later.end] == later.quote
    assert first.title == PORT.title


def test_words_that_are_not_there_are_no_note(kept):
    for start, end in ((5, 5), (9, 3), (10**9, 10**9 + 4), (0, 0)):
        assert kept.notes.add("a", PORT, start, end) is None
    assert kept.notes.of("a", PORT.identifier) == ()
    assert len(kept.notes.add("a", PORT, 0, 10**9).quote) <= QUOTE_CHARACTERS


def test_a_remark_is_written_and_bounded_and_only_by_its_reader(kept):
    note = kept.notes.add("a", PORT, START, END)
    kept.notes.remark("a", note.identifier, "À vérifier " + "x" * 9000)
    kept.notes.remark("b", note.identifier, "Rien")
    (found,) = kept.notes.of("a", PORT.identifier)
    assert found.remark.startswith("À vérifier")
    assert len(found.remark) == REMARK_CHARACTERS
    assert kept.notes.of("b", PORT.identifier) == ()
    assert kept.notes.delete("b", note.identifier) is None


def test_an_erased_note_can_be_written_again_as_it_was(kept):
    note = kept.notes.add("a", PORT, START, END)
    assert kept.notes.delete("a", note.identifier) == note
    assert kept.notes.of("a", PORT.identifier) == ()
    kept.notes.restore("a", note)
    kept.notes.restore("a", note)
    assert kept.notes.of("a", PORT.identifier) == (note,)


def test_notes_on_the_articles_of_a_conversation_go_with_it(kept):
    note = kept.notes.add("a", PORT, START, END)
    kept.notes.remark("a", note.identifier, "Le chiffre *exact* ?")
    answer = Answer("Q ?", "Oui.", refused=False, model="m", citations=(cite(PORT, "42 bateaux"),))
    asked, cited, other = (kept.begin("a", "Q ?", library="l", article=x) for x in (PORT.identifier, "", ""))
    kept.save("a", cited, 0, KeptTurn("Q ?", answer))
    for identifier in (asked, cited):
        assert f"## Notes\n\n> {QUOTE}\n" in kept.as_markdown("a", identifier)
    assert "Le chiffre \\*exact\\* ?" in kept.as_markdown("a", cited)
    assert "## Notes" not in kept.as_markdown("a", other)
    notes = outline_of_notes("Le *port*", kept.notes.of("a", PORT.identifier), "fr")
    assert to_markdown(notes).startswith("# Le \\*port\\*\n\n> ")


def test_an_erased_conversation_can_be_written_again_as_it_was(kept):
    identifier = kept.begin("a", "La digue ?", library="l", article=PORT.identifier)
    kept.save("a", identifier, 0, KeptTurn("La digue ?", rating="up"))
    summary, turns = kept.summary("a", identifier), kept.turns("a", identifier)
    kept.delete("a", identifier)
    assert kept.listed("a") == ()
    for _ in range(2):
        kept.restore("a", summary, turns)
    assert kept.listed("a", "digue") == (summary,)
    assert kept.turns("a", identifier) == turns
    kept.restore("b", summary, turns)
    assert kept.listed("b") == ()
