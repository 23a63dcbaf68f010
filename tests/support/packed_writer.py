"""Writes a small packed file: random weights in the layout of the real one, for tests that need no meaning."""

from __future__ import annotations

import struct

import numpy as np

WIDTH, LAYERS, HEADS, INNER, POSITIONS, TYPES = 64, 2, 4, 128, 32, 2
WRITTEN = {"\x07": "", "\u200b": " ", "\u00a0": " ", "\ufb01": "fi"}
MATRICES = {"q": (WIDTH, WIDTH), "k": (WIDTH, WIDTH), "v": (WIDTH, WIDTH), "ao": (WIDTH, WIDTH)}
MATRICES |= {"fi": (INNER, WIDTH), "fo": (WIDTH, INNER)}


def packed_bytes(words: tuple[str, ...] = ("le", "port", "rouvre"), seed: int = 0, positions: int = POSITIONS) -> bytes:
    """Return a packed file whose vocabulary has these words, their letters, and the pieces every one has."""
    random = np.random.default_rng(seed)
    letters = sorted(set("".join(words)))
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *("▁" + word for word in words), *letters, "<mask>"]
    scores = [0.0] * 4 + [-2.0] + [-3.0] * len(words) + [-8.0] * len(letters) + [0.0]
    rows = len(pieces) + 3  # the real table has rows that stand for no piece, too
    spelled = [piece.encode() for piece in pieces]
    ends = np.cumsum([0, *map(len, spelled)]).astype("<u4")
    sizes = (WIDTH, LAYERS, HEADS, INNER, rows, positions, TYPES)
    head = struct.pack("<4s8If8I", b"E5S1", 1, *sizes, 1e-12, 32, len(pieces), 0, 2, 1, 3, int(ends[-1]), 0)
    before = head + ends.tobytes() + np.array(scores, "<f4").tobytes() + b"".join(spelled) + _written()
    return before + _tensors(random, rows, positions, len(before))


def _written() -> bytes:
    lines = [struct.pack(f"<IB{len(to)}I", ord(one), len(to), *map(ord, to)) for one, to in WRITTEN.items()]
    return struct.pack("<II", len(lines), len(b"".join(lines))) + b"".join(lines)


def _tensors(random: np.random.Generator, rows: int, positions: int, position: int) -> bytes:
    content: dict[str, tuple[int, int, bytes]] = {"emb.word": _blocks(random, rows * WIDTH)}
    for name, size in (("emb.pos", positions * WIDTH), ("emb.type", TYPES * WIDTH)):
        content[name] = _plain(random, size)
    names = ["emb.ln", *(f"l{layer}.{norm}" for layer in range(LAYERS) for norm in ("aln", "oln"))]
    for name in names:
        content |= {f"{name}.w": _plain(random, WIDTH, 1.0), f"{name}.b": _plain(random, WIDTH)}
    for layer in range(LAYERS):
        for name, (out, into) in MATRICES.items():
            content[f"l{layer}.{name}.w"] = _blocks(random, out * into)
            content[f"l{layer}.{name}.b"] = _plain(random, out)
    length = 4 + sum(2 + len(name) + struct.calcsize("<BIQQ") for name in content)
    directory, data = struct.pack("<I", len(content)), b""
    for name, (kind, weights, raw) in content.items():
        start = position + length + len(data)
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, weights, start, len(raw))
        data += raw
    return directory + data


def _plain(random: np.random.Generator, size: int, around: float = 0.0) -> tuple[int, int, bytes]:
    return 0, size, (around + 0.1 * random.standard_normal(size)).astype("<f4").tobytes()


def _blocks(random: np.random.Generator, size: int) -> tuple[int, int, bytes]:
    blocks = np.zeros((size // 32, 18), np.uint8)
    scales = (0.02 * random.standard_normal(size // 32)).astype("<f2")
    blocks[:, :2] = scales.view(np.uint8).reshape(-1, 2)
    blocks[:, 2:] = random.integers(0, 256, (size // 32, 16))
    return 1, size, blocks.tobytes()
