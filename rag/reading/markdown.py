"""What a reader would see of a Markdown document, and what each stretch of it is.

Raw HTML and comments are left out, since what a reader cannot see must not be quoted to them, nor tell a model what
to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.language.dates import iso_date
from rag.reading.hidden import UNSEEN_TAGS, hides
from rag.reading.parsed_document import ParsedDocument, TextBlock
from rag.reading.plain_text import document_of

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

_FRONT_MATTER = re.compile(r"\A\s*---[^\S\n]*\n(?P<fields>.*?)\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)", re.DOTALL)
_FRONT_FIELD = re.compile(
    r"^(?P<field>title|titre|date|published|authors?|auteure?s?|source|publisher|site)[^\S\n]*:[^\S\n]*(?P<value>\S.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_OPENING_TAG = re.compile(r"<(?P<tag>[a-z][\w-]*)(?P<attributes>(?![\w-])[^>]*)>", re.IGNORECASE)
_HIDDEN = re.compile(r"""\s(?:hidden(?=[\s=/]|$)|aria-hidden\s*=\s*["']?true\b)""", re.IGNORECASE)
_STYLED = re.compile(r"""\sstyle\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""", re.IGNORECASE)
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_SEEN = ("", 0)  # no tag hides, none of it is open
_SPACES = re.compile(" {2,}")
_DEEPEST = 100  # quotes and lists within others; what stands deeper is lost
_CELL = " | "  # between the cells of a table's row


def parse_markdown(text: str) -> ParsedDocument:
    """Return the document of a Markdown text.

    Title and date come from its front matter, else from its text; author and publisher from its front matter only.
    """
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

    fields: dict[str, str] = {}
    if front := _FRONT_MATTER.match(text):
        text = text[front.end() :]
        for field in _FRONT_FIELD.finditer(front["fields"]):
            fields[field["field"].lower()] = field["value"].strip().strip("\"'")
    stated = fields.get("date") or fields.get("published", "")
    title = fields.get("title") or fields.get("titre", "")
    reader = MarkdownIt("commonmark", {"maxNesting": _DEEPEST}).enable(["table", "strikethrough"])
    reader.validateLink = lambda _: True  # type: ignore[method-assign, assignment]  # no link is kept: only its words are
    tree = SyntaxTreeNode(reader.parse(text))
    document = document_of(_blocks(tree), title=title, date=iso_date(stated) or stated)
    return replace(
        document, author=_first(fields, "auth", "auteur"), publisher=_first(fields, "publisher", "source", "site")
    )


def _first(fields: Mapping[str, str], *names: str) -> str:
    """Return the value of the first field whose name begins with one of some names; empty if there is none."""
    return next((value for name in names for field, value in fields.items() if field.startswith(name)), "")


def _blocks(node: SyntaxTreeNode) -> Iterator[TextBlock]:
    """Yield the visible blocks below a node of the syntax tree, in order."""
    unseen = _SEEN
    for child in node.children:
        if child.type == "html_block":
            unseen = _follow(unseen, child.content)
        elif unseen != _SEEN:
            continue
        elif child.type == "heading":
            yield TextBlock("heading", _visible(child.children[0]), int(child.tag[1]))
        elif child.type == "paragraph":
            yield _paragraph(child.children[0])
        elif child.type in ("bullet_list", "ordered_list"):
            yield from _items(child)
        elif child.type == "table":
            yield from _rows(child)
        elif child.type in ("fence", "code_block"):
            yield TextBlock("paragraph", child.content)
        elif child.type in ("blockquote", "list_item"):
            yield from _blocks(child)


def _paragraph(inline: SyntaxTreeNode) -> TextBlock:
    """Return the content of a paragraph; of images alone, what they are said to show, as a caption."""
    if inline.children and all(child.type in ("image", "softbreak") for child in inline.children):
        return TextBlock("caption", " ".join(child.content for child in inline.children if child.type == "image"))
    return TextBlock("paragraph", _visible(inline))


def _items(node: SyntaxTreeNode) -> Iterator[TextBlock]:
    """Yield the blocks of a list, a line each, an item with its mark."""
    for number, item in enumerate(node.children):
        mark = f"{item.info}{item.markup} " if item.info else "- "
        for index, block in enumerate(_blocks(item)):
            marked = mark + block.text if index == 0 and block.kind == "paragraph" else block.text
            yield replace(block, text=marked, tight=number + index > 0)


def _rows(node: SyntaxTreeNode) -> Iterator[TextBlock]:
    """Yield the rows of a table, a line each."""
    rows = [row for group in node.children for row in group.children]
    for number, row in enumerate(rows):
        yield TextBlock("paragraph", _CELL.join(_visible(cell.children[0]) for cell in row.children), tight=number > 0)


def _visible(inline: SyntaxTreeNode) -> str:
    """Return the text of inline content without markup, images and what HTML among it hides."""
    text = ""
    unseen = _SEEN
    for token in (inline.token and inline.token.children) or ():
        if token.type == "html_inline":
            unseen = _follow(unseen, token.content)
        elif unseen == _SEEN and token.type != "image":
            text += {"softbreak": " ", "hardbreak": "\n"}.get(token.type, token.content)
    return _SPACES.sub(" ", text)


def _unseen_tag(markup: str) -> str:
    """Return the tag that an opening tag makes unseen until its end; empty if it hides nothing."""
    tag = _OPENING_TAG.match(markup)
    if not tag or tag[0].endswith("/>") or tag["tag"].lower() in _VOID:
        return ""
    styled = _STYLED.search(tag["attributes"])
    style = (styled["double"] or styled["single"] or "") if styled else ""
    unseen = tag["tag"].lower() in UNSEEN_TAGS or _HIDDEN.search(tag["attributes"]) or hides(style)
    return tag["tag"].lower() if unseen else ""


def _follow(unseen: tuple[str, int], markup: str) -> tuple[str, int]:
    """Return which tag hides what follows some markup, and how many of it are open, given the same before it."""
    tag = unseen[0] or _unseen_tag(markup.lstrip())
    if not tag:
        return _SEEN
    opened = len(re.findall(rf"<{tag}\b", markup, re.IGNORECASE))
    closed = len(re.findall(rf"</{tag}\b", markup, re.IGNORECASE))
    depth = unseen[1] + opened - closed
    return (tag, depth) if depth > 0 else _SEEN
