"""BM25 gives what the formula gives, whatever was put in and taken out before; its file is never trusted unread."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.index.word_index import FIELD_WEIGHTS, K1, B, WordFields, WordIndex, inverse_document_frequency

STEMS = st.lists(st.sampled_from("port digue phare quai mer maire euro an".split()), max_size=12).map(" ".join)
FIELDS = st.builds(WordFields, title=STEMS, heading=STEMS, body=STEMS)
LIBRARIES = st.dictionaries(st.integers(1, 40), FIELDS, min_size=1, max_size=12)
QUESTIONS = st.lists(
    st.dictionaries(st.sampled_from("port digue phare mer xyz".split()), st.sampled_from([1.0, 0.7]), min_size=1),
    max_size=4,
)
PORT = {
    1: WordFields("port", "", "digue mesur 310 metr"),
    3: WordFields("port", "phare", "phare rest ferm"),
    8: WordFields("port", "phare", "port port port"),
}


def by_the_formula(passages, terms):
    """Return row → BM25F as Robertson and Zaragoza write it, counted anew for each passage."""
    counted = {}
    for row, fields in passages.items():
        counts = Counter()
        for stems, weight in zip((fields.title, fields.heading, fields.body), FIELD_WEIGHTS, strict=True):
            for stem in stems.split():
                counts[stem] += weight
        counted[row] = counts
    average = sum(sum(counts.values()) for counts in counted.values()) / len(counted)
    scores = dict.fromkeys(counted, 0.0)
    for variants in terms:
        holding = sum(any(stem in counts for stem in variants) for counts in counted.values())
        rarity = math.log(1 + (len(counted) - holding + 0.5) / (holding + 0.5))
        for row, counts in counted.items():
            found = sum(weight * counts[stem] for stem, weight in variants.items())
            norm = K1 * (1 - B + B * sum(counts.values()) / (average or 1e-9))
            scores[row] += rarity * found * (K1 + 1) / (found + norm) if found else 0.0
    return scores


@given(passages=LIBRARIES, terms=QUESTIONS)
def test_scores_are_those_of_the_formula(passages, terms):
    index = WordIndex(passages)
    expected = by_the_formula(passages, terms)
    assert index.rows.tolist() == sorted(passages)
    assert index.scores(terms).tolist() == pytest.approx(
        [expected[row] for row in sorted(passages)], rel=1e-4, abs=1e-5
    )


@given(before=LIBRARIES, after=LIBRARIES, gone=st.sets(st.integers(1, 90)), terms=QUESTIONS)
def test_what_was_put_in_and_taken_out_leaves_no_trace(before, after, gone, terms):
    later = {row + 50: fields for row, fields in after.items()}
    index = WordIndex(before)
    index.add(later)
    index.remove(gone)
    kept = {row: fields for row, fields in {**before, **later}.items() if row not in gone}
    fresh = WordIndex(kept)
    assert index.rows.tolist() == fresh.rows.tolist()
    assert index.scores(terms).tolist() == fresh.scores(terms).tolist()
    assert set(index.stems()) == set(fresh.stems())
    assert all(index.holding(stem) == fresh.holding(stem) for stem in fresh.stems())


def test_rows_come_in_order_so_that_new_passages_go_to_the_end():
    index = WordIndex(PORT)
    with pytest.raises(ValueError, match="row 2 does not come after row 8"):
        index.add({2: WordFields("", "", "mer")})


def test_a_word_nobody_wrote_and_an_empty_library_score_nothing():
    assert WordIndex(PORT).scores([{"ornithorynque": 1.0}]).tolist() == [0, 0, 0]
    assert WordIndex({}).scores([{"port": 1.0}]).tolist() == []
    assert WordIndex(PORT).holding("ornithorynque") == 0


@pytest.mark.parametrize(("passages", "holding"), [(1, 0), (100, 3), (100, 99), (736.5, 2.25)])
def test_rarity_is_the_formula(passages, holding):
    assert inverse_document_frequency(passages, holding) == pytest.approx(math.log((passages + 1) / (holding + 0.5)))


@settings(deadline=None)
@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6))
def test_what_fewer_passages_hold_is_never_less_rare(passages, few, more):
    few, more = sorted((few, more))
    assert inverse_document_frequency(passages, few) >= inverse_document_frequency(passages, more) >= 0


BM25_TERMS = [{"port": 1.0, "navir": 0.6}]


def alone(fields: WordFields, other: str = "mer " * 10) -> float:
    """Return the score of one passage beside another without words of the question."""
    return float(WordIndex({1: fields, 2: WordFields("", "", other)}).scores(BM25_TERMS)[0])


def test_a_variant_counts_less_than_the_word_and_a_longer_text_less_than_a_short_one():
    assert alone(WordFields("", "", "port mer")) > alone(WordFields("", "", "navir mer")) > 0
    assert alone(WordFields("", "", "port mer")) > alone(WordFields("", "", "port" + " mer" * 30))


@given(FIELDS, st.sampled_from(["port", "navir"]))
def test_one_more_matching_word_never_lowers_the_score_and_none_reaches_the_bound(fields, word):
    """In a text of the same length, and beside the same other passage, as many passages holding the word."""
    body = [*fields.body.split(), "mer", "port"]
    more = [word if stem == "mer" else stem for stem in body]
    less, greater = (alone(WordFields(fields.title, fields.heading, " ".join(stems))) for stems in (body, more))
    assert 0 < less <= greater * (1 + 1e-6)
    assert greater < inverse_document_frequency(2, 1) * (K1 + 1)


def test_a_rarer_word_weighs_more_and_a_word_in_every_passage_still_something():
    assert inverse_document_frequency(100, 1) > inverse_document_frequency(100, 50) > 0
    assert inverse_document_frequency(3, 3) > 0


# ── The file ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_file_gives_back_the_index_and_goes_on_growing(tmp_path):
    WordIndex(PORT).save(tmp_path / "words.index", "press")
    loaded = WordIndex.load(tmp_path / "words.index", "press")
    loaded.add({9: WordFields("", "", "mer")})
    fresh = WordIndex({**PORT, 9: WordFields("", "", "mer")})
    assert loaded.scores([{"port": 1.0}, {"mer": 1.0}]).tolist() == fresh.scores([{"port": 1.0}, {"mer": 1.0}]).tolist()


def test_an_empty_index_comes_back_empty(tmp_path):
    WordIndex({}).save(tmp_path / "words.index", "press")
    assert len(WordIndex.load(tmp_path / "words.index", "press")) == 0


def test_another_librarys_file_is_not_taken(tmp_path):
    WordIndex(PORT).save(tmp_path / "words.index", "press")
    assert WordIndex.load(tmp_path / "words.index", "books") is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda content: content[:40],
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: b"another format\n" + content,
        lambda content: content[:-3] + bytes([content[-3] ^ 1]) + content[-2:],
        lambda content: content.replace(b'"sizes": [', b'"sizes": [-', 1),
        lambda _: b"\x80\x04\x95 a pickle",
    ],
    ids=["empty", "head only", "cut", "longer", "foreign", "one bit", "sizes", "pickle"],
)
def test_a_damaged_file_is_no_index(tmp_path, damage):
    path = tmp_path / "words.index"
    WordIndex(PORT).save(path, "press")
    path.write_bytes(damage(path.read_bytes()))
    assert WordIndex.load(path, "press") is None


def test_nothing_half_written_stays_where_the_file_cannot_be_written(tmp_path):
    (tmp_path / "words.index").mkdir()
    with pytest.raises(IsADirectoryError):
        WordIndex(PORT).save(tmp_path / "words.index", "press")
    assert [path.name for path in tmp_path.iterdir()] == ["words.index"]
    assert np.array_equal(WordIndex(PORT).rows, [1, 3, 8])
