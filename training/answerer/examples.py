"""What the answerer is trained on: a question, numbered evidence, and the answer with its marks or what is missing."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace

from rag.language import fold
from rag.llm.evidence_prompt import EVIDENCE_CHARACTERS, MOST_EVIDENCE, compose_evidence_prompt
from rag.values import Turn
from training.reader.examples import plain_sentences

MARK = re.compile(r"\[(\d+)\]")
LEAST_WORD = 3  # characters of a word that is looked for
LONGEST_RUN = 3  # sentences of one piece of evidence, as the program quotes them


@dataclass(frozen=True)
class Example:
    """One question with all that could be shown for it.

    Attributes:
        source: where it is from.
        title: of the article; may be empty.
        evidence: the pieces, ``evidence[i]`` numbered ``i + 1``.
        question: as it is asked.
        language: of question and answer.
        answer: with marks that count from 1; nothing but a mark where only the piece that answers is known. What is
            said where nothing answers is not learned: the program says it in the words of the question.
        answered: whether the evidence answers.
        previous: the turn before, where there is one.
        found: whether the evidence is what the program finds, best first.
    """

    source: str
    title: str
    evidence: tuple[str, ...]
    question: str
    language: str
    answer: str
    answered: bool
    previous: Turn | None = None
    found: bool = False

    def prompt(self) -> str:
        """Return the text before the answer."""
        return compose_evidence_prompt(
            self.title, self.evidence, self.question, language=self.language, previous=self.previous
        )

    def choices(self) -> tuple[int, ...]:
        """Return the numbers of the pieces that answer, the first one cited first; 0 alone where none does."""
        return tuple(dict.fromkeys(int(mark) for mark in MARK.findall(self.answer))) if self.answered else (0,)

    def target(self) -> str:
        """Return what the model is to write; empty where that is not known, or nothing answers."""
        return self.answer if self.answered and MARK.sub("", self.answer).strip() else ""


def content_words(text: str) -> set[str]:
    """Return the words and numbers of a text, folded, those too short to tell anything left out."""
    return {word for word in re.findall(r"\w+", fold(text)) if len(word) >= LEAST_WORD or word.isdigit()}


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [text[start:end].strip() for start, end in plain_sentences(text)]


def narrowed(passage: str, needed: str) -> str:
    """Return the shortest run of sentences that shares as many words with ``needed`` as the whole passage does."""
    parts, wanted = sentences(passage), content_words(needed) & content_words(passage)
    for length in range(1, len(parts)):
        for start in range(len(parts) - length + 1):
            run = " ".join(parts[start : start + length])
            if wanted <= content_words(run):
                return run
    return passage


def varied(example: Example, chance: random.Random) -> Example:
    """Return an example as it might be shown another time: fewer sentences, fewer pieces, in another order.

    What the answer cites always stays, the first piece where it cites none. Pieces are as short as the program's quotes
    half of the time, else whole; what the program found is that short already.
    """
    cited = {int(mark) - 1 for mark in MARK.findall(example.answer)} or {0}
    pieces = dict(enumerate(example.evidence))
    if not example.found and chance.random() < 0.5:
        needed = f"{MARK.sub('', example.answer)} {example.question}"
        pieces = {
            number: narrowed(piece, needed) if number in cited else _some_sentences(piece, chance)
            for number, piece in pieces.items()
        }
    others = [number for number in pieces if number not in cited]
    chance.shuffle(others)
    kept = sorted(cited)
    room = MOST_EVIDENCE if chance.random() < 0.7 else chance.randint(1, MOST_EVIDENCE)
    for number in others:
        size = sum(len(pieces[one]) for one in kept)
        if len(kept) < room and (not kept or size + len(pieces[number]) <= EVIDENCE_CHARACTERS):
            kept.append(number)
    order = chance.random()
    if order < 0.5:
        kept.sort()  # as they stand in the article, or as the reader ordered them
    elif order < 0.85:
        chance.shuffle(kept)  # else what answers comes first
    places = {number: place for place, number in enumerate(kept, 1)}
    answer = MARK.sub(lambda mark: f"[{places[int(mark[1]) - 1]}]", example.answer)
    return replace(example, evidence=tuple(pieces[number] for number in kept), answer=answer)


def _some_sentences(passage: str, chance: random.Random) -> str:
    parts = sentences(passage)
    length = min(chance.randint(1, LONGEST_RUN), len(parts))
    start = chance.randint(0, len(parts) - length)
    return " ".join(parts[start : start + length])


def stated(words: str, number: int) -> str:
    """Return the words that answer as an answer: with a capital, a mark and a full stop."""
    plain = " ".join(words.split()).strip(" .,;:")
    return f"{plain[:1].upper()}{plain[1:]} [{number}]."
