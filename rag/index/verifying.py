"""Whether a library holds what was put into it, and the mending of what can be derived again.

Of each article the checksums say whether what was read of its file and what was derived from that are what was written;
its identifier says whether the text is the one it was made for. SQLite checks the order of its file, the seals what the
file says of itself. What was derived is made anew; what was not is named, with what helps.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.errors import LibraryError
from rag.index.records import Place
from rag.index.store import Store
from rag.index.word_fields import word_fields
from rag.values import Article


@dataclass(frozen=True, slots=True)
class Damage:
    """What was wrong with a library, in one sentence; ``remedy`` is the command to type, empty where it is mended."""

    what: str
    remedy: str = ""


def find_damage(
    store: Store, library: str, identity: str, derive_anew: Callable[[Iterable[Article]], None]
) -> Iterator[Damage]:
    """Yield what is wrong with a library, each after it was mended where it can be. Nothing is raised for damage.

    Args:
        store: of the library.
        library: its name.
        identity: of the present embedder.
        derive_anew: makes the passages, vectors and words of articles again and keeps them.
    """
    salvage = f"rag restore BACKUP --library {library}, or save what is left: rag export FOLDER --library {library}"
    try:
        yield from _find(store, library, identity, derive_anew, salvage)
    except LibraryError as error:  # so much that the rest cannot be read
        yield Damage(error.message, salvage)


def is_whole(store: Store) -> bool:
    """Return whether nothing is lost of a library that could not be derived again; nothing is mended."""
    sound = not store.check() and not store.count_orphans() and "tables" not in store.broken_seals()
    return sound and all(_as_read(store, place) is not None for place in store.places())


def _find(
    store: Store, library: str, identity: str, derive_anew: Callable[[Iterable[Article]], None], salvage: str
) -> Iterator[Damage]:
    broken = store.broken_seals()  # before anything is mended: every change sets one of them
    orphans = store.count_orphans()
    if disorder := store.check():
        yield _mended(store, " ".join(disorder), lambda: _order(store), salvage)
    if orphans:
        _mended(store, "", store.mend_order, salvage)  # what they were of cannot be: it is told of once
        yield Damage(f"{orphans} passages belong to no article: what they were of is gone.", salvage)
    if "tables" in broken:
        yield Damage("Its tables are not described as they were when they were made.", salvage)
    if broken - {"tables"}:
        yield _mended(store, "What its file says of itself was not what was written.", store.mend_tokens, salvage)
    problems, lost = [], []
    for place in store.places():
        with store.snapshot():
            article = _as_read(store, place)
            problem = _derived(store, place, article) if article else ""
        if article is None:
            yield Damage(f"The article {place.identifier!r} is not what was added.", _again(place, library) or salvage)
        elif problem:
            problems.append(problem)
            lost.append(place.identifier)
    rebuild = f"rag rebuild --library {library}"
    if lost and store.identity != identity:
        yield Damage(" ".join(problems), rebuild)
    elif lost:
        anew = (article for name in lost if (article := store.article(name)))
        yield _mended(store, " ".join(problems), lambda: derive_anew(anew), rebuild)


def _mended(store: Store, problem: str, mend: Callable[[], None], remedy: str) -> Damage:
    """Mend a problem, and return it with what helps where that cannot be done."""
    try:
        mend()
    except LibraryError as error:
        return Damage(problem, error.remedy if store.read_only else remedy)
    return Damage(problem)


def _order(store: Store) -> None:
    """Make anew what SQLite derives.

    Raises:
        LibraryError: that did not mend the order of its file.
    """
    store.mend_order()
    if left := store.check():
        raise LibraryError(" ".join(left))


def _as_read(store: Store, place: Place) -> Article | None:
    """Return an article, or None where it is no longer what was read of its file."""
    try:
        article = store.article(place.identifier)
        if article is None or not store.is_as_read(place.row):
            return None
    except LibraryError:
        return None
    return article if hashlib.sha256(article.text.encode()).hexdigest()[:16] == place.identifier else None


def _derived(store: Store, place: Place, article: Article) -> str:
    """Return what is wrong with what was derived from an article, in one sentence; empty where it is sound."""
    try:
        if not store.is_as_derived(place.row):
            return f"The passages, vectors or words of {article.title!r} are not what was written."
        rows = store.rows(place.identifier)
        found, words = store.passages(rows), store.fields(rows)
    except LibraryError:
        return f"The passages of {article.title!r} cannot be read."
    if not len(rows) == len(found) == len(words):
        return f"The passages of {article.title!r} cannot be read."
    passages = [found[row][0] for row in rows]
    if "".join("".join(passage.text for passage in passages).split()) != "".join(article.text.split()):
        return f"The passages of {article.title!r} do not cover its text."
    if [words[row] for row in rows] != word_fields(article, passages):
        return f"The words of {article.title!r} are not those of its text."
    return ""


def _again(place: Place, library: str) -> str:
    """Return the command that adds an article again, where the file it came from is still there."""
    try:
        there = Path(place.origin).is_file()
    except (OSError, ValueError):  # what stands there is damaged too
        there = False
    return f"rag add {shlex.quote(place.origin)} --library {library}" if there else ""
