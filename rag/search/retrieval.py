"""Finds the passages of a library that speak of a question: by words and by meaning, fused by score.

The fusion is a convex combination of the two scores, each scaled to [0, 1] over the candidates (Bruch et al. 2023, An
Analysis of Fusion Functions for Hybrid Retrieval). The weight of the cosine belongs to the embedder and is measured:
the bundled English one finds less in French than French stems do.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rag.index import Library
from rag.index.library import Candidate
from rag.index.terms import term as table_term
from rag.language import Word, words
from rag.language.frequencies import background_share
from rag.language.thesaurus import ROOT_LENGTH, load_thesaurus, same_root
from rag.question import Question
from rag.search.matching import K1, Matches, Term, bm25, count_fields, match_terms, rarity
from rag.values import Hit, Passage

CANDIDATES = 80
TITLE_WEIGHT, HEADING_WEIGHT = 1.0, 0.5
WINDOW = 14
WORD_WEIGHTS = {"bm25": 0.19, "window": 0.15, "passage": 0.21, "title": 0.25, "around": 0.20}
"""What each measure of words counts: near the proportions that ``benchmarks/fit_ranking.py`` prints."""
BACKGROUND_PASSAGES = 500.0
TYPING_ERROR_WEIGHT = 0.7
SAME_ROOT_WEIGHT = 0.3
LONG_STEM = 8


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        terms: of the question, as they were matched.
        hits: best first, not merged.
    """

    terms: tuple[Term, ...]
    hits: tuple[Hit, ...]


class Retriever:
    """Searches one library.

    Args:
        library: to search.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._vocabulary: tuple[str, tuple[str, ...]] = ("", ())

    def find(self, question: Question, *, article: str = "", limit: int = 8) -> Found:
        """Return the best passages for a question.

        Args:
            question: taken apart.
            article: identifier to stay within; empty: the whole library.
            limit: number of hits at most.

        Raises:
            EmbedderChanged: the library was built with another embedder.
        """
        terms, measured = self.measure(question, article=article)
        weight = self._library.embedder.dense_weight
        hits = []
        for one, lexical, by_words in measured:
            words_say = sum(WORD_WEIGHTS[name] * value for name, value in by_words.items())
            score = (1 - weight) * words_say + weight * max(one.dense, 0.0)
            hits.append(Hit(one.passage, one.title, score, one.dense, lexical))
        hits.sort(key=lambda hit: (-hit.score, hit.passage.article, hit.passage.start))
        return Found(terms, tuple(hits[:limit]))

    def measure(
        self, question: Question, *, article: str = ""
    ) -> tuple[tuple[Term, ...], list[tuple[Candidate, float, dict[str, float]]]]:
        """Return the question's terms, and of every candidate its BM25 and what each measure of words says of it.

        Args:
            question: taken apart.
            article: identifier to stay within; empty: the whole library.
        """
        terms = self._terms(question, self._languages(article))
        stems = [stem for term in terms for stem in term.variants]
        vector = self._library.embedder.encode_query(question.text)
        candidates = self._library.search(
            vector, stems, CANDIDATES, weights=(TITLE_WEIGHT, HEADING_WEIGHT, 1.0), article=article
        )
        return terms, self._measure(candidates, terms)

    def _measure(
        self, candidates: Sequence[Candidate], terms: Sequence[Term]
    ) -> list[tuple[Candidate, float, dict[str, float]]]:
        around = self._library.neighbours(candidates)
        rows = {row for one in candidates for row in (one.row, *around[one.row])}
        fields = self._library.fields(sorted(rows))
        texts = {
            row: ((found.title, TITLE_WEIGHT), (found.heading, HEADING_WEIGHT), (found.body, 1.0))
            for row, found in fields.items()
        }
        counted = {one.row: count_fields(texts[one.row]) for one in candidates}
        average = sum(length for _, length in counted.values()) / max(len(counted), 1)
        in_table = [
            replace(term, variants={table_term(stem): weight for stem, weight in term.variants.items()})
            for term in terms
        ]
        matches = match_terms(in_table)
        most = matches.total * (K1 + 1)
        measured = []
        for one in candidates:
            own = fields[one.row]
            lexical = bm25(in_table, *counted[one.row], average)
            near = [fields[row].body for row in around[one.row]]
            measured.append((one, lexical, measure_words(matches, own.title, own.body, near, lexical / most)))
        return measured

    def _terms(self, question: Question, written: Sequence[str]) -> tuple[Term, ...]:
        passages = self._library.count_passages()
        stemmed = {
            language: {(word.start, word.end): word.stem for word in words(question.text, language)}
            for language in written
        }
        variants = {}
        found: dict[str, int] = {}
        for word in question.words:
            own = {stems.get((word.start, word.end), word.stem): 1.0 for stems in stemmed.values()}
            variants[word] = self._variants(word.stem, question.language, written) | own
            found |= self._library.frequencies(list(variants[word]))
        terms = {}
        for word in _whole_or_parts(question.words, {word: any(found[v] for v in variants[word]) for word in variants}):
            variants[word] = self._relatives(word.stem) | variants[word]
            share = background_share(word.stem, question.language)
            if not any(found.get(other) for other in variants[word]):
                meant = self._misspelt(word.stem)
                variants[word] |= meant
                share = max(share, *(background_share(stem, question.language) for stem in meant), 0.0)
            held = max((found.get(other, 0) * weight for other, weight in variants[word].items()), default=0.0)
            rare = rarity(passages + BACKGROUND_PASSAGES, held + BACKGROUND_PASSAGES * share)
            name = word.stem in question.names or word.stem[:1].isdigit()
            terms[word.stem] = Term(word.stem, rare, variants[word], name)
        return tuple(terms.values())

    def _variants(self, stem: str, asked: str, written: Sequence[str]) -> dict[str, float]:
        thesaurus = load_thesaurus()
        variants: dict[str, float] = {}
        for language in written:
            for other, weight in thesaurus.variants(stem, asked, language).items():
                variants[other] = max(weight, variants.get(other, 0.0))
        return variants

    def _relatives(self, stem: str) -> dict[str, float]:
        """Return the library's words that share their root with ``stem``: "bronzer" and "bronzage"."""
        vocabulary = self._words()
        root = stem[:ROOT_LENGTH]
        first = bisect_left(vocabulary, root)
        last = bisect_right(vocabulary, root + "\uffff")
        return {word: SAME_ROOT_WEIGHT for word in vocabulary[first:last] if word != stem and same_root(stem, word)}

    def _misspelt(self, stem: str) -> dict[str, float]:
        """Return the library's words that ``stem`` may be a typing error for."""
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        if len(stem) < ROOT_LENGTH or not stem.isalpha():
            return {}
        allowed = 1 if len(stem) < LONG_STEM else 2
        near = process.extract(stem, self._words(), scorer=OSA.distance, score_cutoff=allowed, limit=3)
        return {word: TYPING_ERROR_WEIGHT for word, _, _ in near if word[0] == stem[0]}

    def _words(self) -> tuple[str, ...]:
        with self._lock:
            generation = self._library.generation
            if self._vocabulary[0] != generation:
                self._vocabulary = (generation, tuple(sorted(self._library.vocabulary())))
            return self._vocabulary[1]

    def _languages(self, article: str) -> tuple[str, ...]:
        if article:
            return (self._library.article(article).language,)
        return self._library.languages() or ("fr",)


