"""Formulas are read as they are seen: once, in one line, with what is raised and what stands below."""

from __future__ import annotations

import pytest
from support.news_page import FIRST, LAST, news_page

from rag.reading.web_page import parse_html

SQUARE = "<mi>E</mi><mo>=</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup>"
CLIPPED = "position:absolute!important;clip:rect(1px,1px,1px,1px);height:1px;width:1px;overflow:hidden"


def between(inner: str, style: str = "") -> str:
    text = parse_html(news_page(inner, style=style)).text
    return text[text.index(FIRST) + len(FIRST) : text.index(LAST)].strip()


@pytest.mark.parametrize(
    ("shown", "style"),
    [
        (
            (
                f"<span style='display: none'><math alttext='E=mc^{{2}}'><semantics><mrow>{SQUARE}</mrow>"
                "<annotation encoding='application/x-tex'>E=mc^{2}</annotation></semantics></math></span>"
                "<img aria-hidden='true' src='a.svg' alt='E=mc^{2}'>"
            ),
            "",
        ),
        (
            (
                f"<span class='k'><span class='m'><math>{SQUARE}</math></span>"
                "<span aria-hidden='true'><span>E=m</span><span>c<span>2</span></span></span></span>"
            ),
            f".m{{{CLIPPED}}}",
        ),
        (
            f"<x-box><x-seen aria-hidden='true'><x-c></x-c></x-seen><x-heard><math>{SQUARE}</math></x-heard></x-box>",
            f"x-heard{{{CLIPPED}}}",
        ),
    ],
    ids=["a picture", "glyphs", "glyphs of a style"],
)
def test_a_formula_that_stands_there_for_the_eye_and_for_the_ear_is_read_once(shown, style):
    assert between(f"<p>L'énergie vaut {shown} au repos.</p>", style) == "L'énergie vaut E=mc² au repos."


def test_a_hidden_formula_beside_nothing_is_not_read():
    hidden = f"<span style='display:none'><math>{SQUARE}</math></span>"
    assert between(f"<p>L'énergie {hidden} au repos.</p>") == "L'énergie au repos."


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn><mi>n</mi></mrow></mfrac>", "(a+b)/(2n)"),
        ("<mfrac><mi>km</mi><mi>h</mi></mfrac>", "km/h"),
        ("<msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt>", "√(x+1)"),
        ("<mroot><mn>8</mn><mn>3</mn></mroot>", "³√8"),
        ("<msup><mi>x</mi><mi>n</mi></msup>", "x^n"),
        ("<msup><mn>10</mn><mrow><mo>\u2212</mo><mn>6</mn></mrow></msup>", "10⁻⁶"),
        ("<msub><mi>u</mi><mrow><mi>n</mi><mo>+</mo><mn>1</mn></mrow></msub>", "u_(n+1)"),
        ("<msub><mi>H</mi><mn>2</mn></msub><mi>O</mi>", "H2O"),
        (
            "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><mi>i</mi>",
            "∑_(i=1)^ni",
        ),
        ("<mover><mi>x</mi><mo>\u00af</mo></mover>", "x\u0304"),
        ("<mover><mi>v</mi><mo>→</mo></mover>", "v"),
        ("<mn>4</mn><mo>\u2062</mo><mi>a</mi><mtext> ou </mtext><mi>b</mi>", "4a ou b"),
    ],
)
def test_a_formula_is_told_in_one_line(formula, words):
    assert between(f"<p>Soit <math>{formula}</math> ici.</p>") == f"Soit {words} ici."


@pytest.mark.parametrize(
    ("alt", "words"),
    [
        (r"{\displaystyle E=mc^{2}}", "E=mc^{2}"),
        (r"\frac{a}{b}", r"\frac{a}{b}"),
        ("x_{n+1}", "x_{n+1}"),
        ("Le pont de Valmer", ""),
        ("photo_du_port.jpg", ""),
    ],
)
def test_of_a_picture_of_a_formula_its_description_is_read(alt, words):
    assert between(f"<p>Soit <img src='a.png' alt='{alt}'> ici.</p>") == " ".join(f"Soit {words} ici.".split())
