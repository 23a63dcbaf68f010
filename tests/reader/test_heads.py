"""Logits of tokens become sentences and words, as a search of all possibilities finds them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from support.plain_reader import best_words

from rag.reader.heads import LONGEST_ANSWER, entailment, reading


def tokens(count: int, width: int = 3) -> np.ndarray:
    """Return offsets of tokens that follow each other without a gap, two of them before the text."""
    starts = np.arange(-2, count - 2) * width
    return np.stack([starts, starts + width], axis=1).astype(np.int32)


NEAR = np.zeros((2, 130), dtype=np.float32)
"""Cosines of a question of two words."""


def test_a_sentence_is_as_near_as_the_question_finds_its_words_there():
    cosines = np.array([[9, 9, 1.0, 0.5, 0.0, 0.0], [9, 9, 0.0, 0.25, 0.0, -2.0]], dtype=np.float32)
    said = reading(0.0, np.zeros((6, 3), dtype=np.float32), cosines, tokens(6), [(0, 6), (6, 12)])
    assert said.alike == pytest.approx(((1.0 + 0.25) / 2, 0.0))


@pytest.mark.parametrize("seed", range(5))
def test_words_are_the_most_probable_of_all_that_are_short_enough_and_in_the_sentence(seed):
    random = np.random.default_rng(seed)
    logits = random.standard_normal((130, 3)).astype(np.float32)
    offsets = tokens(130)
    sentences = [(0, 150), (150, 159), (159, 384)]
    said = reading(1.5, logits, NEAR[:, :130], offsets, sentences)
    assert said.answers == 1.5
    shares = logits - np.log(np.exp(logits.astype(np.float64)).sum(axis=0))
    for (start, end), logit, words, span in zip(sentences, said.sentences, said.words, said.spans, strict=True):
        inside = [number for number, (left, right) in enumerate(offsets) if left >= start and right <= end]
        first, last = best_words(logits, inside, LONGEST_ANSWER)
        assert words == (offsets[first, 0], offsets[last, 1])
        assert logit == pytest.approx(logits[inside, 2].mean(), abs=1e-5)
        assert span == pytest.approx(shares[first, 0] + shares[last, 1], abs=1e-4)


def test_a_word_over_the_end_of_a_sentence_is_cut_there():
    logits = np.zeros((4, 3), dtype=np.float32)
    logits[3, :2] = 5
    said = reading(0.0, logits, NEAR[:, :4], tokens(4), [(0, 5)])
    assert said.words == ((3, 5),)


def test_of_what_was_not_read_nothing_is_said():
    said = reading(0.0, np.zeros((6, 3), dtype=np.float32), NEAR[:, :6], tokens(6), [(0, 4), (12, 20)])
    assert said.sentences == (0.0, -math.inf)
    assert said.words[1] == (12, 12)
    assert said.spans[1] == -math.inf


def test_what_stands_before_the_text_is_in_no_sentence():
    logits = np.zeros((6, 3), dtype=np.float32)
    logits[:2] = 9
    said = reading(0.0, logits, NEAR[:, :6], tokens(6), [(0, 12)])
    assert said.sentences == (0.0,)
    assert said.words[0][0] >= 0


def test_probabilities_have_the_sum_1_however_large_the_logits():
    for logits in ([0.0, 0.0, 0.0], [800.0, -800.0, 0.0], [-3.0, 2.0, 1.0]):
        said = entailment(np.array(logits, dtype=np.float32))
        assert said.entailed + said.contradicted + said.unsaid == pytest.approx(1.0)
    assert said.contradicted == pytest.approx(math.exp(2) / (math.exp(-3) + math.exp(2) + math.exp(1)))
