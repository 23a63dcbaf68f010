"""Which text of a PDF has no ink: it is drawn in none, or in white with nothing beneath it, and only machines read it.

The text of a scan is drawn without ink too, over the picture of its page: that one is read.
"""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

Box = tuple[float, float, float, float]
"""Left, bottom, right and top, in points."""

_WHITE = 250  # of 255 in each colour: nobody tells it from paper
_MOST_BOXES = 200  # the largest; a page that was printed has fewer beneath its text
_FILLING = frozenset({0, 4})  # ways to draw text that fill its letters and do not draw their edges


def has_no_ink(text: object, index: int) -> bool:
    """Say whether a character of a page's text is drawn without ink, or in white."""
    import pypdfium2.raw as pdfium

    mode = pdfium.FPDFTextObj_GetTextRenderMode(pdfium.FPDFText_GetTextObject(text, index))
    if mode == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
        return True
    colour = [ctypes.c_uint() for _ in range(4)]
    if mode not in _FILLING or not pdfium.FPDFText_GetFillColor(text, index, *colour):
        return False
    return not colour[3].value or _is_white(colour)


def boxes_beneath(page: PdfPage) -> list[Box]:
    """Return where a page has pictures, or what is drawn in another colour than white, by its size."""
    import pypdfium2.raw as pdfium

    objects = (pdfium.FPDFPage_GetObject(page, at) for at in range(pdfium.FPDFPage_CountObjects(page)))
    boxes = [
        _bounds(one) for one in objects if pdfium.FPDFPageObj_GetType(one) != pdfium.FPDF_PAGEOBJ_TEXT and _is_seen(one)
    ]
    return sorted(boxes, key=lambda box: (box[0] - box[2]) * (box[3] - box[1]))[:_MOST_BOXES]


def _is_white(colour: list[ctypes.c_uint]) -> bool:
    return all(part.value >= _WHITE for part in colour[:3])


def _is_seen(drawn: object) -> bool:
    """Say whether something that is drawn is seen on white paper; what is no plain white area may be."""
    import pypdfium2.raw as pdfium

    if pdfium.FPDFPageObj_GetType(drawn) != pdfium.FPDF_PAGEOBJ_PATH:
        return True
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    colour = [ctypes.c_uint() for _ in range(4)]
    pdfium.FPDFPath_GetDrawMode(drawn, filled, stroked)
    return bool(stroked.value) or (
        filled.value != pdfium.FPDF_FILLMODE_NONE
        and bool(pdfium.FPDFPageObj_GetFillColor(drawn, *colour))
        and not _is_white(colour)
    )


def _bounds(drawn: object) -> Box:
    import pypdfium2.raw as pdfium

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    pdfium.FPDFPageObj_GetBounds(drawn, left, bottom, right, top)
    return left.value, bottom.value, right.value, top.value
