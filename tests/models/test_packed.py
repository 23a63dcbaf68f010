"""Packed weights are read as they were written, and become a folder that sentence-transformers opens."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from support import packed_writer
from support.packed_writer import packed_bytes
from support.plain_encoder import PlainEncoder

from rag.errors import ModelError
from rag.models.packed import read_packed
from rag.models.unpacking import make_tokenizer, unpack

PROMPTS = {"query": "query: ", "document": "passage: "}
TEXTS = ("le port rouvre", "port", "le\u200bport \ufb01", "", "x" * 5)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("packed") / "weights.bin"
    path.write_bytes(packed_bytes())
    return path


def test_every_number_of_the_file_is_read(path):
    packed, plain = read_packed(path), PlainEncoder(path)
    assert packed.shape.width == packed_writer.WIDTH
    assert (packed.shape.layers, packed.shape.inner) == (packed_writer.LAYERS, packed_writer.INNER)
    assert packed.shape.epsilon == pytest.approx(1e-12)
    assert packed.special == {"bos": 0, "pad": 1, "eos": 2, "unk": 3}
    assert packed.written == packed_writer.WRITTEN
    assert packed.pieces[5] == "▁le"
    assert packed.scores[5] == -3.0
    assert set(packed.tensors) == set(plain.places)
    for name, tensor in packed.tensors.items():
        assert tensor == pytest.approx(plain.tensor(name))


@pytest.mark.parametrize("damage", ["other", "cut in the head", "cut in the weights", "unknown kind"])
def test_a_file_that_makes_no_sense_is_one_sentence(path, tmp_path, damage):
    content = path.read_bytes()
    at = content.index(b"emb.word") + len(b"emb.word")
    damaged = tmp_path / "weights.bin"
    damaged.write_bytes(
        {
            "other": b"GGUF" + content[4:],
            "cut in the head": content[:100],
            "cut in the weights": content[:-100],
            "unknown kind": content[:at] + struct.pack("<B", 7) + content[at + 1 :],
        }[damage]
    )
    with pytest.raises(ModelError, match=r"weights\.bin does not hold packed weights"):
        read_packed(damaged)


@pytest.mark.parametrize("text", TEXTS)
def test_the_tokenizer_finds_the_pieces_that_are_most_probable_together(path, text):
    assert make_tokenizer(read_packed(path)).encode(text).ids == PlainEncoder(path).tokens(text)


@pytest.mark.embedder
def test_the_folder_gives_the_vectors_of_a_second_implementation(path, tmp_path):
    from sentence_transformers import SentenceTransformer

    unpack(read_packed(path), tmp_path, PROMPTS)
    model = SentenceTransformer(str(tmp_path), device="cpu", local_files_only=True, model_kwargs={"dtype": "float32"})
    plain = PlainEncoder(path)
    for text in TEXTS:
        vector = model.encode_query([text], normalize_embeddings=True, show_progress_bar=False)[0]
        assert vector @ plain.encode("query: " + text) == pytest.approx(1.0, abs=1e-5)
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
    assert model.max_seq_length == packed_writer.POSITIONS
