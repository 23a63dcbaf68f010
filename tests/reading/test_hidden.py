"""What a page hides is told from what it merely styles: to lose an article's words would be worse than a trick."""

from __future__ import annotations

import pytest

from rag.reading.articles import read_article
from rag.reading.hidden import hides

HIDDEN = """
display:none
DISPLAY : None !important
color:red;visibility: hidden
font-size:0
font-size: .05em
font-size: 1px
opacity:0
opacity: 0.0; color: red
color: transparent
color: rgba(0, 0, 0, 0)
position:absolute;left:-9999px
text-indent: -999em
height:0; overflow:hidden
position:absolute; width:1px; overflow: hidden
clip: rect(0 0 0 0)
clip-path: inset(50%)
""".strip().splitlines()

SEEN = """
color:red
display:block
visibility: visible
font-size: 0.9em
font-size: 62.5%
font-size: larger
opacity:0.5
opacity: 0; transition: opacity 1s
opacity: 0; transform: translateY(20px)
color: rgba(0,0,0,.87)
color: #000
position:relative;left:-5px
text-indent: -1.5em
height:200px; overflow:hidden
height:1em; overflow:hidden
width:100%; overflow:hidden
overflow:hidden
margin-left: -20px
clip-path: inset(0)
background: transparent
-webkit-background-clip: text; background-clip: text; color: transparent
""".strip().splitlines()

TEXT = "La fontaine coule depuis lundi, et les enfants du quartier y jouent chaque soir jusqu'à la nuit."


@pytest.mark.parametrize("style", HIDDEN)
def test_a_style_that_hides(style: str):
    assert hides(style)


@pytest.mark.parametrize("style", SEEN)
def test_a_style_that_does_not(style: str):
    assert not hides(style)


def read(tmp_path, page: str, name: str = "page.html") -> str:
    (tmp_path / name).write_text(page, encoding="utf-8")
    return read_article(tmp_path / name).text


@pytest.mark.parametrize(
    "page",
    [
        f'<div style="background:#036"><p style="color:#fff">{TEXT}</p></div>',
        f'<h1 style="color:white">La fontaine</h1><p>{TEXT}</p>',
        f"<style>@media print {{ .text {{ display: none }} }}</style><p class='text'>{TEXT}</p><p>Fin du texte.</p>",
        f"<style>.page {{ visibility: hidden }}</style><div class='page'><p>{TEXT}</p></div><p>Fin.</p>",
        f"<style>.menu p, p:hover, .text::before {{ display: none }}</style><p class='text'>{TEXT}</p><p>Fin.</p>",
    ],
    ids=["white on blue", "a white title", "hidden in print", "a page that waits for its script", "other selectors"],
)
def test_words_that_are_seen_are_kept(tmp_path, page: str):
    assert TEXT in read(tmp_path, f"<html><body>{page}</body></html>")


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("Un <span hidden>b <span>c</span> d</span> mot.", "Un mot."),
        ("Un <img hidden> mot.", "Un mot."),
        ("Un <b style='display:none'>non</b>mot.", "Un mot."),
        ("<div hidden>\n\nnon\n\n<div>\n\nnon\n\n</div>\n\nnon\n\n</div>\n\nUn mot.", "Un mot."),
        ("<div>\n\nUn mot.\n\n</div>", "Un mot."),
        ("Un <!-- <span hidden> --> mot.", "Un mot."),
        ("[Un](javascript:alert(1)) mot. ![non](data:image/svg+xml,x)", "Un mot."),
    ],
)
def test_markdown_keeps_what_is_seen(tmp_path, document: str, text: str):
    assert read(tmp_path, document, "note.md").strip() == text
