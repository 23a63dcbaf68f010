"""What a reader would see of a Markdown document, and what each stretch of it is.

It becomes a page first, as every program that shows Markdown makes one, and that page is read like any other: HTML
among the Markdown is part of it, and what it hides is left out, since what a reader cannot see must not be quoted to
them, nor tell a model what to do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from rag.language.dates import iso_date
from rag.reading.block_collector import blocks_below
from rag.reading.front_matter import front_matter
from rag.reading.markdown_dialects import (
    accept_changes,
    break_lines,
    is_contents,
    leave_out_marks,
    read_boxes,
    read_headings_without_space,
    read_notes_in_line,
)
from rag.reading.page_markup import seen_page
from rag.reading.parsed_document import ParsedDocument
from rag.reading.plain_text import document_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.token import Token

_WEB = re.compile(r"https?://[\w.-]{1,200}(?:[/?#:]|$)")
_SIZE = re.compile(r"\|\d{1,5}(?:x\d{1,5})?$")  # of a picture, behind what it shows
_HALF_LINK = re.compile(r"\[|\]\([^()\s]{0,400}(?:\s\"[^\"]{0,200}\")?\)")
"""A paragraph that is but the beginning or the end of a link around other paragraphs, as converters write it."""
_DEEPEST = 100  # quotes and lists within others; what stands deeper is lost
_DEFINED = re.compile(r"\[[^\[\]\n]{1,200}\]:\s{0,80}(?P<address>\S{1,400})")
_NOTE = re.compile(r"^\[\^(?P<label>[\w-]{1,30})\]:\s?")
_CALL = re.compile(r"\[\^[\w-]{1,30}\]")
_STATE = re.compile(r"\[(?P<mark>[ xX])\]\s")  # of a task
_CALLOUT = re.compile(r"\[!(?P<kind>[A-Za-z][\w-]{0,30})\][+-]?[ \t]*(?P<title>.*)")
_FENCE = re.compile(r":{3,}[ \t]*\{?\.?(?P<kind>[A-Za-z][\w-]{0,30})?\}?[ \t]*\[?(?P<title>[^\[\]]*)\]?")
_COLONS = 3  # that end such a block
_LINKED = re.compile(r"(?<!!)\[\[(?:[^\[\]|\n]{1,200}\|)?(?P<shown>[^\[\]|\n]{1,200})\]\]")
_SHOWN_HERE = re.compile(r"!\[\[[^\[\]\n]{1,200}\]\]")  # a picture, or another note
_ADDRESS = re.compile(r"[<#/.?]|[a-z][\w+.-]{0,30}:|[\w-]{1,80}[./@#?=&]\w", re.IGNORECASE)


def parse_markdown(text: str) -> ParsedDocument:
    """Return the document of a Markdown text.

    Title and date come from its front matter, else from its text; author and publisher from its front matter only.

    Raises:
        ArticleError: HTML in it is nested too deep, or has too many styles.
    """
    fields, text = front_matter(text)
    stated = _first(fields, "date", "published")
    reader = _reader()
    tokens = _shown(reader.parse(accept_changes(reader, text)))
    page = seen_page(reader.renderer.render(tokens, reader.options, {}))
    blocks = [] if page is None else blocks_below(page)
    document = document_of(blocks, title=_first(fields, "title", "titre"), date=iso_date(stated) or stated)
    publisher = _first(fields, "publisher", "source", "site")
    host = urlsplit(publisher).hostname if _WEB.match(publisher) else None
    publisher = host.removeprefix("www.") if host else publisher
    return replace(document, author=_first(fields, "auth", "auteur"), publisher=publisher)


def _first(fields: Mapping[str, str], *names: str) -> str:
    """Return the value of the first field whose name begins with one of some names; empty if there is none."""
    return next((value for name in names for field, value in fields.items() if field.startswith(name)), "")


def _reader() -> MarkdownIt:
    """Return what makes a page of Markdown; an image leaves nothing in it, and of a link only its words count."""
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import reference

    def leads_somewhere(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001  # as it is called
        defined = _DEFINED.match(state.getLines(start, min(start + 2, end), state.blkIndent, keepLastLF=False).lstrip())
        # "[Anna]: Bonjour." is a line of a dialogue
        return bool(defined and _ADDRESS.match(defined["address"])) and reference(state, start, end, silent)

    reader = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    reader.validateLink = lambda _: True  # type: ignore[method-assign, assignment]
    reader.block.ruler.at("reference", leads_somewhere)
    reader.add_render_rule("image", lambda *_: "")
    read_boxes(reader)
    read_headings_without_space(reader)
    read_notes_in_line(reader)
    return reader


def _shown(tokens: list[Token]) -> list[Token]:
    """Return tokens with what Markdown's own marks leave out of them, and what they are shown as.

    A paragraph of images alone is a caption, what they are said to show; calls of notes ("2021[^2]") are gone, and a
    note stands behind its number. The box of a task is ticked or not, a callout has its title or its kind above it, a
    heading no attributes, and of a link between notes its words count.
    """
    from markdown_it.common.utils import escapeHtml

    for around, before, inline in zip([None, *tokens], tokens, tokens[1:], strict=False):
        parts = inline.children or []
        if parts and (is_contents(inline.content) or _HALF_LINK.fullmatch(inline.content.strip())):
            inline.children = parts = []
        for part in parts:
            if part.type == "text":
                part.content = _LINKED.sub(r"\g<shown>", _SHOWN_HERE.sub("", part.content))
                part.content = _CALL.sub("", _NOTE.sub(r"\g<label>. ", part.content))
        outside = "" if around is None else around.type
        if parts and parts[0].type == "text" and outside == "list_item_open":
            _tick(parts)
        elif parts and parts[0].type == "text" and before.type == "paragraph_open":
            _title_callout(parts, quoted=outside == "blockquote_open")
        leave_out_marks(parts)
        break_lines(parts)
        kinds = {one.type for one in parts if one.type != "text" or one.content.strip()}
        if before.type == "paragraph_open" and "image" in kinds and kinds <= {"image", "softbreak"}:
            shown = " ".join(_SIZE.sub("", one.content) for one in parts if one.type == "image")
            inline.type, inline.content = "html_block", f"<figcaption>{escapeHtml(shown)}</figcaption>"
    return tokens


def _tick(parts: list[Token]) -> None:
    """Make a box, as pages have it, of the state in which the item of a list of tasks begins."""
    from markdown_it.token import Token

    if state := _STATE.match(parts[0].content):
        parts[0].content = parts[0].content[state.end() :]
        ticked = "" if state["mark"] == " " else " checked"
        parts.insert(0, Token("html_inline", "", 0, content=f'<input type="checkbox" disabled{ticked}>'))


def _title_callout(parts: list[Token], *, quoted: bool) -> None:
    """Put the title of a callout, or what kind it is, into a paragraph of its own in place of its mark.

    Args:
        parts: of the paragraph that may begin or end one; they are changed.
        quoted: whether it is the first of a quote, where "[!NOTE]" begins one; ":::note" does anywhere.
    """
    if parts[-1].type == "text" and set(parts[-1].content) == {":"} and len(parts[-1].content) >= _COLONS:
        parts[-1].content = ""
    opened = (_CALLOUT if quoted and parts[0].content.startswith("[!") else _FENCE).match(parts[0].content)
    if opened is None or not opened["kind"]:
        return
    untitled = not opened["title"].strip() and (len(parts) == 1 or parts[1].type.endswith("break"))
    parts[0].content = opened["kind"].capitalize() if untitled else opened["title"]
    for part in parts:
        if part.type == "softbreak":
            part.type, part.content = "html_inline", "</p><p>"
            return
