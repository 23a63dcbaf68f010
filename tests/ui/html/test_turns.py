import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.fake_door import ACROSS, HARBOUR, QUOTE, FakeDoor, cite, garden, harbour, make_article

from rag.events import Cited, Finished, Token, Working
from rag.values import Answer, Article, Quote, Sentence
from ui.html.article import article_html, text_html
from ui.html.conversation import Welcome, copy_text, turn_html, turns_html, welcome_html
from ui.html.turns import Draft, Problem, body_html, escape, fold, locate
from ui.words.english import ENGLISH
from ui.words.french import FRENCH


class Text(HTMLParser):
    """What a browser would show as text inside the element of a class, and the tags it would build."""

    def __init__(self, html, within=""):
        super().__init__(convert_charrefs=True)
        self.within, self.depth, self.text, self.tags, self.attributes = within, 0, "", [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag in {"br", "progress"}:
            return
        if self.depth or self.within in dict(attrs).get("class", "").split():
            self.depth += 1

    def handle_endtag(self, tag):
        self.depth -= bool(self.depth) and tag not in {"br", "progress"}

    def handle_data(self, data):
        if self.depth or not self.within:
            self.text += data


def run(question, tmp_path):
    drafts = [Draft(question)]
    for event in FakeDoor(tmp_path).answer(question, library="exemple"):
        drafts.append(fold(drafts[-1], event))
    return drafts


def answer(text, sentences=(), citations=(), **more):
    return Answer("Q ?", text, False, "m", tuple(sentences), tuple(citations), **more)


# ── The article ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("article", [harbour(), garden()], ids=["harbour", "garden"])
def test_the_reader_holds_every_character_of_the_article_in_order(article):
    assert Text(article_html(article, FRENCH), "article-text").text == article.text


@given(st.text(alphabet=st.sampled_from("ab «»<>&\"'é\n\r?!;:🗼\t\x0c\u202f"), max_size=80))
def test_any_text_without_blocks_is_kept_whole(text):
    shown = Text(f'<div class="x">{text_html(Article("0", "", text, "fr"))}</div>', "x").text
    assert shown == text


def test_a_nul_takes_exactly_one_place_so_that_offsets_hold():
    assert escape("a\0b") == "a\ufffdb"


def test_the_title_is_shown_once_whether_or_not_the_text_holds_it():
    inside = article_html(harbour(), FRENCH)
    outside = article_html(Article("0", "Un titre", "Un texte.", "fr"), FRENCH)
    assert inside.count("rouvre ses quais") == 1
    assert outside.count("Un titre") == 1
    assert "17\u00a0mars 2025 · port.md" in inside


# ── The answer ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_live_text_grows_and_the_finished_answer_replaces_it(tmp_path):
    drafts = run("La digue ?", tmp_path)
    texts = [Text(body_html(draft, FRENCH)).text for draft in drafts]
    assert texts[0] == ""
    assert any(QUOTE in text for text in texts)
    final = drafts[-1]
    assert final.done
    assert final.answer.citations == (cite(harbour(), QUOTE, 1), cite(harbour(), ACROSS, 2))
    assert Text(body_html(final, FRENCH)).text.startswith(f"Réponse 1 : {QUOTE}1 Réponse 2 : ")


def test_a_mark_carries_the_exact_place_and_says_its_quote(tmp_path):
    html = body_html(run("La digue ?", tmp_path)[-1], FRENCH)
    start, end = (int(re.search(rf'data-n="2".*?data-{what}="(\d+)"', html)[1]) for what in ("start", "end"))
    assert HARBOUR[start:end] == ACROSS
    assert 'aria-label="Citation 1\u202f: «\u202fLa digue mesure' in html


def test_each_mark_stands_after_the_words_that_preceded_it():
    first, second = cite(harbour(), QUOTE, 1), cite(harbour(), ACROSS, 2)
    draft = Draft("?")
    for event in (Cited(first), Token("Un. "), Cited(second), Token("Deux."), Cited(first)):
        draft = fold(draft, event)
    assert Text(body_html(draft, FRENCH)).text == "1Un. 2Deux.1"


def test_no_citation_of_a_finished_answer_is_lost_even_if_no_sentence_names_it():
    only = cite(harbour(), QUOTE, 3)
    for sentences in ((), (Sentence("Tout.", ()),), (Sentence("Absente.", (3,)),)):
        assert Text(body_html(Draft("?", answer=answer("Tout.", sentences, [only])), FRENCH)).text == "Tout.3"


def test_verdicts_are_words_and_not_only_colour():
    sentences = [
        Sentence("Vrai.", (), "yes"),
        Sentence("Presque 12.", (), "partly", ("12",)),
        Sentence("Faux 13.", (), "no", ("13",)),
    ]
    html = turn_html(Draft("?", answer=answer("Vrai. Presque 12. Faux 13.", sentences)), FRENCH, number=0)
    assert "en partie appuyée\u202f; l’article dit le contraire\u202f: 12" in html
    assert "pas trouvée dans l’article\u202f; absent de l’article\u202f: 13" in html
    assert "1 phrase(s) sur 3" in html
    calm = turn_html(Draft("?", answer=answer("Vrai.", sentences[:1])), ENGLISH, number=0)
    assert "Every sentence rests on the article" in calm


def test_paragraphs_lines_and_bold_survive_and_nothing_else_is_markup():
    html = body_html(Draft("?", answer=answer("Un **gras**.\nDeux.\n\nTrois <b>.")), FRENCH)
    assert html == "<p>Un <strong>gras</strong>.</p><p>Deux.</p><p>Trois &lt;b&gt;.</p>"


def test_sentences_are_located_in_order_and_unknown_ones_skipped():
    places = locate("A. B. A.", (Sentence("A."), Sentence("Z."), Sentence("A."), Sentence("")))
    assert [(start, end) for start, end, _ in places] == [(0, 2), (6, 8)]


def test_a_line_end_inside_a_sentence_breaks_the_line_and_not_the_markup():
    html = body_html(
        Draft("?", answer=answer("A\nb.\nC.", (Sentence("A\nb.", (), "yes"), Sentence("C.", (), "yes")))), FRENCH
    )
    assert re.findall(r"<p>(<span.*?</span>)</p>", html) == [
        '<span class="sentence yes" title="appuyée sur l’article">A<br>b.</span>',
        '<span class="sentence yes" title="appuyée sur l’article">C.</span>',
    ]


def test_marks_of_the_command_line_are_not_shown_twice(tmp_path):
    text = f"« {QUOTE} » [1]\n[7] et a[1] = 2"
    raw = answer(text, (Sentence(f"« {QUOTE} »", (1,), "yes"), Sentence("et a[1] = 2")), (cite(harbour(), QUOTE, 1),))
    draft = fold(Draft("?"), Finished(raw))
    assert draft.answer.text == f"« {QUOTE} »\n[7] et a[1] = 2"
    assert Text(body_html(draft, FRENCH)).text == f"« {QUOTE} »1[7] et a[1] = 2"


def test_a_mark_never_begins_a_line_of_its_own(tmp_path):
    html = body_html(run("La digue ?", tmp_path)[-1], FRENCH)
    assert '<span class="nb">mètres.<button' in html


def test_a_command_in_a_notice_stands_out():
    draft = Draft("?", answer=answer("Oui.", notices=("Pour en installer un : rag models pull x-3b",)))
    assert "<code>rag models pull x-3b</code>" in turns_html([draft], FRENCH)


def test_progress_is_told_while_no_word_has_come():
    assert "Recherche" in turn_html(Draft("?"), FRENCH, number=0)
    reading = fold(Draft("?"), Working("reading", 0.42))
    assert "42" in turn_html(reading, FRENCH, number=0)
    queued = fold(Draft("?"), Working("queued", position=3))
    assert "3 ahead of you" in turn_html(queued, ENGLISH, number=0)
    assert "ahead" not in turn_html(fold(queued, Token("Oui")), ENGLISH, number=0)


def test_a_refusal_offers_the_nearest_passages_as_places_to_go(tmp_path):
    html = turn_html(run("Et la lune ?", tmp_path)[-1], FRENCH, number=0)
    assert 'class="refused"' in html
    assert "L’article n’en dit rien." in html
    assert html.count('<ul class="passages"><li><button') == 1
    assert "problem" not in html


def test_a_problem_is_a_sentence_and_a_command():
    html = turn_html(Draft("?", problem=Problem("Cassé.", "rag verify")), FRENCH, number=0)
    assert "Cassé." in html
    assert "<code>rag verify</code>" in html


def test_a_notice_is_said_once_in_a_conversation():
    drafts = [Draft("?", answer=answer("Oui.", notices=("Aucun modèle.",)))] * 3
    assert turns_html(drafts, FRENCH).count("Aucun modèle.") == 1
    assert "Aucun modèle." not in turns_html(drafts, FRENCH, first=1)


def test_only_the_last_turn_can_be_asked_again():
    drafts = [Draft("?", answer=answer("Oui."))] * 2
    assert turns_html(drafts, FRENCH).count('data-act="again"') == 1


def test_the_explanation_says_which_passages_were_used(tmp_path):
    html = turn_html(run("La digue ?", tmp_path)[-1], FRENCH, number=0)
    assert html.count('<li class="used">') == 2
    assert html.count('<li class="unused">') == 1
    assert "mots 3,2 · sens 0,40" in html


def test_copied_text_has_its_marks_and_sources(tmp_path):
    text = copy_text(run("La digue ?", tmp_path)[-1].answer, FRENCH)
    assert f"{QUOTE} [1]" in text
    assert text.endswith(f"[2] {harbour().title}\u202f: «\u202f{ACROSS}\u202f»")


def test_the_welcome_leads_somewhere():
    assert 'data-ask="Pourquoi ?"' in welcome_html(Welcome(("Pourquoi ?",)), FRENCH)
    assert 'data-panel="articles"' in welcome_html(Welcome((), empty=True), FRENCH)


# ── Nothing from outside becomes markup ─────────────────────────────────────────────────────────────────────────

EVIL = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>{{7*7}}${alert(1)}`"


def test_hostile_words_stay_words_everywhere():
    article = make_article(f"{EVIL}\n\n{EVIL} fin.", language='fr" onload="x', source=EVIL, date=EVIL, title=EVIL)
    citation = cite(article, f"{EVIL} fin.")
    quote = Quote(article.identifier, EVIL, citation.start, citation.end, citation.quote, 0.5)
    hostile = Answer(
        question=EVIL, text=EVIL, refused=True, model=EVIL, sentences=(Sentence(EVIL, (1,), "partly", (EVIL,)),),
        citations=(citation,), nearest=(quote,), searched=EVIL, language=EVIL, notices=(EVIL,),
    )  # fmt: skip
    pages = [
        article_html(article, FRENCH),
        turns_html([Draft(EVIL, answer=hostile)], FRENCH),
        turns_html([Draft(EVIL, problem=Problem(EVIL, EVIL))], FRENCH),
        welcome_html(Welcome((EVIL,)), FRENCH),
    ]
    for page in pages:
        seen = Text(page)
        assert not {"img", "script"} & set(seen.tags)
        assert not [name for name in seen.attributes if name.startswith("on")]
        assert EVIL in seen.text or EVIL in seen.text.replace("\n", "")


def test_finished_event_is_the_whole_truth():
    draft = fold(fold(Draft("?"), Token("faux départ")), Finished(answer("Vrai.")))
    assert Text(body_html(draft, FRENCH)).text == "Vrai."
