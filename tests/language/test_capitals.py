"""Running text tells names from words of the language."""

from __future__ import annotations

import lzma

import pytest

from benchmarks.train_capitals import count
from rag.language.capitals import TABLE, capital_share


@pytest.mark.parametrize(("stem", "language"), [("paris", "fr"), ("pierr", "fr"), ("london", "en"), ("johnson", "en")])
def test_a_name_has_a_capital_inside_sentences(stem, language):
    assert (capital_share(stem, language) or 0.0) > 0.5


@pytest.mark.parametrize(("stem", "language"), [("plusieur", "fr"), ("vill", "fr"), ("citi", "en"), ("because", "en")])
def test_a_common_word_has_none(stem, language):
    share = capital_share(stem, language)
    assert share is None or share < 0.5


def test_of_what_was_never_seen_nothing_is_known():
    assert capital_share("zyxwvut", "fr") is None


def test_a_word_at_the_head_of_a_sentence_is_not_counted():
    inside, capital = count(["Paris attend, et la ville de Paris attend. Villes et Paris attendent l'Oise."], "fr")
    assert (inside["paris"], capital["paris"]) == (2, 2)
    assert (inside["ois"], capital["ois"]) == (1, 1)
    assert (inside["vill"], capital["vill"]) == (1, 0)


def test_the_table_holds_each_stem_once():
    rows = lzma.decompress(TABLE.read_bytes()).decode().splitlines()
    assert len({tuple(row.split("\t")[:2]) for row in rows}) == len(rows) > 20_000
