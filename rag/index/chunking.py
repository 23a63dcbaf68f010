"""Split an article into passages: whole sentences, exact offsets, never longer than the embedder can read.

A passage that is longer than the embedder's limit would be cut silently and its end never found; one that begins in
the middle of a sentence cannot be quoted. So sentences are packed one after the other while they fit, each heading
opens a new passage and takes what follows it along, and only a sentence too long by itself is cut: between clauses
if possible, else between words, else between characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rag.language import split_sentences
from rag.values import Article, Block, Passage

_ATTACHED = frozenset({"metadata", "title", "heading"})  # these stand at the head of a passage, never at its end
_CLAUSE = re.compile(r"[,;:–\u2014…»”)\]]\s+|(?<!\s)\s+(?=[«“(\[–\u2014])")
_SPACE = re.compile(r"\s+")
_SHORTEST = 4  # a last passage shorter than a fourth of the target joins the one before; no cut is sooner either
_LONGEST_TOKEN = 32  # characters; no real text has tokens so long on average
_TRIED = 8  # places to cut that are tried, the last ones first
_NEAR = 32  # how long a passage may be is told to a part of so many
_LEFT = 8  # a passage without any place to cut may leave one in so many of its tokens unused


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or a heading."""

    start: int
    end: int
    attached: bool
    opens_block: bool


def split_article(
    article: Article, count_tokens: Callable[[str], int], max_tokens: int, *, target_characters: int = 600
) -> tuple[Passage, ...]:
    """Split an article into passages that begin and end with sentences or headings.

    Together the passages hold every character of the article but white space, once and in order. None holds text
    from both sides of a heading, and none ends with a heading unless nothing follows it.

    Args:
        article: the article; text outside its blocks counts as paragraphs.
        count_tokens: number of tokens of a text as the embedder reads it, with the tokens and the prompt it adds.
        max_tokens: the most tokens a passage may have, counted by ``count_tokens``.
        target_characters: length to aim at; a longer sentence stays whole as long as it has tokens enough.

    Raises:
        ValueError: a limit is not positive, or a single character has more than ``max_tokens`` tokens.
    """
    if max_tokens < 1 or target_characters < 1:
        raise ValueError(f"max_tokens ({max_tokens}) and target_characters ({target_characters}) must be positive")
    splitter = _Splitter(article.text, count_tokens, max_tokens, target_characters)
    spans = splitter.split(_pieces(article))
    return tuple(Passage(article.identifier, start, end, article.text[start:end]) for start, end in spans)


def _pieces(article: Article) -> list[_Piece]:
    """Return the sentences and headings of an article in order; of what is no heading, sentence by sentence."""
    pieces = []
    for kind, block_start, block_end in _covering_blocks(article):
        attached = kind in _ATTACHED
        text = article.text[block_start:block_end]
        spans = _trimmed(text) if attached else split_sentences(text, article.language)
        for start, end in spans:
            pieces.append(_Piece(block_start + start, block_start + end, attached, start == spans[0][0]))
    return pieces


def _covering_blocks(article: Article) -> Iterator[tuple[str, int, int]]:
    """Yield kind, start and end of each block, and of the text between blocks as paragraphs, unless it is but white."""
    position = 0
    for block in (*article.blocks, Block("paragraph", len(article.text), len(article.text))):
        if article.text[position : block.start].strip():
            yield "paragraph", position, block.start
        if block.start < block.end:
            yield block.kind, block.start, block.end
        position = block.end


