"""FAISS gives what brute force gives, values and order; its file is never trusted further than its hash."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.fakes import HashedWords
from support.storing import article, put

from rag.index.store import Store
from rag.index.vectors import VectorIndex, open_vectors


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


@pytest.fixture
def kept(tmp_path):
    """Give a store with two articles and the path of the index beside it, made once."""
    store = Store(tmp_path / "library.sqlite", "hashed-words 1")
    put(store, article("La digue mesure 310 mètres.\n\nElle a coûté 4,2 millions."))
    put(store, article("Le phare reste fermé."))
    path = tmp_path / "vectors.faiss"
    open_vectors(store, path)
    yield store, path
    store.close()


def right(store: Store, path) -> bool:
    """Whether the index holds every vector of the store: each finds itself."""
    rows, matrix = store.vectors()
    index = open_vectors(store, path)
    return len(index) == len(rows) and all(
        index.cosines(vector, [row])[0] == pytest.approx(1, abs=1e-5) for row, vector in zip(rows, matrix, strict=True)
    )


def test_the_file_is_taken_as_it_is_when_it_is_of_this_generation(kept, monkeypatch):
    store, path = kept
    monkeypatch.setattr(Store, "vectors", lambda _: pytest.fail("the index was made anew"))
    assert len(open_vectors(store, path)) == 3


def damage_end(content: bytes) -> bytes:
    return content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda content: content[:40],
        lambda content: content[:-1],
        lambda content: content + b"x",
        lambda content: b"another format\n" + content,
        lambda content: content.replace(b"vectors 1", b"vectors 2", 1),
        damage_end,
        lambda content: b"\x80\x04\x95" + content,
    ],
    ids=["empty", "head only", "cut", "longer", "foreign", "later format", "one bit", "pickle"],
)
def test_a_damaged_file_is_made_anew(kept, damage):
    store, path = kept
    path.write_bytes(damage(path.read_bytes()))
    assert VectorIndex.load(path, store.generation) is None
    assert right(store, path)
    assert VectorIndex.load(path, store.generation) is not None


def test_a_missing_file_is_made_anew(kept):
    store, path = kept
    path.unlink()
    assert right(store, path)
    assert path.is_file()


def test_a_file_of_an_earlier_generation_is_made_anew(kept):
    store, path = kept
    before = path.read_bytes()
    put(store, article("La maire a promis de revenir."))
    path.write_bytes(before)
    assert len(open_vectors(store, path)) == 4
    assert right(store, path)


def test_another_librarys_file_is_not_taken_for_ones_own(kept, tmp_path):
    store, path = kept
    other = Store(tmp_path / "other" / "library.sqlite")
    put(other, article("Tout autre chose."))
    path.write_bytes(b"")
    open_vectors(other, path)
    other.close()
    assert right(store, path)


def test_a_folder_that_cannot_be_written_costs_time_and_not_the_answer(kept, monkeypatch):
    store, path = kept
    path.unlink()
    path.mkdir()  # nothing can be written over it
    assert right(store, path)
    assert [file.name for file in path.parent.iterdir() if file.suffix == ".part"] == []


def test_the_head_of_the_file_can_be_read_by_a_person(kept):
    store, path = kept
    name, head, _ = path.read_bytes().split(b"\n", 2)
    assert name == b"ask-the-article vectors 1"
    assert json.loads(head)["generation"] == store.generation


def test_vectors_of_the_fake_embedder_agree_with_the_real_contract():
    vectors = HashedWords().encode_documents(["la digue", "le phare", ""])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-6)
