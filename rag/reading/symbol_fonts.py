"""The signs of fonts that hold no letters: a document names such a sign by its place in the font."""

from __future__ import annotations

_PRIVATE = range(0xF000, 0xF100)  # where Word says that a place is one of such a font
_SYMBOL = {
    **dict(zip(range(0x41, 0x5B), "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", strict=True)),
    **dict(zip(range(0x61, 0x7B), "αβχδεφγηιϕκλμνοπθρστυϖωξψζ", strict=True)),
    **dict(zip((0xA2, 0xA3, 0xA5, 0xAE, 0xB0, 0xB1, 0xB2, 0xB3, 0xB4), "′≤∞→°±″≥×", strict=True)),
    **dict(zip((0xB7, 0xB8, 0xB9, 0xBB, 0xCE, 0xD6, 0xE5, 0xF2), "•÷≠≈∈√∑∫", strict=True)),
}
_WINGDINGS = dict(
    zip(
        (0x4A, 0x4C, 0x6E, 0x6F, 0x76, 0xA7, 0xA8, 0xD8, 0xDF, 0xE0, 0xE8, 0xF0, 0xFB, 0xFC, 0xFD, 0xFE),
        "☺☹■□❖▪☐➢←→➔⇨✗✓☒☑",
        strict=True,
    )
)
_WINGDINGS_2 = dict(zip((0x4F, 0x50, 0x51, 0x52, 0x53, 0x54, 0xA3), "✗✓☒☑☒☒☐", strict=True))
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2}


def sign_of(font: str, place: int) -> str:
    """Return the sign at a place of a font; U+FFFD for one of a font that has its own signs and is not known here."""
    known = _FONTS.get(font.strip().casefold())
    if known is None and place not in _PRIVATE:
        return chr(place) if 0x20 <= place <= 0x10FFFF and not 0xD800 <= place < 0xE000 else "\ufffd"
    return (known or {}).get(place - _PRIVATE.start if place in _PRIVATE else place, "\ufffd")
