"""The article the program was asked for, with no language model installed: each answer quotes what says it.

The article lies outside the repository; where it is absent these tests are skipped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from support.places import SHARED

from rag.cli.asking import as_contract
from rag.events import Finished
from rag.settings import load_settings
from rag.workspace import Workspace

FILE = SHARED / "article" / "000_159c84c4d4c45dea.txt"

pytestmark = [
    pytest.mark.usefixtures("bundled"),
    pytest.mark.skipif(not FILE.is_file(), reason=f"the article is not at {FILE}"),
]

ACCEPTED = {
    "Combien de pays devraient rejoindre la coalition ?": "plus de 30 pays",
    "Quand et où les responsables militaires se réunissent-ils ?": "jeudi au Royaume-Uni",
    "Que peuvent apporter les pays qui n'envoient pas de troupes ?": "soutien logistique",
    "Qu'a répondu le porte-parole à propos de la Corée du Nord ?": "nord-coréennes",
}
REFUSED = ("Quelle est la capitale du Japon ?", "Combien coûte la coalition ?")
FURTHER = {
    "Quel est l'objectif de la coalition ?": "dissuader Moscou",
    "Quels pays sont prêts à envoyer des troupes ?": "la France et le Royaume-Uni",
    "Qui a déployé des soldats nord-coréens ?": "La Russie",
    "Que pense la Russie de la présence de troupes européennes ?": "totalement opposée",
    "Quelle est la position de la Russie ?": "totalement opposée",
    "Que dit la Russie ?": "totalement opposée",
    "Qui a annoncé la réunion des responsables militaires ?": "Keir Starmer",
    "Qui est le Premier ministre britannique ?": "Keir Starmer",
    "Où Zelensky, Starmer et Macron se sont-ils rencontrés le 2 mars ?": "Londres",
    "Avec qui l'administration Trump a-t-elle ouvert des négociations ?": "la Russie",
    "What did the spokesperson say about North Korean troops?": "nord-coréennes",
    "What does Russia think of European troops in Ukraine?": "totalement opposée",
    "Which countries are ready to send troops?": "la France et le Royaume-Uni",
}
OTHER_SUBJECTS = (
    "Qui a gagné la Coupe du monde de football en 1998 ?",
    "Quel est le prix du baril de pétrole ?",
    "Comment fait-on une pâte à crêpes ?",
    "Combien d'habitants compte la ville de Lyon ?",
    "Qui a peint la Joconde ?",
    "Quand la Révolution française a-t-elle commencé ?",
    "Who wrote Romeo and Juliet?",
    "How tall is the Eiffel Tower?",
    "What is the boiling point of water?",
    "When was the Berlin Wall built?",
)


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> Iterator[Workspace]:
    """Give the article in a library of its own, as ``rag add`` makes it, with no model installed."""
    home = tmp_path_factory.mktemp("real")
    workspace = Workspace(load_settings(indexes=home / "indexes", models=home / "models"))
    for _ in workspace.add([FILE], library="real"):
        pass
    yield workspace
    workspace.close()


def ask(workspace: Workspace, question: str) -> dict[str, Any]:
    """Return what ``rag ask --json`` prints, once it went through JSON."""
    events = workspace.answer(question, library="real")
    answer = next(event.answer for event in events if isinstance(event, Finished))
    return json.loads(json.dumps(as_contract(answer)))


def flat(text: str) -> str:
    return " ".join(text.casefold().split())


@pytest.mark.parametrize(("question", "fact"), [*ACCEPTED.items(), *FURTHER.items()])
def test_a_citation_quotes_the_fact(real, question, fact):
    answer = ask(real, question)
    assert not answer["refused"]
    assert any(flat(fact) in flat(citation["quote"]) for citation in answer["citations"])


@pytest.mark.parametrize("question", ACCEPTED)
def test_an_answer_is_exact_characters_of_the_file(real, question):
    answer = ask(real, question)
    text = FILE.read_text(encoding="utf-8")
    assert 1 <= len(answer["citations"]) <= 3
    for citation in answer["citations"]:
        assert citation["quote"] == text[citation["start"] : citation["end"]]
    for passage in answer["passages"]:
        assert passage["text"] == text[passage["start"] : passage["end"]]
    assert [one["citations"] for one in answer["sentences"]] == [[n + 1] for n in range(len(answer["citations"]))]
    assert {one["supported"] for one in answer["sentences"]} == {"yes"}


@pytest.mark.parametrize("question", [*REFUSED, *OTHER_SUBJECTS])
def test_what_the_article_does_not_say_is_refused(real, question):
    answer = ask(real, question)
    assert answer["refused"]
    assert answer["citations"] == answer["sentences"] == []


def test_the_article_is_read_for_what_it_is(real):
    (entry,) = real.articles("real")
    article = real.article("real", entry.identifier)
    assert article.text == FILE.read_text(encoding="utf-8")
    assert (article.language, article.date[:7]) == ("fr", "2025-03")
    kinds = [block.kind for block in article.blocks]
    assert kinds.count("heading") == 1
    assert "caption" in kinds
    assert "metadata" in kinds
    assert real.library("real").verify() == []
