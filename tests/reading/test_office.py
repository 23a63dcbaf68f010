"""Of Word documents, OpenDocument texts and books what their reader sees is read; nothing unpacks without end."""

from __future__ import annotations

import io
import zipfile

import pytest
from support.documents import archive, book, open_document, web_archive, word_document, word_paragraph

from rag.errors import ArticleError
from rag.reading import archive as archives
from rag.reading import read_article

PORT = "Le port rouvrira le 14 juin."
PARAGRAPH = word_paragraph(PORT)
BARE = f"<p><t>{PORT}</t></p>"


def read(tmp_path, data, name):
    file = tmp_path / name
    file.write_bytes(data)
    return read_article(file)


def kinds(article):
    return [(block.kind, block.level, article.text[block.start : block.end]) for block in article.blocks]


def test_the_parts_of_a_word_document(tmp_path):
    row = "<w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>"
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="3"/></w:numPr>'
    body = [
        word_paragraph("Le port de Lans", style="Titre"),
        word_paragraph("Les travaux", style="Chapitre"),
        word_paragraph(PORT),
        word_paragraph("la digue", properties=numbered),
        word_paragraph("le quai", properties=numbered),
        "<w:tbl>",
        row.format(word_paragraph("Lieu"), word_paragraph("Date")),
        row.format(word_paragraph("Lans"), word_paragraph("14 juin")),
        "</w:tbl>",
    ]
    article = read(tmp_path, word_document("".join(body), title="Modèle 3", author="PC-7"), "port.docx")
    assert kinds(article) == [
        ("title", 0, "Le port de Lans"),
        ("heading", 2, "Les travaux"),
        ("paragraph", 0, PORT),
        ("paragraph", 0, "- la digue"),
        ("paragraph", 0, "- le quai"),
        ("paragraph", 0, "Lieu | Date"),
        ("paragraph", 0, "Lans | 14 juin"),
    ]
    assert (article.title, article.author) == ("Le port de Lans", "")


SUPER = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
NUMBER = "<w:{0}><w:r><w:t>{1}</w:t></w:r></w:{0}>"
BEGIN, SHOWN, END = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
DELETED = "<w:rPr><w:del/></w:rPr>"


