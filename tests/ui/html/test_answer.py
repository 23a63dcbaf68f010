"""The text of an answer: its words as they are, with its marks and verdicts."""

import html
import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.fake_door import ACROSS, HARBOUR, QUOTE, cite, harbour
from support.pages import ANY_TEXT, Text, answered, body_html, exchanges

from rag.events import Cited, Finished, Token
from rag.values import Citation, Hit, Passage, Sentence
from ui.html import turn_html
from ui.state import Exchange, fold
from ui.words.french import FRENCH

BOLD = re.compile(r"\*\*(\S(?:[^*\n]*\S)?)\*\*")
MARK = re.compile(r'<button type="button" class="cite".*?</button>', re.DOTALL)


def shown(markup):
    """Return what a browser shows of some markup: its tags taken out, its references resolved."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


@given(ANY_TEXT)
@example("Qu'est-ce que l'internationalisation ?\n**« R&D »** : <b> !")
def test_each_line_of_an_answer_is_a_paragraph_that_shows_exactly_its_text(text):
    found = re.findall(r"<p>(.*?)</p>", body_html(Exchange("?", text=text), FRENCH), re.DOTALL)
    lines = [BOLD.sub(r"\1", line) for line in text.replace("\0", "\ufffd").split("\n") if line.strip()]
    assert [shown(paragraph) for paragraph in found] == lines


@given(st.lists(st.tuples(ANY_TEXT, st.booleans()), max_size=6), st.booleans())
def test_sentences_and_marks_take_no_character_away(parts, finished):
    text = "".join(part for part, _ in parts)
    starts = [len("".join(part for part, _ in parts[:number])) for number in range(len(parts))]
    sentences = tuple(
        Sentence(part, (n,), "yes", (), starts[n], starts[n] + len(part))
        for n, (part, is_sentence) in enumerate(parts)
        if is_sentence
    )
    citations = tuple(Citation(n, "a", part, 0, 1, part) for n, (part, _) in enumerate(parts))
    marks = tuple((min(citation.n, len(text)), citation) for citation in citations)
    exchange = (
        answered(text, sentences, citations) if finished else Exchange("?", text=text, sentences=sentences, marks=marks)
    )
    markup = body_html(exchange, FRENCH)
    assert len(MARK.findall(markup)) >= len(citations)
    assert bare(shown(MARK.sub("", markup))) == bare(text.replace("\0", "\ufffd"))


def bare(text):
    """Return a text without the white space and the stars that paragraphs and emphasis stand for."""
    return "".join(text.split()).replace("*", "")


def test_live_text_grows_and_the_finished_answer_replaces_it(tmp_path):
    turns = exchanges("La digue ?", tmp_path)
    texts = [Text(body_html(exchange, FRENCH)).text for exchange in turns]
    assert texts[0] == ""
    assert any(QUOTE in text for text in texts)
    final = turns[-1]
    assert final.done
    assert final.answer.citations == (cite(harbour(), QUOTE, 1), cite(harbour(), ACROSS, 2))
    assert Text(body_html(final, FRENCH)).text.startswith(f"Réponse 1 : {QUOTE}1 Réponse 2 : ")


def test_a_mark_carries_the_exact_place_and_says_its_quote(tmp_path):
    html = body_html(exchanges("La digue ?", tmp_path)[-1], FRENCH)
    start, end = (int(re.search(rf'data-n="2".*?data-{what}="(\d+)"', html)[1]) for what in ("start", "end"))
    assert HARBOUR[start:end] == ACROSS
    assert 'aria-label="Citation 1\u202f: «\u202fLa digue mesure' in html


def test_each_mark_stands_after_the_words_that_preceded_it():
    first, second = cite(harbour(), QUOTE, 1), cite(harbour(), ACROSS, 2)
    exchange = Exchange("?")
    for event in (Cited(first), Token("Un. "), Cited(second), Token("Deux."), Cited(first)):
        exchange = fold(exchange, event)
    assert Text(body_html(exchange, FRENCH)).text == "1Un. 2Deux.1"


def test_no_citation_of_a_finished_answer_is_lost_even_if_no_sentence_names_it():
    only = cite(harbour(), QUOTE, 3)
    for sentences in ((), (Sentence("Tout.", ()),), (Sentence("Tout.", (7,)),)):
        assert Text(body_html(answered("Tout.", sentences, (only,)), FRENCH)).text == "Tout.3"


def test_paragraphs_lines_and_bold_survive_and_nothing_else_is_markup():
    html = body_html(answered("Un **gras**.\nDeux.\n\nTrois <b>."), FRENCH)
    assert html == "<p>Un <strong>gras</strong>.</p><p>Deux.</p><p>Trois &lt;b&gt;.</p>"


def test_a_sentence_that_stands_twice_has_its_verdict_and_its_mark_where_it_stands():
    one, two = cite(harbour(), QUOTE, 1), cite(harbour(), ACROSS, 2)
    sentences = (Sentence("Oui.", (1,), "no"), Sentence("Oui.", (2,), "yes"))
    markup = body_html(answered("Oui. Non. Oui.", sentences, (one, two)), FRENCH)
    assert Text(markup).text == "Oui.1 non appuyée Non. Oui.2"


def test_a_line_end_inside_a_sentence_breaks_the_line_and_not_the_markup():
    html = body_html(answered("A\nb.\nC.", (Sentence("A\nb.", (), "yes"), Sentence("C.", (), "yes"))), FRENCH)
    assert re.findall(r"<p>(<span.*?</span>)</p>", html) == [
        '<span class="sentence yes" title="appuyée sur l’article">A<br>b.</span>',
        '<span class="sentence yes" title="appuyée sur l’article">C.</span>',
    ]


def test_a_mark_never_begins_a_line_of_its_own(tmp_path):
    html = body_html(exchanges("La digue ?", tmp_path)[-1], FRENCH)
    assert '<span class="nb">mètres.<button' in html


@pytest.mark.parametrize("said", ["Il a dit « oui »", "Que dit-il ?", "Quel succès !"])
def test_nor_does_a_sign_after_a_space_with_the_mark_behind_it(said):
    html = body_html(answered(said, (Sentence(said, (1,), "yes"),), (cite(harbour(), QUOTE, 1),)), FRENCH)
    together = re.findall('<span class="nb">(.*?)<button class="cite"', html.replace('type="button" ', ""))
    assert [Text(one).text for one in together] == [" ".join(said.split()[-2:])]


def test_finished_event_is_the_whole_truth():
    exchange = fold(fold(Exchange("?"), Token("faux départ")), Finished(answered("Vrai.").answer))
    assert Text(body_html(exchange, FRENCH)).text == "Vrai."


@pytest.mark.parametrize(
    ("said", "one", "several"),
    [
        (Sentence("Faux 13.", (), "no", ("13",)), "absent de l’article\u202f: 13", "absent des articles\u202f: 13"),
        (Sentence("Le quai.", (), "contradicted", ("quai",)), "contredite par l’article", "contredite par les"),
        (Sentence("Vrai.", (1,), "yes"), "phrase s’appuie sur l’article", "phrase s’appuie sur les articles"),
    ],
)
def test_where_several_articles_were_searched_they_are_what_is_spoken_of(said, one, several):
    harbour_hit = Hit(Passage("a", 0, 4, "Port"), "Le port", 0.8, 0.4, 3.2)
    exchange = answered(said.text, (said,))
    for hits, wanted, other in (
        ((harbour_hit,), one, several),
        ((harbour_hit, replace(harbour_hit, passage=Passage("b", 0, 4, "Parc"))), several, one),
    ):
        answer = replace(exchange.answer, hits=hits, confidence="likely")
        shown = turn_html(replace(exchange, answer=answer), FRENCH, number=0)
        assert wanted in shown
        assert other not in shown
        assert "Chances que " + ("les articles répondent" if hits[1:] else "l’article réponde") in shown


def test_exact_quotes_name_the_articles_they_come_from():
    quotes = (
        Sentence("«\u202fUn.\u202f»", (1,), "yes", quoted=True),
        Sentence("«\u202fDeux.\u202f»", (2,), "yes", quoted=True),
    )
    cited = (Citation(1, "a", "Port", 0, 3, "Un."), Citation(2, "b", "Parc", 0, 5, "Deux."))
    both = turn_html(answered("«\u202fUn.\u202f»«\u202fDeux.\u202f»", quotes, cited), FRENCH, number=0)
    assert "Citations exactes des articles" in both
    same = turn_html(
        answered("«\u202fUn.\u202f»«\u202fDeux.\u202f»", quotes, (cited[0], replace(cited[1], article="a"))),
        FRENCH,
        number=0,
    )
    assert "Citations exactes de l’article" in same
