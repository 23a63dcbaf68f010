"""Takes one thing out of what a text tells: what asked for it is then not answered, all else still is.

A question about something that a text speaks of without telling it is the near miss that readers ask most, and nothing
but the missing words sets it apart. So the same text is shown with the words that answer, without them, and, lest a gap
in a sentence be taken for the sign, without others.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.perturbing import CHANGES, Pool
from rag.language import stop_words
from training.reader.cloze import KINDS, cloze_questions, names_of, passage_at, telling, typed
from training.reader.examples import Claim, Labelled, Reading, Span, occurrences, plain_sentences, read_lines

LONGEST_TAKEN = 90
"""Characters of a phrase that is taken out: more would leave too little of a sentence."""

_PHRASES = ("date", "year", "agent", "place", "reason", "duration", "money", "number")


def without(text: str, spans: Sequence[Span], language: str) -> str:
    """Return a text without the words at ``spans``, nor the little words before them that lead to them."""
    little = stop_words(language)
    for start, end in sorted(spans, reverse=True):
        before = text[:start]
        for _ in range(3):
            led = re.search(r"[\w’']+[  ]?$", before)
            if not led or led[0].strip().lower().rstrip("’'") not in little or led.start() == 0:
                break
            before = before[: led.start()]
        text = before.rstrip(" ,(") + (" " if re.match(r"\W?\w", text[end:]) else "") + text[end:].lstrip(" ")
    return re.sub(r"\s+([.,;)])", r"\1", re.sub(r" {2,}", " ", text)).strip()


def lacking_readings(
    question: str, text: str, answers: list[str], others: list[str], language: str, elsewhere: Labelled
) -> Iterator[Reading]:
    """Yield a question of a text that lacks its answer, beside the same text with it.

    Args:
        question: as asked.
        text: a passage that answers.
        answers: the words that answer; each of their occurrences is taken out.
        others: words of the text that answer something else.
        language: of the text.
        elsewhere: a passage that does not answer.
    """
    spans = occurrences(answers, text)
    if not spans or max(end - start for start, end in spans) > LONGEST_TAKEN:
        return
    lacks = Labelled(without(text, _apart(spans), language), False)
    whole = Labelled(text, True, spans, _around(text, spans[:1]))
    yield Reading("lacking", question, (lacks, elsewhere))
    for other in others:
        taken = occurrences([other], text)
        asked = set(re.findall(r"\w{4,}", question.lower()))
        clear = all(end <= left or start >= right for start, end in taken for left, right in spans)
        if taken and clear and not asked & set(re.findall(r"\w{4,}", other.lower())) and len(other) < LONGEST_TAKEN:
            less = without(text, _apart(taken), language)
            kept = occurrences(answers, less)
            if kept:
                yield Reading("kept", question, (Labelled(less, True, kept, _around(less, kept[:1])), lacks))
                return
    yield Reading("kept", question, (whole, lacks))


def _apart(spans: Sequence[Span]) -> list[Span]:
    """Return the spans that do not overlap one before them."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


