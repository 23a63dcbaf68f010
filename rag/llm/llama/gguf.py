"""Reads the head of a GGUF file: what model it is, what memory it needs, whether the file is whole.

Only the head is read (the weights stay untouched), and without llama.cpp, so that a missing, foreign or truncated file
is told apart in milliseconds, before gigabytes are mapped. The format is described in ggml's docs/gguf.md.
"""

from __future__ import annotations

import mmap
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from rag.errors import ModelError

Value: TypeAlias = Any  # a number, a text, a flag or a list of numbers: a GGUF head says which

MAGIC = b"GGUF"
F16_BYTES = 2

_STRING, _ARRAY = 8, 9
_LONGEST_STRING = 16_000_000  # bytes of a name or a template
_MOST_DIMENSIONS = 4  # of a tensor, as in ggml
_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}

# ggml type → (weights in a block, bytes of a block), from ggml's type traits
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34), 9: (32, 36),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210), 15: (256, 292),
    16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18), 21: (256, 110), 22: (256, 82),
    23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8), 28: (1, 8), 29: (256, 56), 30: (1, 2),
    34: (256, 54), 35: (256, 66), 39: (32, 17),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GgufHead:
    """What the head of a GGUF file says.

    Attributes:
        architecture: as llama.cpp names it (``qwen3``, ``llama`` …).
        name: the model's own name; empty if it has none.
        context_length: tokens the model was trained for; 0 if unknown.
        template: the chat template (Jinja); empty if it has none.
        kv_bytes_per_token: bytes of the KV cache for one token of context, with 16-bit keys and values.
        file_bytes: size of the file.
        whole: whether the file is as long as its tensors need.
        holds: what the file is, as it says itself: ``model``, or a part of one such as ``adapter`` or ``mmproj``.
        part: of the parts that a model was split into, counted from 1.
        parts: how many those are; 1 for a model in one file.
        keeps_every_token: whether every layer attends to kept keys and values, so that a changed ending of a prompt
            leaves its beginning usable. Recurrent and hybrid models keep one running state instead.
    """

    architecture: str
    name: str
    context_length: int
    template: str
    kv_bytes_per_token: int
    file_bytes: int
    whole: bool
    keeps_every_token: bool
    holds: str = "model"
    part: int = 1
    parts: int = 1


