"""An answer on a terminal and in a pipe: what is in bold, what is taken back, and what stays when it breaks off."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from rag.cli.showing import Begun, Screen, Tail, marked, plain_console
from rag.cli.words import ENGLISH
from rag.errors import ModelError
from rag.events import Cited, Finished, Token, Working
from rag.values import Answer, Citation, Quote, Sentence

CITED = Citation(1, "a", "Le port", 10, 30, "Elle mesure 310 mètres.")
ANSWER = Answer(
    "Combien ?",
    "Elle mesure 310 mètres.",
    refused=False,
    model="m",
    language="fr",
    sentences=(Sentence("Elle mesure 310 mètres.", (1,), "yes", start=0, end=23),),
    citations=(CITED,),
    words=((12, 22),),
    notices=("À relire.",),
)
EVENTS = (
    Working("reading", 0.5), Token("Voyons."), Cited(CITED), Working("thought"),
    Token("Elle "), Token("mesure 310 mètres."), Cited(CITED), Finished(ANSWER),
)  # fmt: skip


def terminal(**options: object) -> Console:
    settings = {"force_terminal": True, "width": 60, "height": 12, "color_system": "standard", "_environ": {}}
    return Console(file=io.StringIO(), markup=False, highlight=False, **{**settings, **options})


def printed(console: Console) -> str:
    return console.file.getvalue()


def test_the_words_that_answer_are_in_bold_and_marks_in_colour_on_a_terminal():
    console = terminal()
    Screen(console).show(EVENTS)
    assert "Elle mesure \x1b[1m310 mètres\x1b[0m." in printed(console)
    assert "\x1b[34m[1] \x1b[0m" in printed(console)


def test_no_words_stand_out_where_the_article_may_not_answer():
    assert [span.style for span in marked(ANSWER).spans].count("bold") == 1
    doubtful = marked(replace(ANSWER, confidence="unsure"))
    assert "bold" not in [span.style for span in doubtful.spans]
    assert doubtful.plain == marked(ANSWER).plain


@pytest.mark.parametrize(("verdict", "told"), [("yes", True), ("partly", False), ("contradicted", False)])
def test_confidence_is_told_of_what_the_article_says_whoever_wrote_it(verdict, told):
    sentences = (replace(ANSWER.sentences[0], supported=verdict),)
    console = terminal()
    Screen(console).show([Finished(replace(ANSWER, sentences=sentences, confidence="likely"))])
    assert ("Confiance moyenne." in printed(console)) is told


def test_no_color_leaves_bold_and_takes_the_colours():
    console = terminal(_environ={"NO_COLOR": "1"})
    Screen(console).show(EVENTS)
    assert "\x1b[1m310 mètres\x1b[0m" in printed(console)
    assert "\x1b[34m" not in printed(console)


def test_a_pipe_gets_the_finished_answer_alone(capsys):
    Screen().show(EVENTS)
    out, err = capsys.readouterr()
    assert out == (
        "Elle mesure 310 mètres. [1]\n\n[1] Elle mesure 310 mètres.  (Le port, 10-30)\nÀ relire.\n"
    )  # fmt: skip
    assert err == ""


@pytest.mark.parametrize("text", ["Un [lien] et :smile: ici.", "[bold]non[/bold]", "mot " * 60 + "fin."])
def test_what_is_printed_is_what_is_answered(text, capsys):
    Screen().show([Finished(Answer("?", text, refused=False, model="m"))])
    assert capsys.readouterr().out == f"{text}\n\n"


def broken_off():
    yield Token("Elle mesure")
    yield Cited(CITED)
    raise ModelError("Le serveur s'est tu.", "rag ask")


def test_what_came_before_an_error_stays(capsys):
    with pytest.raises(ModelError):
        Screen().show(broken_off())
    assert capsys.readouterr().out.startswith("Elle mesure [1]\n[1] Elle mesure 310 mètres.")


def test_a_refusal_shows_what_is_closest(capsys):
    nearest = (Quote("a", "Le port", 0, 4, "Le port rouvre samedi.", 0.1),)
    Screen().show([Finished(Answer("?", "Rien.", refused=True, model="m", language="en", nearest=nearest))])
    assert "What the article says that is closest:\n  Le port rouvre samedi.\n" in capsys.readouterr().out


def test_what_is_being_done_is_told():
    begun = Begun(ENGLISH)
    told = []
    for event in (Working("loading"), Working("reading", 0.34), Working("queued", position=2), Working("reading")):
        begun.add(event)
        told.append(begun.doing)
    assert told == ["loading the model", "reading 34%", "waiting, 2 ahead", "reading"]


def test_of_a_text_longer_than_the_terminal_its_end_is_seen():
    console = terminal()
    begun = Begun(ENGLISH)
    begun.add(Token("\n".join(f"ligne {number}" for number in range(40))))
    console.print(Tail(begun.text))
    shown = printed(console)
    assert "ligne 39" in shown
    assert "ligne 30" in shown
    assert "ligne 29" not in shown


def test_what_does_not_stand_is_struck_out_and_the_rest_is_the_answer(capsys):
    lie = Sentence("Elle mesure 9 mètres.", (1,), "no", ("9",), start=0, end=21, struck=True)
    true = Sentence("Elle mesure 310 mètres.", (1,), "yes", start=22, end=45)
    answer = Answer("?", f"{lie.text} {true.text}", refused=False, model="m", language="fr", sentences=(lie, true))
    assert marked(answer).plain == answer.marked_text()
    Screen().show([Finished(answer)])
    assert capsys.readouterr().out.startswith("✗ Elle mesure 9 mètres.\nElle mesure 310 mètres. [1]\n")


def test_marks_stand_behind_the_sentences_that_have_them():
    assert marked(ANSWER).plain == ANSWER.marked_text()


def test_without_a_terminal_no_line_is_broken(monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    assert plain_console().soft_wrap
