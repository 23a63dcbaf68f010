"""The text of a PDF, page by page, with where its characters stand, by PDFium.

What lies outside its page, is too small for any eye, has no ink or stands across the text is not read. A PDF whose
pages are pictures holds no text, and is told from one that is damaged or locked. Nothing in the file is run.
"""

from __future__ import annotations

import ctypes
import math
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from rag.errors import ArticleError
from rag.reading.ink import Box, boxes_beneath, has_no_ink
from rag.reading.page_layout import Piece, Row, rows_of
from rag.reading.page_ornaments import LARGER, with_initials, without_line_numbers
from rag.reading.parsed_document import ParsedDocument
from rag.reading.printed_text import document_of_pages

if TYPE_CHECKING:
    from pypdfium2 import PdfDocument, PdfPage

MOST_PAGES = 3000
MOST_CHARACTERS = 5_000_000
_SMALLEST_FONT = 2.0  # points
_LEVEL = 0.2  # of a font size: between the baselines of one line
_LEVEL_TURN, _SLANTED = 0.1, 4  # quarter turns; what is turned by more within one stands across, as a stamp does
_SAME_LINE = 0.6  # where the size changes: a note's number is raised, and still on its line
_WORD_GAP = 0.7  # font sizes; what stands further apart is another piece
_OVERLAP = 1.0  # font sizes that a character may stand back
_RAISED = (0.75, 0.15)  # of the size of what stands before: at most so large, at least so high
_UNMAPPED = 0.3  # of the characters of a file whose fonts do not say what they mean
_BOLD = 700  # of a font whose name says so: not every font states its weight
_LONGEST_FONT_NAME = 128  # bytes
_NOTHING = frozenset({0, 0xFFFE, 0xFFFF})
_HYPHEN = 2  # what PDFium makes of a hyphen at the end of a line
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_ACCENTS = dict(
    zip(
        "´`ˆ^¨˜~¸ˇ˘˙˚˝˛",
        "\u0301\u0300\u0302\u0302\u0308\u0303\u0303\u0327\u030c\u0306\u0307\u030a\u030b\u0328",
        strict=True,
    )
)
"""Accents by themselves, as TeX draws them over a letter, and the same as a part of one."""
_NEAR = 60  # characters before and after, among which the letter of an accent is looked for
_LOCK = threading.Lock()  # PDFium serves one thread at a time
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_PRINT = "open it there, print it into a PDF and add that"
_OCR = "make its text readable with a text recognition program, for instance: ocrmypdf {name} text.pdf; then add that"


class _Glyph(NamedTuple):
    """A character where it stands: its baseline at ``y``, downwards; ``angle`` in quarter turns, 4 more if slanted."""

    text: str
    left: float
    right: float
    y: float
    size: float
    weight: int
    angle: int
    spaced: bool  # after white space


def parse_pdf(data: bytes, name: str) -> ParsedDocument:
    """Return the document of a PDF: its text in reading order, and where in it each page begins.

    Args:
        data: the file.
        name: of the file, for errors.

    Raises:
        ArticleError: it is damaged, locked, too long, or its pages are pictures.
    """
    import pypdfium2.raw as pdfium
    from pypdfium2 import PdfDocument, PdfiumError

    with _LOCK:
        try:
            pdf = PdfDocument(data)
        except PdfiumError as error:
            raise _refusal(error, name) from error
        try:
            if len(pdf) > MOST_PAGES:
                message = f"{name} has {len(pdf)} pages, more than {MOST_PAGES}."
                raise ArticleError(message, "split it into several files and add those")
            if pdfium.FPDF_GetFormType(pdf) == pdfium.FORMTYPE_XFA_FULL:
                raise ArticleError(f"{name} is a form that only Adobe Reader shows (XFA).", _PRINT)
            pdf.init_forms()
            pages = list(_pages(pdf, name))
            stated = pdf.get_metadata_dict()
        except PdfiumError as error:
            raise _refusal(error, name) from error
        finally:
            pdf.close()
    return document_of_pages(pages, title=stated.get("Title", ""), author=stated.get("Author", ""))


