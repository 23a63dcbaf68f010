"""Small documents, written part by part: PDF, Word, OpenDocument, EPUB and web archives."""

from __future__ import annotations

import base64
import io
import quopri
import zipfile
from collections.abc import Mapping, Sequence

A4 = (595, 842)
HEIGHTS = {"plain": "F1", "bold": "F2"}
Shown = tuple[float, float, float, str] | tuple[float, float, float, str, str]


def pdf(
    pages: Sequence[Sequence[Shown]],
    *,
    rotate: int = 0,
    info: Mapping[str, str] | None = None,
    catalog: str = "",
    notes: Sequence[str] = (),
    drawn: str = "",
) -> bytes:
    """Return a PDF.

    Args:
        pages: what each shows: distance from the left, distance of the baseline from the bottom and font size in
            points, the text, and ``plain`` or ``bold``.
        rotate: by how many degrees a reader sees each page turned.
        info: what the file states of itself.
        catalog: what it states of its kind.
        notes: what is typed onto each page, or filled into its forms, as PDF writes it.
        drawn: what each page draws before its text, the same way.
    """
    objects = [f"<< /Type /Catalog /Pages 2 0 R {catalog} >>", ""]
    objects += [
        f"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica{weight} /Encoding /WinAnsiEncoding >>"
        for weight in ("", "-Bold")
    ]
    stated = " ".join(f"/{name} ({value})" for name, value in (info or {}).items())
    objects.append(f"<< {stated} >>")
    kids = []
    for page in pages:
        content = drawn + "".join(
            f"BT /{HEIGHTS[weight[0] if weight else 'plain']} {size} Tf 1 0 0 1 {x} {y} Tm ({_escaped(text)}) Tj ET\n"
            for x, y, size, text, *weight in page
        )
        kids.append(len(objects) + 1)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4[0]} {A4[1]}] /Rotate {rotate}"
            f" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> /Contents {len(objects) + 2} 0 R"
            f" /Annots [{' '.join(notes)}] >>"
        )
        objects.append(f"<< /Length {len(content.encode('cp1252'))} >>\nstream\n{content}endstream")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(f'{kid} 0 R' for kid in kids)}] >>"
    return _assembled(objects)


def _assembled(objects: Sequence[str]) -> bytes:
    written, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{one}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    end += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return written + end.encode()


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def lines(x: float, top: float, texts: Sequence[str], *, size: float = 10, step: float = 12) -> list[Shown]:
    """Return lines of a PDF below each other."""
    return [(x, top - step * number, size, text) for number, text in enumerate(texts)]


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a zip file with these parts."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return written.getvalue()


_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STYLES = """
    <w:style w:styleId="Titre"><w:name w:val="Title"/></w:style>
    <w:style w:styleId="Titre1"><w:name w:val="heading 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
    <w:style w:styleId="Chapitre"><w:basedOn w:val="Titre1"/></w:style>
"""


def word_document(body: str, *, notes: str = "", numbering: str = "", title: str = "", author: str = "") -> bytes:
    """Return a .docx file of this markup, whose prefix is ``w``."""
    parts = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>',
        "word/styles.xml": f'<w:styles xmlns:w="{_WORD}">{_STYLES}</w:styles>',
        "docProps/core.xml": f"<core><title>{title}</title><creator>{author}</creator></core>",
    }
    if numbering:
        parts["word/numbering.xml"] = f'<w:numbering xmlns:w="{_WORD}">{numbering}</w:numbering>'
    if notes:
        parts["word/footnotes.xml"] = f'<w:footnotes xmlns:w="{_WORD}">{notes}</w:footnotes>'
    return archive(parts)


def word_paragraph(text: str, *, style: str = "", properties: str = "") -> str:
    """Return a paragraph of a Word document."""
    style = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{style}{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def open_document(text: str, *, title: str = "", styles: str = "") -> bytes:
    """Return an .odt file of this markup, whose prefixes are those of OpenDocument."""
    kinds = ("office", "text", "table", "style", "drawing", "svg-compatible")
    short = {"drawing": "draw", "svg-compatible": "svg"}
    spaces = " ".join(
        f'xmlns:{short.get(kind, kind)}="urn:oasis:names:tc:opendocument:xmlns:{kind}:1.0"' for kind in kinds
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>"
        '<style:style style:name="P1" style:parent-style-name="Title"/>'
        f"{styles}</office:automatic-styles>"
        f"<office:body><office:text>{text}</office:text></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": content,
            "meta.xml": f"<meta><title>{title}</title></meta>",
        }
    )


def book(
    chapters: Mapping[str, str], *, title: str = "", author: str = "", more: Mapping[str, str] | None = None
) -> bytes:
    """Return an .epub file; each chapter is a file's name and the markup of its body."""
    properties = {"nav.xhtml": ' properties="nav"'}
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"{properties.get(name, "")}/>'
        for number, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="i{number}"/>' for number in range(len(chapters)))
    root = '<rootfile full-path="OEBPS/content.opf"/>'
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": f"<container><rootfiles>{root}</rootfiles></container>",
        "OEBPS/content.opf": (
            f"<package><metadata><title>{title}</title><creator>{author}</creator></metadata>"
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
        ),
    }
    for name, body in chapters.items():
        parts[f"OEBPS/{name.replace('%20', ' ')}"] = (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml">'
            f"<head><title>{name}</title></head><body>{body}</body></html>"
        )
    return archive({**parts, **(more or {})})


def web_archive(page: bytes, *, charset: str = "utf-8", encoding: str = "quoted-printable", first: str = "") -> bytes:
    """Return an .mhtml file; ``first`` is a part before the page."""
    body = (quopri.encodestring if encoding == "quoted-printable" else base64.encodebytes)(page).decode("ascii")
    told = f"Content-Type: text/html; charset={charset}" if charset else "Content-Type: text/html"
    parts = [*([first] if first else []), f"{told}\nContent-Transfer-Encoding: {encoding}\n\n{body}"]
    head = 'From: <Saved>\nMIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="--x"\n\n'
    return (head + "".join(f"----x\n{part}\n" for part in parts) + "----x--\n").replace("\n", "\r\n").encode("ascii")
