"""Read a file, or a text that was pasted, as an article.

Nothing in a document is run or fetched. The text of a ``.txt`` file is kept character for character; of any other
format, what a reader would see is kept.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path

from rag.errors import ArticleError
from rag.language import detect_language
from rag.language.characters import whole_characters
from rag.reading.archive import kind_of_archive
from rag.reading.book import parse_book
from rag.reading.decoding import decode, with_plain_line_ends
from rag.reading.markdown import parse_markdown
from rag.reading.misread import as_it_was_written
from rag.reading.open_document import parse_open_document
from rag.reading.parsed_document import ParsedDocument, shortened
from rag.reading.pdf import parse_pdf
from rag.reading.plain_text import parse_plain_text
from rag.reading.web_archive import is_message, is_web_archive, parse_web_archive
from rag.reading.web_page import parse_html
from rag.reading.word_document import parse_word_document
from rag.values import Article

LARGEST_TEXT = 20_000_000  # bytes; a thousand times a long article
LARGEST_DOCUMENT = 100_000_000  # bytes, pictures and fonts among them
LONGEST_TEXT = 5_000_000  # characters that are left of it without markup; two thousand pages

_PARSERS: dict[str, Callable[[str], ParsedDocument]] = {
    ".txt": parse_plain_text,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
    ".html": parse_html,
    ".htm": parse_html,
    ".xhtml": parse_html,
}
_DOCUMENTS: dict[str, Callable[[bytes, str], ParsedDocument]] = {
    ".pdf": parse_pdf,
    ".docx": parse_word_document,
    ".odt": parse_open_document,
    ".epub": parse_book,
    ".mhtml": parse_web_archive,
    ".mht": parse_web_archive,
}
"""Formats that are not text; a parser of them takes the name of the file too, for its errors."""
SUFFIXES = frozenset({*_PARSERS, *_DOCUMENTS})
_SIGNATURES = (
    (b"PK\x03\x04", "a zip file, and none of a Word document, an OpenDocument text or a book"),
    (b"\xd0\xcf\x11\xe0", "an old Word document, or one locked with a password"),
    (b"{\\rtf", "an RTF document"),
)
_PDF = b"%PDF-"
_PDF_HEAD = 1024  # bytes within which a PDF says that it is one
_DOCUMENT_HEADS = (_PDF, b"PK\x03\x04")
_ADVICE = "save its text as a .txt file and add that"
_XML = "<?xml "
_HTML = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_MARKDOWN = re.compile(r"\A---\n.*?\n---\n|^#{1,6} \S|^\[[^\]]+\]: \S|\]\(https?://", re.MULTILINE | re.DOTALL)
_SNIFFED = 4000  # characters
_LONGEST_TITLE = 80  # characters of a title made of the first words


def read_article(path: Path, *, title: str = "") -> Article:
    """Read a file as an article.

    The format is told by the file's content where that says it, else by its suffix.

    Args:
        path: a file with one of ``SUFFIXES``, or a text file without suffix.
        title: the title to give it instead of the one it states.

    Raises:
        ArticleError: the file is missing, a folder, empty, no text, damaged, locked, too large, or of a format not
            read yet.
    """
    data = _bytes_of(path)
    document = _document_of(data, path)
    if not document.text.strip():
        raise ArticleError(f"{path.name} holds no readable text.", _ADVICE)
    _require_bounded(document.text, path.name)
    return _article(document, source=path.name, title=title, fallback=_readable(path.stem))


def article_from_text(text: str, *, source: str = "", title: str = "") -> Article:
    """Make an article of a text that was pasted; its characters are kept as those of a ``.txt`` file are.

    Args:
        text: the text. Half a surrogate pair, which no file can hold, becomes U+FFFD.
        source: where it comes from, as shown to the reader.
        title: the title to give it instead of the one it states.

    Raises:
        ArticleError: the text is empty, or too long.
    """
    text = whole_characters(with_plain_line_ends(as_it_was_written(text.removeprefix("\ufeff"))))
    text = text.replace("\x00", "\ufffd")
    if not text.strip():
        raise ArticleError("The text is empty.", "paste the article's text")
    if is_message(text.encode()):
        raise ArticleError("The text is a message as mail programs send it, with its codes.", "paste its words alone")
    _require_bounded(text, "The text")
    words = " ".join(text.strip().partition("\n")[0][: 4 * _LONGEST_TITLE].split())
    short = words if len(words) <= _LONGEST_TITLE else words[:_LONGEST_TITLE].rpartition(" ")[0] + "…"
    return _article(parse_plain_text(text), source=source, title=title, fallback=_readable(Path(source).stem) or short)


def _article(document: ParsedDocument, *, source: str, title: str, fallback: str) -> Article:
    """Return the article of a parsed document, with a title in any case; what is said of it is cut to some length."""
    return Article(
        identifier=hashlib.sha256(document.text.encode()).hexdigest()[:16],
        title=shortened(whole_characters(title or document.title or fallback)),
        text=document.text,
        language=detect_language(document.text),
        date=shortened(document.date),
        source=source,
        blocks=document.blocks,
        author=shortened(document.author),
        publisher=shortened(document.publisher),
    )


def _require_bounded(text: str, name: str) -> None:
    """Raise ArticleError where a text is so long that all that is done with it would take minutes."""
    if len(text) > LONGEST_TEXT:
        counted = f"{len(text) / 1e6:.1f} million characters, more than {LONGEST_TEXT / 1e6:.0f} million"
        raise ArticleError(
            f"{name} is too long for an article: {counted}.", "split it into several files and add those"
        )


def _document_of(data: bytes, path: Path) -> ParsedDocument:
    """Return the document that a file holds."""
    suffix = path.suffix.lower()
    is_pdf = _PDF in data[:_PDF_HEAD] if suffix == ".pdf" else data.startswith(_PDF)
    told = ".pdf" if is_pdf else ".mhtml" if is_web_archive(data) else kind_of_archive(data)
    if parse_document := _DOCUMENTS.get(told):
        return parse_document(data, path.name)
    if kind := next((kind for signature, kind in _SIGNATURES if data.startswith(signature)), ""):
        raise _unsupported(path, kind)
    if is_message(data):
        raise _unsupported(path, "a message of a mail program")
    if suffix in _DOCUMENTS and data:
        raise ArticleError(f"{path.name} is damaged, or no {suffix} file in spite of its name.", "get or save it anew")
    text = decode(data)
    if text is None:
        raise ArticleError(f"{path.name} is not a text file.", _ADVICE)
    if not text.strip():
        raise ArticleError(f"{path.name} is empty.", "add a file that holds the article's text")
    parse = _PARSERS.get(suffix) or _sniff(text)
    if parse is None:
        raise _unsupported(path, "an XML document")
    if parse is not parse_html:  # of a page, the text may be a small part
        _require_bounded(text, path.name)
    return parse(text)


def _unsupported(path: Path, kind: str) -> ArticleError:
    """Return the error of a file of a known kind that is not read."""
    return ArticleError(f"{path.name} is {kind}, a format that is not supported.", _ADVICE)


def _bytes_of(path: Path) -> bytes:
    """Return what a file holds, if it is a file of a reasonable size."""
    if path.is_dir():
        raise ArticleError(f"{path.name or path} is a folder, not a file.", f"name the files: rag add {path}/*.txt")
    most = LARGEST_DOCUMENT if path.suffix.lower() in _DOCUMENTS else LARGEST_TEXT
    try:
        data = _read_at_most(path, most + 1)
    except FileNotFoundError:
        raise ArticleError(f"There is no file {path}.", "check the path and its spelling") from None
    except OSError as error:
        raise ArticleError(
            f"{path.name} cannot be read: {error.strerror}.", f"check the permissions of {path}"
        ) from error
    if data is None:
        raise ArticleError(
            f"{path.name} is a pipe or a device, not a file.", "save what it gives as a .txt file and add that"
        )
    if len(data) > most:
        message = f"{path.name} is too large for an article: more than {most / 1e6:.0f} MB."
        raise ArticleError(message, "split it into several files and add those")
    return data


def _read_at_most(path: Path, size: int) -> bytes | None:
    """Return the first bytes of a file, however long it says to be; None for a pipe, a socket or a device."""
    if not stat.S_ISREG(path.stat().st_mode):  # opening a device may already do something
        return None
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:  # a pipe put in its place since would be waited for for ever
        return file.read(size) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None


def begins_as_document(path: Path) -> bool:
    """Return whether a file begins as a document that is no text does, whatever its suffix says."""
    try:
        head = _read_at_most(path, max(map(len, _DOCUMENT_HEADS)))
    except OSError:  # told in a sentence where it is read
        return False
    return head is not None and head.startswith(_DOCUMENT_HEADS)


def _sniff(text: str) -> Callable[[str], ParsedDocument] | None:
    """Return the parser for a text whose suffix says nothing; None for data whose marks are not those of a page."""
    if _HTML.match(text[:_SNIFFED]):
        return parse_html
    if text.lstrip().startswith(_XML):
        return None
    return parse_markdown if _MARKDOWN.search(text[:_SNIFFED]) else parse_plain_text


def _readable(stem: str) -> str:
    """Return a file's stem as a title: ``le_cessez-le-feu`` becomes ``Le cessez-le-feu``."""
    words = " ".join(re.sub(r"[_+]|%20", " ", stem).split())
    return words[:1].upper() + words[1:]