def _refusal(error: Exception, name: str) -> ArticleError:
    """Return why PDFium did not open a file."""
    if getattr(error, "err_code", None) == _PASSWORD:
        return ArticleError(f"{name} is locked with a password.", "save a copy of it without a password and add that")
    return ArticleError(f"{name} is damaged: no PDF can be read in it.", "get or save it anew")


def _pages(pdf: PdfDocument, name: str) -> Iterator[list[Row]]:
    """Yield the rows of text of each page."""
    characters = unmapped = 0
    for number in range(len(pdf)):
        glyphs = _with_accents(list(_glyphs(_written_on(pdf, number))))
        characters += len(glyphs)
        unmapped += sum(unicodedata.category(glyph.text[0]) in {"Co", "Cc", "Cn"} for glyph in glyphs)
        if characters > MOST_CHARACTERS:
            message = f"{name} holds more than {MOST_CHARACTERS / 1e6:.0f} million characters."
            raise ArticleError(message, "split it into several files and add those")
        yield without_line_numbers(rows_of(with_initials(_pieces(glyphs))))
    if not characters:
        raise ArticleError(f"{name} holds pictures of pages and no text, as a scan does.", _OCR.format(name=name))
    if unmapped > _UNMAPPED * characters:
        raise ArticleError(f"The fonts of {name} do not tell which letters they show.", _OCR.format(name=name))


def _glyphs(page: PdfPage) -> Iterator[_Glyph]:
    """Yield the characters that a page shows, white space left out, in the order of the file."""
    import pypdfium2.raw as pdfium

    text_page = page.get_textpage()  # what closes it when it goes out of scope
    text = text_page.raw
    page_box = page.get_cropbox()
    box = pdfium.FS_RECTF()
    drawn, font, base, bare = 0, (0.0, 0, 0), (0.0, 0.0), False
    beneath: list[Box] | None = None
    glyphs = []
    spaced = False
    for index in range(min(pdfium.FPDFText_CountChars(text), MOST_CHARACTERS + 1)):
        code = pdfium.FPDFText_GetUnicode(text, index)
        shown = "-" if code == _HYPHEN else chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"
        if shown.isspace() or code in _NOTHING:
            spaced = True
            continue
        drawn, before = ctypes.addressof(pdfium.FPDFText_GetTextObject(text, index).contents), drawn
        if drawn != before:
            font, base, bare = _font(text, index), _baseline(text, index), has_no_ink(text, index)
            beneath = boxes_beneath(page) if bare and beneath is None else beneath
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        stands = box.left, box.bottom, box.right, box.top
        seen = not bare or any(_meet(stands, other) for other in beneath or ())
        if seen and font[0] >= _SMALLEST_FONT and _meet(stands, page_box):
            glyphs.append(_Glyph(shown, *_upright(stands, font[2], base), *font, spaced))
            spaced = False
    usual = Counter(glyph.angle for glyph in glyphs).most_common(1)
    yield from (glyph for glyph in glyphs if glyph.angle == usual[0][0])


def _written_on(pdf: PdfDocument, number: int) -> PdfPage:
    """Return a page on which what was filled into its forms, or typed onto it, is a part of its text."""
    import pypdfium2.raw as pdfium

    page = pdf[number]
    if not pdfium.FPDFPage_GetAnnotCount(page):
        return page
    if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) != pdfium.FLATTEN_SUCCESS:
        return page
    page.close()
    return pdf[number]


def _with_accents(glyphs: list[_Glyph]) -> list[_Glyph]:
    """Return characters, each accent that is drawn over a letter, or under it, as a part of that letter."""
    accents = [at for at, glyph in enumerate(glyphs) if glyph.text in _ACCENTS]
    letters: dict[int, _Glyph] = {}
    drawn: set[int] = set()
    for at in accents:
        near = (other for step in range(1, _NEAR) for other in (at + step, at - step) if 0 <= other < len(glyphs))
        letter = next((other for other in near if other not in letters and _carries(glyphs[other], glyphs[at])), None)
        if letter is not None:
            spaced = glyphs[letter].spaced or (at == letter - 1 and glyphs[at].spaced)
            letters[letter] = glyphs[letter]._replace(text=_accented(glyphs[letter], glyphs[at]), spaced=spaced)
            drawn.add(at)
    return [letters.get(at, glyph) for at, glyph in enumerate(glyphs) if at not in drawn]


