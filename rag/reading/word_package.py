"""Which part of a Word document holds what: it may give its parts any names, and says how they belong together.

The relationships are those of Open Packaging (ECMA-376, part 2, chapter 9).
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from rag.reading.archive import Archive, attribute

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_MAIN = "officeDocument"
_USUAL = "word/document.xml"


class _Relation(NamedTuple):
    identifier: str
    kind: str
    part: str


class WordPackage:
    """The parts of a Word document by what they are for.

    Args:
        archive: the file.

    Raises:
        ArticleError: it is damaged or locked.
    """

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        told = (one.part for one in _relations(archive, "") if one.kind == _MAIN and one.part in archive)
        self.main = next(told, _USUAL)
        self._relations = _relations(archive, self.main)

    def read(self, kind: str) -> Element | None:
        """Return the root of the part of a kind: ``styles``, ``numbering``, ``footnotes``…; None if there is none.

        Raises:
            ArticleError: it is damaged.
        """
        part = next((one.part for one in self._relations if one.kind == kind), f"word/{kind}.xml")
        return self.archive.read_xml(part) if part in self.archive else None

    def bytes_of(self, identifier: str) -> bytes:
        """Return the part that the text refers to by an identifier; empty if it is not there.

        Raises:
            ArticleError: it is damaged.
        """
        part = next((one.part for one in self._relations if one.identifier == identifier), "")
        return self.archive.read(part) if part in self.archive else b""


def _relations(archive: Archive, part: str) -> list[_Relation]:
    """Return what a part, or the whole file, says of the parts that belong to it."""
    folder, name = posixpath.split(part)
    told = posixpath.join(folder, "_rels", f"{name}.rels")
    if told not in archive:
        return []
    return [
        _Relation(attribute(one, "Id"), posixpath.basename(attribute(one, "Type")), _place(folder, one))
        for one in archive.read_xml(told).iter("{*}Relationship")
        if attribute(one, "TargetMode") != "External"
    ]


def _place(folder: str, relation: Element) -> str:
    """Return the name of the part that a relationship points to."""
    return posixpath.normpath(posixpath.join("/", folder, unquote(attribute(relation, "Target")))).lstrip("/")
