"""The bundled embedder: unit vectors of real meaning, nothing cut unseen, an identity that follows its files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from rag.errors import ModelError
from rag.index.embedding import SentenceTransformerEmbedder
from rag.models.catalogue import STANDARD_EMBEDDER

TEXTS = (
    "The harbour reopened in June.",
    "Twenty-two fishermen land lobsters every morning.",
    "La digue mesure désormais 310 mètres.",
    "",
)


def test_documents_are_unit_vectors_of_32_bits_one_a_text(bundled):
    matrix = bundled.encode_documents(TEXTS)
    assert matrix.shape == (len(TEXTS), bundled.dimensions)
    assert matrix.dtype == np.float32
    assert np.linalg.norm(matrix, axis=1) == pytest.approx(1.0, abs=1e-5)


def test_a_question_is_one_vector_that_meets_its_own_text(bundled):
    vector = bundled.encode_query(TEXTS[0])
    assert vector.shape == (bundled.dimensions,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
    assert int((bundled.encode_documents(TEXTS) @ vector).argmax()) == 0


def test_no_texts_no_rows(bundled):
    matrix = bundled.encode_documents([])
    assert matrix.shape == (0, bundled.dimensions)
    assert matrix.dtype == np.float32


def test_a_question_is_closest_to_the_text_that_answers_it(bundled):
    for question, wanted in (("When was the port opened again?", 0), ("Who catches shellfish?", 1)):
        cosines = bundled.encode_documents(TEXTS[:3]) @ bundled.encode_query(question)
        assert int(cosines.argmax()) == wanted


def test_the_vector_of_a_text_does_not_depend_on_those_beside_it(bundled):
    alone = bundled.encode_documents([TEXTS[1]])[0]
    among = bundled.encode_documents([TEXTS[2] * 20, TEXTS[1], ""])[1]
    assert alone == pytest.approx(among, abs=1e-5)
    assert (bundled.encode_documents([TEXTS[1]])[0] == alone).all()


def test_a_text_of_at_most_the_longest_length_is_read_to_its_end_and_a_longer_one_is_not(bundled):
    word, end = "harbour ", " lobster"
    words = word * bundled.max_tokens
    each = bundled.count_tokens(word * 2) - bundled.count_tokens(word)
    fits = word * ((bundled.max_tokens - bundled.count_tokens(end)) // each)
    assert bundled.count_tokens(fits) <= bundled.max_tokens < bundled.count_tokens(words)
    assert bundled.count_tokens(fits + end) <= bundled.max_tokens
    cosine = bundled.encode_documents([fits])[0] @ bundled.encode_documents([fits + end])[0]
    assert cosine < 0.9999
    cut = bundled.encode_documents([words])[0] @ bundled.encode_documents([words + end])[0]
    assert cut == pytest.approx(1.0, abs=1e-5)


@pytest.mark.parametrize("text", ["", "Un mot.", "L’état‑major 🗼", "a" * 300])
def test_tokens_are_counted_with_those_the_model_adds_and_without_cutting(bundled, text):
    assert bundled.count_tokens("") == len(bundled.tokens("passage:"))
    assert bundled.count_tokens(text) >= bundled.count_tokens("")
    assert bundled.count_tokens(text * 50) >= bundled.count_tokens(text)


def test_the_identity_names_the_model_and_its_files(bundled):
    name, digest = bundled.identity.split(" ")
    assert name == bundled.name == STANDARD_EMBEDDER
    assert len(digest) == 16
    assert SentenceTransformerEmbedder(bundled.folder).identity == bundled.identity
    assert 0 < bundled.scale.weight < 1
    assert bundled.scale.unlike < bundled.scale.like
    assert bundled.scale.nearness(bundled.scale.usual) == 0
    assert bundled.scale.nearness(bundled.scale.like) > 0 > bundled.scale.nearness(bundled.scale.unlike)


def test_opening_an_embedder_loads_nothing_until_a_text_is_read(monkeypatch, folder):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)  # importing it now fails
    embedder = SentenceTransformerEmbedder(folder)
    assert embedder.identity
    with pytest.raises(ImportError):
        embedder.encode_query("Combien ?")


# ── A folder of one's own ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path):
    """Give a folder that looks like a model, but for its weights."""
    folder = tmp_path / "my-embedder"
    folder.mkdir()
    (folder / "modules.json").write_text("[]", encoding="utf-8")
    (folder / "weights.bin").write_bytes(bytes(3 << 20))
    return folder


def fingerprint(folder: Path) -> str:
    """Return the second half of the identity, as the files are now."""
    return SentenceTransformerEmbedder(folder).identity.split(" ")[1]


def test_the_fingerprint_follows_every_file_that_makes_vectors(folder):
    before = fingerprint(folder)
    assert fingerprint(folder) == before
    (folder / "README.md").write_text("Rien.", encoding="utf-8")
    assert fingerprint(folder) == before
    seen = {before}
    for change in (
        lambda: (folder / "weights.bin").write_bytes(b"\x01" + bytes((3 << 20) - 1)),  # the beginning
        lambda: (folder / "weights.bin").write_bytes(bytes((3 << 20) - 1) + b"\x01"),  # the end
        lambda: (folder / "weights.bin").write_bytes(bytes((3 << 20) + 1)),  # the size
        lambda: (folder / "weights.bin").rename(folder / "other.bin"),
        lambda: (folder / "1_Pooling").mkdir() or (folder / "1_Pooling" / "config.json").write_text("{}"),
    ):
        change()
        seen.add(fingerprint(folder))
    assert len(seen) == 6


def test_the_fingerprint_does_not_depend_on_where_the_folder_lies(folder, tmp_path):
    before = fingerprint(folder)
    assert fingerprint(folder.rename(tmp_path / "elsewhere")) == before


def test_an_embedder_nobody_measured_prefers_neither_kind_of_search(folder):
    embedder = SentenceTransformerEmbedder(folder)
    assert embedder.name == "my-embedder"
    assert embedder.identity.startswith("my-embedder ")
    assert embedder.scale.weight == 0.5
    assert embedder.scale.nearness(0.9) == embedder.scale.nearness(0.1) == 0  # nobody measured what is usual


def test_a_folder_that_holds_no_model_is_one_sentence(tmp_path, folder):
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(ModelError, match=r"modules\.json") as caught:
            SentenceTransformerEmbedder(path)
        assert "RAG_EMBEDDER" in caught.value.remedy


@pytest.mark.embedder
def test_a_model_that_is_damaged_is_one_sentence_when_it_is_read(folder):
    (folder / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "absent", "type": "x.y.Z"}]', "utf-8")
    with pytest.raises(ModelError, match="my-embedder"):
        SentenceTransformerEmbedder(folder).encode_query("Combien ?")
