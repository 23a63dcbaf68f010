"""Lines of printed pages become headings and paragraphs; pure.

What stands at the same height on neighbouring pages is a running head, and left out. A paragraph goes on over the end
of a line, of a column and of a page; a word divided at the end of a line is made whole again. Whether a line ends
where it must or where its writer wanted is told from whether the next word would still have fitted.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from rag.reading.page_layout import Line, Row, lines_of, reading_order
from rag.reading.parsed_document import ParsedDocument, TextBlock, confirmed
from rag.reading.plain_text import document_of

Column = list[Line]

_MARGIN_LINES = 3  # at the top and at the bottom of a page, among which running heads are looked for
_NEIGHBOURS = 2  # pages: left and right ones often have heads of their own
_SAME_HEIGHT = 6.0  # points
_LARGER = 1.12  # of the size of the running text: a heading
_ALIKE = 1.08  # between sizes that count as one
_BOLDER = 120  # of the weight of the running text
_LONGEST_HEADING = 200  # characters
_LEADING = 1.3  # of the usual distance of two lines: from there on a paragraph ends
_USUAL_LEADING = 1.2  # font sizes, where a text has no two lines
_INDENT = (0.8, 6.0)  # font sizes: from the first on a line is indented; by more than the second it is set elsewhere
_FULL = 2.0  # font sizes that a line may end before its column does and still be full
_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_MARK = re.compile(r"[•‣◦▪●○■–—*·-]\s+(?=\S)")
_NUMBER = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]\s+\S")
_LAST_MARK = re.compile(r"""[.!?…:;][\s"”»’')\]⁰¹²³⁴-⁹]*$""")
_DIVIDED = re.compile(r"[^\W\d_][-\u00ad\u2010]$")
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")
_FIRST_LETTERS = re.compile(r"[^\W\d_]+")
_LAST_LETTERS = re.compile(r"(?<![^\W\d_])[^\W\d_]+(?=[-\u00ad\u2010]$)")


@dataclass(frozen=True, slots=True)
class _Usual:
    """What the running text of a document looks like: its font, its leading in font sizes, and the words in it."""

    size: float
    weight: int
    leading: float
    words: Counter[str]

    def is_heading(self, line: Line) -> bool:
        """Say whether a line is set as a heading is."""
        if line.is_row or not any(character.isalpha() for character in line.text):
            return False
        return line.size >= _LARGER * self.size or (
            line.weight >= self.weight + _BOLDER and line.size * _ALIKE >= self.size
        )


@dataclass
class _Paragraph:
    """A paragraph under way: its lines so far, and at which of its characters which page begins.

    Its text stays in pieces until it is whole: joined and searched at each line, a long one would cost its square.
    """

    first: Line
    last: Line
    pieces: list[str]
    pages: list[tuple[int, int]]
    length: int
    count: int = 1
    tight: bool = False
    heading: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return "".join(self.pieces)

    @property
    def opening(self) -> str:
        """Its first words."""
        return "".join(self.pieces[:2])

    @property
    def end(self) -> str:
        """Its last words."""
        return "".join(self.pieces[-2:])

    def go_on(self, pieces: Sequence[str], last: Line, words: Counter[str]) -> int:
        """Take in what follows, and return at which character it begins; a word divided between them is made whole."""
        stays, between = _joint(self.end, pieces[0], words)
        if not stays:
            self.pieces[-1], self.length = self.pieces[-1][:-1], self.length - 1
        begins = self.length + len(between)
        self.pieces += [between + pieces[0], *pieces[1:]]
        self.length = begins + sum(map(len, pieces))
        self.last = last
        return begins


def document_of_pages(pages: Sequence[Sequence[Row]], *, title: str = "", author: str = "") -> ParsedDocument:
    """Return the document of pages.

    Args:
        pages: the rows of each page, from its top.
        title: that the file states; it counts where the text begins with it too.
        author: the same.
    """
    ordered = [reading_order(rows) for rows in _without_running_heads(pages)]
    lines = [line for columns in ordered for column in columns for line in column]
    if not lines:
        return ParsedDocument("", ())
    usual = _usual(lines)
    paragraphs: list[_Paragraph] = []
    for number, columns in enumerate(ordered, 1):
        for column in columns:
            _go_on(paragraphs, _paragraphs(column, number, usual), usual)
    blocks = list(_blocks(paragraphs))
    return replace(document_of(blocks, title=confirmed(title, blocks)), author=confirmed(author, blocks))


