"""What each paragraph of a plain text is: metadata, title, heading, caption or running text.

Nothing of the text is changed; a reader's file and the article have the same offsets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, pairwise
from statistics import median

from rag.language.dates import first_date, iso_date
from rag.reading.parsed_document import ParsedDocument, TextBlock, join_blocks
from rag.reading.plain_marks import without_marks
from rag.values import Block, BlockKind

_LONGEST_TITLE = 150  # characters, as all lengths here
_LONGEST_HEADING = 90
_LONGEST_CAPTION = 300
LONGEST_BYLINE = 120
_LONGEST_FIELD = 200
_DATELINE = 40  # of a paragraph's beginning
_HEADING_LEVEL = 2  # plain text knows one level of headings, below the title
_TOP = 4  # paragraphs
_WRAPPED_LINE = (45, 160)  # of a text wrapped by hand, by an editor or by a mail program
_NARROWEST, _FEWEST_FILLED, _FILLED = 25, 4, 0.8  # of a narrower column: its width, its lines, and how many are full

_FIELD = re.compile(
    r"""\s*(?P<field>title|titre|date|publi[ée]e?(?:\ le)?|published|auteure?s?|authors?|source|url|lang(?:ue|uage)?
        |de|from|à|to|cc|objet|subject|envoyée?(?:\ le)?|sent)
        (?:[^\S\n]*(?P<colon>:)[^\S\n]*|[^\S\n]+)(?P<value>\S[^\n]*)""",
    re.IGNORECASE | re.VERBOSE,
)
_MEANING = {
    "titre": "title",
    "title": "title",
    "objet": "title",
    "subject": "title",
    "date": "date",
    "published": "date",
    "publié": "date",
    "publiée": "date",
}
_BYLINE = re.compile(r"(?i:par|by)\s+[A-ZÀ-Þ]|(?i:publiée?|mise? à jour|published|updated|posted)\b")
_PLACE = re.compile(
    r"""\s*(?:[^\W\d_a-zß-öø-ÿ][^.!?\n]{0,38}[,)|/–\u2014-]\s*|[^\W\d_a-zß-öø-ÿ]{2}[^\W\d_a-zß-öø-ÿ '’-]{0,30}\s)?
        (?:(?i:le|ce|on|the)\s)?""",
    re.VERBOSE,
)
_AFTER_DATE = re.compile(r"\s{0,9}(?:\.?\s{0,9}$|[(:|–\u2014-]|(?:,|à|at)?\s{0,3}\d{1,2}\s?[h:])")
"""What stands before and after the date in a dateline: "PARIS, 17 mars 2025 - ", "Lyon (AFP), le 3 mai 2026"."""
_UNTIL = re.compile(r"\s{0,3}[–\u2014-]\s{0,3}")  # between the dates of what lasted: "1er mai 2010 – 16 mai 2012"

_CLOCK = re.compile(r"[\[(]?\d{1,2}:\d{2}\b")  # a line of a transcript or of subtitles
_SPEAKER = re.compile(r"(?:[\[(][\d:.,]{4,12}[\])]\s)?[^\W\d_a-zß-öø-ÿ][\w.'’ -]{0,30}:\s")
_SPEECHES = 3  # lines that begin with a name and a colon, of a dialogue
_AGENCIES = (
    "AFP|ANP|ANSA|AP|Abaca|Abacapress|Alamy|Anadolu|Belga|Bestimage|DPA|dpa|EFE|EPA|Getty Images|Getty|Hans Lucas|Imago"
    "|Keystone|Kyodo|Lusa|MaxPPP|NurPhoto|Pool|Reuters|Ritzau|Shutterstock|Sipa|TASS|UPI|Wikimedia Commons|Wikimedia"
    "|Xinhua"
)
"""Press agencies and picture libraries of the world: their name by itself is a credit, written so or in capitals."""
_AGENCY = rf"\b(?:{_AGENCIES}|{_AGENCIES.upper()})\b".replace(" ", "[ ]")
_CREDIT = re.compile(
    rf"""\([^()]*{_AGENCY}[^()]*\)\.?$
       | [/–\u2014.!?…-]\s*{_AGENCY}\.?$
       | \((?i:photo|crédit|credit|image)\b[^()]*\)\.?$
       | ©[^.\n]{{1,80}}\.?$
       | ^(?i:crédits?(?:\s+photos?)?|photos?(?:\s+credits?)?|image|légende|illustration)\s*:""",
    re.VERBOSE,
)
_LAST_WORDS = re.compile(r"""(?:\(([^()\n]+)\)|(?:\s[–\u2014-]|[.!?…]["”»]?)\s+([^.!?…–\u2014()\n]+))\.?$""")
_FULL_NAME = re.compile(
    r"[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?:\s(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|d[eu]|des|la|le|van|von|bin|al))*"
)
_SENTENCE_END = re.compile(r"""[.!?…:;,]\s*["”»’')\]]*$""")
_STATEMENT_END = re.compile(r"""[.…:;,]\s*["”»’')\]]*$""")
_OF_OTHERS = re.compile(r">|[^\n]*\t")  # quoted in a message, or a row of a table
_ITEM = re.compile(r"[-*•–\u2014·]|\d{1,3}[.)]\s")
_LINE = re.compile(r"[^\s][^\n]*")
_PARAGRAPH = re.compile(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*")


def parse_plain_text(text: str) -> ParsedDocument:
    """Return the document of a plain text: the same text but for marks that are no words of it, and what it states."""
    text = without_marks(text)
    metadata, fields, position = _read_metadata(text)
    spans = list(_paragraphs(text, position))
    kinds = _kinds([text[start:end] for start, end in spans], headed=bool(metadata), title=fields.get("title", ""))
    blocks = metadata + [
        Block(kind, start, end, _HEADING_LEVEL if kind == "heading" else 0)
        for kind, (start, end) in zip(kinds, spans, strict=True)
    ]
    titles = [text[block.start : block.end] for block in blocks if block.kind == "title"]
    title = fields.get("title") or (titles[0] if titles else "")
    date = fields.get("date") or _date_near_top((block.kind, text[block.start : block.end]) for block in blocks)
    return ParsedDocument(text, tuple(blocks), title, date)


def document_of(blocks: Iterable[TextBlock], *, title: str = "", date: str = "") -> ParsedDocument:
    """Return the document of blocks whose markup was removed, once captions and bylines are told from paragraphs."""
    told = []
    for index, block in enumerate(blocks):
        kind: BlockKind = block.kind
        if kind == "paragraph" and _is_caption(block.text):
            kind = "caption"
        elif kind == "paragraph" and index < _TOP and is_byline(block.text):
            kind = "metadata"
        told.append(replace(block, kind=kind))
    lines = ((block.kind, block.text) for block in told if not block.row)  # what a table dates is no article
    return join_blocks(told, title=title, date=date or _date_near_top(lines))


def _is_caption(paragraph: str) -> bool:
    """Say whether a paragraph that stands alone is a photo's caption: short, and with a credit."""
    return len(paragraph) <= _LONGEST_CAPTION and (bool(_CREDIT.search(paragraph)) or _ends_with_names(paragraph))


def _ends_with_names(paragraph: str) -> bool:
    """Say whether a paragraph ends with names that slashes join, a full one among them: "Anne Petit/Ouest"."""
    last = _LAST_WORDS.search(paragraph)
    names = [name.strip() for name in (last[1] or last[2]).split("/")] if last else []
    return len(names) > 1 and all(map(_FULL_NAME.fullmatch, names)) and any(" " in name for name in names)


def _date_near_top(paragraphs: Iterable[tuple[BlockKind, str]]) -> str:
    """Return the date that the first paragraphs give for the text itself: a byline's, or one in a dateline.

    A date within a sentence is that of an event.
    """
    for kind, paragraph in islice(paragraphs, _TOP):
        stated = _dateline(paragraph) if kind in ("paragraph", "metadata") else ""
        if stated or (kind == "metadata" and _BYLINE.match(paragraph) and (stated := iso_date(paragraph))):
            return stated
    return ""


def _dateline(paragraph: str) -> str:
    """Return the date that a paragraph begins with, after a place at most, and that no sentence goes on with."""
    head = paragraph[:LONGEST_BYLINE]
    dated = first_date(head)
    if dated is None or not (_PLACE.fullmatch(head[: dated.start]) and _AFTER_DATE.match(head, dated.end)):
        return ""
    until = _UNTIL.match(head, dated.end)
    lasts = until and (ended := first_date(head[until.end() :])) is not None and ended.start == 0
    return "" if lasts else dated.iso()


def _read_metadata(text: str) -> tuple[list[Block], dict[str, str], int]:
    """Return the metadata at the head of a text, the title and date it states, and the offset where it ends."""
    blocks: list[Block] = []
    fields: dict[str, str] = {}
    position = 0
    while field := _FIELD.match(text, position):
        start, end = field.start("field"), field.end()
        value = field["value"].strip()
        if not field["colon"]:  # what follows must say by itself that it is a date
            dated = first_date(value[:_DATELINE]) if field["field"].lower() == "date" else None
            if dated is None or dated.start > 0:
                break
            value, end = dated.iso(), field.start("value") + dated.end
        elif len(value) > _LONGEST_FIELD:
            break
        blocks.append(Block("metadata", start, start + len(text[start:end].rstrip())))
        meaning = _MEANING.get(field["field"].lower().split()[0], "")
        if meaning:
            fields.setdefault(meaning, (iso_date(value) or value) if meaning == "date" else value)
        position = end
    return blocks, fields, position


def _paragraphs(text: str, position: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of each paragraph: lines up to a blank line, joined only if they were wrapped by hand."""
    for match in _PARAGRAPH.finditer(text, position):
        for lines in _indented(text, [line.span() for line in _LINE.finditer(text, match.start(), match.end())]):
            spans = [(lines[0][0], lines[-1][1])] if _are_wrapped([text[a:b] for a, b in lines]) else lines
            for start, end in spans:
                yield start, start + len(text[start:end].rstrip())


def _indented(text: str, lines: list[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Return lines in parts: each that is indented begins one, where the first line is indented and not every one."""
    begins = [start > 0 and text[start - 1].isspace() and text[start - 1] != "\n" for start, _ in lines]
    if not begins[0] or all(begins):
        return [lines]
    parts: list[list[tuple[int, int]]] = []
    for line, is_first in zip(lines, begins, strict=True):
        if is_first:
            parts.append([])
        parts[-1].append(line)
    return parts


def _are_wrapped(lines: list[str]) -> bool:
    """Say whether lines are one paragraph: alike in length, and broken where no sentence ends."""
    if len(lines) == 1:
        return True
    shortest, longest = _WRAPPED_LINE
    lengths = [len(line) for line in lines[:-1]]
    broken = sum(not _SENTENCE_END.search(line.rstrip()) for line in lines[:-1])
    if any(map(_ITEM.match, lines)) or max(lengths) > longest or 2 * broken < len(lengths):
        return False
    return median(lengths) >= shortest or _are_filled(lines)


def _are_filled(lines: list[str]) -> bool:
    """Say whether several lines, however short, end where the first word of the next had no place any more."""
    bare = [line.rstrip() for line in lines]
    widest = max(map(len, bare))
    full = sum(len(one) + 1 + len(after.split(maxsplit=1)[0]) > widest for one, after in pairwise(bare))
    return len(lines) >= _FEWEST_FILLED and widest >= _NARROWEST and full >= _FILLED * (len(lines) - 1)


def _kinds(paragraphs: list[str], *, headed: bool, title: str) -> list[BlockKind]:
    """Return what each paragraph is, from its length, its last mark and its place."""
    short = [_stands_as_heading(paragraph) for paragraph in paragraphs]
    spoken = sum(map(bool, map(_SPEAKER.match, paragraphs[: 2 * _SPEECHES]))) >= _SPEECHES
    listed = spoken or (len(paragraphs) > _TOP and 2 * sum(short) > len(paragraphs))  # a poem or a list, not headings
    titled = len(paragraphs) > 1 and not (spoken and _SPEAKER.match(paragraphs[0]))
    kinds: list[BlockKind] = []
    for index, paragraph in enumerate(paragraphs):
        if _is_caption(paragraph):
            kinds.append("caption")
        elif index == 0 and titled and _stands_as_title(paragraph, headed=headed, title=title):
            kinds.append("title")
        elif index < _TOP and is_byline(paragraph):
            kinds.append("metadata")
        elif short[index] and not listed and index + 1 < len(paragraphs):
            kinds.append("heading")
        else:
            kinds.append("paragraph")
    return kinds


def _stands_as_title(paragraph: str, *, headed: bool, title: str) -> bool:
    """Say whether the first paragraph is the title; under a line of metadata it may be a sentence with a full stop."""
    if title:
        return paragraph == title
    if "\n" in paragraph or len(paragraph) > _LONGEST_TITLE or _ITEM.match(paragraph) or is_byline(paragraph):
        return False
    if _CLOCK.match(paragraph) or _OF_OTHERS.match(paragraph) or not any(map(str.isalpha, paragraph)):
        return False
    return headed or not _STATEMENT_END.search(paragraph)


def _stands_as_heading(paragraph: str) -> bool:
    """Say whether a paragraph is one short line without a last mark, and neither an item of a list nor all figures."""
    if "\n" in paragraph or len(paragraph) > _LONGEST_HEADING or _ITEM.match(paragraph) or _CLOCK.match(paragraph):
        return False
    if _OF_OTHERS.match(paragraph):
        return False
    return not _SENTENCE_END.search(paragraph) and any(character.isalpha() for character in paragraph)


def is_byline(paragraph: str) -> bool:
    """Say whether a paragraph says who wrote the article or when, and nothing else."""
    if not stands_alone(paragraph):
        return False
    return bool(_BYLINE.match(paragraph)) or (len(paragraph) <= _DATELINE and bool(_dateline(paragraph)))


def stands_alone(paragraph: str) -> bool:
    """Say whether a paragraph is one short line that ends like no sentence."""
    return not ("\n" in paragraph or len(paragraph) > LONGEST_BYLINE or _SENTENCE_END.search(paragraph))
