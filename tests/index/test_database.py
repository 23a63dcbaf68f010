"""A file is taken for a library only if it is one; where it cannot be written it is read; nobody else can read it."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest
from support.fakes import HashedWords
from support.places import ROOT
from support.small_disk import on_a_small_disk
from support.storing import EMBEDDER, PORT, article, put

from rag.errors import LibraryError
from rag.index.backing_up import back_up, restore
from rag.index.library import Library
from rag.index.reserve import RESERVE_FILE
from rag.index.store import Store

NOBODY = 65534


@pytest.fixture
def file(tmp_path) -> Path:
    """Give the file of a library with one article, closed."""
    path = tmp_path / "press" / "library.sqlite"
    library = Library(path.parent, EMBEDDER)
    list(library.add(article(PORT), "/press/port.txt"))
    library.close()
    return path


def changed(file: Path, *statements: str) -> None:
    with sqlite3.connect(file) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


# ── What is no library ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [0, 1, 15, 16, 100, 4095])
def test_a_file_that_was_cut_short_is_refused_and_stays(file, size):
    content = file.read_bytes()[:size]
    file.write_bytes(content)
    with pytest.raises(LibraryError, match="damaged") as caught:
        Store(file)
    assert "rag restore BACKUP --library press" in caught.value.remedy
    assert file.read_bytes() == content
    assert {path.name for path in file.parent.iterdir()} == {file.name, RESERVE_FILE}


@pytest.mark.parametrize("word", [b"stems TEXT NOT NULL", b"PRIMARY KEY AUTOINCREMENT", b"CREATE TABLE passages"])
def test_a_file_of_which_sqlite_can_say_nothing_readable_is_damaged_in_one_sentence(file, word, tmp_path):
    content = file.read_bytes()
    assert word in content
    file.write_bytes(content.replace(word, word[:-4] + b"\xce" + word[-3:]))
    with pytest.raises(LibraryError, match="damaged"):
        Store(file)
    with pytest.raises(LibraryError, match="damaged"):
        back_up(file, tmp_path / "copy.sqlite")
    with pytest.raises(LibraryError, match=r"is damaged|cannot be written"):
        restore(file, tmp_path / "other" / "library.sqlite")


@pytest.mark.parametrize(
    "tables", [(), ("CREATE TABLE notes (text)",), ("CREATE TABLE meta (a)", "CREATE TABLE b (c)")]
)
def test_a_database_of_another_program_gets_none_of_our_tables(tmp_path, tables):
    path = tmp_path / "library.sqlite"
    changed(path, "CREATE TABLE other (one)", *tables)
    content = path.read_bytes()
    with pytest.raises(LibraryError, match="no library of this program"):
        Store(path)
    assert path.read_bytes() == content


def test_what_a_process_that_died_left_half_made_is_removed_and_what_is_being_made_stays(file):
    gone = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    left = [file.parent / f"{name}.{int(gone.stdout)}-17.part" for name in ("vectors", "words", "library")]
    ours = file.parent / f"vectors.{os.getpid()}-17.part"
    for path in (*left, ours):
        path.write_bytes(b"half")
    Library(file.parent, HashedWords()).close()
    assert ours.exists()
    assert not any(path.exists() for path in left)


# ── What is damaged inside ──────────────────────────────────────────────────────────────────────────────────────────

MALFORMED = {
    "version that is none": "UPDATE meta SET value = 'abc' WHERE name = 'schema'",
    "version of 5,000 digits": f"UPDATE meta SET value = '{'9' * 5000}' WHERE name = 'schema'",  # noqa: S608
    "version in bytes": "UPDATE meta SET value = x'ff00' WHERE name = 'schema'",
    "empty meta": "DELETE FROM meta",
    "no name": "DELETE FROM meta WHERE name = 'name'",
    "no generation": "DELETE FROM meta WHERE name = 'generation'",
    "no identity": "DELETE FROM meta WHERE name = 'identity'",
    "vector of one byte": "UPDATE passages SET vector = x'01' WHERE row = 1",
    "vectors of four bytes": "UPDATE passages SET vector = x'01020304'",
    "vector without bytes": "UPDATE passages SET vector = x''",
    "vector of text": "UPDATE passages SET vector = 'abc'",
    "vector of no numbers": f"UPDATE passages SET vector = x'{'0000c07f' * 256}'",  # noqa: S608
    "no JSON": "UPDATE articles SET blocks = '[[[['",
    "deep JSON": f"UPDATE articles SET blocks = '{'[' * 100_000}'",  # noqa: S608
    "other JSON": "UPDATE articles SET blocks = '{\"a\": 1}'",
    "blocks of other things": 'UPDATE articles SET blocks = \'[["paragraph", "0", null, 0]]\'',
    "blocks beyond the text": "UPDATE articles SET blocks = '[[\"paragraph\", -5, 999999, 0]]'",
    "text in bytes": "UPDATE articles SET text = x'ff'",
    "text that is no UTF-8": "UPDATE articles SET text = CAST(x'ff' AS TEXT)",
    "title in bytes": "UPDATE articles SET title = x'ff'",
    "language in bytes": "UPDATE articles SET language = x'ff'",
    "identifier in bytes": "UPDATE articles SET identifier = x'ff'",
    "origin in bytes": "UPDATE articles SET origin = x'00'",
    "length of text": "UPDATE articles SET characters = 'many'",
    "offset of text": "UPDATE passages SET start = 'one'",
    "offset below 0": "UPDATE passages SET start = -9223372036854775807",
    "offset beyond the text": 'UPDATE passages SET "end" = 9223372036854775807',
    "words in bytes": "UPDATE passages SET stems = x'ff'",
    "words that are no UTF-8": "UPDATE passages SET heading_stems = CAST(x'ff' AS TEXT)",
    "passages of no article": "UPDATE passages SET article = 99",
    "no table of articles": "DROP TABLE articles",
    "no column of texts": "ALTER TABLE articles DROP COLUMN text",
    "no column of checksums": "ALTER TABLE articles DROP COLUMN read_sha256",
    "no index": "DROP INDEX passages_by_article",
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_a_malformed_file_is_one_sentence_whatever_is_asked_of_it(file, kind):
    changed(file, "PRAGMA foreign_keys = OFF", MALFORMED[kind])
    identifier, embedder = article(PORT).identifier, HashedWords()
    question = embedder.encode_query("La digue ?")
    asked = (
        lambda library: library.entries(),
        lambda library: library.article(identifier),
        lambda library: library.find_entry("Le port"),
        lambda library: library.search(question, [{"digue": 1.0}], 5),
        lambda library: library.search(question, [{"digue": 1.0}], 5, article=identifier),
        lambda library: library.passages(),
        lambda library: library.passages_with_vectors(identifier),
        lambda library: library.languages(),
        lambda library: library.only_article(),
        lambda library: list(library.renew()),
        lambda library: library.verify(),
        lambda library: library.holds(article(PORT)),
        lambda library: list(library.add(article("Autre chose."), "/press/autre.txt")),
        lambda library: list(library.rebuild()),
        lambda library: library.remove(identifier),
    )
    refused = []
    for ask in asked:
        try:
            library = Library(file.parent, embedder)
            try:
                ask(library)
            finally:
                library.close()
        except LibraryError as error:
            refused.append(error)
    assert refused or kind == "origin in bytes"
    assert all(error.remedy and "\n" not in str(error) for error in refused)


# ── Opening while others write, and where nobody may ────────────────────────────────────────────────────────────────


def test_opening_and_reading_never_wait_for_who_writes(file):
    writer = sqlite3.connect(file, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE articles SET title = 'Autre'")
    program = f"""
        import sys
        sys.path.insert(0, {str(ROOT / "tests")!r})
        from pathlib import Path
        from rag.index import connecting
        connecting._WAIT = 0  # it would be told at once, and not wait
        from support.fakes import HashedWords
        from rag.index.library import Library
        library = Library(Path({str(file.parent)!r}), HashedWords())
        print(library.entries()[0].title, bool(library.search(HashedWords().encode_query("digue"), [], 5)))
    """
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr) == ("Le port True\n", "")
    writer.execute("ROLLBACK")
    writer.close()


@pytest.fixture
def protected(file):
    """Give the folder of a library that this process can read and not write, as on a disc."""
    HashedWords().encode_query("digue")  # loads what can no longer be read as nobody
    library = Library(file.parent, HashedWords())
    library.search(HashedWords().encode_query("digue"), [], 5)
    library.close()
    above = Path(tempfile.mkdtemp())
    folder = above / "press"
    shutil.copytree(file.parent, folder)
    for path in folder.iterdir():
        path.chmod(0o444)
    folder.chmod(0o555)
    above.chmod(0o755)
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        os.seteuid(before)
        folder.chmod(0o755)
        shutil.rmtree(above)


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="this system protects folders in another way")
def test_what_cannot_be_written_is_read(protected):
    before = sorted((path.name, path.read_bytes()) for path in protected.iterdir())
    library = Library(protected, HashedWords())
    assert library.article(article(PORT).identifier).text == PORT
    assert library.search(HashedWords().encode_query("digue"), [], 5)
    assert library.verify() == []
    for change in (
        lambda: list(library.add(article("Autre chose."), "x")),
        lambda: library.remove(article(PORT).identifier),
        lambda: list(library.rebuild()),
    ):
        with pytest.raises(LibraryError, match="can only be read") as caught:
            change()
        assert "copy " in caught.value.remedy
    library.close()
    assert sorted((path.name, path.read_bytes()) for path in protected.iterdir()) == before


@pytest.mark.skipif(not hasattr(os, "seteuid"), reason="this system protects folders in another way")
def test_a_file_that_others_change_though_this_process_cannot_is_read_as_it_is_now(protected):
    store = Store(protected / "library.sqlite")
    assert len(store.entries()) == 1
    os.seteuid(os.getuid())
    protected.chmod(0o755)
    (protected / "library.sqlite").chmod(0o644)
    writer = Store(protected / "library.sqlite")
    put(writer, article("Le jardin."))
    writer.close()
    assert len(store.entries()) == 2
    store.close()


# ── Nobody else's ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name != "posix", reason="permissions are another thing on this system")
def test_what_is_made_is_its_owners_alone_and_what_was_opened_to_others_stays_so(tmp_path):
    before = os.umask(0)
    try:
        library = Library(tmp_path / "indexes" / "press", HashedWords())
        list(library.add(article(PORT), "/press/port.txt"))
        library.search(HashedWords().encode_query("digue"), [], 5)
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "indexes" / "press").iterdir()}
        library.close()
    finally:
        os.umask(before)
    assert {"library.sqlite", "library.sqlite-wal", "vectors.faiss", "words.index"} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE((tmp_path / "indexes" / "press").stat().st_mode) == 0o700
    shared = tmp_path / "indexes" / "press" / "library.sqlite"
    shared.chmod(0o640)
    Store(shared).close()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o640


FULL = """
    import sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    from support.fakes import HashedWords
    from support.small_disk import fill
    from support.storing import PORT, article
    from rag.errors import DiskFull
    from rag.index.library import Library

    disk = Path({disk!r})
    library = Library(disk / "press", HashedWords(dimensions=4096))
    names = []
    try:
        for number in range(1000):
            one = article(f"Le port {{number}}.\\n\\n" + "\\n\\n".join(f"La digue {{n}}." for n in range(200)))
            list(library.add(one, str(number)))
            names.append(one.identifier)
            library.search(library.embedder.encode_query("digue"), [], 5)
    except DiskFull as error:
        print(error.remedy)
    fill(disk)
    library.close()  # and opened by another process: what SQLite keeps beside an open file finds no room
    library = Library(disk / "press", HashedWords(dimensions=4096))
    print(len(library.entries()) == len(names), bool(library.search(library.embedder.encode_query("digue"), [], 5)))
    for name in names:
        library.remove(name)
    print(len(names) > 2, len(library.entries()), library.verify())
