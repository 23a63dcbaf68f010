"""Calls of notes are no figures of a text, however a page raises them; the notes themselves are read."""

from __future__ import annotations

import pytest
from support.news_page import news_page

from rag.reading.web_page import parse_html

NOTES = "<ol><li id='n1'><a href='#r1'>↩</a> Insee.</li><li id='n2'>Mairie. <a href='#r2'>↩</a></li></ol>"


def read(inner: str) -> str:
    return parse_html(news_page(inner)).text


@pytest.mark.parametrize(
    "calls",
    [
        "<a id='r1' href='#n1' class='footnote-anchor'>1</a>",
        "<span class='ref'><a href='#n1' id='r1'>[1]</a></span>",
        "<sup id='r1'><a href='#n1'>1</a></sup><sup>,</sup><sup id='r2'><a href='#n2'>2</a></sup>",
        "<sup><a id='r1' href='#n1'>1</a></sup>, <sup><a id='r2' href='#n2'>2</a></sup>",
        "<sup><a id='r1' href='#n1'>1</a>, <a id='r2' href='#n2'>2</a></sup>",
    ],
    ids=["raised by a style", "in brackets", "a raised comma", "a comma", "two in one"],
)
def test_calls_of_notes_and_the_commas_between_them_are_left_out(calls):
    text = read(f"<p>Ils étaient 480 en 2021{calls}.</p>{NOTES}")
    assert "Ils étaient 480 en 2021." in text
    assert "1. Insee." in text
    assert "2. Mairie." in text


@pytest.mark.parametrize(
    "words",
    [
        "Voir la partie <a href='#n2'>2</a>.",
        "Voir <a id='r1' href='#n1'>la note de la mairie</a>.",
        "Le <a href='/1'>1</a> mai, l'article<a href='#x'>5</a> vaut.",
    ],
)
def test_other_links_stay(words):
    text = read(f"<p>{words}</p>{NOTES}")
    plain = parse_html(f"<p>{words}</p>").text
    assert plain in text


@pytest.mark.parametrize(
    "back",
    [
        "<span>↑ <sup><a href='#r1'>a</a></sup> et <sup><a href='#r2'>b</a></sup></span> ",
        "<span><b>^</b> <a href='#r1'><sup><i>a</i></sup></a> <a href='#r2'><sup>b</sup></a></span> ",
        "<span><a href='#r1'>↑</a></span> ",
    ],
)
def test_what_leads_from_a_note_back_is_left_out(back):
    assert "1. Le Tram, p. 12." in read(f"<ol><li>{back}<cite>Le Tram</cite>, p. 12.</li></ol>")
