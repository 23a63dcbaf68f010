"""Any split of the answer gives the same text, marks, sentences and citations, and each points at what was shown."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.word_reader import WordReader

from rag.answer.citations import CitationBook
from rag.answer.marks import Mark, MarkScanner
from rag.answer.narrowing import narrow
from rag.answer.sentences import SentenceScanner
from rag.values import Article, Block, Hit, Passage

TEXT = (
    "Plus de 130 pays ont rejoint la coalition. Keir Starmer a parlé à Londres.\n\n"
    "La réunion de jeudi portait sur les troupes. Elle a duré trois heures. Le Portugal n'y était pas."
)
HALF = TEXT.index("\n\n")
ARTICLE = Article(
    "a", "La coalition", TEXT, "fr", blocks=(Block("paragraph", 0, HALF), Block("paragraph", HALF + 2, len(TEXT)))
)
PASSAGES = [Passage("a", 0, HALF, TEXT[:HALF]), Passage("a", HALF + 2, len(TEXT), TEXT[HALF + 2 :])]
HITS = [Hit(passage, "La coalition", 1.0 - index / 10, 0.5, 1.0) for index, passage in enumerate(PASSAGES)]

MARKS = ["[1]", "[2]", "[1, 2]", "[1][2]", "[^1]", "[9]", "【2】", "[passage 1]", "[", "]"]
WORDS = ["Keir Starmer", "jeudi", ".", "!", "«", "»", ",", "3", "l'Otan", "M. Dupont", "é", "\u202f", '"']
PIECES = st.sampled_from([*MARKS, "[sic]", "[de pays]", "[2024-01]", " ", " ", " ", "\n", *WORDS])
ANSWERS = st.lists(PIECES, max_size=25).map("".join)


def shared(sentence: str, texts: Sequence[str]) -> list[float]:
    return [one.entailed for one in WordReader().entail(sentence, texts)]


@st.composite
def split_answers(draw):
    answer = draw(ANSWERS)
    cuts = sorted(draw(st.lists(st.integers(0, len(answer)), max_size=8)))
    return answer, [answer[start:end] for start, end in zip([0, *cuts], [*cuts, len(answer)], strict=True)]


def scan(pieces):
    """Return the text and the marks with their places in it."""
    scanner, text, marks = MarkScanner(), "", []
    for piece in (*(one for part in pieces for one in scanner.feed(part)), *scanner.finish()):
        if isinstance(piece, Mark):
            marks.append((len(text), piece.number))
        else:
            text += piece
    return text, marks


def write(pieces):
    """Return what an answer becomes: sentences, citations, and the number of unknown marks."""
    scanner, sentences = MarkScanner(), SentenceScanner("fr")
    book = CitationBook(HITS, {"a": ARTICLE}, shared)
    given_sentences = []

    def take(parts):
        for part in parts:
            if isinstance(part, Mark):
                citation = book.resolve(part, sentences.pending)
                if citation is not None:
                    sentences.cite(citation.n)
            else:
                given_sentences.extend(sentences.feed(part))

    for piece in pieces:
        take(scanner.feed(piece))
    take(scanner.finish())
    given_sentences.extend(sentences.finish())
    return given_sentences, book.citations, book.unknown


@settings(deadline=None)
@given(split_answers())
def test_any_split_gives_the_same_text_and_marks(case):
    answer, pieces = case
    assert scan(pieces) == scan([answer]) == scan(list(answer))


@settings(deadline=None)
@given(split_answers())
def test_any_split_gives_the_same_sentences_and_citations(case):
    answer, pieces = case
    assert write(pieces) == write([answer])


@settings(deadline=None)
@given(ANSWERS)
def test_every_citation_points_inside_a_shown_passage(answer):
    sentences, citations, _ = write([answer])
    numbers = {citation.n for citation in citations}
    for citation in citations:
        assert TEXT[citation.start : citation.end] == citation.quote
        assert any(p.start <= citation.start < citation.end <= p.end for p in PASSAGES)
    assert {number for sentence in sentences for number in sentence.citations} <= numbers
    assert sorted(numbers) == list(range(1, len(citations) + 1))


@settings(deadline=None)
@given(ANSWERS)
def test_no_letter_is_lost(answer):
    sentences, _, _ = write([answer])
    text, _ = scan([answer])
    assert "".join("".join(one.text for one in sentences).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("answer", "text", "numbers"),
    [
        ("Oui [1].", "Oui.", [1]),
        ("Oui. [1]", "Oui.", [1]),
        ("Oui [1, 2] et non[2].", "Oui et non.", [1, 2, 2]),
        ("Oui [1][2].", "Oui.", [1, 2]),
        ("Oui [^1].", "Oui.", [1]),
        ("Oui 【2】.", "Oui.", [2]),
        ("Oui ［2］.", "Oui.", [2]),
        ("Oui [Passage 2].", "Oui.", [2]),
        ("Un groupe [de pays] [sic] en [2024-01].", "Un groupe [de pays] [sic] en [2024-01].", []),
        ("Rien [] ici [passe] là [p].", "Rien [] ici [passe] là [p].", []),
        ("Fini [1", "Fini", []),
        ("Fini [", "Fini", []),
        ("Fini [pass", "Fini", []),
        ("[", "[", []),
        ("Un\n[1] Deux", "Un\n Deux", [1]),
        ("[12345] x", "[12345] x", []),
    ],
)
def test_what_is_a_mark_and_what_is_text(answer, text, numbers):
    found, marks = scan(list(answer))
    assert found == text
    assert [number for _, number in marks] == numbers


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Keir Starmer a parlé. [1] La réunion a duré. [2]", [(1,), (2,)]),
        ("Keir Starmer a parlé [1]. La réunion a duré [2].", [(1,), (2,)]),
        ("Keir Starmer a parlé.\n[1] La réunion de jeudi a duré [2].", [(1,), (2,)]),
        ("« Il a parlé. Il est parti. » [1] La réunion de jeudi a duré [2].", [(1,), (2,)]),
        ("M. Starmer a parlé à 3.5 pays [1]. Fin.", [(1,), ()]),
        ("- Starmer a parlé [1]\n- La réunion a duré [2]", [(1,), (2,)]),
        ("Starmer a parlé [1] de la réunion de jeudi [2].", [(1, 2)]),
        ("Starmer [7] a parlé [1].", [(1,)]),
    ],
)
def test_a_mark_belongs_to_its_sentence(answer, expected):
    sentences, _, _ = write(list(answer))
    assert [sentence.citations for sentence in sentences] == expected


def test_unknown_numbers_are_dropped_and_counted():
    sentences, citations, unknown = write(["Keir Starmer a parlé [3] [0] [1, 8]."])
    assert unknown == 3
    assert [citation.n for citation in citations] == [1]
    assert sentences[0].text == "Keir Starmer a parlé."


def test_a_sentence_in_guillemets_stays_whole():
    sentences, _, _ = write(["« Il part. Elle reste. » dit-il. Fin."])
    assert [sentence.text for sentence in sentences] == ["« Il part. Elle reste. » dit-il.", "Fin."]


def test_sentences_are_given_as_soon_as_the_next_word_is_complete():
    scanner = SentenceScanner("fr")
    assert list(scanner.feed("Il part. ")) == []
    assert list(scanner.feed("Elle")) == []
    assert [one.text for one in scanner.feed(" reste ici")] == ["Il part."]
    assert scanner.pending == "Elle reste ici"
    assert [one.text for one in scanner.finish()] == ["Elle reste ici"]


def quoted(sentence: str, passage: int = 0) -> str:
    start, end = narrow(PASSAGES[passage], sentence, ARTICLE, shared)
    return TEXT[start:end]


def test_a_mark_means_the_sentence_that_says_it():
    assert quoted("Starmer s'est exprimé à Londres.") == "Keir Starmer a parlé à Londres."
    assert (
        quoted("The meeting was about the troupes, said Paul Durand.", 1)
        == "La réunion de jeudi portait sur les troupes."
    )
    assert quoted("« Elle a duré trois heures. »", 1) == "Elle a duré trois heures."


def test_a_number_inside_another_is_no_verbatim_quotation():
    assert quoted("30 pays ont rejoint") == "Plus de 130 pays ont rejoint la coalition."
    assert quoted("Xyz abc defgh.") == PASSAGES[0].text


def test_two_sentences_are_cited_where_the_words_come_from_both():
    both = quoted("La réunion de jeudi sur les troupes a duré trois heures.", 1)
    assert both == "La réunion de jeudi portait sur les troupes. Elle a duré trois heures."


def test_equal_stretches_have_one_number():
    book = CitationBook(HITS, {"a": ARTICLE}, shared)
    first = book.resolve(Mark(1), "Keir Starmer a parlé.")
    assert book.resolve(Mark(1), "Starmer a parlé.") == first
    assert book.resolve(Mark(2), "La réunion de jeudi.").n == 2


def test_a_sentence_without_mark_is_attributed_where_a_passage_says_it():
    book = CitationBook(HITS, {"a": ARTICLE}, shared)
    found = book.attribute("La réunion a duré trois heures.", lambda _, citation: "trois heures" in citation.quote)
    assert found is not None
    assert found.quote == "Elle a duré trois heures."
    assert book.attribute("Rien de tel.", lambda *_: False) is None
    assert book.citations == (found,)