"""


NEVER_ASKED = """
    import shutil
    import sys
    sys.path.insert(0, {tests!r})
    from pathlib import Path
    from support.fakes import HashedWords
    from support.small_disk import fill
    from support.storing import article
    from rag.index.backing_up import back_up, restore
    from rag.index.library import Library

    disk, names = Path({disk!r}), []
    library = Library(disk / "press", HashedWords(dimensions=384))
    for number, paragraphs in enumerate({articles}):
        text = "\\n\\n".join(f"La digue {{n}} de {{number}} mesure dix mètres. " * 9 for n in range(paragraphs))
        one = article(text, title=f"Digue {{number}}")
        list(library.add(one, str(number)))
        names.append(one.identifier)
    library.close()
    if {restored}:
        copy = back_up(disk / "press" / "library.sqlite", disk / "copy.sqlite")
        shutil.rmtree(disk / "press")
        restore(copy, disk / "press" / "library.sqlite")
    fill(disk)
    for name in names:
        library = Library(disk / "press", HashedWords(dimensions=384))
        library.remove(name)
        library.close()
    library = Library(disk / "press", HashedWords(dimensions=384))
    print(len(names), len(library.entries()), library.verify(), (disk / "press" / "reserve").exists())
"""


def test_a_full_disk_still_lets_articles_be_removed(tmp_path):
    told = on_a_small_disk(FULL, tmp_path / "disk")
    assert told == ("free some space, then try again\nTrue True\nTrue 0 []\n", "")


@pytest.mark.parametrize("restored", [False, True], ids=["made here", "restored"])
@pytest.mark.parametrize("articles", [[1], [200], [2, 2, 60, 2], [1] * 40], ids=str)
def test_a_full_disk_lets_articles_be_removed_from_a_library_that_was_never_asked(tmp_path, articles, restored):
    told = on_a_small_disk(NEVER_ASKED, tmp_path / "disk", articles=articles, restored=restored)
    assert told == (f"{len(articles)} 0 [] False\n", "")
