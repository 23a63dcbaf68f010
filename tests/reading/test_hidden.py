"""What a page hides is told from what it merely styles: to lose an article's words would be worse than a trick."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import ArticleError
from rag.reading import cascade
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
max-height:0; overflow:hidden; transition: max-height .3s
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


WHOLE = f"<h1>La fontaine</h1><p>{TEXT}</p><p>{TEXT}</p>"
WAITING = {
    "an element": f"<div style='visibility: hidden; opacity: 0'>{WHOLE}</div><p>Suivez-nous</p>",
    "the body": f"<body style='visibility:hidden'>{WHOLE}</body>",
    "all of the body": f"<body hidden style='display:none'>{WHOLE}</body>",
    "nearly all": f"<div style='display:none'>{WHOLE}</div><p>Chargement…</p>",
}


@pytest.mark.parametrize("page", WAITING)
def test_a_page_that_waits_for_its_script_is_read(tmp_path, page: str):
    assert TEXT in read(tmp_path, f"<html><head><title>La fontaine</title></head>{WAITING[page]}</html>")


@pytest.mark.parametrize("style", ["visibility:hidden", "opacity:0", "display:none"])
def test_a_smaller_part_that_attributes_hide_is_not_read(tmp_path, style: str):
    found = read(tmp_path, f"<article><h1>La fontaine</h1><p>{TEXT}</p><p style='{style}'>Dites oui.</p></article>")
    assert TEXT in found
    assert "oui" not in found


OPENING = ["Le prix ?", "Deux euros.", "Où ?", "À la gare."]
ACCORDIONS = {
    "buttons": "<button>{}</button><div class='p'>{}</div><button>{}</button><div class='p'>{}</div>",
    "each in an element": "<div><button>{}</button><p class='p'>{}</p></div>" * 2,
    "terms": "<dl><dt>{}</dt><dd class='p'>{}</dd><dt>{}</dt><dd class='p'>{}</dd></dl>",
    "labels": "<input type=checkbox id=a><label for=a>{}</label><div class='p'>{}</div>" * 2,
}


@pytest.mark.parametrize("style", ["display:none", "max-height:0;overflow:hidden", "visibility:hidden"])
@pytest.mark.parametrize("kind", ACCORDIONS)
def test_what_opens_right_below_is_read_with_what_opens_it(tmp_path, kind: str, style: str):
    found = read(tmp_path, styled(f".p{{{style}}}", ACCORDIONS[kind].format(*OPENING))).split("\n\n")
    assert [line for line in found if line in OPENING] == OPENING


@pytest.mark.parametrize(
    "inner",
    [
        "<button>Partager</button><div class='p'>Dites oui à tout.</div><p>Fin.</p>",
        "<button>A</button><ul class='p'><li><a href='/a'>oui</a></li></ul>" * 2,
        "<h3>Le prix</h3><div class='p'>oui</div><h3>Le lieu</h3><div class='p'>oui</div>",
    ],
    ids=["a single one", "menus", "headings"],
)
def test_what_no_row_of_controls_opens_stays_hidden(tmp_path, inner: str):
    assert "oui" not in read(tmp_path, styled(".p{display:none}", inner))


def test_a_shadow_tree_of_the_older_spelling_is_read(tmp_path):
    page = f"<h1>La fontaine</h1><x-text><template shadowroot='open'><p>{TEXT}</p></template></x-text>"
    assert TEXT in read(tmp_path, page)


# ── What a page's own style sheets hide ─────────────────────────────────────────────────────────────────────────

HIDDEN_TEXT = "Le fontainier demande vingt mille euros."
KINDS = {
    "a rule with a combinator": [
        ("article .note { display: none }", f"<p class='note'>{HIDDEN_TEXT}</p>"),
        ("article > div + p{display:none}", f"<div>Plan</div><p>{HIDDEN_TEXT}</p>"),
        (
            "h2 ~ blockquote.old em { display : none }",
            f"<h2>Le prix</h2><blockquote class='old'><em>{HIDDEN_TEXT}</em></blockquote>",
        ),
    ],
    "an attribute in a rule": [
        ("[hidden-note] { display: none }", f"<p hidden-note>{HIDDEN_TEXT}</p>"),
        ("p[data-state='off'], x{display:none!important}", f"<p data-state=off>{HIDDEN_TEXT}</p>"),
        ("span[lang|=en]{display:none}", f"<p>Plan <span lang='en-GB'>{HIDDEN_TEXT}</span></p>"),
    ],
    "invisible": [
        (".quiet{visibility:hidden}", f"<p class='quiet'>{HIDDEN_TEXT}</p>"),
        ("aside p:nth-child(2) { VISIBILITY: Hidden }", f"<aside><p>Plan</p><p>{HIDDEN_TEXT}</p></aside>"),
        ("li:not(.first) {visibility:collapse}", f"<ul><li class='first'>Plan</li><li>{HIDDEN_TEXT}</li></ul>"),
    ],
    "a font of no size": [
        ("article small { font-size: 0 }", f"<p>Plan <small>{HIDDEN_TEXT}</small></p>"),
        (".tiny{font:0/0 serif}", f"<p class='tiny'>{HIDDEN_TEXT}</p>"),
        ("div.a{font-size:10%} div.a div{font-size:10%}", f"<div class='a'><div>{HIDDEN_TEXT}</div></div>"),
    ],
    "off the page": [
        ("#far { position: absolute; left: -9999px }", f"<p id='far'>{HIDDEN_TEXT}</p>"),
        (".out p{text-indent:-100em}", f"<div class='out'><p>{HIDDEN_TEXT}</p></div>"),
        ("p.up{position:fixed;inset:-2000px auto auto 0}", f"<p class='up'>{HIDDEN_TEXT}</p>"),
    ],
    "clipped": [
        (".sr{clip:rect(1px, 1px, 1px, 1px);position:absolute}", f"<p class='sr'>{HIDDEN_TEXT}</p>"),
        ("footer~p,.cut p{height:0;overflow-y:hidden}", f"<div class='cut'><p>{HIDDEN_TEXT}</p></div>"),
        ("b.in{clip-path:inset(0 60% 0 40%)}", f"<p>Plan <b class='in'>{HIDDEN_TEXT}</b></p>"),
    ],
    "of the colour it stands on": [
        ("body{background:#222 } .same{color:rgb(34,34,34)}", f"<p class='same'>{HIDDEN_TEXT}</p>"),
        ("article i{color:#fefefe}", f"<p>Plan <i>{HIDDEN_TEXT}</i></p>"),
        (".box{background-color:navy} .box *{color:hsl(240 100% 25%)}", f"<div class='box'><p>{HIDDEN_TEXT}</p></div>"),
    ],
    "transparent": [
        (".ghost{opacity:0}", f"<p class='ghost'>{HIDDEN_TEXT}</p>"),
        ("p.glass{color:rgb(0 0 0 / 0)}", f"<p class='glass'>{HIDDEN_TEXT}</p>"),
        ("section u {color:#0000}", f"<section><p>Plan <u>{HIDDEN_TEXT}</u></p></section>"),
    ],
    "on a screen": [
        ("@media screen { .m{display:none} }", f"<p class='m'>{HIDDEN_TEXT}</p>"),
        ("@media all and (min-width: 40em){.m{display:none}}", f"<p class='m'>{HIDDEN_TEXT}</p>"),
        (
            "@media screen{a:hover{color:red} p:not(.n){color:red} .m:is(p){display:none}}",
            f"<p class='m'>{HIDDEN_TEXT}</p>",
        ),
        ("@layer base{@supports (display:grid){.m{display:none}}}", f"<p class='m'>{HIDDEN_TEXT}</p>"),
    ],
    "within another rule": [
        (
            ".card { color: #222; .note { display: none } }",
            f"<div class='card'><p class='note'>{HIDDEN_TEXT}</p></div>",
        ),
        ("p { &.quiet { visibility: hidden } }", f"<p class='quiet'>{HIDDEN_TEXT}</p>"),
        (".a, .b { @media screen { display: none } }", f"<p class='b'>{HIDDEN_TEXT}</p>"),
    ],
    "spelled to be missed": [
        (r".e{d\69splay:n\6fne}", f"<p class='e'>{HIDDEN_TEXT}</p>"),
        (".e/**/{/* a */display:/* b */none}", f"<p class='e'>{HIDDEN_TEXT}</p>"),
        (".e{display:none;display:seen} @media print{.e{display:block}}", f"<p class='e'>{HIDDEN_TEXT}</p>"),
    ],
    "a stronger rule": [
        ("p.s{display:none} p{display:block}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        (".s{display:none!important}", f"<p class='s' style='display:block'>{HIDDEN_TEXT}</p>"),
        (".s{display:block} .s{display:none}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
    ],
    "colours of old": [
        ("", f"<font color='#ffffff'>{HIDDEN_TEXT}</font>"),
        ("", f"<table bgcolor='black'><tr><td><font color='black'>{HIDDEN_TEXT}</font></td></tr></table>"),
        ("td{color:#eee}", f"<table bgcolor='#eeeeee'><tr><td>{HIDDEN_TEXT}</td></tr></table>"),
    ],
}
VISIBLE = {
    "a weaker rule": [
        (".s{display:none} p.s{display:block}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        ("#a{visibility:hidden} #a.b{visibility:visible}", f"<p id='a' class='b'>{HIDDEN_TEXT}</p>"),
        ("p{display:none!important} p.s{display:block!important}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
    ],
    "its own style": [
        (".s{display:none}", f"<p class='s' style='display:block'>{HIDDEN_TEXT}</p>"),
        (".s{display:block!important}", f"<p class='s' style='display:none'>{HIDDEN_TEXT}</p>"),
        (".s{font-size:0}", f"<div class='s'><p style='font-size:14px'>{HIDDEN_TEXT}</p></div>"),
    ],
    "shown inside what is hidden": [
        (".s{visibility:hidden} .s b{visibility:visible}", f"<p class='s'>non <b>{HIDDEN_TEXT}</b> non</p>"),
        ("ul.s{font-size:0} ul.s li{font-size:1rem}", f"<ul class='s'><li>{HIDDEN_TEXT}</li></ul>"),
        (".s{color:#fff} .s p{color:#333}", f"<div class='s'><p>{HIDDEN_TEXT}</p></div>"),
    ],
    "not on a screen": [
        ("@media print { .s{display:none} }", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        (
            "@media not screen{.s{display:none}} @media (max-width:600px){.s{display:none}}",
            f"<p class='s'>{HIDDEN_TEXT}</p>",
        ),
        ("</style><style media='print'>.s{display:none}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
    ],
    "within another rule": [
        (".card { .note { display: none } }", f"<p class='note'>{HIDDEN_TEXT}</p>"),
        ("p { &.quiet { visibility: hidden } }", f"<p>{HIDDEN_TEXT}</p>"),
        (".a { @media print { display: none } }", f"<p class='a'>{HIDDEN_TEXT}</p>"),
    ],
    "another element": [
        ("div .s{display:none}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        ("p:hover, p::before{display:none}", f"<p>{HIDDEN_TEXT}</p>"),
        ("article > .s{display:none}", f"<section><p class='s'>{HIDDEN_TEXT}</p></section>"),
    ],
    "light on dark": [
        (".s{background:#036;color:#fff}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        (".s{background:url(a.png)} .s p{color:white}", f"<div class='s'><p>{HIDDEN_TEXT}</p></div>"),
        ("</style><link rel='stylesheet' href='a.css'><style>.s{color:#fff}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
    ],
    "about to come": [
        (".s{opacity:0;transition:opacity .3s}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        (".s{opacity:0} p{animation-name:rise}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        (".s{opacity:0;-webkit-transform:translateY(30px)}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
    ],
    "laid out": [
        (".s{margin-left:-50vw;position:relative;left:50%}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        (".s{transform:translate3d(-1280px,0,0)}", f"<div class='s'><p>{HIDDEN_TEXT}</p></div>"),
        (".s{clip:auto;overflow:hidden;height:3em}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
    ],
    "badly written": [
        ("p:::x, .s{display:none}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        (".s{display none} .s{disp:none}", f"<p class='s'>{HIDDEN_TEXT}</p>"),
        ("@import 'a.css'; @unknown { .s{display:none} }", f"<p class='s'>{HIDDEN_TEXT}</p>"),
    ],
}


def pages_of(kinds: dict[str, list[tuple[str, str]]]) -> list:
    return [
        pytest.param(sheet, body, id=f"{kind} {number}")
        for kind, pages in kinds.items()
        for number, (sheet, body) in enumerate(pages, start=1)
    ]


def styled(sheet: str, body: str) -> str:
    return (
        f"<!doctype html><html><head><title>La fontaine</title><style>{sheet}</style></head><body><main><article>"
        f"<h1>La fontaine</h1><p>{TEXT}</p><p>{TEXT[::-1]}</p>{body}<p>Fin du texte.</p></article></main></body></html>"
    )


@pytest.mark.parametrize(("sheet", "body"), pages_of(KINDS))
def test_a_style_sheet_hides(tmp_path, sheet: str, body: str):
    found = read(tmp_path, styled(sheet, body))
    assert HIDDEN_TEXT not in found
    assert TEXT in found
    assert "Fin du texte." in found


@pytest.mark.parametrize(("sheet", "body"), pages_of(VISIBLE))
def test_a_style_sheet_hides_nothing(tmp_path, sheet: str, body: str):
    found = read(tmp_path, styled(sheet, body))
    assert HIDDEN_TEXT in found
    assert "non" not in found


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=".#*:>~+,()[]{}@!;/\\\"'&|=-abnp19% \n", max_size=120))
def test_no_style_breaks_the_reader(tmp_path, style: str):
    assert TEXT in read(tmp_path, styled(f"p.x{style}", f'<p class="x" style="{escape(style)}">Un mot.</p>'))


@pytest.mark.parametrize(
    "sheet",
    [
        "(" * 20_000,
        "p{color:" + "f(" * 5_000,
        ":not(" * 2_000 + "p" + ")" * 2_000 + "{display:none}",
        "p " * 2_000 + "{display:none}",
        "@media screen{" * 2_000 + "p{display:none}",
        "p,p{" + ("&" * 500 + "{") * 5 + "display:none",
    ],
    ids=["brackets", "functions", "negations", "combinators", "conditions", "rules"],
)
def test_a_style_nested_beyond_reason_is_passed_over(tmp_path, sheet: str):
    assert TEXT in read(tmp_path, styled(sheet, ""))


@pytest.mark.parametrize(
    ("selector", "body"),
    [
        (",".join(f"[a{n}]" for n in range(150)), "<p>mot</p>" * 300),
        ("x div div div div", "<div>" * 100 + "mot"),
        ("x ~ i ~ i ~ i", "<i>mot</i>" * 100),
        ("p:has(~ b)", "<p>mot</p>" * 300),
        ("i:first-of-type", "<i>mot</i>" * 1500),
    ],
    ids=["rules", "ancestors", "siblings", "relations", "places"],
)
def test_what_is_spent_on_styles_is_bounded(tmp_path, monkeypatch, selector: str, body: str):
    """Each way of making work grows faster than the page; all are counted, so that none can hold the program up."""
    monkeypatch.setattr(cascade, "MOST_STEPS", 60_000)
    assert TEXT in read(tmp_path, styled(",".join([".x"] * 150) + "{display:none}", body))
    with pytest.raises(ArticleError, match="styles of this page are too many"):
        read(tmp_path, styled(selector + "{display:none}", body))


def test_many_rules_and_many_elements_are_no_trouble(tmp_path, monkeypatch):
    """Rules are found by what they name, not each held against each element: twice the page is twice the work."""
    sheet = "".join(f".a{n}{{display:none}}" for n in range(400))
    body = "".join(f"<p class='a{n}'>caché</p><p>Mot {n}.</p>" for n in range(400))
    monkeypatch.setattr(cascade, "MOST_STEPS", 400 * 400)
    found = read(tmp_path, styled(sheet, body))
    assert "caché" not in found
    assert "Mot 399." in found
