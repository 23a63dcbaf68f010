"""Sentences that a text says, contradicts or does not say, as the answerer judges them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from rag.llm.claim_prompt import CONTRADICTED, NOT_SAID, SAID, compose_claim_prompt
from training.answerer.batches import Lesson, Tokenizer
from training.reader.claims import made_claims, translated_claims
from training.reader.examples import Claim, read_lines, written_claims
from training.reader.lacking import lacking_claims
from training.reader.sources import NATURAL, lines_of

RIGHT = {
    "entailment": (SAID,),
    "contradiction": (CONTRADICTED,),
    "neutral": (NOT_SAID,),
    "not_entailment": (CONTRADICTED, NOT_SAID),
    "compatible": (SAID, NOT_SAID),
}
SHARES = {
    "np": 3500, "rte3": 3000, "fsym": 2500, "neg": 1500,
    "said": 900, "changed": 1500, "unsaid": 500, "elsewhere": 300, "translated": 2000,
    "less": 1200, "more": 1000, "swapped": 1200,
}  # fmt: skip
"""How often each source is drawn from, of one another."""


def claims(data: Path, seed: int) -> list[Claim]:
    """Return every pair, the same for the same seed."""
    train = data / "train"
    parallel = [line for line in read_lines(train / "parallel_fr_en.jsonl.xz") if line["source"] in NATURAL]
    made = list(written_claims(train / "nli.jsonl"))
    made += translated_claims(parallel, 7000, random.Random(f"{seed} translated"))
    for language, count in (("fr", 9000), ("en", 4000)):
        lines = lines_of(train / f"text_{language}.txt.xz")
        for name, make in (("made", made_claims), ("lacking", lacking_claims)):
            made += make(lines, language, count, random.Random(f"{seed} {name} {language}"))
    return made


def drawn_claims(made: list[Claim], count: int, chance: random.Random) -> Iterator[Claim]:
    """Yield so many pairs, of each source as many as it is worth."""
    whole = sum(SHARES.values())
    for source, share in SHARES.items():
        here = [one for one in made if one.source == source]
        for _ in range(round(count * share / whole) if here else 0):
            yield chance.choice(here)


def lesson_of(claim: Claim, tokenizer: Tokenizer) -> Lesson:
    """Return the tokens of a pair."""
    prompt = tokenizer.prompt(compose_claim_prompt(claim.premise, claim.text))
    return Lesson([*prompt, tokenizer.opens], [], RIGHT[claim.verdict])
