"""The reranker orders what is shown; whether a question is answered at all stays with words and cosines."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import numpy as np
import pytest
from support.fakes import Scripted
from support.harbour import ELSEWHERE, FISHERS, HARBOUR, HOUSE, HOW_MUCH, LONG, put
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.errors import ModelError
from rag.events import Finished
from rag.search.reranking import RERANKED, CrossEncoderReranker, rerank
from rag.values import Hit, Passage, Vector


class Preferring:
    """A reranker that prefers passages that hold ``words``, and keeps count of what it was asked to read."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.read: list[str] = []

    def scores(self, _question: str, passages: Sequence[str]) -> Vector:
        self.read += passages
        return np.array([0.9 if self.words in passage else 0.1 for passage in passages], dtype=np.float32)


def hits(*texts: str) -> tuple[Hit, ...]:
    return tuple(
        Hit(Passage("a", 100 * place, 100 * place + len(text), text), "T", 1 - place / 100, 0.5, 2.0)
        for place, text in enumerate(texts)
    )


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory):
    """Write a cross-encoder with random weights and a vocabulary of letters."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    place = tmp_path_factory.mktemp("cross-encoder")
    letters = [*"abcdefghijklmnopqrstuvwxyz0123456789.,'?"]
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    (place / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=512, num_labels=1, initializer_range=1.0,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(place)
    BertTokenizerFast(str(place / "vocab.txt")).save_pretrained(place)
    return place


def test_a_cross_encoder_scores_each_passage_and_its_scores_are_the_order(cross_encoder):
    found = hits(HARBOUR[:200], FISHERS, HOUSE, "autre chose", "encore une phrase", "un mot")
    reranker = CrossEncoderReranker(cross_encoder)
    scores = reranker.scores(HOW_MUCH, [hit.passage.text for hit in found])
    assert scores.dtype == np.float32
    assert ((scores >= 0) & (scores <= 1)).all()
    assert len(set(scores.tolist())) == len(found)
    ordered = rerank(reranker, HOW_MUCH, found)
    expected = [found[place].passage for place in np.argsort(-scores)]
    assert [hit.passage for hit in ordered] == expected
    assert [hit.score for hit in ordered] == sorted(scores.tolist(), reverse=True)
    assert rerank(CrossEncoderReranker(cross_encoder), HOW_MUCH, found) == ordered
    assert {(hit.dense, hit.lexical) for hit in ordered} == {(0.5, 2.0)}


def test_no_passages_cost_nothing_and_open_nothing(cross_encoder):
    assert CrossEncoderReranker(cross_encoder).scores("?", []).shape == (0,)


def test_a_reranker_opens_no_connection(cross_encoder, monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert CrossEncoderReranker(cross_encoder).scores("?", ["un", "deux"]).shape == (2,)


def test_what_is_no_reranker_is_said_so(tmp_path, cross_encoder):
    with pytest.raises(ModelError, match=r"no config\.json"):
        CrossEncoderReranker(tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "config.json").write_bytes((cross_encoder / "config.json").read_bytes())
    with pytest.raises(ModelError, match="could not be opened"):
        CrossEncoderReranker(broken).scores("?", ["un"])


def test_equal_scores_leave_the_order_as_it_was():
    found = hits("un", "deux", "trois")
    assert [hit.passage for hit in rerank(Preferring("-"), "?", found)] == [hit.passage for hit in found]


def test_no_more_passages_are_read_than_the_bound(library):
    put(library, LONG)
    reranker = Preferring("grue")
    Assistant(library, WordReader(), Scripted(), passages=4, reranker=reranker).search(HOW_MUCH)
    assert 4 < len(reranker.read) <= RERANKED


def test_the_reranker_chooses_what_the_model_is_shown(library):
    put(library, LONG)
    model = Scripted("Rien.", context_window=900)
    plain = Assistant(library, WordReader(), model, passages=1).search(HOW_MUCH)
    ordered = Assistant(library, WordReader(), model, passages=1, reranker=Preferring(FISHERS)).search(HOW_MUCH)
    assert FISHERS not in plain.hits[0].passage.text
    assert FISHERS in ordered.hits[0].passage.text
    assert ordered.hits[0].score == pytest.approx(0.9)
    assert any(ordered.evidence.quotes[0].text in hit.passage.text for hit in ordered.hits)


@pytest.mark.parametrize("question", [HOW_MUCH, ELSEWHERE])
def test_whether_to_answer_is_decided_as_without_it(library, question):
    put(library, LONG)
    plain = Assistant(library, WordReader(), Scripted()).search(question)
    ordered = Assistant(library, WordReader(), Scripted(), reranker=Preferring(HOUSE)).search(question)
    assert ordered.evidence.features == plain.evidence.features
    assert ordered.evidence.probability == plain.evidence.probability
    assert ordered.evidence.sufficient == plain.evidence.sufficient


def test_the_same_question_has_the_same_answer(library, cross_encoder):
    put(library, LONG)
    reranker = CrossEncoderReranker(cross_encoder)
    first, second = (
        list(
            Assistant(
                library, WordReader(), Scripted("Le chantier a coûté 4,2 millions d'euros."), reranker=reranker
            ).answer(HOW_MUCH)
        )
        for _ in range(2)
    )
    assert isinstance(first[-1], Finished)
    assert first[:-1] == second[:-1]
    assert first[-1].answer.citations == second[-1].answer.citations
