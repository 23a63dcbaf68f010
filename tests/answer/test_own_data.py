"""What an article says of itself is quoted where it stands; what is not known is said to be so."""

from __future__ import annotations

import pytest
from support.fakes import Scripted
from support.harbour import put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.events import Checked, Cited, Finished, Retrieved, Token
from rag.index.adding import add_files
from rag.llm.quoting import QuotingModel
from rag.values import PROGRAM_MODEL, Answer

FLOOD = """La crue de Lans

Par Maëlle Tronchet
Publié le 14 octobre 2025

Trois personnes ont péri dimanche à Lans. Le pont est fermé.

Le pont de Lans sous les eaux, dimanche matin. (Photo Jean Dupond)
"""
PORT = """Title: Dockers end strike
Source: The Halden Post
Author: Tom Ferris
Date: 21 September 2024

Dockers at Halden Quay voted on Friday to end a strike that had lasted seven weeks.

Strikers at the gate of the port on Friday. (Reuters)
"""
NEWS = """12 mai 2024 – Le festival de Bréhal a fermé ses portes dimanche après une semaine de concerts gratuits.

Des spectateurs sur le quai de Bréhal, dimanche soir. ( AFP / LUC MARTIN )

Les organisateurs comptent neuf mille entrées, un record pour cette petite ville du littoral breton.

Anne Le Goff
"""
PAGE = """<!doctype html><html lang="en"><head><title>Moss in orbit</title>
<meta name="author" content="Helen Okafor"><meta property="og:site_name" content="Northern Gazette">
<meta property="article:published_time" content="2025-03-08T10:00:00Z"></head><body><article><h1>Moss in orbit</h1>
<p>A small moss has survived two years on the outside of a space station, researchers say. It grew again in a dish.</p>
<p>The secret lies in its spores, which are wrapped in a waxy coat that holds a red pigment against the light.</p>
</article></body></html>"""


def ask(library, question: str, **options) -> Answer:
    *_, last = Assistant(library, WordReader(), QuotingModel()).answer(question, **options)
    assert isinstance(last, Finished)
    return last.answer


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("Quel est le titre ?", ("La crue de Lans", "Dockers end strike", "")),
        ("Qui a écrit l'article ?", ("Maëlle Tronchet", "Tom Ferris", "Anne Le Goff")),
        ("De quand date l'article ?", ("14 octobre 2025", "21 September 2024", "12 mai 2024")),
        ("Who took the photo?", ("Jean Dupond", "Reuters", "LUC MARTIN")),
    ],
)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_it_is_quoted_where_it_stands_in_the_text(library, question, quotes, number):
    article = library.article(put(library, (FLOOD, PORT, NEWS)[number]))
    answer = ask(library, question)
    assert not answer.refused
    assert answer.model == PROGRAM_MODEL
    if not quotes[number]:
        assert not answer.citations
        return
    (citation,) = answer.citations
    assert quotes[number] in citation.quote == article.text[citation.start : citation.end]
    assert [answer.text[one.start : one.end] for one in answer.sentences] == [one.text for one in answer.sentences]
    assert [one.citations for one in answer.sentences] == [(1,)]


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Qui a écrit l'article ?", "Helen Okafor"),
        ("What is the source of the article?", "Northern Gazette"),
        ("De quand date l'article ?", "8 mars 2025"),
        ("When was the article published?", "March 8, 2025"),
        ("En quelle langue est l'article ?", "anglais"),
        ("What language is the article in?", "English"),
    ],
)
def test_what_only_the_page_states_is_told_in_a_sentence_without_citation(library, tmp_path, question, held):
    page = tmp_path / "moss.html"
    page.write_text(PAGE, encoding="utf-8")
    list(add_files(lambda: library, [page]))
    answer = ask(library, question)
    assert held in answer.text
    assert (answer.refused, answer.citations, answer.sentences) == (False, (), ())


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Qui a écrit l'article ?", "Ni le texte"),
        ("When was the article published?", "Neither the text"),
        ("L'article a-t-il une photo ?", "ni photo ni légende"),
        ("Quelle est la source de l'article ?", "a été collé"),
        ("Combien de mots fait l'article ?", "14 mots"),
    ],
)
def test_what_is_not_known_is_said_to_be_so(library, question, said):
    put(library, "Le levain aime la chaleur douce. Il faut le nourrir chaque jour, sans faute.")
    answer = ask(library, question)
    assert said in answer.text
    assert not answer.refused


def test_what_is_not_known_of_the_article_may_be_asked_of_something_in_it(library):
    put(
        library,
        "Le vol du tableau\n\nL'auteur du vol, Paul Ménard, a avoué lundi. Le tableau a été rendu au musée de Sarlis.",
    )
    answer = ask(library, "Qui est l'auteur ?")
    assert answer.model != PROGRAM_MODEL


def test_of_several_articles_each_has_its_line(library):
    for text in (FLOOD, PORT):
        put(library, text)
    answer = ask(library, "Qui a écrit l'article ?")
    assert [line.partition("\u00a0: ")[0] for line in answer.text.split("\n")] == [
        "La crue de Lans",
        "Dockers end strike",
    ]
    assert [one.n for one in answer.citations] == [1, 2]


def test_the_events_tell_the_answer_and_no_model_is_asked(library):
    put(library, FLOOD)
    model = Scripted("Un autre.")
    events = list(Assistant(library, WordReader(), model).answer("Qui a écrit l'article ?"))
    assert [type(event) for event in events] == [Retrieved, Token, Cited, Checked, Finished]
    assert "".join(event.text for event in events if isinstance(event, Token)) == events[-1].answer.text
    assert model.prompts == []
