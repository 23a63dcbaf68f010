"""The small inputs that once failed, as they lie in the shared data: each file is read, each question answered.

The table beside the files tells how each is tried and what is right; answers are compared with that, and of what a file
holds a few words are named here. Left out are rows that state no value: follow-ups of dialogues that the table does not
hold (C), and two whose right answer is a matter of taste. Servers (S), models (G) and the page (U) are tried with fakes
of their own in the tests of their rooms.
"""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.places import SHARED

from rag.errors import ArticleError
from rag.events import Finished
from rag.language import split_sentences
from rag.reading import SUFFIXES, read_article
from rag.settings import load_settings
from rag.values import Answer, Article
from rag.workspace import Workspace

CASES = SHARED / "cases"
TABLE = CASES / "cases.md"

pytestmark = pytest.mark.skipif(not TABLE.is_file(), reason=f"the cases are not at {TABLE}")


def rows() -> dict[str, dict[str, str]]:
    """Return the rows of the table by their names; none where it is absent."""
    if not TABLE.is_file():
        return {}
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]
    return {row[0]: dict(zip(cells[0], row, strict=False)) for row in cells[1:]}


ROWS = rows()
TASTE = {"Q14", "B58"}
"""Whose right value the table does not state."""

# ── What is read ────────────────────────────────────────────────────────────────────────────────────────────────────

READ: dict[str, tuple[list[str], list[str]]] = {
    "E1": (["L’été", "cœur", "45 €"], ["\x92", "\x80", "\x9c"]),
    "E3": (["L’été", "Éloïse"], []),
    "E4": (["« L’été dernier"], []),
    "E16": (["L’été", "cœur"], ["\x00"]),
    "E17": (["L’été"], ["\x1a"]),
    "E18": (["Łodzi", "Śmierć", "Żaden"], ["³"]),
    "H3": (["12,50 €"], []),
    "H6": (["Combien de camions", "quatorze par jour"], []),
    "H7": (["quatorze camions", "Lans"], []),
    "H8": (["9 h – 12 h, 14 h – 18 h"], []),
    "H9": (["Les trente-quatre salariés"], []),
    "H10": (["Les trente-quatre salariés"], []),
    "H12": (["devant l’usine"], []),
    "H13": (["Premier bloc.\n\nDeuxième bloc.\n\nTroisième bloc."], []),
    "H14": ([], ["Accueil", " | "]),
    "H16": (["9 juin"], ["3 mai"]),
    "H21": (["réorganisation"], ["\u00ad"]),
    "H22": (["北斎 (Hokusai)"], []),
    "H24": (["Lans\nla"], []),
    "M1": (["Paul Rey", "41 mètres", "Fin du texte."], ["<"]),
    "M4": (["[Anna]: B", "[Marc]: B", "[Anna]: E"], []),
    "M5": (["312"], ["+++", "date"]),
    "M6": (["312"], [">", "''"]),
    "M7": (["9 juin"], ["3 mai", "~"]),
    "T12": (["mardi.\nIl"], ["\u2028", "\x85", "\x0c"]),
}
"""Row → words that its file holds, and words that are no part of it."""
ONCE = {"H14": "son incinérateur", "H21": "son incinérateur"}
"""Row → words of a title that stands there once."""
TITLES = {"M5": "Le pont de Lans", "M6": "Le pont de Lans", "H21": "Sarlis ferme son incinérateur"}
LANGUAGES = {"T11": "fr", "E18": "pl"}


def article_of(row: str) -> Article:
    return read_article(CASES / ROWS[row]["input"].split(",")[0])


@pytest.mark.parametrize("row", READ)
def test_a_file_is_read_as_its_reader_sees_it(row):
    text = article_of(row).text
    there, gone = READ[row]
    assert not [words for words in there if words not in text]
    assert not [words for words in gone if words in text]


@pytest.mark.parametrize("row", ONCE)
def test_a_title_stands_there_once(row):
    assert article_of(row).text.count(ONCE[row]) == 1


@pytest.mark.parametrize("row", TITLES)
def test_an_article_has_its_title(row):
    assert article_of(row).title == TITLES[row]


@pytest.mark.parametrize("row", LANGUAGES)
def test_the_language_is_told(row):
    assert article_of(row).language == LANGUAGES[row]


@pytest.mark.parametrize("row", ["T9", "T10"])
def test_the_mark_of_a_first_line_is_no_title(row):
    title = article_of(row).title
    assert any(map(str.isalpha, title))
    assert not re.match(r"\W*\d", title)


def test_sentences_end_where_a_reader_ends_them():
    row = re.search(r'"(.*)"', ROWS["T2"]["how"])
    assert row
    assert len(split_sentences(row[1], "fr")) == 1
    (glued,) = re.findall(r'"(\S+ il)"', ROWS["T5"]["what"] + ROWS["T5"]["how"]) or ["contrat.Ensuite il"]
    assert len(split_sentences(f"Il signe le {glued} part.", "fr")) == 2
    assert len(split_sentences("1. Le premier. 2. Le second.", "fr")) == 2
    assert len(split_sentences("Il cite Exemple Inc. (« BOPI ») ici.", "fr")) == 1


