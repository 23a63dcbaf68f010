"""Files that a reader takes away: a conversation with the notes on its articles, or the notes on one article."""

from __future__ import annotations

import re

from rag.conversations import outline_of_notes, to_markdown, to_word
from rag.errors import UnknownConversation
from ui.page import Page
from ui.tab import Tab

NAME_CHARACTERS = 90
SUFFIXES = {"markdown": "md", "word": "docx", "json": "json"}

File = tuple[str, str | bytes]  # its name, and what stands in it


def exported(page: Page, tab: Tab, conversation: str, kind: str) -> File | None:
    """Return a conversation as a file of a kind; None where the reader has no such one, or there is no such kind.

    Raises:
        LibraryError: it cannot be read.
    """
    try:
        summary = page.kept.summary(tab.reader, conversation)
    except UnknownConversation:
        return None
    name = file_name(summary.created[:10], summary.title, suffix=SUFFIXES.get(kind, ""))
    match kind:
        case "markdown":
            return name, page.kept.as_markdown(tab.reader, conversation)
        case "word":
            return name, page.kept.as_word(tab.reader, conversation)
        case "json":
            return name, page.kept.as_json(tab.reader, conversation)
    return None


def exported_notes(page: Page, tab: Tab, kind: str) -> File | None:
    """Return the notes on the article that is shown as a file of a kind; None where there are none.

    Raises:
        LibraryError: the article or the notes cannot be read.
    """
    article = page.door.article(tab.library, tab.shown)
    notes = page.kept.notes.of(tab.reader, article.identifier)
    if not notes:
        return None
    told = outline_of_notes(article.title, notes, article.language)
    if kind == "word":
        written = max(note.created for note in notes)
        name = file_name("Notes", article.title, suffix="docx")
        return name, to_word(told, language=article.language, written=written)
    return file_name("Notes", article.title, suffix="md"), to_markdown(told)


def file_name(*parts: str, suffix: str) -> str:
    """Return a name that people can read and every system takes."""
    name = " ".join(" ".join(re.sub(r"[^\w'’-]+", " ", part) for part in parts).split())
    return f"{name[:NAME_CHARACTERS].strip()}.{suffix}"
