"""Which elements of a page its reader never sees: told from their attributes and their styles.

What is not seen must not be quoted, nor tell a model what to do; a page that lies says it in such places. Where a page
may merely be waiting for its script (an element about to fade in, a whole article not shown yet), it counts as seen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rag.reading.formulas import heard_formulas
from rag.reading.layout import lay_out, part_speakers, part_words
from rag.reading.styles import ROOT_SIZE, Colour, colour, declarations, numbers, pixels
from rag.reading.tabs import panels

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from rag.reading.cascade import Styled

UNSEEN_TAGS = ("script", "style", "template", "noscript", "textarea", "select", "datalist", "object", "iframe", "svg")
"""Elements that hold no text of an article."""

_FAR = 500.0  # pixels outside the page, beyond what a margin or an indent is for
_CAROUSEL = 5000.0  # pixels; a row of slides is moved by some windows' widths, and one of them is seen
_SMALLEST_FONT = 2.0  # pixels
_SMALLEST_BOX = 1.0  # pixels
_SIDES = ("left", "top", "right", "bottom", "text-indent", "margin-left", "margin-top")
_LAYOUT = {"vw": 5.0, "vh": 5.0, "%": 1.0}  # a unit of layout in pixels, here: half a window is no hiding place
_SIDES_OF_A_BOX = 4
_SIZES = ("height", "width", "max-height", "max-width")
_MOVING = ("transition", "transform", "animation", "will-change")
_FLOATING = frozenset({"absolute", "fixed"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_RUBY = frozenset({"ruby", "rtc"})
_TOLD = ("style", "hidden", "aria-hidden")
_ALIKE = 0.04  # of a colour's range: ten of 255
_FONT_SIZES = {"smaller": "0.83em", "larger": "1.2em", "initial": "16px"}
_INK, _PAPER = Colour(0, 0, 0), Colour(1, 1, 1)  # of a page that says nothing of colours
_ROOTS = frozenset({"html", "body"})
_VEILS = frozenset({"visibility", "opacity"})
_NEARLY = 0.9  # of the text of a page
_GONE = "unseen"  # the tag that an element takes before it is removed


def conceals(style: dict[str, str]) -> bool:
    """Say whether a style hides all that stands in its element, whatever the elements in it declare, or strikes it."""
    if any("line-through" in style.get(name, "") for name in ("text-decoration", "text-decoration-line")):
        return True
    if style.get("display") == "none" or style.get("content-visibility") == "hidden":
        return True
    if _is_nought(style.get("opacity", "1")) and not any(name.startswith(_MOVING) for name in style):
        return True
    return _is_far(style) or _is_clipped(style)


def _is_nought(value: str) -> bool:
    return [number for number, _ in numbers(value)] == [0]


def _is_far(style: dict[str, str]) -> bool:
    """Say whether an element stands where no scrolling leads, left of the page or above it."""
    for side in _SIDES:
        for number, unit in numbers(style.get(side, ""))[:1]:
            length = number * _LAYOUT[unit] if unit in _LAYOUT else pixels(f"{number}{unit}") or 0.0
            if length <= -_FAR:
                return True
    moved = style.get("transform", "")
    return "scale(0)" in moved or any(
        number <= -_CAROUSEL for number, unit in numbers(moved) if unit == "px" and "matrix" not in moved
    )


def _is_clipped(style: dict[str, str]) -> bool:
    """Say whether nothing of an element is left by what cuts it."""
    edges = [number for number, _ in numbers(style.get("clip", ""))]  # top, right, bottom, left
    if len(edges) == _SIDES_OF_A_BOX and min(edges[2] - edges[0], edges[1] - edges[3]) <= _SMALLEST_BOX:
        return True
    shape = style.get("clip-path", "")
    cut = [number if unit == "%" else 0.0 for number, unit in numbers(shape)]
    if shape.startswith("inset(") and cut:
        top, right, bottom, left = (cut * 4)[:4] if len(cut) != 3 else (*cut, cut[1])
        if top + bottom >= 100 or left + right >= 100:
            return True
    if shape.startswith(("circle(0", "ellipse(0")) or (shape.startswith("polygon(") and not any(cut)):
        return True
    lengths = ((side, pixels(style.get(side, ""))) for side in _SIZES)
    nought = [side for side, length in lengths if length is not None and abs(length) <= _SMALLEST_BOX]
    opens = style.get("position") not in _FLOATING and any(name.startswith("transition") for name in style)
    if opens and not any(side.endswith("width") for side in nought):  # a reader unfolds it
        return False
    return bool(nought) and style.get("overflow", "").split(" ")[0] in {"hidden", "clip"}


@dataclass(frozen=True, slots=True)
class _Look:
    """How text looks in an element, as far as it is handed on to the elements within.

    Attributes:
        size: of the font, in pixels.
        colour: of the text; None if it is not told.
        behind: the colour it stands on; None if it is not told, or a picture.
        painted: whether the page says what it stands on; else it is taken for white.
    """

    visible: bool = True
    size: float = ROOT_SIZE
    colour: Colour | None = None
    behind: Colour | None = _PAPER
    painted: bool = False

    def within(self, style: dict[str, str]) -> _Look:
        """Return how text looks in an element of this style."""
        visibility = style.get("visibility", "inherit")
        visible = self.visible if visibility in {"inherit", "unset"} else visibility not in {"hidden", "collapse"}
        size = style.get("font-size", "1em")
        length = pixels(_FONT_SIZES.get(size, size), self.size)
        text = self.colour
        if style.get("color", "inherit") != "inherit":
            text = None if style.get("background-clip") == "text" else colour(style["color"])
        behind, painted = self.behind, self.painted
        if style.get("background-image", "none") != "none":
            behind, painted = None, True
        elif paint := style.get("background-color"):
            shade = colour(paint)
            behind = None if shade is None else shade.over(behind) if behind else shade if shade.alpha == 1 else None
            painted = painted or shade is None or shade.alpha > 0
        return _Look(visible, ROOT_SIZE if length is None else length, text, behind, painted)

    @property
    def unseen(self) -> bool:
        """Whether no reader sees the text: hidden, too small, or of the colour that it stands on."""
        if not self.visible or self.size < _SMALLEST_FONT or (self.colour is not None and self.colour.alpha == 0):
            return True
        if self.colour is None or self.behind is None:
            return False
        seen = self.colour.over(self.behind)
        return all(abs(one - two) < _ALIKE for one, two in zip(seen[:3], self.behind[:3], strict=True))


def hides(style: str) -> bool:
    """Say whether an element of this style cannot be seen where nothing else says how text looks."""
    usual, important = declarations(style)
    return conceals(usual | important) or _Look().within(usual | important).unseen


def remove_unseen(tree: Element) -> None:
    """Remove from a page its comments and the text that its reader never sees, as far as the page itself tells.

    Raises:
        ArticleError: its styles are too many to tell.
    """
    from lxml.etree import Comment, ProcessingInstruction, strip_elements

    from rag.reading.cascade import styled_elements

    strip_elements(tree, Comment, ProcessingInstruction, with_tail=False)
    _show_without_scripts(tree)
    for part in tree.xpath("//template[@shadowrootmode or @shadowroot]"):
        part.tag = "div"  # which a browser shows without any script
    styled = list(styled_elements(tree))
    looks = _looks(tree, styled)
    for element, look in reversed(looks.items()):  # what is within an element comes before it
        if look is None:
            element.tag = _GONE
        elif look.unseen:
            element.text = ""
            for child in element:
                child.tail = ""
            if all(child.tag == _GONE for child in element):
                element.tag = _GONE
    strip_elements(tree, _GONE, with_tail=False)
    lay_out(styled)
    part_words(tree)
    part_speakers(tree)
    for element in tree.iter("*"):  # so that nobody takes what is left for hidden after all
        for name in _TOLD:
            element.attrib.pop(name, None)


def _looks(tree: Element, styled: list[Styled]) -> dict[Element, _Look | None]:
    """Return the elements of a page in order with how text looks in each, None for one of which nothing is seen.

    What hides half of the page or more is taken for what a script undoes.
    """
    sizes = text_sizes(tree)
    styled_elsewhere = any("stylesheet" in link.get("rel", "").lower() for link in tree.iter("link"))
    page = _Look(colour=None if styled_elsewhere else _INK)
    looks: dict[Element, _Look | None] = {}
    formulas = heard_formulas(tree)
    concealed = {one.element for one in styled if conceals(one.style)} - formulas
    opened = formulas.union(panels(tree))
    for element, style, own in styled:
        parent = element.getparent()
        around = page if parent is None else looks[parent]
        if around is not None and element in opened and element.tag not in UNSEEN_TAGS:
            looks[element] = around
            continue
        silent = _is_silent(element) and 2 * sizes[element] < sizes[tree] and not _is_spoken_beside(element, concealed)
        said = _says_hidden(element) and element.tag not in _ROOTS
        if around is None or element.tag in UNSEEN_TAGS or silent or said:
            looks[element] = None
            continue
        around = _where(element, style, own, around, styled_elsewhere=styled_elsewhere)
        look, gone = around.within(style), conceals(style)
        if (gone or (look.unseen and not around.unseen)) and 2 * sizes[element] >= sizes[tree]:
            unveiled = _unveiled(own, displayed=element.tag in _ROOTS or sizes[element] >= _NEARLY * sizes[tree])
            plain = around.within(unveiled)
            if not conceals(unveiled) and not plain.unseen:
                look, gone = plain, False
        looks[element] = None if gone else look
    return looks


def _unveiled(own: dict[str, str], *, displayed: bool) -> dict[str, str]:
    """Return what attributes say of an element's look but what hides it until the page's script has done its work.

    Args:
        own: what they say.
        displayed: whether it is all of the page, or nearly, so that not even ``display: none`` is meant to last.
    """
    return {name: value for name, value in own.items() if name not in _VEILS and not (displayed and name == "display")}


def _says_hidden(element: Element) -> bool:
    """Say whether an attribute made for it hides an element; what a search in the page opens can be read."""
    hidden = element.get("hidden")
    if element.get("popover") is not None or (element.tag == "dialog" and element.get("open") is None):
        return True
    return hidden is not None and hidden.strip().lower() != "until-found"


def _is_silent(element: Element) -> bool:
    """Say whether an element is kept from those who hear a page: an icon, mostly, or what stands there twice.

    Of a sign and its reading one alone is heard, and both are seen.
    """
    around = element.getparent()
    return element.get("aria-hidden", "").strip().lower() == "true" and (around is None or around.tag not in _RUBY)


def _is_spoken_beside(element: Element, concealed: set[Element]) -> bool:
    """Say whether what an element shows stands beside it once more, for those alone who hear the page."""
    beside = (element.getprevious(), element.getnext())
    return any(one is not None and one in concealed and "".join(one.itertext()).strip() for one in beside)


def _show_without_scripts(tree: Element) -> None:
    """Make visible what a page shows where no script runs, if that is the larger part of its text."""
    without = list(tree.iter("noscript"))
    if sum(len("".join(one.itertext()).strip()) for one in without) > text_sizes(tree)[tree]:
        for one in without:
            one.tag = "div"


def _where(
    element: Element, style: dict[str, str], own: dict[str, str], around: _Look, *, styled_elsewhere: bool
) -> _Look:
    """Return how text looks around an element, without what the page does not tell of this one.

    A link has a colour of its own. A heading often stands on a picture; so may what floats above the page, and what a
    rule colours may stand on a colour that another file declares.
    """
    if element.tag == "a":
        around = replace(around, colour=None)
    elsewhere = "color" not in own and (styled_elsewhere or style.get("position") in _FLOATING)
    if "color" in style and not around.painted and (element.tag in _HEADINGS or elsewhere):
        around = replace(around, behind=None)
    return around


def text_sizes(tree: Element) -> dict[Element, int]:
    """Return how many characters of text stand in each element, scripts and the like aside."""
    elements = list(tree.iter("*"))
    sizes = dict.fromkeys(elements, 0)
    for element in reversed(elements):  # those within an element before it
        sizes[element] = 0 if element.tag in UNSEEN_TAGS else sizes[element] + len((element.text or "").strip())
        parent = element.getparent()
        if parent is not None and element is not tree:
            sizes[parent] += sizes[element] + len((element.tail or "").strip())
    return sizes
