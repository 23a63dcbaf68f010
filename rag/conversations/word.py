"""What is taken away as a Word document (.docx), in Word's own styles, which a newsroom's template may replace.

python-docx writes it. Its template is an American one; language, paper and the properties of the file are set here, and
what XML cannot hold of a text is left out.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from rag.conversations.outline import Kind, Paragraph, Run, one_line

if TYPE_CHECKING:
    from docx.document import Document

_STYLES: dict[Kind, str] = {
    "title": "Title",
    "facts": "Subtitle",
    "question": "Heading 1",
    "heading": "Heading 1",
    "said": "Normal",
    "answer": "Normal",
    "source": "Normal",
    "quote": "Quote",
    "origin": "Caption",
    "remark": "Normal",
}
_NAMES = {"fr": "fr-FR", "en": "en-GB"}
_A4_CM = (21.0, 29.7)
_MARGIN_CM = 2.5
_SMALL_PT = 9
_INDENT_CM = 0.6
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_word(paragraphs: Iterable[Paragraph], *, language: str = "", written: str) -> bytes:
    """Return a conversation, or notes, as a Word document.

    Args:
        paragraphs: of it.
        language: its text is checked in, ISO 639-1; empty where that is not known.
        written: when it was last changed, an ISO time.
    """
    import docx

    document = docx.Document()
    _set_up(document, language, _moment(written))
    for paragraph in paragraphs:
        if paragraph.kind == "title":
            document.core_properties.title = _clean(paragraph.text)[:255]
        _add(document, paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _moment(iso: str) -> datetime:
    try:
        return datetime.fromisoformat(iso)
    except ValueError:  # of a damaged file
        return datetime.now(timezone.utc)


def _set_up(document: Document, language: str, written: datetime) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Cm, RGBColor

    properties = document.core_properties
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = written
    for section in document.sections:
        section.page_width, section.page_height = map(Cm, _A4_CM)
        section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(_MARGIN_CM)
    for named in document.styles.element.iter(qn("w:lang")):
        named.set(qn("w:val"), _clean(_NAMES.get(language, language)) or "fr-FR")
    for style in set(_STYLES.values()):
        document.styles[style].font.color.rgb = RGBColor(0, 0, 0)


def _add(document: Document, paragraph: Paragraph) -> None:
    """Add a paragraph; each line of an answer is one of its own."""
    from docx.shared import Cm, Pt

    if paragraph.kind == "answer":
        for line in _lines(paragraph.runs):
            added = document.add_paragraph()
            for run in line:
                written = added.add_run(_clean(run.text))
                written.bold, written.font.strike = run.strong or None, run.struck or None
        return
    text = one_line(_clean(paragraph.text))
    added = document.add_paragraph(style=_STYLES[paragraph.kind])
    written = added.add_run(f"{paragraph.number}.\t{text}" if paragraph.kind == "source" else text)
    if paragraph.kind == "said":
        written.italic = True
    if paragraph.kind == "source":
        written.font.size = Pt(_SMALL_PT)
        added.paragraph_format.left_indent, added.paragraph_format.first_line_indent = Cm(_INDENT_CM), -Cm(_INDENT_CM)


def _lines(runs: Iterable[Run]) -> list[list[Run]]:
    """Return the runs of each line that holds any text."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(Run(first, run.strong, run.struck))
        lines += [[Run(other, run.strong, run.struck)] for other in others]
    return [line for line in lines if any(run.text.strip() for run in line)]


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