def _around(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the sentences that the spans stand in."""
    return tuple(one for one in plain_sentences(text) if any(one[0] < end and start < one[1] for start, end in spans))


def lacking_sentences(path: Path, count: int, chance: random.Random) -> Iterator[Reading]:
    """Yield questions of QAMR whose sentence lacks what they ask for, and some with a name, number or date changed."""
    lines = sorted(read_lines(path), key=lambda line: line["sentence"])
    by_sentence = [list(group) for _, group in groupby(lines, key=lambda line: line["sentence"])]
    pool = Pool.of([group[0]["sentence"] for group in by_sentence])
    for _ in range(count):
        number = chance.randrange(len(by_sentence))
        line, other = chance.sample(by_sentence[number], 2) if len(by_sentence[number]) > 1 else (None, None)
        if line is None or other is None:
            continue
        around = [chance.choice(by_sentence)[0]["sentence"] for _ in range(chance.randint(0, 2))]
        around.insert(chance.randint(0, len(around)), line["sentence"])
        text = " ".join(around)
        elsewhere = Labelled(chance.choice(by_sentence)[0]["sentence"], False)
        if chance.random() < 0.25:
            for change in chance.sample(["name", "number", "date"], 3):
                altered = CHANGES[change](line["question"], text, pool, "en", chance)
                if altered and altered != line["question"]:
                    yield Reading("altered_annotated", altered, (Labelled(text, False), elsewhere))
                    break
        yield from lacking_readings(line["question"], text, line["answers"], other["answers"][:1], "en", elsewhere)


def lacking_paragraphs(folder: Path, language: str, chance: random.Random) -> Iterator[Reading]:
    """Yield the training questions of a set whose paragraph lacks what they ask for."""
    articles = {line["doc_id"]: line for line in read_lines(folder / "articles.jsonl")}
    asked = [
        line for line in read_lines(folder / "train.jsonl") if line["answerable"] and line["paragraph"] is not None
    ]
    asked.sort(key=lambda line: (line["doc_id"], line["paragraph"]))
    for (document, at), group in groupby(asked, key=lambda line: (line["doc_id"], line["paragraph"])):
        article, here = articles[document], list(group)
        title = article["title"] + "\n" if chance.random() < 0.7 else ""
        text = title + article["paragraphs"][at]
        for line in here:
            other = [one for two in here if two is not line for one in two["answers"][:1]]
            part = _part(text, line["answers"], len(title))
            elsewhere = Labelled(title + chance.choice(article["paragraphs"])[:800], False)
            if any(occurrences([answer], elsewhere.text) for answer in line["answers"]):
                elsewhere = Labelled(title.strip() or article["title"], False)
            yield from lacking_readings(
                line["question"], part, line["answers"], chance.sample(other, len(other)), language, elsewhere
            )


def _part(text: str, answers: list[str], begin: int) -> str:
    """Return the title with as many sentences around the first answer as make a passage."""
    spans = occurrences(answers, text)
    if len(text) <= 900 or not spans:
        return text[:900]
    sentences = plain_sentences(text[begin:])
    at = next((n for n, (_, end) in enumerate(sentences) if spans[0][0] < begin + end), 0)
    first = max(at - 2, 0)
    return text[:begin] + text[begin + sentences[first][0] :][:800]


def lacking_lines(lines: list[str], language: str, count: int, chance: random.Random) -> Iterator[Reading]:
    """Yield made questions about running text that lacks what they ask for."""
    made = 0
    while made < count:
        at = chance.randrange(1, len(lines) - 12)
        if not telling(lines[at], language):
            continue
        passage = passage_at(lines, at, chance)[:900]
        asked = cloze_questions(passage, language, chance)
        if len(asked) < 2:
            continue
        (question, answer), (_, other) = asked[:2]
        made += 1
        elsewhere = Labelled(passage_at(lines, at + 8, chance)[:900], False)
        yield from lacking_readings(typed(question, chance), passage, [answer], [other], language, elsewhere)


def crossed_readings(lines: list[dict[str, str]], count: int, chance: random.Random) -> Iterator[Reading]:
    """Yield questions made of a sentence, with a passage in the other language that holds its translation.

    Args:
        lines: with the keys ``fr`` and ``en``; those of one text stand together.
        count: of the questions.
        chance: of every choice.
    """
    pool = Pool.of([line[one] for line in chance.sample(lines, min(len(lines), 1500)) for one in ("fr", "en")])
    made = 0
    while made < count:
        at = chance.randrange(2, len(lines) - 12)
        here, there = chance.choice((("fr", "en"), ("en", "fr")))
        asked = cloze_questions(lines[at][here], here, chance)
        if not asked:
            continue
        question, answer = asked[0]
        numbers = [at - 1, at, at + 1] if chance.random() < 0.7 else [at]
        parts = [lines[number][there] for number in numbers]
        text = " ".join(parts)[:900]
        place = text.find(lines[at][there])
        if place < 0:
            continue
        span = (place, place + len(lines[at][there]))
        elsewhere = Labelled(" ".join(lines[at + shift][there] for shift in (7, 8, 9))[:900], False)
        rest = Labelled(" ".join(lines[n][there] for n in (at - 2, at - 1, at + 1, at + 2))[:900], False)
        made += 1
        spans = tuple(one for one in occurrences([answer], text) if span[0] <= one[0] < span[1])
        luck = chance.random()
        if luck < 0.2:
            change = chance.choice(["name", "number", "date"])
            altered = CHANGES[change](
                question, " ".join(line[here] for line in lines[at - 2 : at + 3]), pool, here, chance
            )
            if altered and altered != question:
                yield Reading("crossed", typed(altered, chance), (Labelled(text, False), elsewhere))
                continue
        if luck < 0.45 and spans:
            lacks = Labelled(without(text, spans, there), False)
            yield Reading("crossed", typed(question, chance), (lacks, elsewhere))
            continue
        found = Labelled(text, True, spans, (span,))
        yield Reading("crossed", typed(question, chance), (found, rest, elsewhere))


def lacking_claims(lines: list[str], language: str, count: int, chance: random.Random) -> Iterator[Claim]:
    """Yield sentences with a passage that says less, more, or the same of two parties the other way round.

    What is left out of a claim does not make it untrue; what is left out of the passage is not said by it.
    """
    kinds = [kind for kind in KINDS[language] if kind.name in _PHRASES]
    made = 0
    while made < count:
        at = chance.randrange(1, len(lines) - 2)
        passage = lines[at][:900]
        if not telling(passage, language):
            continue
        sentences = [passage[start:end] for start, end in plain_sentences(passage) if 50 < end - start < 260]
        if not sentences:
            continue
        sentence = chance.choice(sentences)
        found = [match for kind in kinds for match in kind.pattern.finditer(sentence)]
        names = names_of(sentence)
        luck = chance.random()
        if luck < 0.3 and len(names) > 1 and names[0][0] != names[-1][0] and names[0].end() <= names[-1].start():
            first, last = names[0], names[-1]
            swapped = sentence[: first.start()] + last[0] + sentence[first.end() : last.start()] + first[0]
            made += 1
            yield Claim("swapped", swapped + sentence[last.end() :], passage, "not_entailment")
        elif found:
            match = chance.choice(found)
            less = without(sentence, [match.span("answer")], language)
            made += 1
            if luck < 0.6:
                yield Claim("less", less, passage, "entailment")
            else:
                yield Claim("more", sentence, passage.replace(sentence, less), "neutral")
