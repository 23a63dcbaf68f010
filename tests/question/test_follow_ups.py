"""Follow-ups are completed without a model; a question that is complete is never touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.dialogues import CHAINS, DIALOGUES, Chain, Dialogue

from rag.language.detection import detect_language
from rag.language.words import fold
from rag.question.follow_ups import complete
from rag.values import Turn


def language_of(question: str) -> str:
    return detect_language(question)


def says(text: str) -> set[str]:
    return set(re.findall(r"[\w]+", fold(text)))


ASKED_BY = {
    "person": "qui quel who whose whom",
    "date": "quand date jour annee jusqu depuis when day year",
    "place": "ou quel where which",
    "quantity": "combien quel how many",
    "money": "combien quel how much",
    "duration": "combien temps how long",
    "reason": "pourquoi why",
}
"""Kind of answer → words that ask for it, folded."""


def faults(asked: str, searched: str, holds: str, lacks: str, kind: str) -> list[str]:
    """Return what is wrong with a completed question."""
    said = says(searched)
    found = [f"lacks {word}" for word in holds.split() if fold(word) not in said]
    found += [f"holds {word}" for word in lacks.split() if fold(word) in said]
    if kind and not said & {word for one in kind.split() for word in ASKED_BY[one].split()}:
        found.append(f"is no question for a {kind}")
    return found if searched != asked else ["unchanged"]


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=lambda dialogue: dialogue.follow_up)
def test_a_second_question(dialogue: Dialogue):
    history = [Turn(dialogue.question, dialogue.answer)]
    searched = complete(dialogue.follow_up, history, language_of(dialogue.follow_up))
    if dialogue.holds:
        assert not faults(dialogue.follow_up, searched, dialogue.holds, dialogue.lacks, dialogue.kind), searched
    else:
        assert searched == dialogue.follow_up


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: f"{chain.turns[1][0]} {chain.last}")
def test_a_third_question(chain: Chain):
    history: list[Turn] = []
    for question, answer in chain.turns:
        searched = complete(question, history, language_of(question))
        history.append(Turn(question, answer, "" if searched == question else searched))
    searched = complete(chain.last, history, language_of(chain.last))
    assert not faults(chain.last, searched, chain.holds, chain.lacks, chain.kind), searched


COMPLETE = """
Résume l'article.
Merci !
Et ?
Quand la loi s'applique-t-elle ?
Dans son discours, que dit Macron ?
Lequel de ces pays a voté contre ?
C'est quoi une DMZ ?
Qui a vendu ses parts ?
Pourquoi pleut-il ?
Who sold his shares?
With its large fields, what does Brie grow?
Is it going to rain in Leeds?
What is it called when steam drives a turbine?
When it came out, which discs could the console read?
Thanks.
""".strip().splitlines()


@pytest.mark.parametrize("question", COMPLETE)
def test_a_complete_question_is_left_alone(question: str):
    history = [Turn("Que dit la Russie de l'envoi de troupes ?", "Sergueï Lavrov le refuse.")]
    assert complete(question, history, language_of(question)) == question


READS = [
    ("Que dit la Russie de l'envoi de troupes ?", "Et le Japon ?", "Que dit le Japon de l'envoi de troupes ?"),
    ("Combien gagne-t-on en Espagne ?", "Et le Japon ?", "Combien gagne-t-on au Japon ?"),
    ("Quelle est la capitale de l'Australie ?", "Et du Canada ?", "Quelle est la capitale du Canada ?"),
    ("Qui dirige la SNCF ?", "Depuis quand ?", "Depuis quand Jean Castex dirige la SNCF ?"),
    ("Qui dirige la SNCF ?", "Où est-il né ?", "Où Jean Castex est-il né ?"),
    ("La SNCF va-t-elle supprimer des trains ?", "Lesquels ?", "Quels trains la SNCF va-t-elle supprimer ?"),
    ("La SNCF va-t-elle supprimer des trains ?", "Combien ?", "Combien de trains la SNCF va-t-elle supprimer ?"),
    ("Qui dirige la SNCF ?", "Quel est son salaire ?", "Quel est le salaire de Jean Castex ?"),
    ("Qui dirige la SNCF ?", "Qu'a-t-il répondu ?", "Qu'a répondu Jean Castex (dirige la SNCF) ?"),
    ("Qui dirige la SNCF ?", "Quand a-t-il soutenu sa thèse ?", "Quand Jean Castex a-t-il soutenu sa thèse ?"),
    ("Qui dirige la SNCF ?", "Que dit t'il à ses enfants ?", "Que dit Jean Castex à ses enfants ?"),
    ("Qui dirige la SNCF ?", "De quoi parle-t-on à son patron ?", "De quoi parle-t-on au patron de Jean Castex ?"),
    ("Who painted Guernica?", "Where is it kept?", "Where is Guernica kept?"),
    ("Which cities did the hurricane hit?", "When?", "When did the hurricane hit cities?"),
    ("What are the symptoms of dengue?", "And the treatment?", "And the treatment of dengue?"),
    ("Why did the Soviet Union collapse?", "What about its allies?", "And the Soviet Union's allies?"),
]


@pytest.mark.parametrize(("asked", "follow_up", "searched"), READS)
def test_what_is_searched_reads_well(asked: str, follow_up: str, searched: str):
    assert complete(follow_up, [Turn(asked, "Jean Castex.")], language_of(follow_up)) == searched


def test_without_a_turn_before_nothing_is_completed():
    assert complete("Quand ?", [], "fr") == "Quand ?"


def test_the_last_turn_counts_as_it_was_searched():
    history = [Turn("Et la France ?", "Rien.", searched="Que dit la France de l'envoi de troupes ?")]
    assert complete("Et la Chine ?", history, "fr") == "Que dit la Chine de l'envoi de troupes ?"


def test_a_follow_up_in_another_language_keeps_the_words_of_the_question_before():
    history = [Turn("Où la dernière étape du Tour de France s'est-elle achevée ?", "À Nice.")]
    searched = complete("When?", history, "en")
    assert searched.startswith("When (")
    assert "étape du Tour de France" in searched


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80), st.sampled_from(["fr", "en", "de"]))
def test_any_text_gives_a_question(asked: str, before: str, answer: str, language: str):
    searched = complete(asked, [Turn(before, answer)], language)
    assert searched == asked or searched.endswith("?")


@pytest.mark.parametrize(
    ("asked", "completed"),
    [
        ("Qu'en pense-t-elle ?", "Qu'en pense la métropole"),
        ("Que leur a-t-elle promis ?", "Que leur a promis la métropole"),
        ("Qu'y gagnera-t-elle ?", "Qu'y gagnera la métropole"),
    ],
)
def test_a_subject_stands_after_its_verb_where_the_question_begins_with_what(asked, completed):
    history = [Turn("Pourquoi la métropole a-t-elle repoussé la ligne ?", "Elle coûte trop.")]
    assert complete(asked, history, "fr").startswith(completed)
