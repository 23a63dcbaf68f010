"""A zip file that holds a document: its parts, unpacked only as far as a document can need."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rag.errors import ArticleError

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MOST_UNPACKED = 100_000_000  # bytes of text and markup that a document may unpack to
_SIGNATURE = b"PK\x03\x04"
_ENCRYPTED = 1  # bit of a part's flags
_AGAIN = "get or save it anew"
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, NotImplementedError, EOFError, OSError, RuntimeError,
    ValueError, LookupError,
)  # fmt: skip
"""What the standard library raises of files that are not as they should be; a test brings thousands of such files."""


class Archive:
    """The parts of a zip file by their names, however these are written. Only what is asked for is unpacked.

    Args:
        data: the file.
        name: of the file, for errors.

    Raises:
        ArticleError: it is damaged.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        self._left = MOST_UNPACKED
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            self._parts = {_plain(part.filename): part for part in self._zip.infolist()}
        except _DAMAGE as error:
            raise ArticleError(f"{name} is damaged: it cannot be unpacked.", _AGAIN) from error

    def __contains__(self, part: str) -> bool:
        return _plain(part) in self._parts

    def read(self, part: str) -> bytes:
        """Return a part.

        Raises:
            ArticleError: it is missing, locked or damaged, or the document unpacks to more than one can be.
        """
        found = self._parts.get(_plain(part))
        if found is None:
            raise self.damaged(f"it lacks {part}")
        if found.flag_bits & _ENCRYPTED:
            raise self.locked()
        try:
            with self._zip.open(found) as file:
                data = file.read(self._left + 1)
        except _DAMAGE as error:
            raise self.damaged(f"{part} cannot be unpacked") from error
        self._left -= len(data)
        if self._left < 0:
            message = f"{self.name} unpacks to more than {MOST_UNPACKED / 1e6:.0f} MB of text."
            raise ArticleError(message, "split it into several files and add those")
        return data

    def read_xml(self, part: str, *, lenient: bool = False) -> Element:
        """Return the root of a part that is XML, at most 256 deep; what it would fetch or expand stays out.

        Args:
            part: its name.
            lenient: whether it may break rules of XML, as what programs write of books often does.

        Raises:
            ArticleError: as for :meth:`read`, or it is no XML.
        """
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=lenient)
        try:
            root = etree.fromstring(self.read(part), parser)
        except etree.XMLSyntaxError as error:
            raise self.damaged(f"{part} is no XML") from error
        if root is None:
            raise self.damaged(f"{part} is no XML")
        return root

    def damaged(self, reason: str) -> ArticleError:
        """Return the error of a file that is not whole."""
        return ArticleError(f"{self.name} is damaged: {reason}.", _AGAIN)

    def locked(self) -> ArticleError:
        """Return the error of a file that only its owner can open."""
        return ArticleError(
            f"{self.name} is locked with a password or a key.", "save a copy of it without one and add that"
        )


def kind_of_archive(data: bytes) -> str:
    """Return the suffix of the kind of document that a zip file holds; empty if it is none."""
    if not data.startswith(_SIGNATURE):
        return ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = set(map(_plain, file.namelist()))
    except _DAMAGE:
        return ""
    if _plain("META-INF/container.xml") in names:
        return ".epub"
    if any(PurePosixPath(name).parts[:1] == ("word",) for name in names):
        return ".docx"
    return ".odt" if "content.xml" in names else ""


def _plain(name: str) -> str:
    r"""Return the name of a part as all are compared: in small letters, ``/`` between folders and not ``\``."""
    return name.replace("\\", "/").casefold()


def local_name(element: Element) -> str:
    """Return the tag of an element without its namespace, or a prefix that names none; empty for a comment."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute of an element, whatever its namespace; empty if it has none of this name."""
    return next((str(value) for key, value in element.items() if str(key).rpartition("}")[2] == name), "")


def stated_data(archive: Archive, part: str) -> dict[str, str]:
    """Return what a document states beside its text (Dublin Core), by name: the first value of each."""
    if part not in archive:
        return {}
    found: dict[str, str] = {}
    for element in archive.read_xml(part, lenient=True).iter("*"):
        around = (element.text, *(child.tail for child in element))  # of entities that nobody has declared
        if text := " ".join(" ".join(filter(None, around)).split()):
            found.setdefault(local_name(element), text)
    return found