def _trimmed(text: str) -> list[tuple[int, int]]:
    """Return where a text begins and ends without the white space around it; nothing for white space."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return [(start, end)] if start < end else []


@dataclass(frozen=True, slots=True)
class _Splitter:
    """Packs pieces of one text into passages; all offsets are those of the text."""

    text: str
    count_tokens: Callable[[str], int]
    max_tokens: int
    target_characters: int

    def split(self, pieces: list[_Piece]) -> Iterator[tuple[int, int]]:
        """Yield start and end of each passage."""
        for heads, body in _sections(pieces):
            lead = self._leading(heads) if body else len(heads)
            yield from self._pack(heads[:lead], None)
            heading = heads[lead].start if lead < len(heads) else None
            for group in self._groups(body, heading):
                yield from self._pack(group, heading)
                heading = None

    def _groups(self, body: list[_Piece], heading: int | None) -> list[list[_Piece]]:
        """Return the paragraphs that go together: as many whole ones as the target holds.

        The end of one long paragraph and the beginning of the next make a poor passage: it speaks of two things.
        """
        paragraphs: list[list[_Piece]] = []
        for piece in body:
            if piece.opens_block or not paragraphs:
                paragraphs.append([])
            paragraphs[-1].append(piece)
        groups: list[list[_Piece]] = []
        for paragraph in paragraphs:
            begin = groups[-1][0].start if groups else 0
            begin = heading if len(groups) == 1 and heading is not None else begin
            if groups and paragraph[-1].end - begin <= self.target_characters:
                groups[-1].extend(paragraph)
            else:
                groups.append(list(paragraph))
        return groups

    def _leading(self, heads: list[_Piece]) -> int:
        """Return the index of the first of the headings that together leave half a passage to what follows them."""
        first = len(heads)
        added = self.count_tokens("")
        while first > 0:
            begin, end = heads[first - 1].start, heads[-1].end
            if end - begin > self.target_characters // 2:
                break
            tokens = self.count_tokens(self.text[begin:end])
            if tokens > self.max_tokens or 2 * (tokens - added) > self.max_tokens:
                break
            first -= 1
        return first

    def _pack(self, pieces: list[_Piece], heading: int | None) -> Iterator[tuple[int, int]]:
        """Yield the passages of pieces that no heading parts; the first begins at ``heading`` if there is one."""
        pieces = list(pieces)
        first = 0
        begin = heading
        while first < len(pieces):
            begin = pieces[first].start if begin is None else begin
            last = self._last(begin, pieces, first)
            end = pieces[last].end
            if last > first or self._fits(begin, end):
                yield begin, end
                first = last + 1
            else:
                cut = self._cut(begin, pieces[first])
                yield begin, begin + len(self.text[begin:cut].rstrip())
                pieces[first] = self._rest(cut, pieces[first])
            begin = None

    def _last(self, begin: int, pieces: list[_Piece], first: int) -> int:
        """Return the index of the last piece of a passage; it fits, unless it is the first."""
        last = first
        while last + 1 < len(pieces) and pieces[last + 1].end - begin <= self.target_characters:
            last += 1
        last = self._last_that_fits(begin, pieces, first, last)
        if last + 1 == len(pieces):
            return last
        left_over = pieces[-1].end - pieces[last].end
        if left_over < self.target_characters // _SHORTEST and self._fits(begin, pieces[-1].end):
            return len(pieces) - 1
        if pieces[last + 1].opens_block:
            return last
        for index in range(last, first, -1):  # rather at the end of a paragraph, if that leaves half a passage
            if pieces[index].opens_block and pieces[index - 1].end - begin >= self.target_characters // 2:
                return index - 1 if self._fits(begin, pieces[index - 1].end) else last
        return last

    def _last_that_fits(self, begin: int, pieces: list[_Piece], first: int, last: int) -> int:
        """Return the index of the last piece up to ``last`` that a passage may end with, or ``first``."""
        exceeds = last + 1
        while first < last and not self._fits(begin, pieces[last].end):
            exceeds = last
            last = (first + last) // 2
        while last + 1 < exceeds:
            middle = (last + exceeds) // 2
            if self._fits(begin, pieces[middle].end):
                last = middle
            else:
                exceeds = middle
        return last

    def _cut(self, begin: int, piece: _Piece) -> int:
        """Return where to cut a piece so that the text from ``begin`` to there is about as long as a passage can be.

        The cut is at the start of the piece if that is the only way, so that headings before it stand alone.
        """
        likely = self._likely(begin, piece)
        if cut := self._cut_before(begin, piece, likely, 1):
            return cut
        fits = self._furthest(begin, piece, likely)
        if cut := self._cut_before(begin, piece, fits, _TRIED):
            return cut
        if fits == begin:
            raise ValueError(f"the character {self.text[begin]!r} alone has more than {self.max_tokens} tokens")
        return fits

    def _cut_before(self, begin: int, piece: _Piece, end: int, tried: int) -> int:
        """Return where a clause or else a word of a piece ends before an offset and the text fits; 0 where none does.

        Args:
            begin: of the passage.
            piece: to be cut.
            end: the offset.
            tried: how many ends of clauses, and of words, are tried.
        """
        for pattern in (_CLAUSE, _SPACE):
            ends = [match.end() for match in pattern.finditer(self.text, piece.start + 1, end)]
            for cut in ends[: -tried - 1 : -1]:
                if cut - piece.start > (end - piece.start) // _SHORTEST and self._fits(begin, cut):
                    return cut
        return 0

    def _likely(self, begin: int, piece: _Piece) -> int:
        """Return an offset up to which the text from ``begin`` most likely fits, by the tokens of its beginning."""
        counted = min(begin + self.target_characters, piece.end)
        tokens = max(1, self.count_tokens(self.text[begin:counted]))
        likely = begin + (counted - begin) * self.max_tokens // tokens * (_NEAR - 1) // _NEAR
        return max(piece.start, min(likely, piece.end, begin + self._longest))

    def _furthest(self, begin: int, piece: _Piece, tried: int) -> int:
        """Return an offset in a piece up to which the text from ``begin`` fits, close to the last there is.

        It begins with ``tried``, which most likely fits. The next one tried is where the tokens would be used up if
        the rest had as many as what was counted, but within what is left to tell. So few texts are counted, most often
        one, and none much longer than a passage.
        """
        fits, exceeds = piece.start, min(piece.end, piece.start + self._longest) + 1
        tried = max(fits + 1, min(tried, exceeds - 1))
        while fits + 1 + (fits - piece.start) // _NEAR < exceeds:
            tokens = self.count_tokens(self.text[begin:tried].rstrip())
            used_up = begin + (tried - begin) * self.max_tokens // max(1, tokens)
            if tokens <= self.max_tokens and tried - begin <= self._longest:
                fits = tried
                if self.max_tokens - tokens <= self.max_tokens // _LEFT:
                    break
            else:
                exceeds = tried
            margin = (exceeds - fits + 7) // 8
            tried = min(max(used_up, fits + margin), max(exceeds - margin, fits + 1))
        return fits

    def _rest(self, cut: int, piece: _Piece) -> _Piece:
        """Return what is left of a piece after a cut."""
        while self.text[cut].isspace():
            cut += 1
        return replace(piece, start=cut, opens_block=False)

    def _fits(self, start: int, end: int) -> bool:
        """Say whether a stretch of the text has tokens few enough for a passage; a very long one is not counted."""
        return end - start <= self._longest and self.count_tokens(self.text[start:end].rstrip()) <= self.max_tokens

    @property
    def _longest(self) -> int:
        """Characters no passage exceeds, whatever its tokens."""
        return _LONGEST_TOKEN * self.max_tokens


def _sections(pieces: list[_Piece]) -> Iterator[tuple[list[_Piece], list[_Piece]]]:
    """Yield headings and what follows them, up to the next heading."""
    heads: list[_Piece] = []
    body: list[_Piece] = []
    for piece in pieces:
        if piece.attached and body:
            yield heads, body
            heads, body = [], []
        (heads if piece.attached else body).append(piece)
    if heads or body:
        yield heads, body