def read_gguf(path: Path) -> GgufHead:
    """Return what the head of the GGUF file at ``path`` says.

    Raises:
        ModelError: there is no such file, it is not a GGUF file, it ends within its head, or a token stands twice in
            its vocabulary.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) != MAGIC:
                raise ModelError(f"{path.name} is not a GGUF file, the only kind llama.cpp runs.", "rag models list")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return _head(data, path.name)
    except OSError as error:
        reason = "does not exist" if isinstance(error, FileNotFoundError) else "cannot be read"
        raise ModelError(f"The model file {path} {reason}.", "rag models list") from None
    except (struct.error, ValueError, TypeError, LookupError, ArithmeticError, MemoryError):  # a value of another kind
        raise ModelError(f"The model file {path.name} is damaged: its head makes no sense.", REMEDY) from None


def refuse_parts(head: GgufHead, path: Path) -> None:
    """Raise ModelError where a file is no whole language model: an addition to one, or a part without the others."""
    name = path.name
    if head.holds != "model":
        what = _ADDITIONS.get(head.holds, f"a file of the kind {head.holds!r}")
        raise ModelError(f"{name} is not a language model but {what}.", "name the model's own GGUF file")
    beside = [
        path.with_name(_PART.sub(f"-{number:05}-of-{head.parts:05}", name)) for number in range(1, head.parts + 1)
    ]
    if head.part > 1:
        raise ModelError(f"{name} is part {head.part} of {head.parts} of a model.", f"name the first: {beside[0].name}")
    if missing := [part.name for part in beside[1:] if not part.is_file()]:
        raise ModelError(f"{name} is the first of {head.parts} parts: {', '.join(missing)} is not beside it.", REMEDY)


_PART = re.compile(r"-\d{5}-of-\d{5}")
_ADDITIONS = {
    "adapter": "an adapter (LoRA), which changes a model and answers nothing by itself",
    "mmproj": "a projector, by which a model sees pictures",
    "imatrix": "a table by which models are made smaller",
}

REMEDY = "rag models verify, then rag models pull NAME to fetch it again"


class _Reader:
    """A position in a file that moves on with each value read."""

    def __init__(self, data: mmap.mmap, position: int) -> None:
        self.data = data
        self.position = position

    def scalar(self, code: str) -> Value:
        (value,) = struct.unpack_from("<" + code, self.data, self.position)
        self.position += struct.calcsize("<" + code)
        return value

    def string(self) -> str:
        length = self.scalar("Q")
        start, self.position = self.position, self.position + length
        if self.position > len(self.data) or length > _LONGEST_STRING:
            raise struct.error
        return self.data[start : self.position].decode()

    def value(self, kind: int) -> Value:
        if kind == _STRING:
            return self.string()
        return self._array() if kind == _ARRAY else self.scalar(_SCALARS[kind])

    def tokens(self) -> list[bytes]:
        """Return a vocabulary: an array of strings, as they stand in the file."""
        kind, length = self.scalar("I"), self.scalar("Q")
        if kind != _STRING:
            raise struct.error
        read, data, position = struct.Struct("<Q").unpack_from, self.data, self.position
        found = []
        for _ in range(length):
            start = position + 8
            position = start + read(data, position)[0]
            found.append(data[start:position])
        self.position = position
        return found

    def _array(self) -> list[Any] | None:
        """Return a short array of numbers; step over any other (vocabularies have 150,000 strings)."""
        kind, length = self.scalar("I"), self.scalar("Q")
        if kind == _STRING:
            read, data, position = struct.Struct("<Q").unpack_from, self.data, self.position
            for _ in range(length):
                position += 8 + read(data, position)[0]
            self.position = position
            return None
        if kind == _ARRAY or length > 1000:
            self.position += length * struct.calcsize("<" + _SCALARS[kind])
            return None
        return [self.scalar(_SCALARS[kind]) for _ in range(length)]


def _head(data: mmap.mmap, name: str) -> GgufHead:
    reader = _Reader(data, 4)
    version = reader.scalar("I")
    if version and version & 0xFFFF == 0:
        raise ModelError(f"{name} is big-endian: it was made for another kind of machine.", "fetch the usual file")
    if not 2 <= version <= 3:
        raise ModelError(f"{name} is GGUF version {version}; versions 2 and 3 can be read.", REMEDY)
    tensors, entries = reader.scalar("Q"), reader.scalar("Q")
    values: dict[str, Any] = {}
    for _ in range(entries):
        key = reader.string()
        kind = reader.scalar("I")
        if key == "tokenizer.ggml.tokens" and kind == _ARRAY:
            _refuse_twins(reader.tokens(), name)
        else:
            values[key] = reader.value(kind)
    needed = _needed_bytes(reader, tensors, values.get("general.alignment", 32))
    holds = "mmproj" if values.get("general.architecture") == "clip" else str(values.get("general.type", "model"))
    architecture = str(values["general.architecture"] if holds == "model" else values.get("general.architecture"))
    own = {key.removeprefix(architecture + "."): value for key, value in values.items()}
    return GgufHead(
        architecture=architecture,
        name=str(values.get("general.name", "")),
        context_length=int(own.get("context_length", 0)),
        template=str(values.get("tokenizer.chat_template", "")),
        kv_bytes_per_token=_kv_bytes(own),
        file_bytes=len(data),
        whole=len(data) >= needed,
        keeps_every_token=not any(key.startswith(("ssm.", "wkv.", "shortconv.")) for key in own)
        and "rwkv" not in architecture,
        holds=holds,
        part=int(values.get("split.no", 0)) + 1,
        parts=max(1, int(values.get("split.count", 1))),
    )


def _refuse_twins(tokens: list[bytes], name: str) -> None:
    """Raise ModelError where a token stands twice in a vocabulary: llama.cpp would end the whole process over it."""
    if len(set(tokens)) == len(tokens):
        return
    seen: set[bytes] = set()
    for token in tokens:
        if token and token in seen:  # empty ones llama.cpp renames
            spelled = token.decode("utf-8", "replace")
            raise ModelError(f"{name} cannot run: its vocabulary holds the token {spelled!r} twice.", REMEDY)
        seen.add(token)


def _needed_bytes(reader: _Reader, tensors: int, alignment: int) -> int:
    """Return how long the file must be to hold all its tensors."""
    end = 0
    for _ in range(tensors):
        reader.string()
        dimensions = reader.scalar("I")
        if dimensions > _MOST_DIMENSIONS:
            raise struct.error
        sizes = [reader.scalar("Q") for _ in range(dimensions)]
        kind, offset = reader.scalar("I"), reader.scalar("Q")
        weights = 1
        for size in sizes:
            weights *= size
        block, size = _BLOCKS.get(kind, (1, 0))  # of a kind newer than this table, only the start is checked
        end = max(end, offset + weights // block * size)
    start = -(-reader.position // alignment) * alignment
    return int(start + end)


def _kv_bytes(own: dict[str, Any]) -> int:
    """Return the bytes of 16-bit keys and values for one token, over all layers that attend."""
    layers = int(own.get("block_count", 0))
    heads = own.get("attention.head_count", 0)
    width = int(own.get("embedding_length", 0))
    first = max(heads) if isinstance(heads, list) else heads
    head = width // first if first else 0
    per_head = int(own.get("attention.key_length", head)) + int(own.get("attention.value_length", head))
    kv_heads = own.get("attention.head_count_kv", heads)
    total = sum(kv_heads) if isinstance(kv_heads, list) else int(kv_heads) * layers
    return int(total * per_head * F16_BYTES // int(own.get("full_attention_interval", 1)))
