"""What the questioner learns from: a text, one sentence of it, and a question about it with its answer."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.llm.prompt import neutralise
from training.answerer.examples import MARK, narrowed
from training.reader.examples import plain_sentences, read_lines

LONGEST_TEXT = 900  # characters
LONGEST_WORDS = 90  # characters of the words of a text that are an answer by themselves
SENTENCE = range(40, 360)  # characters
_WORDS = {
    "fr": ("Titre : ", "Texte : ", "Phrase : ", "Un lecteur demande :", "Question :", "Réponse : "),
    "en": ("Title: ", "Text: ", "Sentence: ", "A reader asks:", "Question:", "Answer: "),
}


@dataclass(frozen=True)
class Told:
    """A sentence that is asked about.

    Attributes:
        title: of its text; may be empty.
        text: it stands in.
        sentence: itself.
        language: of the text.
    """

    title: str
    text: str
    sentence: str
    language: str

    def prompt(self, language: str, *, reader: bool) -> str:
        """Return what comes before a question about it.

        Args:
            language: of the question.
            reader: whether it is one of a reader, answered in a sentence; else it is answered by words of the text.
        """
        title, text, sentence, reader_asks, question, _ = _WORDS[language]
        lines = [title + self.title] if self.title else []
        lines += [text + self.text, sentence + self.sentence, reader_asks if reader else question, ""]
        return "\n".join(neutralise(line) for line in lines)


@dataclass(frozen=True)
class Question:
    """A question about a sentence, and its answer: the words of a reader's, or those of the sentence itself."""

    told: Told
    question: str
    answer: str
    language: str
    reader: bool

    def prompt(self) -> str:
        """Return what comes before it."""
        return self.told.prompt(self.language, reader=self.reader)

    def target(self) -> str:
        """Return what is written: the question, and on the next line its answer."""
        return f"{self.question}\n{_WORDS[self.language][-1]}{self.answer}"


def parsed(told: Told, language: str, *, reader: bool, written: str) -> Question | None:
    """Return the question that was written about a sentence; None where it is none that can be trained on.

    The words that answer must be the sentence's own. A reader's answer may use others, but no name and no number that
    neither the sentence nor the question holds.
    """
    question, _, answer = written.partition(f"\n{_WORDS[language][-1]}")
    question, answer = question.strip(), " ".join(answer.split())
    if not 8 < len(question) < 200 or "\n" in question or not answer or len(answer) > 300:
        return None
    if not reader and not (len(answer) <= LONGEST_WORDS and holds(told.sentence, answer)):
        return None
    if reader and not _facts(answer) <= _facts(f"{told.sentence} {told.title} {question}"):
        return None
    return Question(told, question, answer, language, reader)


def holds(text: str, words: str) -> bool:
    """Return whether a text holds these words, from one end of a word to another."""
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text))


def _facts(text: str) -> set[str]:
    """Return the numbers of a text, and its capitalised words that do not begin a sentence."""
    return set(re.findall(r"\d+", text)) | {
        name.lower() for name in re.findall(r"(?<=[\w,’'«] )[A-ZÉÈÀ]\w{2,}", " " + text)
    }


def written_questions(path: Path) -> Iterator[Question]:
    """Yield the questions of ``answers.jsonl`` that one of their passages answers."""
    for line in read_lines(path):
        cited = sorted({int(mark) - 1 for mark in MARK.findall(line["answer"])})
        if not line["answerable"] or line["history"] or len(cited) != 1 or line["kind"] in {"overview", "smalltalk"}:
            continue
        passage = line["passages"][cited[0]]
        text = " ".join(line["passages"])
        answer = re.sub(r"\s+([.,;])", r"\1", MARK.sub("", line["answer"]))
        told = Told(
            line["title"],
            text if len(text) <= LONGEST_TEXT else passage,
            narrowed(passage, f"{answer} {line['question']}"),
            line["article_language"],
        )
        yield Question(told, line["question"], " ".join(answer.split()), line["lang"], True)


def set_questions(folder: Path) -> Iterator[Question]:
    """Yield the training questions of a set whose answer is short and stands in one sentence of its paragraph."""
    articles = {line["doc_id"]: line for line in read_lines(folder / "articles.jsonl")}
    for line in read_lines(folder / "train.jsonl"):
        article = articles[line["doc_id"]]
        if not line["answerable"] or line["paragraph"] is None or not line["answers"]:
            continue
        text = article["paragraphs"][line["paragraph"]]
        answer = min(line["answers"], key=len)
        for start, end in plain_sentences(text):
            sentence = text[start:end]
            if len(answer) <= LONGEST_WORDS and holds(sentence, answer):
                told = Told(re.sub(r"<[^>]+>", "", article["title"]), around(text, start, end), sentence, line["lang"])
                yield Question(told, line["question"], answer, line["lang"], False)
                break


def annotated_questions(path: Path, count: int, chance: random.Random) -> Iterator[Question]:
    """Yield questions of QAMR on which two annotators agree."""
    lines = list(read_lines(path))
    for line in chance.sample(lines, count):
        answers = sorted(line["answers"], key=len)
        if any(one in answers[-1] for one in answers[:-1]) and holds(line["sentence"], answers[-1]):
            told = Told("", line["sentence"], line["sentence"], "en")
            yield Question(told, line["question"], answers[-1], "en", False)


def around(text: str, start: int, end: int) -> str:
    """Return the part of a text around a range that is not too long, from sentence to sentence."""
    if len(text) <= LONGEST_TEXT:
        return text
    spans = plain_sentences(text)
    kept = [span for span in spans if span[0] > start - LONGEST_TEXT // 2 and span[1] < end + LONGEST_TEXT // 2]
    return text[kept[0][0] : kept[-1][1]] if kept else text[start:end]