def _without_running_heads(pages: Sequence[Sequence[Row]]) -> list[list[Row]]:
    """Return pages without what stands at the same height on pages close to each other, and without their numbers."""
    sizes: Counter[float] = Counter()
    for piece in (piece for rows in pages for row in rows for piece in row):
        sizes[round(2 * piece.size) / 2] += len(piece.text)
    largest = _LARGER * max(sizes, key=lambda size: sizes[size], default=0.0)
    lines = [lines_of(rows) if rows else [] for rows in pages]
    margins = [_margins(len(rows)) for rows in pages]
    heads: list[set[int]] = [set() for _ in pages]
    for number, rows in enumerate(margins):
        for row in rows:
            line = lines[number][row]
            if line.text.strip(" -–—|") == str(number + 1):
                heads[number].add(row)
            for near in range(max(0, number - _NEIGHBOURS), number):
                for other in margins[near]:
                    if line.size <= largest and _is_same_head(line, lines[near][other]):
                        heads[number].add(row)
                        heads[near].add(other)
    return [[row for at, row in enumerate(rows) if at not in heads[number]] for number, rows in enumerate(pages)]


def _margins(rows: int) -> list[int]:
    """Return which rows of a page are its outermost ones."""
    return [row for row in range(rows) if row < _MARGIN_LINES or row >= rows - _MARGIN_LINES]


def _is_same_head(line: Line, other: Line) -> bool:
    """Say whether two lines of different pages say the same at the same height, numbers aside."""
    if abs(line.base - other.base) > _SAME_HEIGHT:
        return False
    return _DIGITS.sub("#", line.text.casefold()) == _DIGITS.sub("#", other.text.casefold())


def _usual(lines: Sequence[Line]) -> _Usual:
    """Return what the running text looks like, by most of its characters."""
    sizes: Counter[float] = Counter()
    weights: Counter[int] = Counter()
    for line in lines:
        sizes[round(2 * line.size) / 2] += len(line.text)
    size = max(sizes, key=lambda one: sizes[one])
    for line in lines:
        if round(2 * line.size) / 2 == size:
            weights[line.weight] += len(line.text)
    steps = [
        (after.base - before.base) / before.size
        for before, after in pairwise(lines)
        if before.column == after.column and 0 < after.base - before.base < 2.5 * before.size
    ]
    words = Counter(word.casefold() for line in lines for word in _WORD.findall(line.text))
    weight = max(weights, key=lambda one: weights[one])
    return _Usual(size, weight, median(steps) if steps else _USUAL_LEADING, words)


def _paragraphs(column: Column, page: int, usual: _Usual) -> list[_Paragraph]:
    """Return the paragraphs of a column."""
    paragraphs: list[_Paragraph] = []
    for line in column:
        current = paragraphs[-1] if paragraphs else None
        if current and not _begins(line, current, usual):
            current.go_on([line.text], line, usual.words)
            current.count += 1
            continue
        tight = current is not None and (_is_listed(line, current) and not _is_apart(line, current.last, usual))
        parts, heading = [line.text], usual.is_heading(line)
        paragraphs.append(_Paragraph(line, line, parts, [(0, page)], len(line.text), tight=tight, heading=heading))
    return paragraphs


def _is_listed(line: Line, before: _Paragraph) -> bool:
    """Say whether a line goes on with a list or a table."""
    return (line.is_row and before.last.is_row) or bool(_MARK.match(line.text) and _MARK.match(before.opening))


def _is_apart(line: Line, before: Line, usual: _Usual) -> bool:
    """Say whether more than the usual distance lies between two lines."""
    step = line.base - before.base
    return step < 0 or step > _LEADING * usual.leading * max(line.size, before.size)


