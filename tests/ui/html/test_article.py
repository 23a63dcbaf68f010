"""The article as a page: every character once, in order."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.fake_door import garden, harbour
from support.pages import ANY_TEXT, Text

from rag.values import Article, Block
from ui.html import article_html
from ui.words.french import FRENCH


def shown(article):
    return Text(article_html(article, FRENCH), "article-text").text


@pytest.mark.parametrize("article", [harbour(), garden()], ids=["harbour", "garden"])
def test_the_reader_holds_every_character_of_the_article_in_order(article):
    assert shown(article) == article.text


@given(ANY_TEXT)
@example("Qu'est-ce que l'internationalisation ?")
@example("« R&D » : <b>12 %</b> ?")
@example("a\r\n\r\nb\n \n")
def test_any_text_is_kept_whole(text):
    assert shown(Article("0", "", text, "fr")) == text.replace("\0", "\ufffd")


@given(st.lists(st.tuples(ANY_TEXT, st.sampled_from(["title", "heading", "paragraph", "caption", ""])), max_size=6))
def test_any_text_is_kept_whole_whatever_its_blocks_are(parts):
    text, blocks = "", []
    for part, kind in parts:
        if kind:
            blocks.append(Block(kind, len(text), len(text) + len(part), level=2))
        text += part
    assert shown(Article("0", "", text, "fr", blocks=tuple(blocks))) == text.replace("\0", "\ufffd")


def test_the_title_is_shown_once_whether_or_not_the_text_holds_it():
    inside = article_html(harbour(), FRENCH)
    outside = article_html(Article("0", "Un titre", "Un texte.", "fr"), FRENCH)
    assert inside.count("rouvre ses quais") == 1
    assert outside.count("Un titre") == 1
    assert "17\u00a0mars 2025 · port.md" in inside
