"""The page in a web archive (MHTML, RFC 2557), which browsers save a page as together with its pictures and styles."""

from __future__ import annotations

import email
import re
from email.message import Message

from rag.errors import ArticleError
from rag.reading.decoding import decode
from rag.reading.parsed_document import ParsedDocument
from rag.reading.web_page import parse_html

SUFFIX = ".mhtml"
_HEAD = 4096  # bytes
_BEGINS = re.compile(rb"\s*[A-Za-z][A-Za-z-]{1,60}:[^\r\n]{0,1000}\r?\n")
_WRITTEN_OTHERWISE = re.compile(
    rb"^content-(?:type:\s{0,20}multipart/|transfer-encoding:\s{0,20}(?:quoted-printable|base64)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_RELATED = re.compile(rb"^content-type:\s{0,20}multipart/related\b", re.IGNORECASE | re.MULTILINE)


def is_web_archive(data: bytes) -> bool:
    """Say whether bytes are a web archive, whatever their file is called."""
    return is_message(data) and _RELATED.search(data[:_HEAD]) is not None


def is_message(data: bytes) -> bool:
    """Say whether bytes are a message as mail programs send it, whose text has to be read out of what it is sent in."""
    head = data[:_HEAD].lstrip().replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    told = b"mime-version" in head.lower() and _WRITTEN_OTHERWISE.search(head) is not None
    return told and _BEGINS.match(data[:_HEAD]) is not None


def parse_web_archive(data: bytes, name: str) -> ParsedDocument:
    """Return the document of the page in a web archive: its first part of HTML; others may be shown in its frames.

    Args:
        data: of the file.
        name: of the file, for the error.

    Raises:
        ArticleError: there is no page in it, or its parts are nested too deep.
    """
    text, frames = page_in_archive(data)
    if text is None:
        raise ArticleError(f"{name} is damaged, or no {SUFFIX} file in spite of its name.", "get or save it anew")
    return parse_html(text, frames)


def page_in_archive(data: bytes) -> tuple[str | None, dict[str, str]]:
    """Return the first page in a web archive, and the others by what it calls them.

    The first is None where there is none, or the parts are nested too deep.
    """
    try:
        parts = list(email.message_from_bytes(data).walk())
    except RecursionError:
        parts = []
    pages = [part for part in parts if part.get_content_type() in {"text/html", "application/xhtml+xml"}]
    text, *others = map(_text, pages) if pages else [None]
    frames = {address: other for part, other in zip(pages[1:], others, strict=True) for address in _addresses(part)}
    return text, {address: frame for address, frame in frames.items() if frame}


def _addresses(part: Message) -> list[str]:
    """Return what a page in the archive calls another part by."""
    named = part.get("Content-ID", "").strip().strip("<>")
    return [part.get("Content-Location", "").strip(), f"cid:{named}"]


def _text(part: Message) -> str | None:
    """Return the text of a part, in the encoding that it names where it holds in that one."""
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return None
    try:
        return content.decode(part.get_content_charset() or "utf-8")
    except (LookupError, UnicodeError):
        return decode(content)
