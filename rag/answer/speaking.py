"""What the program says for itself, of itself or of an article's own data, becomes the events of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rag.answer.own_data import tell_own
from rag.answer.small_talk import small_talk
from rag.events import Checked, Cited, Event, Finished, Retrieved, Token
from rag.question import OWN_DATA
from rag.reading import page_at
from rag.search import Search
from rag.values import PROGRAM_MODEL, Answer, Citation, Sentence


def speak(answer: Answer, search: Search) -> Iterator[Event]:
    """Yield the events of an answer that no model is asked for.

    Args:
        answer: as it is before.
        search: that told what was wanted.
    """
    yield Retrieved(answer.searched, (), search.evidence)
    language = search.question.answer_language
    text = ""
    sentences: list[Sentence] = []
    citations: list[Citation] = []
    if search.intent in OWN_DATA:
        for told in tell_own(search.articles, search.evidence.quotes, search.intent, language):
            line = f"{chr(10) if text else ''}{told.text}"
            text += line
            yield Token(line)
            for quote in told.quotes:
                number = len(citations) + 1
                page = page_at(search.articles[quote.article], quote.start)
                citations.append(Citation(number, quote.article, quote.title, quote.start, quote.end, quote.text, page))
                yield Cited(citations[-1])
                start = len(text) - len(told.text)
                sentences.append(Sentence(told.text, (number,), "yes", (), start, len(text)))
                yield Checked(len(sentences) - 1, sentences[-1])
    else:
        text = small_talk(search.intent, language)
        yield Token(text)
    yield Finished(
        replace(
            answer,
            text=text,
            refused=False,
            model=PROGRAM_MODEL,
            sentences=tuple(sentences),
            citations=tuple(citations),
        )
    )