@pytest.mark.parametrize(
    ("runs", "seen"),
    [
        ("<w:del><w:r><w:delText>3 mai</w:delText></w:r></w:del><w:ins><w:r><w:t>9 juin</w:t></w:r></w:ins>", "9 juin"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>caché</w:t></w:r><w:r><w:t>vu</w:t></w:r>", "vu"),
        ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>vu</w:t></w:r>', "vu"),
        (
            "<w:r><w:instrText>PAGE</w:instrText><w:t>un</w:t><w:tab/><w:t>deux</w:t><w:br/><w:t>trois</w:t></w:r>",
            "un deux\ntrois",
        ),
        (
            "<w:sdt><w:sdtContent><w:hyperlink><w:r><w:t>un lien</w:t></w:r></w:hyperlink></w:sdtContent></w:sdt>",
            "un lien",
        ),
        ("<w:r><w:t>2021</w:t><w:footnoteReference/></w:r>", "2021\n\nSelon la mairie."),
        (
            "<w:r><w:t>avant </w:t><w:txbxContent><w:p><w:t>Encadré.</w:t></w:p></w:txbxContent><w:t>après</w:t></w:r>",
            "avant après\n\nEncadré.",
        ),
        (f"<w:r><w:t>10</w:t></w:r><w:r>{SUPER}<w:t>6</w:t></w:r><w:r><w:t> m</w:t></w:r>", "10⁶ m"),
        (f"<w:r><w:t>le 1</w:t></w:r><w:r>{SUPER}<w:t>er</w:t></w:r><w:r>{SUPER}<w:t>-2</w:t></w:r>", "le 1er⁻²"),
        ('<w:r><w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>2</w:t></w:r>', "2"),
        (f"<w:f>{NUMBER.format('num', 1)}{NUMBER.format('den', 2)}</w:f>", "1/2"),
        (f"<w:sSup>{NUMBER.format('e', 'x')}{NUMBER.format('sup', 12)}</w:sSup>", "x¹²"),
        (f"{BEGIN}<w:r><w:instrText>IF</w:instrText></w:r>{BEGIN}{END}{SHOWN}<w:r><w:t>oui</w:t></w:r>{END}", "oui"),
        (f"{BEGIN}{BEGIN}{SHOWN}<w:r><w:t>code</w:t></w:r>{END}{SHOWN}<w:r><w:t>vu</w:t></w:r>{END}", "vu"),
        (f"<w:r><w:t>vu</w:t></w:r>{BEGIN}<w:r><w:t>code</w:t></w:r></w:p><w:p><w:r><w:t>vu</w:t></w:r>", "vu\n\nvu"),
        ('<w:r><w:t>5 </w:t><w:sym w:font="Symbol" w:char="F06D"/><w:t>m</w:t></w:r>', "5 μm"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:t> oui </w:t><w:sym w:char="2610"/></w:r>', "☑ oui ☐"),
        ('<w:r><w:t>a</w:t><w:sym w:font="Webdings" w:char="F021"/><w:sym w:char="x"/></w:r>', "a\ufffd\ufffd"),
        (f"<w:pPr>{DELETED}</w:pPr><w:r><w:t>Le </w:t></w:r></w:p><w:p><w:r><w:t>quai.</w:t></w:r>", "Le quai."),
    ],
)
def test_what_a_reader_of_a_word_document_sees(tmp_path, runs, seen):
    notes = f"<w:footnote>{word_paragraph('Selon la mairie.')}</w:footnote>" if "footnote" in runs else ""
    data = word_document(f"{word_paragraph(PORT)}<w:p>{runs}</w:p>", notes=notes)
    assert read(tmp_path, data, "port.docx").text == f"{PORT}\n\n{seen}"


RELATIONS = '<Relationships><Relationship Id="r1" Type="http://x.org/officeDocument" Target="{}"/></Relationships>'
STYLES = '<Relationships><Relationship Type="http://x.org/styles" Target="{}"/></Relationships>'


@pytest.mark.parametrize(
    ("main", "styles", "relations"),
    [
        ("word/document2.xml", "word/styles2.xml", ("/word/document2.xml", "styles2.xml")),
        ("word\\document.xml", "word\\styles.xml", None),
        ("Word/Document.xml", "word/Styles.xml", None),
        ("word/a%20b/text.xml", "styles/all.xml", ("word/a%2520b/text.xml", "../../styles/all.xml")),
    ],
)
def test_the_parts_of_a_word_document_may_have_any_names(tmp_path, main, styles, relations):
    whole = zipfile.ZipFile(io.BytesIO(word_document(word_paragraph("Les travaux", style="Titre1") + PARAGRAPH)))
    parts = {main: whole.read("word/document.xml"), styles: whole.read("word/styles.xml"), "word/x.bin": b""}
    if relations:
        folder, name = main.rsplit("/", 1)
        parts["_rels/.rels"] = RELATIONS.format(relations[0])
        parts[f"{folder}/_rels/{name}.rels"] = STYLES.format(relations[1])
    article = read(tmp_path, archive(parts), "port.docx")
    assert kinds(article) == [("heading", 2, "Les travaux"), ("paragraph", 0, PORT)]


@pytest.mark.parametrize(
    "page",
    [
        f"<html><head><title>x</title></head><body><h1>Les travaux</h1><p>{PORT}</p></body></html>".encode(),
        f"<h1>Les travaux</h1><p>{PORT}<script>x</script>".encode("utf-16"),
        web_archive(f"<h1>Les travaux</h1><p>{PORT}</p>".encode()),
    ],
)
def test_a_page_that_a_word_document_holds_as_it_is_is_read(tmp_path, page):
    parts = {
        "word/document.xml": '<document><body><altChunk id="r1"/></body></document>',
        "word/_rels/document.xml.rels": RELATIONS.format("/word/page"),
        "word/page": page,
    }
    assert read(tmp_path, archive(parts), "port.docx").text == f"Les travaux\n\n{PORT}"


@pytest.mark.parametrize(("name", "level"), [("heading 1", 2), ("Heading 3", 4), ("heading 9", 6), ("heading", 0)])
def test_a_style_of_word_is_a_heading_by_its_name_alone(tmp_path, name, level):
    styled = '<p><pPr><pStyle val="T"/></pPr><t>Les travaux</t></p>'
    parts = {
        "word/document.xml": f"<document><body>{styled}{BARE}</body></document>",
        "word/styles.xml": f'<styles><style styleId="T"><name val="{name}"/></style></styles>',
    }
    kind = "heading" if level else "paragraph"
    assert kinds(read(tmp_path, archive(parts), "port.docx"))[0] == (kind, level, "Les travaux")


def test_the_parts_of_an_open_document(tmp_path):
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    row = f"<table:table-row>{cell}{cell}</table:table-row>"
    text = (
        "<text:tracked-changes><text:p>effacé</text:p></text:tracked-changes>"
        '<text:p text:style-name="P1">Le port de Lans</text:p><text:h text:outline-level="1">Les travaux</text:h>'
        "<text:p>Le port<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>Une note.</text:p>"
        '</text:note-body></text:note> <text:span>rouvrira</text:span><text:s text:c="3"/>'
        'le 14<text:tab/>juin.</text:p>'
        "<text:list><text:list-item><text:p>la digue</text:p></text:list-item>"
        "<text:list-item><text:p>le quai</text:p></text:list-item></text:list>"
        f"<table:table>{row.format('Lieu', 'Date')}{row.format('Lans', '14 juin')}</table:table>"
    )  # fmt: skip
    assert kinds(read(tmp_path, open_document(text, title="Le port de Lans"), "port.odt")) == [
        ("title", 0, "Le port de Lans"),
        ("heading", 2, "Les travaux"),
        ("paragraph", 0, PORT),
        ("paragraph", 0, "- la digue"),
        ("paragraph", 0, "- le quai"),
        ("paragraph", 0, "Lieu | Date"),
        ("paragraph", 0, "Lans | 14 juin"),
        ("paragraph", 0, "Une note."),
    ]


LEVELS = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Titre %1"/><w:pStyle w:val="Titre1"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="7"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num>"""


def listed(text, number, level=0, style=""):
    return word_paragraph(
        text, style=style, properties=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    )


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (
            [listed("Le gaz", 5), listed("fermé", 5, 1), listed("vu", 5, 1), listed("L'eau", 5), listed("lue", 5, 1)],
            ["1. Le gaz", "a) fermé", "b) vu", "2. L'eau", "a) lue"],
        ),
        (
            [listed("One", 5), word_paragraph("And."), listed("Two", 5), listed("x", 5, 2)],
            ["1. One", "And.", "2. Two", "- x"],
        ),
        ([listed("Neuf", 6), listed("Dix", 6), listed("Onze", 5)], ["9. Neuf", "10. Dix", "11. Onze"]),
        (
            [
                listed("Gates", 7, 0, "Titre1"),
                listed("Keys", 7, 1),
                listed("Locks", 7, 1),
                listed("Walls", 7, 0, "Titre1"),
            ],
            ["Titre I Gates", "I.3 Keys", "I.4 Locks", "Titre II Walls"],
        ),
    ],
)
def test_items_and_headings_of_word_have_the_numbers_that_it_shows(tmp_path, body, seen):
    data = word_document(word_paragraph(PORT) + "".join(body), numbering=LEVELS)
    assert read(tmp_path, data, "port.docx").text.replace("\n\n", "\n").split("\n") == [PORT, *seen]