def _whole_or_parts(found: Sequence[Word], known: Mapping[Word, bool]) -> list[Word]:
    """Return the words with each hyphenated one either whole or in parts: in parts as soon as one of them is known."""
    kept = []
    for word in found:
        inside = [part for part in found if part is not word and word.start <= part.start and part.end <= word.end]
        around = [whole for whole in found if whole is not word and whole.start <= word.start and word.end <= whole.end]
        if inside and any(known[part] for part in inside):
            continue
        siblings = [
            part
            for whole in around
            for part in found
            if part is not whole and whole.start <= part.start and part.end <= whole.end
        ]
        if around and not any(known[part] for part in siblings):
            continue
        kept.append(word)
    return kept


def measure_words(matches: Matches, title: str, body: str, near: Sequence[str], lexical: float) -> dict[str, float]:
    """Return what the words say for a passage: one number in [0, 1] for each of ``WORD_WEIGHTS``.

    Args:
        matches: of the question's terms.
        title: stems of the article's title.
        body: stems of the passage, in order.
        near: stems of the passages just before and after it.
        lexical: BM25 as a part of the most it can be.
    """
    titled, inside = matches.found(title.split()), matches.found(body.split())
    return {
        "bm25": min(lexical, 1.0),
        "window": matches.densest(body.split(), WINDOW),
        "passage": matches.part(titled, inside),
        "title": matches.part(titled),
        "around": matches.part(titled, inside, *(matches.found(text.split()) for text in near)),
    }


def merge_neighbours(hits: Sequence[Hit], texts: Mapping[str, str], longest: int = 1200) -> tuple[Hit, ...]:
    """Return the hits with those that follow each other in an article made into one, best score kept, best first.

    Args:
        hits: in any order.
        texts: article identifier → text.
        longest: characters of a merged passage at most.
    """
    merged: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.passage.article, hit.passage.start)):
        last = merged[-1] if merged else None
        passage = hit.passage
        if (
            last is not None
            and last.passage.article == passage.article
            and not texts[passage.article][last.passage.end : passage.start].strip()
            and passage.end - last.passage.start <= longest
        ):
            start = last.passage.start
            joined = Passage(passage.article, start, passage.end, texts[passage.article][start : passage.end])
            merged[-1] = Hit(
                joined,
                hit.title,
                max(last.score, hit.score),
                max(last.dense, hit.dense),
                max(last.lexical, hit.lexical),
            )
        else:
            merged.append(hit)
    return tuple(sorted(merged, key=lambda hit: (-hit.score, hit.passage.article, hit.passage.start)))