def _carries(letter: _Glyph, accent: _Glyph) -> bool:
    """Say whether an accent is drawn over or under a letter."""
    middle = (accent.left + accent.right) / 2
    near = abs(letter.y - accent.y) <= _SAME_LINE * letter.size
    return near and letter.left <= middle <= letter.right and len(_accented(letter, accent)) == 1


def _accented(letter: _Glyph, accent: _Glyph) -> str:
    """Return a letter with an accent: one character where there is such a letter."""
    bare = letter.text.replace("ı", "i").replace("ȷ", "j")
    return unicodedata.normalize("NFC", bare + _ACCENTS[accent.text]) if bare.isalpha() else ""


def _meet(one: Box, other: Box) -> bool:
    """Say whether two boxes have a point in common."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _font(text: object, index: int) -> tuple[float, int, int]:
    """Return size, weight and quarter turns of the font of a character."""
    import pypdfium2.raw as pdfium

    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d)
    turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
    angle = round(turns) % 4 + (_SLANTED if abs(turns - round(turns)) > _LEVEL_TURN else 0)
    name = ctypes.create_string_buffer(_LONGEST_FONT_NAME)
    pdfium.FPDFText_GetFontInfo(text, index, name, _LONGEST_FONT_NAME, None)
    weight = _BOLD if b"bold" in name.value.lower() else pdfium.FPDFText_GetFontWeight(text, index)
    return size, weight, angle


def _baseline(text: object, index: int) -> tuple[float, float]:
    """Return where the baseline of a character is; all that is drawn at once has one."""
    import pypdfium2.raw as pdfium

    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, index, x, y)
    return x.value, y.value


def _upright(box: Box, angle: int, origin: tuple[float, float]) -> tuple[float, float, float]:
    """Return left, right and baseline of a character once its page is turned so that it is upright."""
    x, y = origin
    left, bottom, right, top = box
    return (
        (left, right, -y),
        (bottom, top, x),
        (-right, -left, y),
        (-top, -bottom, -x),
    )[angle % _SLANTED]


def _pieces(glyphs: Sequence[_Glyph]) -> Iterator[Piece]:
    """Yield the pieces that characters make: those that follow each other close together on one line."""
    run: list[_Glyph] = []
    for glyph in glyphs:
        if run and not _follows(run, glyph):
            yield _piece(run)
            run = []
        run.append(glyph)
    if run:
        yield _piece(run)


def _follows(run: Sequence[_Glyph], glyph: _Glyph) -> bool:
    """Say whether a character goes on with a piece; a line does not with its initial, which may be larger and lower."""
    if len(run) == 1 and glyph.text.isalpha() and run[0].size >= LARGER * glyph.size:
        return False
    size = max(run[0].size, glyph.size)
    gap = glyph.left - run[-1].right
    on_line = abs(glyph.y - run[0].y) <= (_SAME_LINE if glyph.size != run[0].size else _LEVEL) * size
    return on_line and -_OVERLAP * size <= gap <= _WORD_GAP * size


def _piece(run: Sequence[_Glyph]) -> Piece:
    """Return the piece that characters make; digits that stand raised become such characters."""
    usual = max(run, key=lambda glyph: glyph.size)
    text = ""
    for glyph in run:
        raised = glyph.size <= _RAISED[0] * usual.size and usual.y - glyph.y >= _RAISED[1] * usual.size
        letters = glyph.text.translate(_SUPERSCRIPTS) if raised else glyph.text
        text += (" " if glyph.spaced and text and not raised else "") + _LIGATURES.get(letters, letters)
    weight = min(glyph.weight for glyph in run)
    return Piece(text, run[0].left, max(glyph.right for glyph in run), usual.y, usual.size, weight)
