"""What a page's own style sheets and attributes declare of each of its elements, as CSS says which declaration wins.

Importance, then the ``style`` attribute, then specificity, then order; sheets of other files are never fetched. A rule
for a screen counts, one for print or under a condition that is not told does not. tinycss2 parses the sheets,
cssselect2 matches their selectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import tinycss2
from cssselect2 import ElementWrapper, Matcher, SelectorError, compile_selector_list
from tinycss2.ast import FunctionBlock, LiteralToken, WhitespaceToken

from rag.errors import ArticleError
from rag.reading.styles import Declared, declarations, declared

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from tinycss2.ast import Node

MOST_STEPS = 10_000_000
"""How much is spent on the styles of one page, in steps: a character parsed is one, a selector held against an element,
or against one around or beside it, is one, a selector made ready is some hundreds. It bounds rules × elements: pages
written to take for ever were refused after 3 to 7 s on one core, and one of 4,000 rules that hide 4,000 elements was
read in 2 s."""

_COMPILED, _WRAPPED = 250, 5  # steps that a selector made ready, an element made ready count, as measured
_SIBLINGS = 20  # siblings looked at in one step
_LONGEST_SELECTOR = 60  # tokens; each combinator nests deeper what cssselect2 makes of a selector
_TOKEN = re.compile(r"[\w-]+|\S")
_DEEPEST = 5  # rules and conditions within others
_READ = frozenset({
    "display", "visibility", "opacity", "color", "background", "background-color", "background-image",
    "background-clip", "font", "font-size", "left", "top", "right", "bottom", "inset", "margin", "margin-left",
    "margin-top", "text-indent", "transform", "translate", "will-change", "clip", "clip-path", "overflow",
    "overflow-x", "overflow-y", "height", "width", "max-height", "max-width", "content-visibility", "position",
    "transition", "animation", "text-decoration", "text-decoration-line", "float", "vertical-align", "white-space",
    "white-space-collapse", "list-style", "list-style-type",
})  # fmt: skip
"""The properties that tell what is seen, and in which lines; a rule about nothing else is not made ready."""
_WINDOW = {"width": 1280.0, "height": 800.0}  # pixels
_EM = 16.0
_SIZE = re.compile(
    r"\(\s*(?:(?P<bound>min|max)-)?(?P<axis>width|height)\s*(?P<relation>:|[<>]=?)"
    r"\s*(?P<size>\d+(?:\.\d+)?)(?P<unit>px|r?em|)\s*\)"
)


class Styled(NamedTuple):
    """An element with what is declared of it.

    Attributes:
        style: property → the value that wins.
        own: what its attributes alone declare, the same way.
    """

    element: Element
    style: dict[str, str]
    own: dict[str, str]


def styled_elements(tree: Element) -> Iterator[Styled]:
    """Yield the elements of a page in order, each with its style.

    Raises:
        ArticleError: its styles are so many that no honest page has them.
    """
    work = _Work()
    matcher = _Matcher(work)
    for sheet in tree.iter("style"):
        if _counts(sheet):
            work.spend(len(sheet.text or ""))
            rules = tinycss2.parse_stylesheet(sheet.text or "", skip_comments=True, skip_whitespace=True)
            _add_rules(matcher, rules)
    root = _Wrapper.from_html_root(tree)
    root.work = work
    for wrapper in root.iter_subtree():
        element = wrapper.etree_element
        hinted = _hints(element)
        work.spend(len(element.get("style", "")))
        inline = declarations(element.get("style", ""))
        matched = [payload for _, _, _, payload in matcher.match(wrapper)]
        style = dict(hinted)
        for block in (*(one.usual for one in matched), inline.usual, *(one.important for one in matched)):
            style.update(block)
        yield Styled(element, style | inline.important, hinted | inline.usual | inline.important)


def _counts(sheet: Element) -> bool:
    """Say whether a style sheet is one of CSS, for a screen, with scripts running."""
    css = sheet.get("type", "").strip().lower() in {"", "text/css"}
    return (
        css
        and _on_screen(sheet.get("media", ""))
        and not any(True for _ in sheet.iterancestors("noscript", "template"))
    )


def _hints(element: Element) -> dict[str, str]:
    """Return what attributes of old say of an element's colours."""
    attributes = {"bgcolor": "background-color", "background": "background-image"}
    attributes |= {"font": {"color": "color"}, "body": {"text": "color"}}.get(element.tag, {})
    hinted = ((name, element.get(attribute, "").strip().lower()) for attribute, name in attributes.items())
    return {name: value for name, value in hinted if value}


class _Work:
    """Counts the steps spent on a page, and stops at the most that are."""

    def __init__(self) -> None:
        self._left = MOST_STEPS

    def spend(self, steps: int) -> None:
        self._left -= steps
        if self._left < 0:
            raise ArticleError(
                "The styles of this page are too many to tell what its reader sees.",
                "save its text as a .txt file and add that",
            )


