"""An exchange: a fold over events, and what is written of it on disk."""

from dataclasses import replace

from support.pages import answered, exchanges

from rag.events import Cited, Token, Working
from rag.values import PROGRAM_MODEL, Answer, Citation
from ui.state import Exchange, Problem
from ui.state.exchange import fold, is_small_talk, kept, restored


def test_what_was_kept_is_what_comes_back(tmp_path):
    whole = exchanges("La digue ?", tmp_path)[-1]
    assert restored(kept(whole), "Interrompue.").answer == whole.answer
    failed = Exchange("?", problem=Problem("Cassé.", "rag verify"))
    assert restored(kept(failed), "Interrompue.") == failed
    rated = restored(kept(answered("Oui.")), "")
    assert (rated.answer.text, rated.problem) == ("Oui.", None)


def test_an_exchange_that_died_in_mid_answer_comes_back_stopped_or_says_so(tmp_path):
    under_way = next(one for one in exchanges("La digue ?", tmp_path) if one.text)
    back = restored(kept(under_way), "Interrompue.")
    assert back.answer.stopped
    assert back.answer.text == under_way.text
    assert restored(kept(Exchange("?")), "Interrompue.").problem == Problem("Interrompue.")


def test_only_what_the_program_says_of_itself_is_small_talk():
    cited = Citation(1, "a", "T", 0, 3, "Par")
    said = Answer("Bonjour", "Bonjour !", refused=False, model=PROGRAM_MODEL)
    assert is_small_talk(said)
    assert not is_small_talk(replace(said, citations=(cited,)))
    assert not is_small_talk(replace(said, model="quotes"))


def test_what_turns_out_to_be_thought_is_taken_back():
    cited = Citation(1, "a", "T", 0, 3, "Par")
    events = (Token("Voyons."), Cited(cited), Working("thought"), Token("Trente."))
    exchange = Exchange("?", searched="?")
    for event in events:
        exchange = fold(exchange, event)
    assert (exchange.text, exchange.marks, exchange.citations) == ("Trente.", (), ())
