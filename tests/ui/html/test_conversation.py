"""Turns as a page: what a reader sees of them, and what stands under an answer."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from support.fake_door import ACROSS, QUOTE, cite, harbour, make_article
from support.pages import Text, answered, exchanges

from rag.events import Token, Working
from rag.values import PROGRAM_MODEL, QUOTES_MODEL, Answer, Citation, Quote, Sentence
from ui.html import Welcome, article_html, turn_html, turns_html, welcome_html
from ui.html.conversation import copy_text
from ui.html.surroundings import nowhere
from ui.state import Exchange, Problem, fold
from ui.words.english import ENGLISH
from ui.words.french import FRENCH


def test_verdicts_are_words_and_not_only_colour():
    sentences = [
        Sentence("Vrai.", (), "yes"),
        Sentence("Presque 12.", (), "contradicted", ("12",)),
        Sentence("Faux 13.", (), "no", ("13",)),
    ]
    html = turn_html(answered("Vrai. Presque 12. Faux 13.", tuple(sentences)), FRENCH, number=0)
    assert "contredite par l’article\u202f; ce qui diffère\u202f: 12" in html
    assert "non appuyée\u202f; absent de l’article\u202f: 13" in html
    assert "1 phrase sur 3 s’appuie" in html
    assert "Aucune phrase" in turn_html(answered("Faux 13.", tuple(sentences[2:])), FRENCH, number=0)
    assert "2 of 3 sentences rest on" in turn_html(
        answered("Vrai. Vrai. Faux 13.", (sentences[0], sentences[0], sentences[2])), ENGLISH, number=0
    )
    calm = turn_html(answered("Vrai.", tuple(sentences[:1])), ENGLISH, number=0)
    assert "Every sentence rests on the article" in calm


def test_a_turn_is_drawn_again_only_where_something_of_it_changed():
    looked, drawn = [], {}
    turns = [answered(f"Réponse {number}.", citations=(cite(harbour(), QUOTE),)) for number in range(4)]

    def around(citation):
        looked.append(citation)
        return nowhere(citation)

    def draws(turns, **how):
        looked.clear()
        told = turns_html(turns, FRENCH, around=around, drawn=drawn, **how)
        count = len(looked)  # one citation a turn
        assert told == turns_html(turns, FRENCH, **how)
        return count

    assert draws(turns) == 4
    assert draws(turns) == 0
    other = answered("Encore.", citations=(cite(harbour(), QUOTE),))
    assert draws([*turns, other]) == 2  # the one before is no longer the last
    assert draws([*turns, replace(other, rating="up")]) == 1
    assert draws(turns[2:], first=0) == 2
    assert sorted(drawn) == [0, 1]
    assert draws(turns[2:], several=True) == 2
    assert draws(turns[2:], several=True, pinned=frozenset({("x", 0, 1)})) == 2


def test_a_turn_that_is_counted_while_the_others_are_drawn_is_drawn_the_next_time():
    turns, drawn = [answered("Réponse.", citations=(cite(harbour(), QUOTE),))], {}

    def around(citation):
        turns.append(answered("Encore."))
        return nowhere(citation)

    assert "Encore." not in turns_html(turns, FRENCH, around=around, drawn=drawn)
    assert "Encore." in turns_html(turns, FRENCH, drawn=drawn)


def test_quotes_within_quotes_have_the_marks_of_quotes_within_quotes():
    speech = "La maire l’a dit : « Nous serons là. » Et « d’autres"
    exchange = answered(
        f"«\u202f{speech}\u202f»",
        (Sentence(f"«\u202f{speech}\u202f»", (1,), "yes"),),
        (Citation(1, "a", "Port", 0, 9, speech),),
    )
    wanted = "«\u202fLa maire l’a dit : “Nous serons là.” Et “d’autres”\u202f»"
    assert wanted in Text(turn_html(exchange, FRENCH, number=0), within="answer").text.replace("1", "")
    assert f"{wanted} [1]" in copy_text(exchange.answer, FRENCH)
    near = Quote("a", "Port", 0, 9, "Nous partons », dit-il.", 0.2)
    refused = replace(
        exchange, answer=replace(exchange.answer, text="Rien.", sentences=(), refused=True, nearest=(near,))
    )
    assert "«\u202f“Nous partons”, dit-il.\u202f»" in Text(turn_html(refused, FRENCH, number=0)).text


def test_a_citation_of_a_finished_answer_is_pinned_or_leads_to_its_note():
    exchange = answered("Rien.", (Sentence("Rien.", (1,), "yes"),), (Citation(1, "a", "Port", 0, 9, "Le port ."),))
    free = turn_html(exchange, FRENCH, number=0)
    assert 'data-act="pin" data-article="a" data-start="0" data-end="9"' in free
    assert 'aria-label="Épingler la citation 1 aux notes"' in free
    kept = turn_html(exchange, FRENCH, number=0, pinned=frozenset({("a", 0, 9)}))
    assert 'data-act="pinned"' in kept
    assert 'data-act="pin"' not in kept
    growing = exchanges("La digue ?", Path("unused"))[-2]
    assert growing.citations
    assert 'class="pin"' not in turn_html(growing, FRENCH, number=0)


def test_what_does_not_stand_is_struck_out_and_not_counted():
    sentences = (
        Sentence("Faux 13.", (), "no", ("13",), 0, 8, struck=True),
        Sentence("Vrai.", (), "yes", (), 9, 14, struck=True),
        Sentence("Vrai.", (), "yes", (), 15, 20),
    )
    exchange = answered("Faux 13. Vrai. Vrai.", sentences)
    html = turn_html(exchange, FRENCH, number=0)
    assert '<s class="sentence no">Faux 13.</s>' in html
    assert "absent de l’article\u202f: 13" in html
    assert html.count("<s ") == 2
    assert "Chaque phrase s’appuie" in html
    assert exchange.answer
    assert "13" not in copy_text(exchange.answer, FRENCH)


def test_that_a_small_model_was_given_sentences_and_not_the_article_stands_under_why():
    exchange = answered("Vrai.", (Sentence("Vrai.", (), "yes"),))
    assert exchange.answer
    told = replace(exchange, answer=replace(exchange.answer, from_evidence=True))
    assert FRENCH.why_evidence in turn_html(told, FRENCH, number=0)
    assert FRENCH.why_evidence not in turn_html(exchange, FRENCH, number=0)


def test_of_quotes_no_more_is_said_than_that_they_are_exact():
    exchange = answered("Vrai.", (Sentence("Vrai.", (), "yes"),))
    assert exchange.answer
    exchange = replace(exchange, answer=replace(exchange.answer, model=QUOTES_MODEL))
    quoted = turn_html(exchange, FRENCH, number=0)
    assert "Citation exacte de l’article" in quoted
    assert "Chaque phrase s’appuie" not in quoted


def test_a_command_in_a_notice_stands_out():
    exchange = answered("Oui.", notices=("Pour en installer un : rag models pull x-3b",))
    assert "<code>rag models pull x-3b</code>" in turns_html([exchange], FRENCH)


def test_progress_is_told_while_no_word_has_come():
    assert "Recherche" in turn_html(Exchange("?"), FRENCH, number=0)
    reading = fold(Exchange("?"), Working("reading", 0.42))
    assert "42" in turn_html(reading, FRENCH, number=0)
    assert "index, une seule fois… 42" in turn_html(fold(Exchange("?"), Working("indexing", 0.42)), FRENCH, number=0)
    queued = fold(Exchange("?"), Working("queued", position=3))
    assert "3 ahead of you" in turn_html(queued, ENGLISH, number=0)
    assert "ahead" not in turn_html(fold(queued, Token("Oui")), ENGLISH, number=0)


def test_a_refusal_offers_the_nearest_passages_as_places_to_go(tmp_path):
    html = turn_html(exchanges("Et la lune ?", tmp_path)[-1], FRENCH, number=0)
    assert 'class="refused"' in html
    assert "L’article n’en dit rien." in html
    assert html.count('<ul class="passages"><li><button') == 1
    assert "problem" not in html


def test_a_problem_is_a_sentence_and_a_command():
    html = turn_html(Exchange("?", problem=Problem("Cassé.", "rag verify")), FRENCH, number=0)
    assert "Cassé." in html
    assert "<code>rag verify</code>" in html


def test_a_problem_is_told_in_the_language_of_the_page_and_kept_in_its_own():
    exchange = Exchange("?", problem=Problem("petit wrote no answer.", "ask again"))
    assert "pas écrit de réponse." in turn_html(exchange, FRENCH, number=0)
    assert "<code>redemander</code>" in turn_html(exchange, FRENCH, number=0)
    assert "petit wrote no answer." in turn_html(exchange, ENGLISH, number=0)


def test_a_doubt_is_told_with_every_answer_it_belongs_to():
    turns = [answered("Oui.", notices=("Relisez.",))] * 3
    assert turns_html(turns, FRENCH).count('class="notice caution">Relisez.') == 3
    assert turns_html(turns, FRENCH, first=1).count('class="notice caution">Relisez.') == 2
    assert turns[0].answer
    assert "Oui.\nRelisez." in copy_text(turns[0].answer, FRENCH)


@pytest.mark.parametrize(
    ("confidence", "steps", "said"), [("sure", 3, "élevée"), ("likely", 2, "moyenne"), ("unsure", 1, "faible")]
)
def test_how_likely_a_quote_answers_is_told_in_words_and_in_form(confidence, steps, said):
    exchange = answered("Vrai.", (Sentence("Vrai.", (), "yes"),), confidence=confidence, probability=0.7)
    assert exchange.answer
    quoted = replace(exchange, answer=replace(exchange.answer, model=QUOTES_MODEL))
    html = turn_html(quoted, FRENCH, number=0)
    assert html.count('<i class="on">') == steps
    assert f"Confiance {said}" in html
    assert "selon le programme\u202f: 70 %" in html
    assert f"Confiance {said}" in turn_html(exchange, FRENCH, number=0), "a model's words can miss the question, too"


def test_nothing_is_told_in_green_of_words_that_may_miss_the_question():
    kinds = {
        confidence: re.findall(
            'class="summary ([a-z]+)"',
            turn_html(answered("Vrai.", (Sentence("Vrai.", (), "yes"),), confidence=confidence), FRENCH, number=0),
        )
        for confidence in ("sure", "likely", "unsure", "")
    }
    assert kinds == {"sure": ["yes"], "likely": ["yes"], "unsure": ["unsure"], "": ["yes"]}


def test_confidence_does_not_stand_beside_what_the_article_does_not_say():
    sentences = (Sentence("Vrai.", (), "yes", (), 0, 5), Sentence("Faux.", (), "no", (), 6, 11))
    html = turn_html(answered("Vrai. Faux.", sentences, confidence="sure"), FRENCH, number=0)
    assert "1 phrase sur 2 s’appuie" in html
    assert "Confiance" not in html


def test_a_sentence_that_the_article_does_not_say_is_never_copied_without_its_verdict():
    sentences = (Sentence("Vrai.", (), "yes", (), 0, 5), Sentence("Faux 13.", (1,), "contradicted", ("13",), 6, 14))
    copied = answered("Vrai. Faux 13.", sentences, (cite(harbour(), QUOTE),))
    assert copied.answer
    text = copy_text(copied.answer, FRENCH)
    assert "Vrai. Faux 13. [1] (contredite par l’article\u202f; ce qui diffère\u202f: 13)" in text


@pytest.mark.parametrize(
    ("own", "struck", "evidence", "short"),
    [
        ("yes", False, True, True),
        ("partly", False, True, False),
        ("no", True, True, False),
        ("yes", False, False, False),
    ],
)
def test_a_model_s_few_words_are_the_headline_only_where_all_of_them_stand(own, struck, evidence, short):
    sentences = (
        Sentence("Le 14.", (), own, (), 0, 6, struck=struck),
        Sentence("Il rouvre le 14.", (), "yes", (), 7, 23, quoted=True),
    )
    html = turn_html(answered("Le 14.\nIl rouvre le 14.", sentences, from_evidence=evidence), FRENCH, number=0)
    assert ('class="answer short"' in html) is short
    assert html.count('<p class="quoted">') == 1


def test_words_stand_out_as_the_answer_only_where_they_are_likely_to_be():
    sentences = (Sentence("Le 14 juin.", (), "yes", (), 0, 11),)
    for confidence, strong in (("sure", 1), ("likely", 1), ("", 1), ("unsure", 0)):
        exchange = answered("Le 14 juin.", sentences, words=((3, 10),), confidence=confidence)
        assert turn_html(exchange, FRENCH, number=0).count("<strong>14 juin</strong>") == strong


@pytest.mark.parametrize("typed", ["Quand ?", "why?", "Et lui ?"])
def test_a_question_read_with_the_one_before_is_told_and_can_be_asked_as_typed(typed):
    followed = replace(answered("Oui.", searched=f"{typed} (Qui fera la banque)"), question=typed)
    html = turn_html(followed, ENGLISH, number=0)
    said, _, why = Text(html).text.partition("Why this")
    assert "Read with the question before it, too." in said
    assert followed.answer.searched not in said
    assert f"Searched for: “{followed.answer.searched}”" in why  # where the program tells what it did
    assert 'data-act="typed"' in html
    assert 'data-act="typed"' not in turn_html(followed, ENGLISH, number=0, last=False)
    alone = turn_html(replace(followed, question=followed.answer.searched), ENGLISH, number=0)
    assert "before it" not in alone


def test_that_no_model_is_installed_is_not_said_under_an_answer():
    assert "rag models pull" not in turns_html([answered("Oui.", advice=("Tapez : rag models pull x-3b",))], FRENCH)


def test_only_the_last_turn_can_be_asked_again():
    turns = [answered("Oui.")] * 2
    assert turns_html(turns, FRENCH).count('data-act="again"') == 1


def test_the_explanation_says_which_passages_were_used(tmp_path):
    html = turn_html(exchanges("La digue ?", tmp_path)[-1], FRENCH, number=0)
    assert html.count('<li class="used">') == 2
    assert html.count('<li class="unused">') == 1
    assert "mots 3,2 · sens 0,40" in html
    titled = "<i>Le port de Bréhal rouvre ses quais 🚢</i>"
    assert titled not in html
    several = turn_html(exchanges("La digue ?", tmp_path)[-1], FRENCH, number=0, several=True)
    assert several.count(titled) == 3  # of several articles, which a passage comes from


def test_no_rank_is_made_up_for_passages_that_no_search_ranked(tmp_path):
    told = exchanges("La digue ?", tmp_path)[-1]
    assert told.answer
    read = tuple(replace(hit, score=0.0, lexical=0.0, dense=0.0) for hit in told.answer.hits)
    html = turn_html(replace(told, answer=replace(told.answer, hits=read)), FRENCH, number=0)
    assert html.count("lu, non cité") == 1
    assert "rang" not in html
    assert "trouvé" not in html


def test_copied_text_has_its_marks_and_sources(tmp_path):
    text = copy_text(exchanges("La digue ?", tmp_path)[-1].answer, FRENCH)
    assert f"{QUOTE} [1]" in text
    across = ACROSS.replace("« Nous reviendrons »", "“Nous reviendrons”")
    assert text.endswith(f"[2] {harbour().title}\u202f: «\u202f{across}\u202f»")


def test_the_welcome_leads_somewhere():
    assert 'data-act="ask" data-question="Pourquoi ?"' in welcome_html(Welcome(("Pourquoi ?",)), FRENCH)
    assert 'data-panel="articles"' in welcome_html(Welcome((), empty=True), FRENCH)


# ── Nothing from outside becomes markup ─────────────────────────────────────────────────────────────────────────

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}${alert(1)}`"


def test_hostile_words_stay_words_everywhere():
    article = make_article(f"{EVIL}\n\n{EVIL} fin.", language='fr" onload="x', source=EVIL, date=EVIL, title=EVIL)
    citation = cite(article, f"{EVIL} fin.")
    quote = Quote(article.identifier, EVIL, citation.start, citation.end, citation.quote, 0.5)
    hostile = Answer(
        question=EVIL, text=EVIL, refused=True, model=EVIL,
        sentences=(Sentence(EVIL, (1,), "partly", (EVIL,), 0, len(EVIL)),),
        citations=(citation,), nearest=(quote,), searched=EVIL, language=EVIL, notices=(EVIL,),
    )  # fmt: skip
    pages = [
        article_html(article, FRENCH),
        turns_html([Exchange(EVIL, answer=hostile)], FRENCH),
        turns_html([Exchange(EVIL, problem=Problem(EVIL, EVIL))], FRENCH),
        welcome_html(Welcome((EVIL,)), FRENCH),
    ]
    for page in pages:
        seen = Text(page)
        assert not {"img", "script"} & set(seen.tags)
        assert not [name for name in seen.attributes if name.startswith("on")]
        assert EVIL in seen.text or EVIL in seen.text.replace("\n", "")


def test_what_the_program_says_for_itself_is_plain_text_without_a_verdict():
    answer = Answer("Bonjour", "Bonjour ! Posez une question.", refused=False, model=PROGRAM_MODEL)
    html = turn_html(Exchange("Bonjour", answer=answer), FRENCH, number=0)
    assert "Posez une question." in html
    assert FRENCH.why_program in html
    assert 'class="refused"' not in html
    assert 'class="sentence' not in html
    assert 'class="summary' not in html
