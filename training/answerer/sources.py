"""Where the examples come from, how often each source is drawn from, and which examples training never sees."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks.perturbing import CHANGES, Pool
from rag.values import Article, Turn
from training.answerer.examples import Example, content_words, stated
from training.answerer.mining import Searched, says, searched, title_of
from training.questioner.made import made_examples
from training.reader.examples import read_lines

SETS = ("piaf-fr", "squad2-en")
PARALLEL = frozenset({"ntrex", "ud_pud", "opensource_guide", "cds_canada_site"})
LONGEST_ANSWER = 90  # characters of a span that is an answer by itself
SENTENCE = range(50, 400)  # characters of a sentence that is shown
ABOUT = {
    "fr": ("Que dit l'article de {} ?", "Qu'apprend-on sur {} ?", "{}, il se passe quoi ?"),
    "en": ("What does the article say about {}?", "What do we learn about {}?", "What about {}?"),
}

SHARES = {
    ("written", True): 2000, ("written", False): 1200, ("across", True): 300, ("across", False): 120,
    ("piaf-fr", True): 1500, ("piaf-fr", False): 500, ("altered", False): 450,
    ("squad2-en", True): 600, ("squad2-en", False): 450,
    ("qamr", True): 250, ("translated", True): 200,
    ("asked", True): 3500, ("asked", False): 1300, ("asked_altered", False): 600,
}  # fmt: skip
"""How often each source is drawn from in a training, of one another, with and without an answer: the balance of the two
says how readily the answerer refuses."""

HELD_OUT = 16  # one title of so many is never trained on


def held_out(example: Example) -> bool:
    """Return whether an example is kept from training, as all of its article are."""
    return bool(example.title) and zlib.crc32(example.title.encode()) % HELD_OUT == 0


def examples(data: Path, work: Path, questions: Path, seed: int) -> list[Example]:
    """Return every example, the same for the same seed.

    Args:
        data: folder of the data sets.
        work: folder for what is searched.
        questions: file of those that ``training.questioner`` made.
        seed: of what is chosen.
    """
    chance = random.Random(seed)
    train = data / "train"
    made = list(written(train / "answers.jsonl"))
    for name in SETS:
        made += questions_of(name, list(searched(data / "dev" / name, work)), chance)
    made += about_sentences(train / "qamr_en.jsonl.xz", chance)
    made += translated(train / "parallel_fr_en.jsonl.xz", chance)
    made += made_examples(questions, data, chance)
    return made


def drawn(made: list[Example], count: int, chance: random.Random) -> list[Example]:
    """Return so many examples, of each source as many as it is worth."""
    whole = sum(SHARES.values())
    taken: list[Example] = []
    for kind, share in SHARES.items():
        here = [one for one in made if (one.source, one.answered) == kind and not held_out(one)]
        wanted = round(count * share / whole) if here else 0
        taken += here * (wanted // max(len(here), 1)) + chance.sample(here, wanted % max(len(here), 1))
    chance.shuffle(taken)
    return taken


def written(path: Path) -> Iterator[Example]:
    """Yield what was written by hand; small talk is the program's own."""
    for line in read_lines(path):
        if line["kind"] == "smalltalk":
            continue
        last = line["history"][-1] if line["history"] else None
        yield Example(
            "written" if line["lang"] == line["article_language"] else "across",
            line["title"],
            tuple(line["passages"]),
            line["question"],
            line["lang"],
            line["answer"],
            line["answerable"],
            Turn(last["question"], last["answer"]) if last else None,
        )


def questions_of(source: str, lines: Sequence[Searched], chance: random.Random) -> Iterator[Example]:
    """Yield the training questions of a set with what the program finds for them.

    A question with an answer comes once more where it stands no longer: without the sentences that hold it, or with one
    of the question's own names, numbers or dates changed.
    """
    pool = Pool.of(sorted({line.article.text for line in lines}))
    for line in lines:
        one, article, found = line.asked, line.article, line.found
        make = partial(Example, title=title_of(article), language=article.language, found=True)
        holding = [number for number, part in enumerate(found, 1) if one.answerable and says(part, one.answers)]
        if holding:
            first = holding[0]
            shown = tuple(part for number, part in enumerate(found, 1) if number == first or number not in holding)
            answer = min(one.answers, key=len)
            answer = stated(answer, first) if len(answer) <= LONGEST_ANSWER else f"[{first}]"
            yield make(source, evidence=shown, question=one.text, answer=answer, answered=True)
            altered = _altered(one.text, article, pool, chance)
            if altered:
                yield make("altered", evidence=shown, question=altered, answer="", answered=False)
        others = tuple(part for number, part in enumerate(found, 1) if number not in holding)
        if others:
            yield make(source, evidence=others, question=one.text, answer="", answered=False)


def _altered(question: str, article: Article, pool: Pool, chance: random.Random) -> str:
    """Return a question with one fact changed to another; empty where it has none to change."""
    for change in chance.sample(["name", "number", "date"], 3):
        altered = CHANGES[change](question, article.text, pool, article.language, chance)
        if altered and altered != question:
            return altered
    return ""


def about_sentences(path: Path, chance: random.Random) -> Iterator[Example]:
    """Yield questions of QAMR on which two annotators agree, with the sentence that answers among others."""
    lines = list(read_lines(path))
    every = sorted({line["sentence"] for line in lines})
    for line in chance.sample(lines, len(lines) // 8):
        answers = sorted(line["answers"], key=len)
        agreed = any(one in answers[-1] for one in answers[:-1])
        if agreed and len(line["sentence"]) in SENTENCE:
            others = chance.sample(every, chance.randint(0, 3))
            shown = (line["sentence"], *(other for other in others if not says(other, (answers[0],))))
            yield Example("qamr", "", shown, line["question"], "en", stated(answers[-1], 1), True)


def translated(path: Path, chance: random.Random) -> Iterator[Example]:
    """Yield questions in one language about a sentence of the other, answered by what it says in the first."""
    lines = [
        line
        for line in read_lines(path)
        if line["source"] in PARALLEL and all(len(line[side]) in range(60, 260) for side in ("fr", "en"))
    ]
    for number, line in enumerate(lines):
        names = _names(line["fr"]) & _names(line["en"])
        if not names:
            continue
        name = max(sorted(names), key=len)
        language, other = chance.choice([("fr", "en"), ("en", "fr")])
        beside = [one[other] for one in lines[max(number - 9, 0) : number + 9] if name not in one[other]]
        shown = (line[other], *chance.sample(beside, min(chance.randint(0, 3), len(beside))))
        question = chance.choice(ABOUT[language]).format(name)
        yield Example("translated", "", shown, question, language, stated(line[language], 1), True)


def _names(text: str) -> set[str]:
    """Return the capitalised words inside a text, not those that begin it."""
    return {word for word in re.findall(r"(?<=[a-zà-ÿ,] )[A-ZÉÈÀÂÎÔÇ][a-zà-ÿ]{3,}\b", text) if content_words(word)}
