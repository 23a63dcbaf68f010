"""The adapter is read as it was written, and is small enough to come with the program."""

from __future__ import annotations

import numpy as np
import pytest
from safetensors.numpy import load_file
from support.adapter_writer import write_adapter
from support.packed_writer import INNER, LAYERS, WIDTH, packed_bytes

from rag.errors import ModelError
from rag.models.catalogue import CATALOGUE, STANDARD_EMBEDDER
from rag.reader.adapter import ADAPTER, digest_of, read_adapter


@pytest.fixture
def packed(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(packed_bytes())
    return path


def test_the_adapter_that_comes_with_the_program_is_small_and_of_the_standard_embedder():
    assert ADAPTER.stat().st_size <= 6_000_000
    adapter = read_adapter(ADAPTER)
    assert adapter.embedder == CATALOGUE[STANDARD_EMBEDDER].sha256
    assert len({name.partition(".")[0] for name in adapter.low_rank}) == 12 - adapter.split
    assert adapter.heads.belongs.shape == (3, CATALOGUE[STANDARD_EMBEDDER].dimensions)


def test_every_matrix_has_its_scales_and_every_head_its_weights(packed, tmp_path):
    path = write_adapter(tmp_path / "adapter.safetensors", packed, split=1, rank=8)
    raw, adapter = load_file(path), read_adapter(path)
    assert adapter.split == 1
    assert len(adapter.low_rank) == 6 * (LAYERS - 1)
    up, down = adapter.low_rank["0.outer"]
    assert (up.shape, down.shape) == ((WIDTH, 8), (8, INNER))
    for row in (0, 5):
        expected = raw["upper.0.outer.down"][row] * float(raw["upper.0.outer.down.scale"][row])
        assert down[row] == pytest.approx(expected)
    state = np.random.default_rng(1).standard_normal((3, 2 * WIDTH + 3)).astype(np.float32)
    hidden = np.tanh(state @ raw["answer_head.0.weight"].astype(np.float32).T + raw["answer_head.0.bias"])
    expected = hidden @ raw["answer_head.2.weight"].astype(np.float32).T + raw["answer_head.2.bias"]
    assert adapter.heads.answer(state) == pytest.approx(expected, abs=1e-4)
    assert adapter.heads.verdict(state).shape == (3, 3)


def test_another_adapter_has_another_digest(packed, tmp_path):
    one, other = (write_adapter(tmp_path / f"{seed}", packed, split=1, seed=seed) for seed in (1, 2))
    assert digest_of(one) != digest_of(other)


def test_what_was_trained_is_written_and_read(tmp_path):
    import torch

    from training.reader.export import export

    random = torch.Generator().manual_seed(1)
    sizes = {"belongs": (3, 32), "met": (3, 2, 32), "token_head.weight": (3, 32), "token_head.bias": (3,)}
    for head, outputs in (("answer_head", 1), ("verdict_head", 3)):
        sizes |= {f"{head}.0.weight": (32, 67), f"{head}.0.bias": (32,)}
        sizes |= {f"{head}.2.weight": (outputs, 32), f"{head}.2.bias": (outputs,)}
    for layer in range(3):
        sizes |= {f"upper.{layer}.query.down": (4, 32), f"upper.{layer}.query.up": (32, 4)}
    learned = {name: torch.randn(size, generator=random) for name, size in sizes.items()}
    learned["upper.1.query.up"][5] = 0
    torch.save({"reader": learned, "step": 1}, tmp_path / "checkpoint.pt")
    export(tmp_path / "checkpoint.pt", tmp_path / "adapter.safetensors")
    assert [path.name for path in tmp_path.glob("adapter*")] == ["adapter.safetensors"]
    adapter = read_adapter(tmp_path / "adapter.safetensors")
    assert adapter.split == 9
    for layer in range(3):
        up, down = adapter.low_rank[f"{layer}.query"]
        for ours, name in ((up, "up"), (down, "down")):
            exact = learned[f"upper.{layer}.query.{name}"].numpy()
            step = np.abs(exact).max(axis=1, keepdims=True) / 127
            assert (np.abs(ours - exact) <= 0.51 * step + 1e-6).all()
    assert adapter.heads.verdict.inner == pytest.approx(learned["verdict_head.0.weight"].numpy(), rel=1e-3)
    assert adapter.heads.belongs == pytest.approx(learned["belongs"].numpy(), rel=1e-3)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "another file"])
def test_what_is_no_adapter_is_one_sentence(packed, tmp_path, damage):
    path = write_adapter(tmp_path / "adapter.safetensors", packed, split=1)
    content = path.read_bytes()
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes({"empty": b"", "cut": content[:-100], "another file": packed.read_bytes()}[damage])
    with pytest.raises(ModelError, match="could not be read") as caught:
        read_adapter(path)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy == "make setup"
