"""FAISS gives what brute force gives, values and order; its file gives back what was put into it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import HashedWords

from rag.index.vectors import VectorIndex


def unit(rows: int, dimensions: int, seed: int) -> np.ndarray:
    matrix = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def brute_force(query, numbers, matrix, limit):
    scores = matrix.astype(np.float64) @ query.astype(np.float64)
    ranked = sorted(zip(numbers, scores, strict=True), key=lambda pair: (-pair[1], pair[0]))
    return ranked[:limit]


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(1, 60),
    dimensions=st.sampled_from([2, 16, 384]),
    limit=st.integers(1, 80),
    seed=st.integers(0, 2**31),
    part=st.floats(0, 1),
)
def test_faiss_finds_what_brute_force_finds_in_the_same_order_with_the_same_cosines(
    rows, dimensions, limit, seed, part
):
    matrix = unit(rows, dimensions, seed)
    query = unit(1, dimensions, seed + 1)[0]
    numbers = np.random.default_rng(seed).permutation(rows * 3)[:rows].tolist()
    among = numbers[: int(part * rows)]
    index = VectorIndex(numbers, matrix)
    assert len(index) == rows
    for chosen in (None, among):
        kept = [
            (number, row) for number, row in zip(numbers, matrix, strict=True) if chosen is None or number in chosen
        ]
        expected = brute_force(query, [n for n, _ in kept], np.array([row for _, row in kept]), limit) if kept else []
        found = index.search(query, limit, among=chosen)
        assert [row for row, _ in found] == [row for row, _ in expected]
        assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)
        assert index.cosines(query, [row for row, _ in found]) == pytest.approx([s for _, s in found], abs=1e-5)


def test_equal_cosines_come_in_the_order_of_their_rows():
    index = VectorIndex([9, 4, 7], np.array([[0, 1], [0, 1], [1, 0]], dtype=np.float32))
    assert index.search(np.array([0, 1], dtype=np.float32), 2) == [(4, 1.0), (9, 1.0)]


def test_an_empty_index_finds_nothing():
    index = VectorIndex([], np.zeros((0, 0), dtype=np.float32))
    assert index.search(np.ones(3, dtype=np.float32), 5) == []
    assert VectorIndex([1], unit(1, 2, 0)).search(unit(1, 2, 0)[0], 5, among=[]) == []


# ── The file ────────────────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=30, deadline=None)
@given(rows=st.integers(1, 30), more=st.integers(0, 20), gone=st.sets(st.integers(0, 120)), seed=st.integers(0, 2**31))
def test_what_was_put_in_and_taken_out_leaves_no_trace(rows, more, gone, seed):
    matrix = unit(rows + more, 16, seed)
    numbers = np.random.default_rng(seed).permutation(100)[: rows + more].tolist()
    index = VectorIndex(numbers[:rows], matrix[:rows])
    index.add(numbers[rows:], matrix[rows:])
    index.remove(gone)
    kept = [(number, row) for number, row in zip(numbers, matrix, strict=True) if number not in gone]
    assert sorted(index.rows.tolist()) == sorted(number for number, _ in kept)
    query = unit(1, 16, seed + 1)[0]
    expected = brute_force(query, [n for n, _ in kept], np.array([row for _, row in kept]), 99) if kept else []
    found = index.search(query, 99)
    assert [row for row, _ in found] == [row for row, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(rows=st.integers(0, 30), dimensions=st.sampled_from([2, 16, 384]), seed=st.integers(0, 2**31))
def test_the_file_gives_back_every_vector_bit_for_bit(tmp_path_factory, rows, dimensions, seed):
    path = tmp_path_factory.mktemp("press") / "vectors.faiss"
    matrix = unit(rows, dimensions, seed)
    numbers = np.random.default_rng(seed).permutation(100)[:rows].tolist()
    index = VectorIndex(numbers, matrix)
    index.remove(numbers[:3])
    index.save(path, "press")
    loaded = VectorIndex.load(path, "press")
    query = unit(1, dimensions, seed + 1)[0]
    assert sorted(loaded.rows.tolist()) == sorted(numbers[3:])
    assert loaded.cosines(query, numbers[3:]) == index.cosines(query, numbers[3:])
    loaded.add([200], unit(1, dimensions, seed + 2))  # and it goes on growing
    assert len(loaded) == len(index) + 1


def test_another_librarys_file_is_not_taken(tmp_path):
    VectorIndex([1], unit(1, 2, 0)).save(tmp_path / "vectors.faiss", "press")
    assert VectorIndex.load(tmp_path / "vectors.faiss", "books") is None
    assert VectorIndex.load(tmp_path / "nowhere.faiss", "press") is None


def test_vectors_of_the_fake_embedder_agree_with_the_real_contract():
    vectors = HashedWords().encode_documents(["la digue", "le phare", ""])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-6)