def _begins(line: Line, current: _Paragraph, usual: _Usual) -> bool:
    """Say whether a line begins a new paragraph."""
    before = current.last
    if _is_apart(line, before, usual) or max(line.size, before.size) > _ALIKE * min(line.size, before.size):
        return True
    if line.is_row or before.is_row or usual.is_heading(line) != current.heading:
        return True
    if current.heading and line.size >= _LARGER * usual.size:
        return False  # a title in several lines, often centred
    if _DIVIDED.search(before.text):
        return False
    listed = _MARK.match(current.opening) or _NUMBER.match(current.opening)
    if _MARK.match(line.text) or (_NUMBER.match(line.text) and (listed or not _is_full(before))):
        return True
    indent = (line.left - before.left) / line.size
    if _INDENT[0] <= indent <= _INDENT[1] and not (listed and current.count == 1):
        return True
    return _was_ended(before, line) and not line.text[:1].islower()


def _is_full(line: Line) -> bool:
    """Say whether a line reaches the end of its column."""
    return line.column[1] - line.right <= _FULL * line.size


def _was_ended(line: Line, after: Line) -> bool:
    """Say whether a line ends although the first word of the next would have fitted."""
    wide = max((one.right - one.left) / max(1, len(one.text)) for one in (line, after))  # of a character
    return line.column[1] - line.right > wide * (len(after.text.partition(" ")[0]) + 2)


def _joint(end: str, line: str, words: Counter[str]) -> tuple[bool, str]:
    """Return whether the last character of a text stays before its next line, and what comes between the two.

    A hyphen stays before a capital letter, and where the document writes the word with one elsewhere, and not whole.
    """
    if not _DIVIDED.search(end):
        return True, " "
    if not line[:1].islower():
        return True, ""
    head, tail = _LAST_LETTERS.search(end), _FIRST_LETTERS.match(line)
    if head and tail and end[-1] != "\u00ad":
        parts = head[0].casefold(), tail[0].casefold()
        return words["-".join(parts)] > words["".join(parts)], ""
    return False, ""


def _go_on(paragraphs: list[_Paragraph], found: list[_Paragraph], usual: _Usual) -> None:
    """Add the paragraphs of a column to those before it; the first may go on with one of them."""
    for index, one in enumerate(found):
        alike = (two for two in reversed(paragraphs) if _are_alike(two, one)) if index == 0 else iter(())
        before = next(alike, None)
        if before and not one.heading and _goes_on(before, one):
            begins = before.go_on(one.pieces, one.last, usual.words)
            if before.pages[-1][1] != one.pages[0][1]:
                before.pages.append((begins, one.pages[0][1]))
            before.count += one.count
        else:
            paragraphs.append(one)


def _are_alike(before: _Paragraph, after: _Paragraph) -> bool:
    """Say whether two paragraphs are set in the same size: notes and captions may stand between them."""
    return max(before.last.size, after.first.size) <= _ALIKE * min(before.last.size, after.first.size)


def _goes_on(before: _Paragraph, after: _Paragraph) -> bool:
    """Say whether a paragraph begins within a sentence that another left open."""
    if before.heading or before.last.is_row or after.first.is_row or _MARK.match(after.opening):
        return False
    if _LAST_MARK.search(before.end):
        return False
    return after.opening[:1].islower() or not _was_ended(before.last, after.first)


def _blocks(paragraphs: Sequence[_Paragraph]) -> Iterator[TextBlock]:
    """Yield the blocks of paragraphs; the largest heading of the first page with text is the title."""
    headings = [one for one in paragraphs if _stands_as_heading(one)]
    opening = [one for one in headings if one.pages[0][1] == paragraphs[0].pages[0][1]]
    largest = max(opening, key=lambda one: one.first.size, default=None)
    sizes = sorted({round(one.first.size) for one in headings if one is not largest}, reverse=True)
    for one in paragraphs:
        level = 0
        if one is largest:
            level = 1
        elif _stands_as_heading(one):
            level = min(6, 2 + sizes.index(round(one.first.size)))
        text = _MARK.sub("- ", one.text, count=1) if _MARK.match(one.text) else one.text
        pages = tuple((max(0, at + len(text) - len(one.text)) if at else 0, page) for at, page in one.pages)
        yield TextBlock("heading" if level else "paragraph", text, level, tight=one.tight, pages=pages)


def _stands_as_heading(paragraph: _Paragraph) -> bool:
    """Say whether a paragraph set as a heading is one: short, and no sentence."""
    return paragraph.heading and paragraph.length <= _LONGEST_HEADING and not paragraph.end.endswith((".", ";", ","))