NUMBERED = """<text:list-style style:name="L1">
<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>
<text:list-level-style-number text:level="2" style:num-format="i" style:num-suffix=")" text:display-levels="2"/>
<text:list-level-style-bullet text:level="3" text:bullet-char="o"/></text:list-style>"""


def odt_list(*items, more=""):
    inner = "".join(item if item.startswith("<text:list-item") else odt_item(item) for item in items)
    return f'<text:list text:style-name="L1"{more}>{inner}</text:list>'


def odt_item(text, inner="", more=""):
    return f"<text:list-item{more}><text:p>{text}</text:p>{inner}</text:list-item>"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (odt_list("Le gaz", "L'eau"), ["1. Le gaz", "2. L'eau"]),
        (
            odt_list(odt_item("Gates", odt_list("Keys", "Locks")), "Walls"),
            ["1. Gates", "1.i) Keys", "1.ii) Locks", "2. Walls"],
        ),
        (odt_list("Un") + odt_list("Un autre"), ["1. Un", "1. Un autre"]),
        (odt_list("Un") + odt_list("Deux", more=' text:continue-numbering="true"'), ["1. Un", "2. Deux"]),
        (odt_list(odt_item("Quatre", more=' text:start-value="4"'), "Cinq"), ["4. Quatre", "5. Cinq"]),
    ],
)
def test_items_of_an_open_document_have_the_numbers_that_are_shown(tmp_path, body, seen):
    data = open_document(f"<text:p>{PORT}</text:p>{body}", styles=NUMBERED)
    assert read(tmp_path, data, "port.odt").text.replace("\n\n", "\n").split("\n") == [PORT, *seen]


