"""Articles kept on disk, found by vector and by word.

In come articles; out come passages with their offsets, for a vector or for stems. SQLite is the truth; the FAISS file
is derived and made anew where it is missing, stale or damaged. What finds passages may change here; what ranks them is
``rag/search``.
"""

from rag.index.adding import add_files, add_text
from rag.index.embedding import CosineScale, Embedder
from rag.index.library import Library
from rag.index.word_index import WordIndex

__all__ = ["CosineScale", "Embedder", "Library", "WordIndex", "add_files", "add_text"]
