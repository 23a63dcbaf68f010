"""Whatever the head of a GGUF file holds, it is read or refused in one sentence."""

from __future__ import annotations

import random
import struct
from pathlib import Path

import pytest

from rag.errors import ModelError
from rag.llm.llama.gguf import GgufHead, read_gguf

FUZZED = 2000
U32, F32, FLAG, TEXT, ARRAY, U64 = 4, 6, 7, 8, 9, 10


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def entry(key: str, kind: int, value: bytes) -> bytes:
    return text(key) + struct.pack("<I", kind) + value


def array(kind: int, values: list[bytes]) -> bytes:
    return struct.pack("<IQ", kind, len(values)) + b"".join(values)


ENTRIES = {
    "general.architecture": (TEXT, text("llama")),
    "general.name": (TEXT, text("Petit modèle")),
    "general.alignment": (U32, struct.pack("<I", 32)),
    "llama.context_length": (U32, struct.pack("<I", 2048)),
    "llama.block_count": (U32, struct.pack("<I", 2)),
    "llama.embedding_length": (U64, struct.pack("<Q", 64)),
    "llama.attention.head_count": (U32, struct.pack("<I", 4)),
    "llama.attention.head_count_kv": (ARRAY, array(U32, [struct.pack("<I", 2)] * 2)),
    "llama.rope.freq_base": (F32, struct.pack("<f", 1e4)),
    "tokenizer.ggml.tokens": (ARRAY, array(TEXT, [text(one) for one in ("a", "b", "é")])),
    "tokenizer.ggml.add_bos_token": (FLAG, b"\x01"),
    "tokenizer.chat_template": (TEXT, text("{{ messages }}")),
}


def gguf(**changed: tuple[int, bytes]) -> bytes:
    """Return the head of a GGUF file with one tensor, some of its entries changed."""
    entries = {**ENTRIES, **changed}
    tensor = text("token_embd.weight") + struct.pack("<IQQIQ", 2, 64, 3, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(entries))
    return head + b"".join(entry(key, *value) for key, value in entries.items()) + tensor + bytes(1000)


def test_an_undamaged_head_is_read(tmp_path):
    path = tmp_path / "model.gguf"
    path.write_bytes(gguf())
    head = read_gguf(path)
    assert (head.architecture, head.name, head.context_length, head.whole) == ("llama", "Petit modèle", 2048, True)


def require_read_or_refused(path: Path) -> None:
    try:
        head = read_gguf(path)
    except ModelError as error:
        head = None
        remedy = error.remedy
    assert isinstance(head, GgufHead) or remedy


@pytest.mark.parametrize("key", ENTRIES)
@pytest.mark.parametrize(
    "value",
    [
        (U32, bytes(4)),
        (U32, b"\xff" * 4),
        (F32, struct.pack("<f", float("inf"))),
        (F32, struct.pack("<f", float("nan"))),
        (TEXT, text("trente-deux")),
        (ARRAY, array(U32, [])),
        (ARRAY, array(TEXT, [text("a")])),
    ],
)
def test_a_value_of_another_kind_is_read_or_refused(tmp_path, key, value):
    path = tmp_path / "model.gguf"
    path.write_bytes(gguf(**{key: value}))
    require_read_or_refused(path)


def test_a_head_with_random_damage_is_read_or_refused(tmp_path):
    chance = random.Random(13)
    path = tmp_path / "model.gguf"
    sound = gguf()
    for _ in range(FUZZED):
        data = bytearray(sound[: chance.choice((len(sound), chance.randrange(5, len(sound))))])
        for _ in range(chance.randrange(1, 8)):
            data[chance.randrange(4, len(data))] = chance.choice((0, 1, 8, 9, 127, 255, chance.randrange(256)))
        path.write_bytes(data)
        require_read_or_refused(path)
