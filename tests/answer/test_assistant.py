"""From a question to a checked answer: the events, the citations, the refusals, and who is asked at all."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.fakes import Scripted
from support.harbour import COST, ELSEWHERE, FISHERS, HARBOUR, HOUSE, HOW_MUCH, LENGTH, LONG, MAYOR, OPENING, put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.answer.notices import CUT, EXCERPTS, PASSAGES_LEFT_OUT, REFUSALS, REPLACED, TURNS_LEFT_OUT, UNSURE, refusal
from rag.errors import ContextTooSmall
from rag.events import Checked, Cited, Event, Finished, Replaced, Retrieved, Token, Working
from rag.index.library import Library
from rag.llm.evidence_prompt import MOST_EVIDENCE
from rag.llm.quoting import QuotingModel
from rag.llm.stopping import Stream
from rag.search.calibration import load_calibration
from rag.values import Answer, Citation, Prompt, Tokens, Turn

FAIR = """La foire aux livres de Dinan

La foire aux livres de Dinan a reçu neuf mille visiteurs dimanche. Les libraires ont vendu surtout des romans.
"""
MARKED = f"{COST} [2]"  # as a model marks it: each heading opens a passage, this is the second


@pytest.fixture
def port(library) -> str:
    return put(library, HARBOUR)


def ask(library: Library, model, question: str = HOW_MUCH, history=(), **options) -> list[Event]:
    settings = {name: options.pop(name) for name in ("passages", "answer_tokens") if name in options}
    return list(Assistant(library, WordReader(), model, **settings).answer(question, history, **options))


def answer_of(events: list[Event]) -> Answer:
    assert isinstance(events[-1], Finished)
    return events[-1].answer


def answered(library: Library, *pieces: str, question: str = HOW_MUCH) -> Answer:
    return answer_of(ask(library, Scripted(*pieces), question))


def unmarked(text: str) -> str:
    return re.sub(r" \[\d+\]", "", text)


class Citing(Scripted):
    """Says each sentence with the number of the passage that holds what it is given for."""

    def __init__(self, *said: tuple[str, str], **options) -> None:
        super().__init__(**options)
        self._said = said

    def write(self, prompt: Prompt) -> Iterator[str]:
        for sentence, held in self._said:
            (number, *_) = [n for n, hit in enumerate(prompt.shown, 1) if held in hit.passage.text]
            yield f"{sentence} [{number}] "


# ── The events ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_search_comes_first_the_whole_answer_last_and_between_them_what_it_is_made_of(library, port):
    events = ask(library, Citing(("Il a coûté 4,2 millions d'euros.", COST), ("La digue mesure 310 mètres.", LENGTH)))
    assert isinstance(events[0], Retrieved)
    assert [type(event) for event in events].count(Retrieved) == [type(event) for event in events].count(Finished) == 1
    answer = answer_of(events)
    said = "".join(event.text for event in events if isinstance(event, Token))
    assert said == answer.text
    assert [event.citation for event in events if isinstance(event, Cited)] == list(answer.citations)
    checked = [event for event in events if isinstance(event, Checked)]
    assert [event.index for event in checked] == [0, 1]
    assert tuple(event.sentence for event in checked) == answer.sentences
    assert events[0].hits == answer.hits
    assert answer.marked_text() == "Il a coûté 4,2 millions d'euros. [1] La digue mesure 310 mètres. [2]"
    assert [answer.text[one.start : one.end] for one in answer.sentences] == [one.text for one in answer.sentences]


def test_a_sentence_is_checked_only_once_its_tokens_and_marks_are_out(library, port):
    events = ask(library, Citing(("Il a coûté 4,2 millions d'euros.", COST), ("La digue mesure 310 mètres.", LENGTH)))
    written = ""
    for event in events:
        if isinstance(event, Token):
            written += event.text
        elif isinstance(event, Cited):
            cited = event.citation.n
        elif isinstance(event, Checked):
            assert event.sentence.text in written
            assert max(event.sentence.citations) <= cited


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_however_the_model_cuts_its_words_the_answer_is_the_same(library, port, size):
    said = f"{COST} [1][2]. Le phare reste fermé [99]. « {LENGTH} » [3, 1]"
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    whole, cut = answered(library, said), answered(library, *pieces)
    assert (cut.text, cut.sentences, cut.citations, cut.unknown_marks) == (
        whole.text,
        whole.sentences,
        whole.citations,
        whole.unknown_marks,
    )


def test_what_the_model_is_doing_before_it_writes_is_told(library, port):
    waiting = (Working("queued", position=2), Working("loading", 0.5), Working("reading", 1.0))
    events = ask(library, Scripted(*waiting, MARKED))
    assert tuple(event for event in events if isinstance(event, Working)) == waiting
    assert events.index(waiting[-1]) < next(at for at, event in enumerate(events) if isinstance(event, Token))


def test_the_times_follow_each_other(library, port):
    timings = answered(library, MARKED).timings
    assert 0 < timings.retrieve_s <= timings.first_token_s <= timings.total_s


def test_the_same_question_has_the_same_answer(library, port):
    first, second = (answered(library, MARKED) for _ in range(2))
    assert (first.text, first.citations, first.hits) == (second.text, second.citations, second.hits)


# ── Citations ───────────────────────────────────────────────────────────────────────────────────────────────────────


def assert_points_into(citation: Citation, library: Library, prompt: Prompt) -> None:
    """A citation is exact characters of an article, within a passage the model was shown."""
    text = library.article(citation.article).text
    assert citation.quote == text[citation.start : citation.end] != ""
    shown = [hit.passage for hit in prompt.shown if hit.passage.article == citation.article]
    assert any(passage.start <= citation.start < citation.end <= passage.end for passage in shown)


@pytest.mark.parametrize("sentence", [OPENING, MAYOR, COST, LENGTH, FISHERS, HOUSE])
def test_a_mark_means_the_sentence_of_the_passage_that_says_it(library, port, sentence):
    model = Citing((sentence, sentence))
    answer = answer_of(ask(library, model))
    (citation,) = answer.citations
    assert citation.quote == sentence
    assert_points_into(citation, library, model.prompts[0])
    assert [(one.citations, one.supported) for one in answer.sentences] == [((1,), "yes")]


def test_a_sentence_in_other_words_is_cited_by_the_one_closest_to_it(library, port):
    model = Citing(("La maire Nadège Corbin a coupé le ruban.", MAYOR), ("Six cents habitants étaient là.", MAYOR))
    answer = answer_of(ask(library, model))
    assert [citation.quote for citation in answer.citations] == [MAYOR]
    assert [one.citations for one in answer.sentences] == [(1,), (1,)]


def test_numbers_are_given_in_the_order_they_are_first_cited(library, port):
    model = Citing((HOUSE, HOUSE), (OPENING, OPENING), ("Le phare reste fermé.", HOUSE))
    answer = answer_of(ask(library, model))
    assert [(citation.n, citation.quote) for citation in answer.citations] == [(1, HOUSE), (2, OPENING)]
    assert [one.citations for one in answer.sentences] == [(1,), (2,), (1,)]


@pytest.mark.parametrize(("mark", "unknown"), [("[99]", 1), ("[0]", 1), ("[99][98]", 2), ("[1, 99, 1234]", 2)])
def test_numbers_that_no_passage_has_are_dropped_and_counted(library, port, mark, unknown):
    answer = answered(library, f"{MARKED} Le phare reste fermé. {mark}")
    assert answer.unknown_marks == unknown
    assert not re.search(r"\[(?:99|98|0|1234)\]", answer.text)
    numbers = {citation.n for citation in answer.citations}
    assert {n for sentence in answer.sentences for n in sentence.citations} <= numbers


def test_a_sentence_without_a_mark_is_traced_to_what_says_it(library, port):
    answer = answered(library, f"{MARKED} La digue mesure désormais 310 mètres.")
    second = answer.sentences[1]
    (citation,) = [one for one in answer.citations if one.n in second.citations]
    assert citation.quote == LENGTH
    assert second.supported == "yes"
    assert answer.marked_text().endswith(f"[{citation.n}]")


def test_a_sentence_without_a_mark_that_nothing_says_stays_without_one(library, port):
    answer = answered(library, f"{MARKED} Le maire de Lyon a payé 900 euros.")
    second = answer.sentences[1]
    assert second.citations == ()
    assert second.supported in {"no", "contradicted"}
    assert "900" in " ".join(second.missing)
    assert second.struck
    assert answer.marked_text() == f"{COST} [1]"


def test_a_changed_figure_is_flagged_though_it_is_cited(library, port):
    true, false = answered(library, f"{MARKED} La digue mesure désormais 450 mètres. [2]").sentences
    assert true.supported == "yes"
    assert false.supported == "contradicted"
    assert any("450" in missing for missing in false.missing)


# ── Refusals ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_question_the_article_says_nothing_about_never_reaches_the_model(library, port):
    model = Scripted("Tokyo [1].")
    events = ask(library, model, ELSEWHERE)
    assert [type(event) for event in events] == [Retrieved, Finished]
    assert not events[0].evidence.sufficient
    answer = answer_of(events)
    assert model.prompts == []
    assert answer.refused
    assert answer.text == "L’article ne dit pas quelle est la capitale du Japon."
    assert answer.citations == answer.sentences == answer.notices == ()


def test_a_refusal_is_in_the_language_of_the_question(library, port):
    answer = answered(library, "Shakespeare [1].", question="Who wrote Hamlet?")
    said = "The article does not say who wrote Hamlet."
    assert (answer.refused, answer.text, answer.language) == (True, said, "en")


def test_a_refusal_that_cannot_name_what_is_missing_is_a_plain_one(library, port):
    assert answered(library, "Tokyo [1].", question="Tokyo, la capitale du Japon ?").text == REFUSALS["fr"][0]


def test_of_several_articles_none_says_it(library, port):
    put(library, "La nuit\n\nLa nuit tombe à cinq heures en hiver.")
    answer = answered(library, "Tokyo [1].", question=ELSEWHERE)
    assert answer.text == "Les articles ne disent pas quelle est la capitale du Japon."
    plain = answered(library, "Tokyo [1].", question="Tokyo, la capitale du Japon ?")
    assert plain.text == "Les articles ne répondent pas à cette question."


def test_an_empty_library_refuses(library):
    answer = answered(library, "Tokyo [1].")
    assert answer.refused
    assert answer.hits == answer.nearest == ()


class Doubting(WordReader):
    """Finds sentences beside the question, and no text that answers it."""

    def read(self, question, texts):
        return [replace(one, answers=-9.0) for one in super().read(question, texts)]


def test_a_refusal_shows_exact_sentences_that_come_closest(library, port):
    assistant = Assistant(library, Doubting(), Scripted("Oui [1]."))
    answer = answer_of(list(assistant.answer("Pourquoi le phare reste-t-il fermé jusqu'en septembre ?")))
    assert answer.refused
    assert answer.nearest[0].text.startswith(HOUSE)
    text = library.article(port).text
    assert all(quote.text == text[quote.start : quote.end] for quote in answer.nearest)


@pytest.mark.parametrize(
    "lie", ["La tour de Tokyo attire 5000 pingouins.", "Marie Curie a vendu 12 chevaux à Venise en 1911."]
)
@pytest.mark.parametrize("mark", ["", " [1]", " [99]"])
def test_what_nothing_supports_is_struck_out_and_the_articles_own_words_stand_in_its_place(library, port, lie, mark):
    events = ask(library, Scripted(lie, mark))
    answer = answer_of(events)
    first, *quotes = answer.sentences
    assert (first.text, first.struck, first.supported) == (lie, True, "no")
    assert quotes
    assert all(not one.struck and one.supported == "yes" and one.citations for one in quotes)
    assert COST in answer.marked_text()
    assert lie not in answer.marked_text()
    assert answer.notices[-1] == REPLACED["unsupported"]["fr"]
    assert [event for event in events if isinstance(event, Replaced)] == [Replaced((0,), "unsupported")]


def test_where_a_model_says_nothing_at_all_the_article_answers(library, port):
    answer = answered(library)
    assert not answer.refused
    assert COST in answer.text
    assert not any(one.struck for one in answer.sentences)


def test_what_is_only_partly_supported_does_not_stand_alone(library, port):
    answer = answered(library, f"{LENGTH} [1]")
    first, *quotes = answer.sentences
    assert (first.supported, first.struck) == ("partly", False)
    assert quotes


def test_the_best_quote_is_added_to_what_stands_unless_that_rests_on_it(library, port):
    lie = "La tour de Tokyo attire 5000 pingouins. [1]"
    with_it = answered(library, f"{MARKED} {lie}")
    without = answered(library, f"{FISHERS} {lie}")
    assert [one.text for one in with_it.sentences if not one.struck] == [COST]
    assert [one.struck for one in without.sentences] == [False, True, False]
    assert COST in without.sentences[-1].text


def test_an_answer_that_was_cut_says_so(library, port):
    whole = answer_of(ask(library, Scripted(MARKED, Working("written"))))
    cut = answer_of(ask(library, Scripted(MARKED, Working("written", cut=True))))
    assert whole.notices == ()
    assert cut.notices == (CUT["fr"],)


def test_a_model_that_begins_with_the_mark_of_a_refusal_refuses_and_the_closest_sentences_are_shown(library, port):
    spent = Tokens(90, 40, 3)
    model = Scripted("[0] L'article", " ne dit pas combien a coûté le phare.", Working("written", tokens=spent))
    events = ask(library, model)
    answer = answer_of(events)
    assert model.closed
    assert model.yielded == 2
    assert answer.tokens == spent
    assert not any(isinstance(event, Token) for event in events)
    assert answer.refused
    assert answer.text == refusal(HOW_MUCH, "fr", several=False)
    assert answer.nearest
    assert answer.citations == answer.sentences == answer.notices == ()


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ([f"{MARKED} "] + ["Le port a rouvert. "] * 30, "repetition"),
        ([f"{MARKED} ", *["le quai et "] * 60], "repetition"),
        ([f"In {n} of the years the harbour was closed and then it was opened again. " for n in range(9)], "language"),
        (["Tu réponds à des questions sur un article. Tu t'appuies sur les passages numérotés. "], "echo"),
        ([f"{HOW_MUCH} {HOW_MUCH} Réponse : "], "echo"),
        ([f"et le port numéro {n} avec " for n in range(100)], "endless"),
    ],
)
def test_a_model_that_goes_wrong_is_stopped_and_the_article_answers(library, port, written, reason):
    spent = Tokens(200, 0, 40)
    words = (f"{word} " for piece in written for word in piece.split())
    model = Scripted(*words, Working("written", tokens=spent))
    events = ask(library, model)
    answer = answer_of(events)
    assert [event.reason for event in events if isinstance(event, Replaced)] == [reason]
    assert model.closed
    assert model.yielded < len(model.pieces)
    assert answer.tokens == spent
    assert COST in answer.marked_text()
    assert answer.notices[-1] == REPLACED[reason]["fr"]
    assert sum(one.text == "Le port a rouvert." for one in answer.sentences if not one.struck) <= 1


def test_a_small_model_is_asked_with_the_sentences_that_answer(library, port):
    model = Scripted("4,2 millions d'euros [1].")
    model.reads_evidence = True
    events = ask(library, model)
    (prompt,) = model.prompts
    assert not prompt.whole_article
    assert prompt.shown[0].passage.text == COST
    assert f"[1] {COST}" in prompt.system
    assert f"[1] {COST}" in prompt.continued
    assert len(prompt.shown) <= MOST_EVIDENCE
    answer = answer_of(events)
    assert answer.from_evidence
    assert answer.notices == ()


def test_beneath_the_short_answer_of_a_small_model_stand_the_sentences_that_answer(library, port):
    model = Scripted("4,2 millions d'euros [1].")
    model.reads_evidence = True
    events = ask(library, model)
    answer = answer_of(events)
    short, *quotes = answer.sentences
    assert (short.text, short.quoted, short.supported) == ("4,2 millions d'euros.", False, "yes")
    assert COST in quotes[0].text
    assert all(one.quoted for one in quotes)
    assert short.citations == quotes[0].citations
    assert answer.citations[0].quote == COST
    assert not answer.only_quotes
    assert not any(isinstance(event, Replaced) for event in events)


@pytest.mark.parametrize(
    "pieces",
    [
        ["La tour de Tokyo attire 5000 pingouins [1]."],
        [MARKED, " La tour de Tokyo attire 5000 pingouins [1]."],
        ["4,2 millions d'euros [1].", Working("written", cut=True, likelihood=0.6)],
        [],
    ],
)
def test_what_a_small_model_is_not_sure_of_or_makes_up_is_never_shown(library, port, pieces):
    model = Scripted(*pieces)
    model.reads_evidence = True
    events = ask(library, model)
    answer = answer_of(events)
    assert answer.sentences
    assert all(one.quoted and not one.struck for one in answer.sentences)
    assert answer.only_quotes
    assert COST in answer.text
    assert all(event.text.strip().startswith("«") for event in events if isinstance(event, Token))
    assert answer.notices == ()


@pytest.mark.parametrize(("agreement", "own_words"), [(True, True), (False, False)])
def test_what_a_small_model_is_less_sure_of_is_shown_where_the_reader_says_the_same(
    library, port, monkeypatch, agreement, own_words
):
    monkeypatch.setattr("rag.answer.writing.agree", lambda *_: agreement)
    model = Scripted("4,2 millions d'euros [1].", Working("written", likelihood=0.85))
    model.reads_evidence = True
    assert answer_of(ask(library, model)).only_quotes is not own_words


@pytest.mark.parametrize(("refusal", "own_words"), [(-9.0, True), (0.0, False)])
def test_a_short_answer_is_shown_where_reader_and_model_are_sure_that_the_article_answers(
    library, port, refusal, own_words
):
    ended = Working("written", likelihood=0.99, marks=(1.0,), refusal=refusal)
    model = Scripted("4,2 millions d'euros [1].", ended)
    model.reads_evidence = True
    answer = answer_of(ask(library, model))
    assert answer.only_quotes is not own_words
    assert (answer.confidence == "unsure") is not own_words
    assert (UNSURE["fr"] in answer.notices) is not own_words


def test_the_probability_is_the_mean_of_the_log_odds_of_reader_and_model_as_far_from_refusing(library, port):
    told = []
    for odds_of_none in (-3.0, 3.0):
        for marks in ((1.0,), ()):
            model = Scripted("4,2 millions d'euros [1].", Working("written", marks=marks, refusal=odds_of_none))
            model.reads_evidence = True
            told.append(answer_of(ask(library, model)).probability)
    sure, alone, doubting, again = told
    assert alone == again == answer_of(ask(library, QuotingModel())).probability
    least = load_calibration().refused_below
    odds, shift = math.log(alone / (1 - alone)), math.log(least / (1 - least))
    assert sure == pytest.approx(1 / (1 + math.exp(-(odds + 3) / 2 - shift)))
    assert doubting == pytest.approx(1 / (1 + math.exp(-(odds - 3) / 2 - shift)))


@pytest.mark.parametrize(("may_refuse", "asked_from", "asked"), [(True, 0.0, 1), (True, 1.0, 0), (False, 0.0, 0)])
def test_a_model_that_may_refuse_has_a_say_where_the_reader_alone_would_refuse(
    library, port, monkeypatch, may_refuse, asked_from, asked
):
    monkeypatch.setattr("rag.answer.assistant.ASKED_FROM", asked_from)
    model = Scripted("[0] L'article ne dit pas d'où elle vient.")
    model.reads_evidence, model.may_refuse = True, may_refuse
    assert answer_of(ask(library, model, ELSEWHERE)).refused
    assert len(model.prompts) == asked


def test_a_small_model_is_not_asked_for_an_overview(library, port):
    model = Scripted("Un port.")
    model.reads_evidence = True
    answer = answer_of(ask(library, model, "Résume l'article en 3 points"))
    assert model.prompts == []
    assert answer.model == "quotes"
    assert not answer.from_evidence


def test_what_turns_out_to_be_thought_is_no_part_of_the_answer(library, port):
    events = ask(library, Scripted("La digue mesure 13 mètres. ", Working("thought"), MARKED))
    assert Working("thought") in events
    answer = answer_of(events)
    assert answer.text == COST
    assert [one.supported for one in answer.sentences] == ["yes"]


def test_an_answer_with_one_true_sentence_stays_with_its_verdicts(library, port):
    answer = answered(library, f"{MARKED} La tour de Tokyo attire 5000 pingouins. [1]")
    assert not answer.refused
    assert [one.supported for one in answer.sentences] == ["yes", "no"]


# ── Stopping ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Held(Scripted):
    """Keeps its streams, so that nothing but a call of ``close`` ends them."""

    def stream(self, prompt: Prompt) -> Stream[str | Working]:
        self.held = super().stream(prompt)
        return self.held


def test_closing_the_answer_closes_the_models_stream(library, port):
    model = Held(*[f"{MARKED} "] * 50)
    events = Assistant(library, WordReader(), model).answer(HOW_MUCH)
    next(event for event in events if isinstance(event, Cited))
    assert not model.closed
    events.close()
    assert model.closed
    assert model.yielded < 50


def test_closing_before_the_model_is_asked_asks_nothing(library, port):
    model = Scripted(COST)
    events = Assistant(library, WordReader(), model).answer(HOW_MUCH)
    assert isinstance(next(events), Retrieved)
    events.close()
    assert model.prompts == []


def test_an_error_of_the_model_reaches_the_reader_and_its_stream_is_closed(library, port):
    class Failing(Scripted):
        def write(self, _: Prompt) -> Iterator[str]:
            yield COST
            raise ContextTooSmall("no more room")

    model = Failing()
    with pytest.raises(ContextTooSmall, match="no more room"):
        ask(library, model)
    assert model.closed


# ── What the model is given ─────────────────────────────────────────────────────────────────────────────────────────


def test_earlier_turns_are_given_to_the_model(library, port):
    history = (Turn("Quand le port a-t-il rouvert ?", "Le 14 juin."), Turn("Qui était là ?", "La maire."))
    model = Scripted(MARKED)
    ask(library, model, history=history)
    assert model.prompts[0].history == history
    contents = [message["content"] for message in model.prompts[0].messages()[1:]]
    assert contents == [*(said for turn in history for said in (turn.question, turn.answer)), HOW_MUCH]


def test_a_follow_up_is_searched_complete_and_the_reader_sees_what_was_searched(library, port):
    history = (Turn("Combien mesure la digue du port ?", "Elle mesure 310 mètres. [1]"),)
    model = Scripted(f"{LENGTH} [2]")
    events = ask(library, model, "Et le phare ?", history)
    assert "phare" in events[0].searched
    assert events[0].searched == answer_of(events).searched != "Et le phare ?"
    assert answer_of(events).question == "Et le phare ?"


def test_an_article_that_fits_is_given_whole_in_reading_order(library, port):
    model = Scripted(MARKED)
    events = ask(library, model, passages=1)
    (prompt,) = model.prompts
    assert events[0].whole_article
    assert prompt.whole_article
    assert [hit.passage for hit in prompt.shown] == list(library.passages(port))
    assert len(events[0].hits) == 1 < len(prompt.shown)
    assert answer_of(events).notices == ()


def test_an_article_that_does_not_fit_is_given_by_its_best_passages(library):
    put(library, LONG)
    model = Citing((COST, COST), context_window=700)
    events = ask(library, model, passages=2, answer_tokens=64)
    (prompt,) = model.prompts
    assert not events[0].whole_article
    assert not prompt.whole_article
    for hit in events[0].hits:  # two that follow each other are shown as one
        shown = prompt.shown[hit.number - 1].passage
        assert shown.start <= hit.passage.start < hit.passage.end <= shown.end
    assert any(COST in hit.passage.text for hit in prompt.shown)
    assert prompt.left_out == (0, 0)
    assert answer_of(events).notices == (EXCERPTS["fr"],)


def test_the_notice_is_in_the_language_of_the_question(library):
    put(library, LONG)
    model = Citing((COST, COST), context_window=700)
    events = ask(library, model, "How much did the chantier cost: 4,2 millions d'euros?", passages=2, answer_tokens=64)
    assert EXCERPTS["en"] in answer_of(events).notices


def test_turns_that_did_not_fit_beside_the_whole_article_are_announced(library, port):
    long = Turn("Quand le port a-t-il rouvert ?", "Un mot. " * 900)
    short = Turn("Qui a coupé le ruban ?", "La maire.")
    model = Scripted(MARKED, context_window=1200)
    answer = answer_of(ask(library, model, history=(long, short), answer_tokens=64))
    (prompt,) = model.prompts
    assert prompt.whole_article
    assert prompt.history == (short,)
    assert answer.notices == (TURNS_LEFT_OUT["fr"].format(count=1),)


def test_a_library_of_several_articles_is_not_told_that_one_was_not_read_whole(library, port):
    put(library, FAIR)
    assert answer_of(ask(library, Citing((COST, COST)))).notices == ()


def test_what_was_left_out_is_announced(library):
    put(library, LONG)
    history = (Turn("Quand le port a-t-il rouvert ?", "Un mot. " * 200),)
    model = Citing((COST, COST), context_window=700)
    answer = answer_of(ask(library, model, history=history, answer_tokens=64))
    (prompt,) = model.prompts
    passages, turns = prompt.left_out
    assert passages > 0
    assert turns == 1
    assert any(COST in hit.passage.text for hit in prompt.shown)
    assert answer.notices == (
        EXCERPTS["fr"],
        PASSAGES_LEFT_OUT["fr"].format(count=passages),
        TURNS_LEFT_OUT["fr"].format(count=turns),
    )


def test_a_context_without_room_for_the_question_is_said_so(library, port):
    with pytest.raises(ContextTooSmall):
        ask(library, Scripted(COST, context_window=512))


def test_among_several_articles_only_the_one_that_is_named_is_given_whole(library, port):
    fair = put(library, FAIR)
    model = Scripted("Les libraires ont vendu surtout des romans. [1]")
    question = "Combien de visiteurs la foire aux livres de Dinan a-t-elle reçus ?"
    ask(library, model, question)
    ask(library, model, question, article=fair)
    everywhere, within = model.prompts
    assert not everywhere.whole_article
    assert within.whole_article
    assert {hit.passage.article for hit in within.shown} == {fair}


def test_the_article_is_read_ahead_with_the_very_beginning_of_the_first_prompt(library, port):
    model = Scripted(MARKED)
    assistant = Assistant(library, WordReader(), model)
    assert list(assistant.prepare()) == [Working("reading", 1.0)]
    list(assistant.answer(HOW_MUCH))
    list(assistant.answer("How long is the breakwater of the harbour?", [Turn("Quand ?", "Le 14 juin.")]))
    ahead, first, *others = model.prompts
    assert ahead.system == first.system
    assert all(other.system == first.system for other in others)


def test_nothing_is_read_ahead_where_no_article_fits_whole(library):
    put(library, LONG)
    small = Scripted(context_window=700)
    assert list(Assistant(library, WordReader(), small, answer_tokens=64).prepare()) == []
    put(library, FAIR)
    several = Scripted(context_window=1 << 20)
    assert list(Assistant(library, WordReader(), several).prepare()) == []
    assert small.prompts == several.prompts == []


# ── Without a model ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_a_model_the_answer_is_the_articles_own_sentence_and_says_how_to_install_one(library, port):
    answer = answer_of(ask(library, QuotingModel()))
    assert COST in [citation.quote for citation in answer.citations]
    assert all(sentence.supported == "yes" for sentence in answer.sentences)
    assert "rag models pull" in answer.advice[0]
