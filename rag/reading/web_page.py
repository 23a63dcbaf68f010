"""What a reader would see of the article on a web page, and what each stretch of it is.

trafilatura tells the article from menus, comments and advertisements. Scripts and elements hidden from the reader are
left out before it looks, since what a reader cannot see must not be quoted to them, nor tell a model what to do.
Nothing is run or fetched.
"""

from __future__ import annotations

from dataclasses import replace

from rag.errors import ArticleError
from rag.reading.block_collector import blocks_below
from rag.reading.hidden import remove_unseen
from rag.reading.parsed_document import ParsedDocument
from rag.reading.plain_text import document_of

_AROUND = "//nav|//footer|//aside|//form|//button|//head|//header[not(ancestor::article or ancestor::main)]"

_TOO_DEEP = "ERR_RESOURCE_LIMIT"  # as libxml2 calls it: 2,048 elements, each in another


def parse_html(text: str) -> ParsedDocument:
    """Return the document of a page.

    Title and date come from its metadata, else from its text; author and publisher from its metadata only.

    Of a page too short for trafilatura to tell its article from what surrounds it, everything but menus, footers and
    forms is taken.

    Raises:
        ArticleError: its elements are nested too deep, or its styles are too many.
    """
    from lxml import html
    from lxml.etree import ParserError
    from trafilatura import bare_extraction, extract_metadata

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except ParserError:  # nothing in it but comments, or not even that
        return ParsedDocument("", ())
    if any(error.type_name == _TOO_DEEP for error in parser.error_log):  # what stands deeper would be lost in silence
        raise ArticleError(
            "The elements of this page are nested too deep.", "save its text as a .txt file and add that"
        )
    remove_unseen(tree)
    metadata = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True})
    document = bare_extraction(tree, include_comments=False)
    root = tree if document is None or len(document.body) < 2 else document.body
    if root is tree:
        for element in tree.xpath(_AROUND):
            element.drop_tree()
    document = document_of(blocks_below(root), title=metadata.title or "", date=metadata.date or "")
    return replace(document, author=metadata.author or "", publisher=metadata.sitename or "")
