"""Cut the fonts of the page out of two packages of npm: ``python .ci/cut_fonts.py FOLDER_OF_THE_PACKAGES ui/fonts``.

Wants ``fonttools`` and ``brotli``, and in the folder what ``npm pack`` brings of both packages.
"""

import hashlib
import io
import sys
import tarfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

PACKAGES = {
    "serif": (
        "source-serif-4",
        "5.3.1",
        "8c452853c74be1e43e9fbfe76321c26f4678a2d431e93209ff1d9faec03fd96f",
    ),
    "sans": (
        "source-sans-3",
        "5.3.0",
        "115c2d5a38a05d52c77ba02e4d939644bae30585a30a2e4657a3be2c99d5c7dc",
    ),
}
WEIGHTS = (400, 700)
FEATURES = ["kern", "liga", "locl", "ccmp", "mark", "mkmk", "calt"]
THIN, NARROW = 0x2009, 0x202F
CHARACTERS = {
    "latin": [
        *range(0x20, 0x7F), *range(0xA0, 0x100), 0x131, 0x152, 0x153, 0x178, 0x2C6, 0x2DA, 0x2DC,
        *range(0x2000, 0x2070), 0x20AC, 0x2116, 0x2122, *range(0x2190, 0x2194), 0x2212, 0x2248, 0x2260, 0x2264, 0x2265,
        0xFFFD,
    ],
    "latin-ext": [*range(0x100, 0x250), *range(0x1E00, 0x1F00)],
}  # fmt: skip


def unpacked(packages: Path, name: str, version: str, sha256: str, part: str) -> TTFont:
    """Return a font of a package whose checksum is known."""
    packed = (packages / f"fontsource-variable-{name}-{version}.tgz").read_bytes()
    if hashlib.sha256(packed).hexdigest() != sha256:
        sys.exit(f"{name} {version} is not the package it was.")
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        member = archive.extractfile(f"package/files/{name}-{part}-wght-normal.woff2")
        if member is None:
            sys.exit(f"{name} {version} holds no {part}.")
        return TTFont(io.BytesIO(member.read()))


def cut(font: TTFont, family: str, characters: list[int]) -> TTFont:
    """Return a font with these characters and weights only, under a name of its own, as the licence asks."""
    font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    for table in font["cmap"].tables:
        if THIN in table.cmap:
            table.cmap[NARROW] = table.cmap[THIN]
    variations = font["gvar"].variations
    for glyph in font.getGlyphOrder():
        if glyph not in variations:
            variations[glyph] = []
    options = subset.Options(layout_features=FEATURES, name_IDs=[*range(7), 13, 14], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    for record in font["name"].names:
        if record.nameID in {1, 4, 16}:
            record.string = family
        elif record.nameID in {3, 6}:
            record.string = family.replace(" ", "")
    font.flavor = "woff2"
    return font


def main() -> None:
    """Cut all four files."""
    packages, target = Path(sys.argv[1]), Path(sys.argv[2])
    for kind, package in PACKAGES.items():
        for part, characters in CHARACTERS.items():
            font = unpacked(packages, *package, part)
            cut(font, f"Article {kind.title()}", characters).save(target / f"{kind}-{part}.woff2")


if __name__ == "__main__":
    main()
