"""What of damaged or protected conversations is still read, and what is told of the rest."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from support.small_disk import on_a_small_disk

from rag.conversations import Conversations, KeptTurn
from rag.conversations.database import FILE, find_damage
from rag.errors import LibraryError

ANN = "a" * 32
DAMAGED = "The file of the conversations is damaged"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "conversations"


def keep(folder, count):
    """Keep conversations of two turns each; return their identifiers."""
    conversations = Conversations(folder)
    found = []
    for number in range(count):
        found.append(conversations.begin(ANN, f"Question {number}", library="articles"))
        for turn in range(2):
            conversations.save(ANN, found[-1], turn, KeptTurn(f"Combien ? {number} {'é' * 3000}"))
    conversations.close()
    return found


def loosen(path):
    """Let the columns of a file hold anything, as after a flipped bit in the head of a row."""
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA writable_schema = ON")
        database.execute("UPDATE sqlite_master SET sql = replace(replace(sql, 'STRICT', ''), 'NOT NULL', '')")
        database.execute("UPDATE sqlite_master SET sql = replace(replace(sql, ' TEXT', ''), ' INTEGER', '')")


def test_a_file_cut_short_shows_what_is_left_of_it_and_stays_as_it_is(folder):
    kept = keep(folder, 8)
    path = folder / FILE
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 3 // 4])
    conversations = Conversations(folder)
    assert {one.identifier for one in conversations.listed(ANN)} == set(kept)
    assert conversations.hindered.message.startswith(DAMAGED)
    turns = [turn for one in kept for turn in conversations.turns(ANN, one)]
    assert any(turn.question for turn in turns)
    assert {turn.problem for turn in turns if not turn.question} == {
        ("This turn cannot be read: the file of the conversations is damaged.", "rag doctor")
    }
    with pytest.raises(LibraryError, match=DAMAGED):
        conversations.begin(ANN, "Neuf", library="articles")
    conversations.close()
    assert find_damage(folder)
    assert path.read_bytes() == content[: len(content) * 3 // 4]


def test_a_bad_byte_in_a_text_leaves_the_rest_of_it(folder):
    (identifier,) = keep(folder, 1)
    path = folder / FILE
    path.write_bytes(path.read_bytes().replace(b"Question 0", b"Question\xff0").replace(b"ien ? 0", b"ien \xfe 0"))
    conversations = Conversations(folder)
    assert [one.title for one in conversations.listed(ANN)] == ["Question\ufffd0"]
    assert conversations.turns(ANN, identifier)[0].question.startswith("Combien \ufffd 0 é")
    assert conversations.hindered is None
    conversations.close()


@pytest.mark.parametrize("value", [None, 5, 2.5, b"\xff\xfe", b""], ids=repr)
@pytest.mark.parametrize("column", ["title", "library", "article", "created", "changed"])
def test_what_is_no_text_in_a_row_takes_no_other_with_it(folder, column, value):
    first, second = keep(folder, 2)
    loosen(folder / FILE)
    with closing(sqlite3.connect(folder / FILE)) as database, database:
        database.execute(f"UPDATE conversations SET {column} = ? WHERE identifier = ?", (value, second))  # noqa: S608
        database.execute("UPDATE turns SET turn = ? WHERE conversation = ? AND number = 1", (value, second))
    conversations = Conversations(folder)
    found = {one.identifier: one for one in conversations.listed(ANN)}
    assert set(found) == {first, second}
    assert isinstance(getattr(found[second], column), str)
    good, lost = conversations.turns(ANN, second)
    assert good.question.startswith("Combien ? 1")
    assert lost.problem[0].startswith("This turn cannot be read")
    assert conversations.as_word(ANN, second)
    assert conversations.as_markdown(ANN, second)
    assert conversations.as_json(ANN, second)
    conversations.close()


def test_another_file_put_in_the_place_of_an_open_one_is_the_one_that_is_read_and_written(folder):
    keep(folder, 1)
    keep(folder.with_name("other"), 2)
    conversations = Conversations(folder)
    assert len(conversations.listed(ANN)) == 1
    (folder / FILE).rename(folder / "away")
    assert conversations.listed(ANN) == ()
    conversations.begin(ANN, "Neuf", library="articles")
    assert len(Conversations(folder).listed(ANN)) == 1
    for one in folder.iterdir():
        one.unlink()
    (folder.with_name("other") / FILE).rename(folder / FILE)
    assert len(conversations.listed(ANN)) == 2
    conversations.close()


PROTECTED = """
    import subprocess
    import sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    from support.small_disk import fill
    from rag.conversations import Conversations, KeptTurn
    from rag.errors import LibraryError

    disk, reader = Path({disk!r}), "a" * 32
    conversations = Conversations(disk / "conversations")
    identifier = conversations.begin(reader, "La digue", library="articles")
    conversations.save(reader, identifier, 0, KeptTurn("Combien ?"))
    if not {still_open}:
        conversations.close()
    if {full}:
        fill(disk)
    else:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    for _ in range(2):
        print([one.title for one in conversations.listed(reader)])
        print([turn.question for turn in conversations.turns(reader, identifier)])
        try:
            for number in range(200):
                conversations.save(reader, identifier, number + 1, KeptTurn("x" * 10000))
        except LibraryError as error:
            print(error.message, conversations.hindered is not None)
    if {full}:
        (disk / "filler").unlink()
        conversations.save(reader, identifier, 1, KeptTurn("Et puis ?"))
        print(len(conversations.turns(reader, identifier)) > 1, conversations.hindered)
    conversations.close()
"""
READ = "['La digue']\n['Combien ?']\n"
FULL = READ + "The conversations can only be read: the disk is full. True\n"
SHUT = READ + "The conversations can only be read: their file or its folder is protected from writing. True\n"


@pytest.mark.parametrize(("full", "still_open"), [(True, False), (True, True), (False, False)])
def test_what_cannot_be_written_is_read_and_told_and_kept_again_where_there_is_room(tmp_path, full, still_open):
    told, complained = on_a_small_disk(PROTECTED, tmp_path / "disk", full=full, still_open=still_open)
    assert (told, complained) == (FULL * 2 + "True None\n" if full else SHUT * 2, "")
