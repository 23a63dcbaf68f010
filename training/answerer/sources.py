"""Where the examples come from, how often each source is drawn from, and which examples training never sees."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.perturbing import CHANGES, Pool
from rag.evaluation.question_sets import Asked, read_set
from rag.evaluation.wording import normal
from rag.values import Article, Turn
from training.answerer.examples import Example, content_words, near, sentences, stated
from training.answerer.refusals import missing
from training.reader.examples import read_lines

SETS = ("piaf-fr", "squad2-en")
PARALLEL = frozenset({"ntrex", "ud_pud", "opensource_guide", "cds_canada_site"})
LONGEST_ANSWER = 90  # characters of a span that is an answer by itself
SENTENCE = range(50, 400)  # characters of a sentence that is shown
ABOUT = {
    "fr": ("Que dit l'article de {} ?", "Qu'apprend-on sur {} ?", "{}, il se passe quoi ?"),
    "en": ("What does the article say about {}?", "What do we learn about {}?", "What about {}?"),
}
_TAG = re.compile(r"<[^>]+>")

SHARES = {
    ("written", True): 2200, ("written", False): 1300, ("across", True): 300, ("across", False): 120,
    ("piaf-fr", True): 1100, ("piaf-fr", False): 300, ("altered", False): 450,
    ("squad2-en", True): 250, ("squad2-en", False): 150,
    ("qamr", True): 350, ("translated", True): 250,
}  # fmt: skip
"""How often each source is drawn from in a training, of one another, with and without an answer: the balance of the two
says how readily the answerer refuses."""

HELD_OUT = 16  # one title of so many is never trained on


def held_out(example: Example) -> bool:
    """Return whether an example is kept from training, as all of its article are."""
    return example.source in {"written", "across"} and zlib.crc32(example.title.encode()) % HELD_OUT == 0


def examples(data: Path, seed: int) -> list[Example]:
    """Return every example, the same for the same seed.

    Args:
        data: folder of the data sets.
        seed: of what is chosen.
    """
    chance = random.Random(seed)
    train = data / "train"
    made = list(written(train / "answers.jsonl"))
    for name in SETS:
        made += questions_of(data / "dev" / name, chance)
    made += about_sentences(train / "qamr_en.jsonl.xz", chance)
    made += translated(train / "parallel_fr_en.jsonl.xz", chance)
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


def questions_of(folder: Path, chance: random.Random) -> Iterator[Example]:
    """Yield the training questions of a set: the sentence that answers among others, or others alone.

    A question with an answer comes once more where it stands no longer: with the sentence taken away, or with one of
    the question's own names, numbers or dates changed.
    """
    articles, asked = read_set(folder, "train.jsonl")
    known = {article.identifier: article for article in articles}
    texts = {one.article: known[one.article].text for one in asked}
    split = {name: [part for part in sentences(text) if len(part) in SENTENCE] for name, text in texts.items()}
    pool = Pool.of(list(texts.values()))
    for one in asked:
        article, parts = known[one.article], split[one.article]
        title = _TAG.sub("", article.title)
        holding = _holding(one, article)
        if one.answerable and not holding:
            continue
        others = [part for part in parts if not _says(part, one.answers)]
        if one.answerable:
            shown = (holding, *near(one.text, others, 3, chance))
            answer = min(one.answers, key=len)
            if len(answer) <= LONGEST_ANSWER:
                yield Example(folder.name, title, shown, one.text, article.language, stated(answer, 1), True)
            altered = _altered(one.text, article, pool, chance)
            refusal = missing(altered, article.language, chance) if altered else ""
            if refusal:
                yield Example("altered", title, shown, altered, article.language, refusal, False)
        refusal = missing(one.text, article.language, chance)
        if refusal and others:
            shown = tuple(near(one.text, others, 4, chance))
            yield Example(folder.name, title, shown, one.text, article.language, refusal, False)


def _holding(one: Asked, article: Article) -> str:
    """Return the sentence of the paragraph asked about that holds the answer; empty where there is none."""
    if not one.answerable or one.paragraph is None:
        return ""
    block = article.blocks[one.paragraph]
    found = [part for part in sentences(article.text[block.start : block.end]) if _says(part, one.answers)]
    found = near(one.text, found, 1, random.Random(0))
    return found[0] if found and len(found[0]) <= SENTENCE.stop * 2 else ""


def _says(part: str, answers: tuple[str, ...]) -> bool:
    here = f" {normal(part)} "
    return any(f" {normal(answer)} " in here for answer in answers)


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
            shown = (line["sentence"], *(other for other in others if not _says(other, (answers[0],))))
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
