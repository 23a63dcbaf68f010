"""Search by meaning: a FAISS index over the store's vectors. It knows rows and cosines, nothing of texts.

The file is derived. It begins with one line that names the store's generation and the SHA-256 of what follows; when it
is missing, stale or damaged it is made anew from the store's vectors, so the two can never disagree.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import numpy as np

from rag.index.store import Store
from rag.values import Matrix, Vector

_MAGIC = b"ask-the-article vectors 1\n"


class VectorIndex:
    """Exact search by inner product over unit vectors, which is the cosine.

    Args:
        rows: what each vector stands for.
        matrix: unit vectors, shape (rows, dimensions).
    """

    def __init__(self, rows: Sequence[int], matrix: Matrix) -> None:
        faiss = import_faiss()
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(matrix.shape[1] or 1))
        self._rows = frozenset(rows)
        if len(rows):
            self._index.add_with_ids(np.ascontiguousarray(matrix), np.asarray(rows, dtype=np.int64))

    def __len__(self) -> int:
        """Return the number of vectors."""
        return len(self._rows)

    def search(self, query: Vector, limit: int, *, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Return the nearest (row, cosine), best first, ties by row.

        Args:
            query: unit vector, shape (dimensions,).
            limit: number of rows at most.
            among: rows to stay within; None: all.
        """
        faiss = import_faiss()
        limit = min(limit, len(self._rows) if among is None else len(among))
        if limit <= 0:
            return []
        parameters = None
        if among is not None:
            selector = faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64))
            parameters = faiss.SearchParameters(sel=selector)
        scores, rows = self._index.search(query[None, :], limit, params=parameters)
        found = [(int(row), float(score)) for row, score in zip(rows[0], scores[0], strict=True) if row >= 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def cosines(self, query: Vector, rows: Sequence[int]) -> list[float]:
        """Return the cosine of the query with each of the rows, which must be in the index."""
        if not rows:
            return []
        vectors = self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        return [float(value) for value in vectors @ query]

    def save(self, path: Path, generation: str) -> None:
        """Write the index beside the store, whole or not at all."""
        body = bytes(import_faiss().serialize_index(self._index))
        header = json.dumps({"generation": generation, "sha256": hashlib.sha256(body).hexdigest()}).encode()
        part = path.with_suffix(f".{os.getpid()}.part")
        try:
            part.write_bytes(_MAGIC + header + b"\n" + body)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path, generation: str) -> VectorIndex | None:
        """Return the index of this generation from ``path``, or None where the file is missing, stale or damaged."""
        try:
            content = path.read_bytes()
        except OSError:
            return None
        if not content.startswith(_MAGIC):
            return None
        header, _, body = content[len(_MAGIC) :].partition(b"\n")
        wanted = {"generation": generation, "sha256": hashlib.sha256(body).hexdigest()}
        if header != json.dumps(wanted).encode():
            return None
        faiss = import_faiss()
        loaded = cls.__new__(cls)
        loaded._index = faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8))  # noqa: SLF001
        loaded._rows = frozenset(int(row) for row in faiss.vector_to_array(loaded._index.id_map))  # noqa: SLF001
        return loaded


def open_vectors(store: Store, path: Path) -> VectorIndex:
    """Return the index of the store's present generation: from its file, or made anew and saved there."""
    generation = store.generation
    index = VectorIndex.load(path, generation)
    if index is None:
        rows, matrix = store.vectors()
        index = VectorIndex(rows, matrix)
        with contextlib.suppress(OSError):  # where it cannot be kept it is made again next time
            index.save(path, generation)
    return index


def import_faiss() -> ModuleType:
    """Import FAISS, after torch: in the other order their OpenMP libraries crash on macOS."""
    import torch  # noqa: F401

    import faiss  # isort: skip

    return faiss