ODT_STYLES = """<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="T2"><style:text-properties text:display="none"/></style:style>
<style:style style:name="T3"><style:text-properties style:text-position="-33% 58%"/></style:style>
<style:style style:name="T4"><style:text-properties style:text-position="33% 58%"/></style:style>"""


def styled(text, name):
    return f'<text:span text:style-name="{name}">{text}</text:span>'


BOX = "<draw:frame><svg:title>x</svg:title><draw:text-box><text:p>Encadré.</text:p></draw:text-box></draw:frame>"
SECTION = '<text:section text:display="{}" text:is-hidden="true"><text:p>x</text:p></text:section><text:p>vu</text:p>'


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        (
            "<text:p>Carte <text:sequence>1</text:sequence> : <text:placeholder>le port</text:placeholder></text:p>",
            "Carte 1 : le port",
        ),
        ("<text:p>Le <text:date>3 mai</text:date>, <text:title>Lans</text:title></text:p>", "Le 3 mai, Lans"),
        (
            "<text:p>Le <text:text-input>quai<text:s/>nord</text:text-input><text:script>x</text:script></text:p>",
            "Le quai nord",
        ),
        (f"<text:p>Avant {BOX}après.</text:p>", "Avant après.\n\nEncadré."),
        (f"<text:p>10{styled(6, 'T1')} m</text:p>", "10⁶ m"),
        (f"<text:p>le 1{styled('er', 'T4')}</text:p>", "le 1er"),
        (f"<text:p>CO{styled(2, 'T3')}</text:p>", "CO2"),
        (f'<text:p>v{styled("caché", "T2")}u</text:p><text:p text:style-name="T2">x</text:p>', "vu"),
        (SECTION.format("none"), "vu"),
        (SECTION.format("condition"), "vu"),
        (SECTION.format("true"), "x\n\nvu"),
    ],
)
def test_what_a_reader_of_an_open_document_sees(tmp_path, body, seen):
    data = open_document(f"<text:p>{PORT}</text:p>{body}", styles=ODT_STYLES)
    assert read(tmp_path, data, "port.odt").text == f"{PORT}\n\n{seen}"


def word_table(*rows):
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"


def cell(text, more=""):
    return f"<w:tc><w:tcPr>{more}</w:tcPr>{word_paragraph(text)}</w:tc>"


FIRST, REST = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
WIDE = '<w:gridSpan w:val="2"/>'


