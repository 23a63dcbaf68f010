"""Texts become HTML that shows them: nothing of them is lost, and nothing of them is markup."""

import html
import re

import pytest
from hypothesis import example, given
from support.pages import ANY_TEXT, Text

from ui.html.typography import commands, escape, inline, prose

BOLD = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")


@given(ANY_TEXT)
@example("Qu'est-ce que l'internationalisation ?")
@example('« R&D » et « "Q&A" »')
@example("Tapez : rag models pull x-3b")
def test_any_text_is_shown_as_it_is(text):
    kept = text.replace("\0", "\ufffd")
    for write in (escape, prose, commands):
        markup = write(text)
        assert html.unescape(re.sub(r"<[^>]*>", "", markup)) == kept
        assert Text(markup).text == kept


@given(ANY_TEXT)
@example("**l'un ?** <br> **\n**")
def test_emphasis_and_line_ends_are_all_that_an_answer_may_mark(text):
    markup = inline(text)
    assert Text(markup.replace("<br>", "\n")).text == BOLD.sub(r"\1", text.replace("\0", "\ufffd"))
    assert set(Text(markup).tags) <= {"strong", "span", "br"}


@given(ANY_TEXT)
def test_any_text_may_be_the_value_of_an_attribute(text):
    found = []
    parser = Text("")
    parser.handle_starttag = lambda _, values: found.extend(values)
    parser.feed(f'<i title="{escape(text)}" lang="fr">')
    assert found == [("title", text.replace("\0", "\ufffd")), ("lang", "fr")]


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Est-ce l'internationalisation ?", "l&#39;internationalisation ?"),
        ("Voir « R&D »", "« R&amp;D"),
        ("Est-ce a<b ?", "a&lt;b ?"),
        ('Un "oui" !', "&#34;oui&#34; !"),
    ],
)
def test_punctuation_stays_with_its_word_whatever_the_word_is_made_of(text, markup):
    assert f'<span class="nb">{markup}</span>' in prose(text)


def test_a_nul_takes_exactly_one_place_so_that_offsets_hold():
    assert escape("a\0b") == "a\ufffdb"


def test_what_ends_like_a_command_and_is_none_is_read_in_no_time():
    assert "<code>" not in commands("rag " + "a" * 5000 + " !")
