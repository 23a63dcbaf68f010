"""A conversation as a Word document: what a reader of the page is told, in Word's own styles, and any text in it."""

import io
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn

from rag.conversations import KeptTurn, Note, Summary, outline_of_notes, to_word
from rag.conversations.outline import outline
from rag.reading import read_article
from rag.values import Answer, Citation, Sentence

WRITTEN = "2026-11-26T08:00:00.000000+00:00"
SUMMARY = Summary("c" * 16, "Où se réunissent-ils ?", "exemple", "abc", WRITTEN, WRITTEN, 1)
ANSWER = Answer(
    question="Où se réunissent-ils ?",
    text="« À Londres, le jeudi. »\nOn dit aussi Paris.",
    refused=False,
    model="quotes",
    sentences=(
        Sentence("À Londres, le jeudi.", (1,), "yes", (), 2, 22),
        Sentence("On dit aussi Paris.", (), "no", (), 25, 44, struck=True),
    ),
    citations=(Citation(1, "abc", "La réunion", 3, 23, "À Londres, le jeudi.", page=2),),
    searched="Où se réunissent les alliés ?",
    language="fr",
    notices=("Relisez les phrases citées.",),
    words=((4, 11),),
    confidence="likely",
)
NOTE = Note("n" * 16, "abc", "La réunion", 3, 12, "À Londres", "Quelle salle ?", WRITTEN)


def opened(paragraphs, language="fr"):
    return docx.Document(io.BytesIO(to_word(paragraphs, language=language, written=WRITTEN)))


@pytest.fixture
def document():
    return opened(outline(SUMMARY, [KeptTurn(SUMMARY.title, ANSWER)], [NOTE]))


def test_a_quote_within_a_quote_has_the_marks_that_stand_within_others():
    told = "Il parle d'un « gouffre » , dit-il."
    text = f"«\u202f{told}\u202f»"
    answer = replace(
        ANSWER,
        text=text,
        sentences=(Sentence(text, (1,), "yes", (), 0, len(text)),),
        citations=(replace(ANSWER.citations[0], quote=told),),
        words=((14, 17),),
    )
    said = [one.text for one in opened(outline(SUMMARY, [KeptTurn("Quoi ?", answer)], [])).paragraphs]
    assert "«\u202fIl parle d'un “gouffre” , dit-il.\u202f» [1]" in said
    assert said[-1].endswith("«\u00a0Il parle d'un “gouffre” , dit-il.\u00a0»")


def test_it_says_what_the_page_said_in_the_styles_of_word(document):
    assert [(one.style.name, one.text) for one in document.paragraphs] == [
        ("Title", "Où se réunissent-ils ?"),
        ("Subtitle", "2026-11-26 · exemple"),
        ("Heading 1", "Où se réunissent-ils ?"),
        ("Normal", "Lue aussi avec la question précédente."),
        ("Normal", "« À Londres, le jeudi. [1] »"),
        ("Normal", "On dit aussi Paris."),
        ("Normal", "Relisez les phrases citées."),
        ("Normal", "Confiance moyenne."),
        ("Normal", "1.\tLa réunion (p. 2, signes 3-23)\u00a0: «\u00a0À Londres, le jeudi.\u00a0»"),
        ("Heading 1", "Notes"),
        ("Quote", "À Londres"),
        ("Caption", "La réunion (signes 3-12)"),
        ("Normal", "Quelle salle ?"),
    ]


def test_what_answers_is_bold_and_what_nothing_supports_is_struck(document):
    runs = [run for one in document.paragraphs for run in one.runs]
    assert [run.text for run in runs if run.bold] == ["Londres"]
    assert [run.text for run in runs if run.font.strike] == ["On dit aussi Paris."]


def test_the_file_is_nobody_s_of_today_and_in_the_language_of_the_answer(document):
    properties = document.core_properties
    assert (properties.title, properties.author, properties.comments) == ("Où se réunissent-ils ?", "", "")
    assert properties.modified.isoformat().startswith("2026-11-26T08:00:00")
    assert {one.get(qn("w:val")) for one in document.styles.element.iter(qn("w:lang"))} == {"fr-FR"}
    assert round(document.sections[0].page_width.cm) == 21


@pytest.mark.parametrize("text", ["a\x00b\x0b", "moitié \ud83d de signe", "🚢 <b>&amp;</b> ]]> \ufffe"])
def test_any_text_can_be_written_and_is_read_again(tmp_path, text):
    note = Note("n" * 16, "abc", f"Le titre {text}", 0, 5, f"Le port {text} rouvre.", text, WRITTEN)
    file = tmp_path / "notes.docx"
    file.write_bytes(to_word(outline_of_notes(note.title, [note], ""), language="", written=WRITTEN))
    kept = "".join(sign for sign in text if sign not in "\x00\x0b\ud83d\ufffe")
    assert " ".join(f"Le port {kept} rouvre.".split()) in read_article(file).text
