"""Lines that only a style makes are lines of the text too, and words that stand apart are not glued."""

from __future__ import annotations

import pytest
from support.news_page import news_page

from rag.reading.web_page import parse_html


def read(inner: str, style: str = "") -> str:
    return parse_html(news_page(inner, style=style)).text


@pytest.mark.parametrize(
    ("inner", "style", "words"),
    [
        (
            "<p><span class='l'>Mairie de Valmer</span><span class='l'>12 rue du Port</span></p>",
            ".l{display:block}",
            "Mairie de Valmer\n12 rue du Port",
        ),
        ("<p><b style='display:block'>prix du billet</b>douze euros</p>", "", "prix du billet\ndouze euros"),
        (
            "<address>ana roux<em class='t'>directrice</em></address>",
            "address em{display:flex}",
            "ana roux\ndirectrice",
        ),
        ("<p><i class='i'>L</i>e maire est là.</p>", ".i{display:block;float:left}", "Le maire est là."),
        ("<p><i class='i'>L</i>e maire part.</p>", ".i{display:block}", "Le maire part."),
    ],
)
def test_what_a_style_puts_into_lines_of_its_own_is_not_glued(inner, style, words):
    assert words in read(inner, style)


@pytest.mark.parametrize(
    ("inner", "style", "words"),
    [
        (
            "<div style='white-space:pre-wrap'>Un vers\nun autre\n\nla strophe</div>",
            "",
            "Un vers\nun autre\n\nla strophe",
        ),
        (
            "<div class='p'><p>Un <b>vers</b>\nun <i>autre</i></p></div>",
            ".p{white-space:pre-line}",
            "Un vers\nun autre",
        ),
        ("<p style='white-space-collapse:preserve'>a\n<b>b</b>\n<i>c</i></p>", "", "a\nb\nc"),
        ("<div class='p'><p class='n'>Un\nmot</p></div>", ".p{white-space:pre}.n{white-space:normal}", "Un mot"),
        ("<p>Un\nmot</p>", "", "Un mot"),
    ],
)
def test_line_ends_that_a_style_keeps_are_kept(inner, style, words):
    assert words in read(inner, style)


@pytest.mark.parametrize(
    ("inner", "style", "words"),
    [
        ("<p>Il coûte 10<span class='s'>3</span> euros.</p>", ".s{vertical-align:super}", "Il coûte 10³ euros."),
        ("<p>Soit 340 m<font style='vertical-align:super'>2</font>.</p>", "", "Soit 340 m²."),
        ("<p>En 2021<a class='s' href='#n1'>[1]</a>, oui.</p>", ".s{vertical-align:super}", "En 2021, oui."),
    ],
)
def test_what_a_style_raises_is_raised(inner, style, words):
    assert words in read(inner, style)


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<figcaption><span>Le pont de Valmer.</span><span>ANA ROUX / AFP</span></figcaption>", "Valmer. ANA ROUX"),
        ("<p><span>Transports</span><strong>Rouler tard à Valmer</strong></p>", "Transports Rouler tard"),
        ("<p><span>Lex</span><span><a href='/1'>(00:01:12)</a> </span>Il part.</p>", "Lex (00:01:12) Il part."),
        ("<p><span>12 mars 2024</span><a href='/a'>Par Ana Roux</a></p>", "12 mars 2024 Par Ana Roux"),
    ],
)
def test_elements_whose_words_cannot_be_one_are_parted(inner, words):
    assert words in read(inner)


@pytest.mark.parametrize("inner", ["<b>You</b><span>Tube</span>", "<span>l'</span><b>Équipe</b>", "<b>A</b><i>nne</i>"])
def test_parts_of_a_word_stay_together(inner):
    assert "".join(parse_html(f"<p>{inner}</p>").text.split()) in read(f"<p>Voir {inner} ici.</p>")


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        ("<ol type='a'><li>le siège</li><li>la durée</li></ol>", "a. le siège\nb. la durée"),
        ("<ol type='I' start='3'><li>Titre</li><li>Autre</li></ol>", "III. Titre\nIV. Autre"),
        ("<ol reversed><li>bronze</li><li>argent</li></ol>", "2. bronze\n1. argent"),
        ("<ol style='list-style: lower-roman inside'><li>un</li><li>deux</li></ol>", "i. un\nii. deux"),
        ("<ul><li mark='Faux' value='3'>vrai</li></ul>", "vrai"),
    ],
)
def test_items_have_the_letters_and_numbers_that_a_browser_shows(inner, words):
    text = read(inner)
    assert words in text
    assert "Faux" not in text


@pytest.mark.parametrize("sign", ["\u200b", "&#8203;", "\u2060", "&#xfeff;"])
def test_signs_that_nobody_sees_part_no_word(sign):
    text = read(f"<p>Le tram{sign}way part.</p><p>{sign}</p><p>Fin.</p>")
    assert "Le tramway part.\n\nFin." in text


@pytest.mark.parametrize(
    "inner", ["<div><div>{}</div></div>", "<section>{}</section>", "<header><div>{}</div></header>"]
)
def test_a_block_in_a_heading_is_part_of_it(inner):
    document = parse_html(news_page(f"<h2>{inner.format('Des raisons de rouler')}</h2><p>Il est tard, dit-il.</p>"))
    kinds = {document.text[block.start : block.end]: block.kind for block in document.blocks}
    assert kinds["Des raisons de rouler"] == "heading"


@pytest.mark.parametrize(
    ("quote", "lines"),
    [
        (
            "<cite>Anne a écrit : <span>09:14</span></cite>Le pont ferme mardi.",
            "Anne a écrit : 09:14\nLe pont ferme mardi.",
        ),
        ("<div><cite>Marc wrote:</cite>The bridge closes.</div>", "Marc wrote:\nThe bridge closes."),
        ("<p>Le pont ferme, <cite>dit Anne</cite> mardi.</p>", "Le pont ferme, dit Anne mardi."),
    ],
)
def test_who_is_quoted_stands_on_a_line_before_the_quote(quote, lines):
    assert lines in read(f"<blockquote>{quote}</blockquote>")
