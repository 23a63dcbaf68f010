"""Pages within a page: what a frame of a saved page shows, where that is the larger part of its text.

A page that is saved whole holds what its frames showed: in an attribute, in an address that is the page itself, or as
another part of a web archive. Smaller ones are advertisements and films, mostly.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from rag.reading.decoding import decode
from rag.reading.hidden import text_sizes

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DEEPEST = 3  # frames within frames
_PAGE = "data:text/html"


def open_frames(
    tree: Element, parse: Callable[[str], Element | None], archived: Mapping[str, str], depth: int = _DEEPEST
) -> None:
    """Put what the largest frame of a page shows into its place, if that is longer than the text of the page.

    Args:
        tree: of the page; it is changed.
        parse: returns the tree of another page.
        archived: address → page, of what was saved with the page.
        depth: how many frames may stand in each other.
    """
    texts = [(frame, _page_in(frame, archived)) for frame in tree.iter("iframe", "frame")] if depth else []
    pages = [(frame, page) for frame, text in texts if text.strip() and (page := parse(text)) is not None]
    for _, page in pages:
        open_frames(page, parse, archived, depth - 1)
    sizes = [text_sizes(page)[page] for _, page in pages]
    if not sizes or max(sizes) <= text_sizes(tree)[tree]:
        return
    frame, page = pages[sizes.index(max(sizes))]
    for part in (frame, *frame.iterancestors("frameset")):
        part.tag = "div"
    body = page.find("body")
    frame.extend([*page.iter("style"), *(page if body is None else body)])
    frame.text = None if body is None else body.text


def _page_in(frame: Element, archived: Mapping[str, str]) -> str:
    """Return the page that a frame shows; empty where it was not saved."""
    address = frame.get("src", "").strip()
    if frame.get("srcdoc") is not None:
        return str(frame.get("srcdoc"))
    if not address.lower().startswith(_PAGE):
        return archived.get(address, "")
    head, _, content = address.partition(",")
    data = unquote_to_bytes(content)
    if head.lower().endswith(";base64"):
        try:
            data = base64.b64decode(data)
        except binascii.Error:
            return ""
    return decode(data) or ""
