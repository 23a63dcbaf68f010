"""Search by meaning: a FAISS index over unit vectors. It knows rows and cosines, nothing of texts.

Its file is derived, see :mod:`rag.index.derived_files`: where it is missing or damaged it is made anew from the store's
vectors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.index.derived_files import read_derived, write_derived
from rag.machine import import_faiss
from rag.values import Matrix, Vector

Integers = npt.NDArray[np.int64]


class VectorIndex:
    """Exact search by inner product over unit vectors, which is the cosine.

    Args:
        rows: what each vector stands for.
        matrix: unit vectors, shape (rows, dimensions).
    """

    def __init__(self, rows: Sequence[int] | Integers, matrix: Matrix) -> None:
        faiss = import_faiss()
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(matrix.shape[1] or 1))
        self.add(rows, matrix)

    def __len__(self) -> int:
        """Return the number of vectors."""
        return int(self._index.ntotal)

    @property
    def rows(self) -> Integers:
        """What each vector stands for, shape (rows,)."""
        return np.asarray(import_faiss().vector_to_array(self._index.id_map))

    @property
    def dimensions(self) -> int:
        """Length of each vector; 1 where it is not known yet."""
        return int(self._index.d)

    def add(self, rows: Sequence[int] | Integers, matrix: Matrix) -> None:
        """Put vectors in, shape (rows, dimensions); none of the rows may be here already."""
        if len(rows):
            self._index.add_with_ids(np.ascontiguousarray(matrix), np.asarray(rows, dtype=np.int64))

    def remove(self, rows: Iterable[int]) -> None:
        """Take vectors out; rows that are not here change nothing."""
        gone = np.fromiter(rows, dtype=np.int64)
        if len(gone):
            self._index.remove_ids(gone)

    def search(self, query: Vector, limit: int, *, among: Sequence[int] | None = None) -> list[tuple[int, float]]:
        """Return the nearest (row, cosine), best first, ties by row.

        Args:
            query: unit vector, shape (dimensions,).
            limit: number of rows at most.
            among: rows to stay within; None: all.
        """
        faiss = import_faiss()
        limit = min(limit, len(self) if among is None else len(among))
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

    def save(self, path: Path, library: str) -> None:
        """Write the index beside the store, whole or not at all.

        Args:
            path: of the file.
            library: what tells this library's rows and vectors from another's.
        """
        faiss = import_faiss()
        flat = faiss.downcast_index(self._index.index)
        vectors = faiss.rev_swig_ptr(flat.get_xb(), len(self) * flat.d) if len(self) else np.zeros(0, dtype=np.float32)
        about = {"holds": "vectors", "library": library, "dimensions": flat.d}
        write_derived(path, about, [self.rows.data.cast("B"), vectors.data.cast("B")])

    @classmethod
    def load(cls, path: Path, library: str) -> VectorIndex | None:
        """Return the index from ``path``, or None where the file is missing, damaged or of another library."""
        read = read_derived(path)
        if read is None or (read[0].get("holds"), read[0].get("library")) != ("vectors", library):
            return None
        about, (rows, vectors) = read
        matrix = np.frombuffer(vectors, dtype=np.float32).reshape(-1, about["dimensions"])
        return cls(np.frombuffer(rows, dtype=np.int64), matrix)