@pytest.mark.parametrize(
    ("rows", "seen"),
    [
        (
            [[cell("Lundi", FIRST), cell("9 h")], [cell("", REST), cell("14 h")], [cell("Mardi"), cell("8 h")]],
            ["Lundi | 9 h", "Lundi | 14 h", "Mardi | 8 h"],
        ),
        (
            [[cell("Gate", WIDE), cell("Open", FIRST)], [cell("A"), cell("B"), cell("", REST)]],
            ["Gate | Open", "A | B | Open"],
        ),
        (
            [[cell("Long " * 40, FIRST), cell("9 h")], [cell("", REST), cell("14 h")]],
            [f"{('Long ' * 40).strip()} | 9 h", "14 h"],
        ),
        (
            [[f"<w:tc>{word_paragraph('Quai')}{word_table([cell('A'), cell('B')])}</w:tc>", cell("Nord")]],
            ["Quai | A | B | Nord"],
        ),
    ],
)
def test_a_cell_beside_several_rows_is_read_in_each_and_a_table_in_a_cell_leaves_the_row_whole(tmp_path, rows, seen):
    data = word_document(word_paragraph(PORT) + word_table(*rows))
    assert read(tmp_path, data, "port.docx").text.split("\n\n", 1)[1].split("\n") == seen


def test_a_cell_of_an_open_document_beside_several_rows_is_read_in_each(tmp_path):
    def row(*cells):
        return f"<table:table-row>{''.join(cells)}</table:table-row>"

    def one(text, more=""):
        return f"<table:table-cell{more}><text:p>{text}</text:p></table:table-cell>"

    spanning, covered = ' table:number-rows-spanned="3"', "<table:covered-table-cell/>"
    rows = row(one("Lundi", spanning), one("9 h")) + row(covered, one("14 h")) + row(covered, one("18 h"))
    data = open_document(f"<text:p>{PORT}</text:p><table:table>{rows}{row(one('Mardi'), one('8 h'))}</table:table>")
    seen = ["Lundi | 9 h", "Lundi | 14 h", "Lundi | 18 h", "Mardi | 8 h"]
    assert read(tmp_path, data, "port.odt").text.split("\n\n", 1)[1].split("\n") == seen


def test_a_book_is_read_in_the_order_of_its_chapters(tmp_path):
    chapters = {
        "deux%20.xhtml": "<h1>Chapitre premier</h1><p>Il était une fois un port.</p>",
        "nav.xhtml": "<ol><li>Chapitre premier</li></ol>",
        "un.xhtml": f"<h1>Chapitre second</h1><p>{PORT}</p><p hidden=''>caché</p>",
    }
    article = read(tmp_path, book(chapters, title="Le Port", author="Anne Petit"), "port.epub")
    assert (article.title, article.author) == ("Le Port", "Anne Petit")
    assert article.text == f"Le Port\n\nChapitre premier\n\nIl était une fois un port.\n\nChapitre second\n\n{PORT}"


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ('Le port est <span epub:type="pagebreak" id="p12">12</span>rouvert.', "Le port est rouvert."),
        ('Le <span role="doc-pagebreak">page xiv</span>port<a epub:type="noteref" href="#n">1</a>.', "Le port."),
        (
            '<span epub:type="pagebreak">« Le</span> port » <a role="doc-noteref" href="#n">[*]</a>rouvre',
            "« Le port » rouvre",
        ),
        ('Le port<a epub:type="noteref" href="#n"> (Lans)</a> rouvre.', "Le port (Lans) rouvre."),
    ],
)
def test_neither_numbers_of_printed_pages_nor_calls_of_notes_stand_in_the_text_of_a_book(tmp_path, body, seen):
    assert read(tmp_path, book({"un.xhtml": f"<p>{body}</p>"}), "livre.epub").text == seen