class _Wrapper(ElementWrapper):  # type: ignore[misc]
    """An element as cssselect2 sees it, that counts how often what is around it is walked, and keeps no copy of it."""

    work: _Work

    def __init__(
        self,
        etree_element: Element,
        parent: _Wrapper | None,
        index: int,
        previous: _Wrapper | None,
        in_html_document: bool,  # noqa: FBT001  # as cssselect2 calls it
        content_language: str | None = None,
    ) -> None:
        super().__init__(etree_element, parent, index, previous, in_html_document, content_language)
        if parent is not None:
            self.work = parent.work
            self.work.spend(_WRAPPED)

    @property
    def ancestors(self) -> Iterator[_Wrapper]:
        yield from self._walk("parent")

    @property
    def previous_siblings(self) -> Iterator[_Wrapper]:
        yield from self._walk("previous")

    @property
    def etree_siblings(self) -> list[Element]:
        self.work.spend(len(self._siblings) // _SIBLINGS)
        return self._siblings

    @etree_siblings.setter
    def etree_siblings(self, siblings: list[Element]) -> None:
        self._siblings = siblings

    def _walk(self, way: str) -> Iterator[_Wrapper]:
        other = getattr(self, way)
        while other is not None:
            self.work.spend(1)
            yield other
            other = getattr(other, way)


class _Matcher(Matcher):  # type: ignore[misc]
    """Finds the rules that select an element, and counts those it tries."""

    def __init__(self, work: _Work) -> None:
        super().__init__()
        self.work = work

    def add_relevant_selectors(self, element: _Wrapper, selectors: list[Any], found: list[Any]) -> None:
        self.work.spend(len(selectors))
        super().add_relevant_selectors(element, selectors, found)


def _add_rules(matcher: _Matcher, rules: list[Node], *, around: list[Node] | None = None, depth: int = 0) -> None:
    """Add the rules of a sheet that count, those within other rules and under conditions that hold included.

    Args:
        matcher: it gets them.
        rules: parsed.
        around: the selectors of the rule that these stand in.
        depth: how many rules and conditions they stand in.
    """
    for rule in rules:
        if rule.type == "qualified-rule":
            prelude = rule.prelude if around is None else _within(around, rule.prelude)
        elif rule.type == "at-rule" and rule.content is not None and _applies(rule):
            prelude = around or []
        else:
            continue
        parse = tinycss2.parse_blocks_contents if prelude else tinycss2.parse_rule_list
        block = parse(rule.content, skip_comments=True, skip_whitespace=True)
        found = declared(node for node in block if node.type == "declaration" and _is_read(node.lower_name))
        if prelude and (found.usual or found.important):
            _add_rule(matcher, prelude, found)
        if depth < _DEEPEST and _length(prelude) <= _LONGEST_SELECTOR:
            _add_rules(matcher, block, around=prelude or None, depth=depth + 1)


def _within(around: list[Node], prelude: list[Node]) -> list[Node]:
    """Return the selectors of a rule that stands in another: "&" is what that one selects, else it is an ancestor."""
    line, column = around[0].source_line, around[0].source_column
    parent = [LiteralToken(line, column, ":"), FunctionBlock(line, column, "is", around)]
    blank = WhitespaceToken(line, column, " ")
    written: list[Node] = []
    for part in _parts(prelude):
        written += [LiteralToken(line, column, ",")] if written else []
        written += [*parent, blank] if "&" not in part else []
        for node in part:
            written += parent if node == "&" else [node]
    return written


def _is_read(name: str) -> bool:
    plain = name.removeprefix("-webkit-")
    return plain in _READ or plain.startswith(("transition-", "animation-"))


def _applies(rule: Node) -> bool:
    """Say whether what stands under an at-rule counts."""
    if rule.lower_at_keyword == "media":
        return _on_screen(_written(rule.prelude))
    if rule.lower_at_keyword == "supports":
        return not _written(rule.prelude).strip().startswith("not")
    return bool(rule.lower_at_keyword == "layer")


def _add_rule(matcher: _Matcher, prelude: list[Node], found: Declared) -> None:
    """Add a rule by its selectors, unless one of them is not understood: then a browser passes over all of it."""
    lengths = [_length(part) for part in _parts(prelude)]
    matcher.work.spend(sum(lengths))
    if max(lengths) > _LONGEST_SELECTOR:
        return
    matcher.work.spend(sum(_COMPILED + length**2 for length in lengths))
    try:
        selectors = compile_selector_list(prelude)
    except (SelectorError, NotImplementedError, RecursionError, SyntaxError):
        return
    for selector in selectors:
        if selector.pseudo_element is None:
            matcher.add_selector(selector, found)


def _parts(prelude: list[Node]) -> list[list[Node]]:
    """Return the selectors that commas part."""
    parts: list[list[Node]] = [[]]
    for node in prelude:
        if node == ",":
            parts.append([])
        else:
            parts[-1].append(node)
    return parts


def _length(nodes: list[Node]) -> int:
    """Return how many tokens nodes were parsed from, about."""
    return len(_TOKEN.findall(_written(nodes)))


def _written(nodes: list[Node]) -> str:
    """Return what nodes were parsed from, in lower case on one line; "?" if they nest beyond reason."""
    try:
        return " ".join(str(tinycss2.serialize(nodes)).lower().split("\n"))
    except RecursionError:
        return "?"


def _on_screen(queries: str) -> bool:
    """Say whether one of some media queries holds for a screen."""
    return any(_holds(query.strip()) for query in re.sub(r"\s+", " ", queries.lower()).split(","))


def _holds(query: str) -> bool:
    """Say whether a media query holds; a condition other than the window's size is taken not to."""
    if query.startswith("not "):
        return not _holds(query.removeprefix("not "))
    parts = [part.removeprefix("only ") for part in query.split(" and ")]
    sizes = [_SIZE.fullmatch(part) for part in parts if part not in {"", "all", "screen"}]
    return all(size is not None and _fits(size) for size in sizes)


def _fits(size: re.Match[str]) -> bool:
    """Say whether the window is as large or as small as a condition asks."""
    asked = float(size["size"]) * (_EM if size["unit"].endswith("em") else 1)
    window = _WINDOW[size["axis"]]
    if size["bound"] == "min" or size["relation"].startswith(">"):
        return window >= asked
    return window <= asked if size["bound"] == "max" or size["relation"].startswith("<") else window == asked
