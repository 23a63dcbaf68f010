"""What a browser would show of a piece of HTML, and tabs and exchanges to show."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from support.fake_door import FakeDoor

from rag.values import Answer, Citation, Sentence
from ui.html.answer import paragraphs
from ui.html.environment import ENVIRONMENT
from ui.page import Page
from ui.state import Exchange, fold
from ui.tab import Tab
from ui.words import Words

EMPTY = {"br", "progress"}

ANY_TEXT = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="ab «»<>&\"'é\n\r?!;:🗼\t\x0c\u202f\0*", max_size=60),
    st.lists(
        st.sampled_from([
            "« ", " »", " ?", " :", "l'", "**", "&amp;", "&#x27;", "<b>", "</p>", "[1]", "\n", "\r\n", "# ", "`", "mot",
            "{{ 7*7 }}", "{% raw %}", " ", "\u2028", "rag models",
        ]),
        max_size=12,
    ).map("".join),
)  # fmt: skip
"""Texts of every kind: any characters, those that HTML and French typography care about, pieces of markup."""


class Text(HTMLParser):
    """What a browser would show as text inside the element of a class, and the tags it would build."""

    def __init__(self, html: str, within: str = "") -> None:
        super().__init__(convert_charrefs=True)
        self.within, self.depth, self.text = within, 0, ""
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.feed(str(html))  # a Markup would escape what is added to it
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in EMPTY and (self.depth or self.within in (dict(attrs).get("class") or "").split()):
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        self.depth -= bool(self.depth) and tag not in EMPTY

    def handle_data(self, data: str) -> None:
        if self.depth or not self.within:
            self.text += data


def body_html(exchange: Exchange, words: Words) -> str:
    """Return the text of an answer as a turn shows it."""
    return str(ENVIRONMENT.get_template("pieces.html").module.body(paragraphs(exchange, words), words))


def opened(page: Page, reader: str = "a" * 32, language: str = "fr") -> Tab:
    """Return a tab as it is once the page has opened."""
    tab = Tab()
    page.greet(tab, reader, language)
    page.open(tab)
    return tab


def exchanges(question: str, folder: Path) -> list[Exchange]:
    """Return an exchange of the scripted workspace after each of its events."""
    found = [Exchange(question)]
    for event in FakeDoor(folder).answer(question, library="exemple"):
        found.append(fold(found[-1], event))
    return found


def answered(
    text: str, sentences: tuple[Sentence, ...] = (), citations: tuple[Citation, ...] = (), **more: Any
) -> Exchange:
    """Return an exchange that is finished with this answer; its sentences stand in the text in their order."""
    placed, end = [], 0
    for sentence in sentences:
        start = text.index(sentence.text, end)
        end = start + len(sentence.text)
        placed.append(replace(sentence, start=start, end=end))
    return Exchange("Q ?", answer=Answer("Q ?", text, False, "m", tuple(placed), citations, **more))
