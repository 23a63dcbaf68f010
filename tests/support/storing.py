"""One small article, and how it is put into a store by hand."""

from __future__ import annotations

import hashlib

from support.fakes import HashedWords

from rag.index.store import Store, WordFields
from rag.values import Article, Block, Passage

EMBEDDER = HashedWords()


PORT = "La digue mesure 310 mètres.\n\nElle a coûté 4,2 millions.\n\nLe phare 🗼 reste fermé."


def article(text: str, *, title: str = "Le port", date: str = "2025-03-17") -> Article:
    """Return an article with one block a paragraph."""
    identifier = hashlib.sha256(text.encode()).hexdigest()[:16]
    blocks = tuple(Block("paragraph", p.start, p.end) for p in paragraphs(identifier, text))
    return Article(identifier, title, text, "fr", date, "port.txt", blocks)


def paragraphs(identifier: str, text: str) -> list[Passage]:
    found, start = [], 0
    for part in text.split("\n\n"):
        found.append(Passage(identifier, start, start + len(part), part))
        start += len(part) + 2
    return found


def put(store: Store, one: Article, origin: str = "") -> None:
    passages = paragraphs(one.identifier, one.text)
    words = [WordFields("port", "", " ".join(passage.text.lower().split())) for passage in passages]
    vectors = EMBEDDER.encode_documents([passage.text for passage in passages])
    store.put(one, origin or f"/press/{one.identifier}.txt", passages, vectors, words)