HOSTILE = [path for path in sorted((CASES / "hostile").glob("*")) if path.suffix in SUFFIXES]


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.name)
def test_what_means_harm_is_read_or_refused_in_a_sentence(path):
    with contextlib.suppress(ArticleError):  # one sentence with what to do, as its own tests hold it to
        assert "\x00" not in read_article(path).text


# ── What is brought ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_name_is_found_however_its_accents_are_written(rag, tmp_path):
    file = tmp_path / unicodedata.normalize("NFD", "été.txt")
    file.write_text("Le pont est fermé.", encoding="utf-8")
    assert rag("add", file).code == 0
    assert rag("remove", "été.txt").code == 0


def test_a_folder_that_is_reached_by_a_link_is_read_or_told(rag, tmp_path):
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "pont.txt").write_text("Le pont est fermé.", encoding="utf-8")
    (tmp_path / "dir").mkdir()
    (tmp_path / "dir" / "lien").symlink_to(tmp_path / "articles")
    ran = rag("add", tmp_path / "dir")
    assert ran.code == 0 or "link" in ran.err


@pytest.mark.parametrize("name", ["tube.txt", "zero.txt"])
def test_a_pipe_and_a_device_are_refused(rag, tmp_path, name):
    path = tmp_path / name
    if name == "tube.txt":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    ran = rag("add", path)
    assert (ran.code, ran.err.count("\n")) == (1, 1)


def test_a_copy_is_told(rag, tmp_path):
    file = CASES / ROWS["F6"]["input"]
    first = tmp_path / "original.txt"
    first.write_bytes(file.read_bytes())
    assert rag("add", first).code == 0
    assert "unchanged" in (again := rag("add", file)).out
    assert "original.txt, which stays" in again.out
    assert rag("remove", "original.txt").code == 0


def test_a_question_may_begin_with_a_dash_and_a_library_has_a_name(rag, tmp_path):
    (tmp_path / "pont.txt").write_text("Le maire est Marc Oury. Le pont est fermé.", encoding="utf-8")
    assert rag("add", tmp_path / "pont.txt").code == 0
    assert rag("ask", ROWS["F7"]["how"].partition('"')[2].rstrip('"')).code == 0
    refused = rag("add", tmp_path / "pont.txt", "--library=")
    assert refused.code == 0 or refused.err.count("\n") == 1
    assert not refused.out.rstrip().endswith(" in")


# ── What is answered ────────────────────────────────────────────────────────────────────────────────────────────────

UNMET = {
    *("Q20", "N21"),
    *("A10", "A14", "A41", "A42", "A53", "A55", "A67", "A79", "A100", "A104"),
    *("B15", "B40", "B45", "B61"),
}
"""What is not answered rightly without a language model, and so not asked here; what is answered after all leaves."""
REFUSED = {"refuse", "None", "not said"}
MAIL = {"Quand le pont ferme-t-il ?": "20 h", "Qui faut-il prévenir ?": "transporteurs", "Quel câble est usé ?": "nord"}


def asked() -> Iterator[object]:
    """Yield the rows that ask a question of one article."""
    for name, row in ROWS.items():
        if name[0] in "QNAB" and name not in TASTE | UNMET:
            yield pytest.param(name, id=f"{name} {row['what'][:40]}")


@pytest.fixture(scope="module")
def articles(bundled, tmp_path_factory) -> Iterator[Workspace]:
    """Give a workspace without a language model."""
    home = tmp_path_factory.mktemp("cases")
    workspace = Workspace(load_settings(indexes=home / "indexes", models=home / "models"))
    yield workspace
    workspace.close()


def answered(workspace: Workspace, file: Path, question: str) -> Answer:
    """Return the answer to a question of one file, which is added where it is not there yet."""
    library = file.stem.lower().replace("_", "-")
    if library not in workspace.libraries():
        for _ in workspace.add([file], library=library):
            pass
    return next(event.answer for event in workspace.answer(question, library=library) if isinstance(event, Finished))


def flat(text: str) -> str:
    return " ".join(text.casefold().split())


@pytest.mark.parametrize("name", asked())
def test_a_question_is_answered_with_what_the_table_states(articles, name):
    row = ROWS[name]
    place = CASES / row["input"]
    file = (
        place if place.is_file() else next((CASES / "articles").glob(f"{row['input'].split('_')[0].split(',')[0]}_*"))
    )
    answer = answered(articles, file, row["what"])
    expected, said = row["expected"], flat(answer.marked_text())
    if expected in REFUSED:
        assert answer.refused
    elif expected == "a summary":
        assert len(answer.citations) > 1
    else:
        wanted = [read_article(file).title] if expected == "title" else re.split(r" \+ | / |, ", expected)
        assert not [words for words in wanted if flat(words) not in said]


@pytest.mark.parametrize("question", MAIL)
def test_a_message_is_asked_like_an_article(articles, question):
    assert MAIL[question] in flat(answered(articles, CASES / ROWS["T17"]["input"], question).marked_text())


@pytest.mark.parametrize(("row", "question"), [("T8", "Résume le poème"), ("T10", "Qui paiera ?")])
def test_texts_that_are_no_articles_are_answered(articles, row, question):
    answer = answered(articles, CASES / ROWS[row]["input"], question)
    assert not answer.refused
    assert row == "T8" or "70 %" in flat(answer.marked_text())