@pytest.mark.parametrize(
    ("metadata", "type_", "name", "linear"),
    [
        ("<dc:title>Lans</dc:title>", "text/x-oeb1-document", "un.html", "yes"),
        ("<title>&nbsp;Lans</title><meta>", "application/octet-stream", "Un.XHTML", "no"),
        ("<title>Lans</title>", "text/html", "un", "no"),
    ],
)
def test_a_book_that_breaks_the_rules_is_read(tmp_path, metadata, type_, name, linear):
    items = f'<item id="a" href="{name}" media-type="{type_}"/><item id="b" href="fin.xhtml" media-type="text/html"/>'
    spine = f'<spine><itemref idref="a" linear="{linear}"/><itemref idref="b"/></spine>'
    parts = {
        "META-INF/container.xml": '<container><rootfile full-path="a.opf"/></container>',
        "a.opf": f"<package><metadata>{metadata}</metadata><manifest>{items}</manifest>{spine}</package>",
        name.lower(): f"<p>{PORT}</p>",
        "fin.xhtml": "<p>Fin.</p>",
    }
    article = read(tmp_path, archive(parts), "livre.epub")
    order = [PORT, "Fin."] if linear == "yes" else ["Fin.", PORT]
    assert (article.title, article.text) == ("Lans", "\n\n".join(["Lans", *order]))


def test_a_locked_book_is_told_from_one_whose_fonts_are_locked(tmp_path):
    locked = "<encryption><CipherData><CipherReference URI='OEBPS/{}'/></CipherData></encryption>"
    chapters = {"un.xhtml": f"<p>{PORT}</p>"}
    fonts = book(chapters, more={"META-INF/encryption.xml": locked.format("police.otf")})
    assert read(tmp_path, fonts, "a.epub").text == PORT
    with pytest.raises(ArticleError, match="locked"):
        read(tmp_path, book(chapters, more={"META-INF/encryption.xml": locked.format("un.xhtml")}), "b.epub")


def test_the_kind_is_told_by_the_content_whatever_the_name(tmp_path):
    for number, data in enumerate(
        (
            word_document(word_paragraph(PORT)),
            open_document(f"<text:p>{PORT}</text:p>"),
            book({"a.xhtml": f"<p>{PORT}</p>"}),
        )
    ):
        for name in (f"{number}.docx", f"{number}.txt", f"{number}"):
            assert read(tmp_path, data, name).text == PORT


def damaged_member():
    data = bytearray(word_document(word_paragraph(PORT) * 50))
    data[data.index(b"word/document.xml") + 40] ^= 255
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (b"PK\x03\x04 cut", "a.docx", "zip file"),
        (b"\xd0\xcf\x11\xe0 old", "a.docx", "old Word document, or one locked"),
        (b"some text", "a.odt", "no .odt file"),
        (damaged_member(), "a.docx", "damaged"),
        (archive({"word/other.xml": "<a/>"}), "a.docx", "lacks word/document.xml"),
        (archive({"word/document.xml": "<a>"}), "a.docx", "no XML"),
        (archive({"word/document.xml": "<a/>"}), "a.docx", "no readable text"),
        (archive({"readme.txt": PORT}), "a.zip", "zip file"),
        (archive({"content.xml": "<a/>", "META-INF/manifest.xml": "<encryption-data/>"}), "a.odt", "locked"),
    ],
)
def test_why_a_document_cannot_be_read_is_said_in_a_sentence(tmp_path, data, name, said):
    with pytest.raises(ArticleError, match=said) as error:
        read(tmp_path, data, name)
    assert error.value.remedy


def test_what_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "MOST_UNPACKED", 100_000)
    with pytest.raises(ArticleError, match="unpacks to more"):
        read(tmp_path, word_document(word_paragraph("a" * 200_000)), "a.docx")


def test_entities_are_not_expanded_and_nothing_is_fetched(tmp_path):
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    entities = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret"><!ENTITY b "bomb">]>'
    body = "<w:document xmlns:w='w'><w:p><w:r><w:t>Le port &x;&b;</w:t></w:r></w:p></w:document>"
    text = read(tmp_path, archive({"word/document.xml": entities + body}), "a.docx").text
    assert "secret" not in text
    assert "Le port" in text


def test_a_locked_zip_is_said_to_be(tmp_path):
    data = bytearray(word_document(word_paragraph(PORT)))
    place = 0
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        data[place + 8] |= 1
        place += 4
    with pytest.raises(ArticleError, match="locked"):
        read(tmp_path, bytes(data), "a.docx")
