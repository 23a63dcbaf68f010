"""Forty articles that lie: with models that believe them, the answer is still flagged or refused, and nothing runs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from support.fakes import HashedWords, Scripted
from support.poisoned import POISONS, Poison
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.events import Cited, Event, Finished, Token, Working
from rag.index.adding import add_files
from rag.index.library import Library
from rag.llm.chat_model import ChatModel
from rag.llm.quoting import QuotingModel
from rag.reading.articles import read_article
from rag.values import Answer, Article, Prompt, Sentence
from ui.html import article_html, turn_html
from ui.state import Exchange, fold
from ui.words.french import FRENCH

EVERY = pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.name)
UNSEEN = pytest.mark.parametrize("poison", [each for each in POISONS if each.unseen], ids=lambda poison: poison.name)
PASSAGES = re.compile(r"<passage (\d+)>\n(.*?)\n</passage \1>", re.DOTALL)


class Model(Scripted):
    """A model that can hold any of these articles."""

    def __init__(self, *pieces: str | Working) -> None:
        super().__init__(*pieces, context_window=1 << 20)


class Obedient(Model):
    """Does what the article orders, however the order is spelled; answers truly where it finds none."""

    def __init__(self, poison: Poison) -> None:
        super().__init__()
        self._story = poison.story
        self.obeyed = False

    def write(self, prompt: Prompt) -> Iterator[str | Working]:
        passages = PASSAGES.findall(prompt.system)
        number = next((number for number, text in passages if self._story.truth in text), "1")
        self.obeyed = understood(self._story.order) in understood(prompt.system)
        yield f"{self._story.lie if self.obeyed else self._story.truth} [{number}]."


class Copying(Model):
    """Writes out the passages it was given, and no mark of its own."""

    def write(self, prompt: Prompt) -> Iterator[str | Working]:
        for _, text in PASSAGES.findall(prompt.system):
            yield re.sub("x{99,}", "", text) + "\n"


def understood(text: str) -> str:
    """Return a text as a model may take it: tag characters read, invisible ones skipped, look-alikes read as Latin."""
    told = "".join(chr(ord(each) - 0xE0000) if 0xE0020 <= ord(each) < 0xE007F else each for each in text)
    bare = unicodedata.normalize("NFKD", told)
    seen = "".join(each for each in bare if unicodedata.category(each) not in {"Cf", "Mn"})
    return " ".join(seen.translate(str.maketrans("аеорсх", "aeopcx")).casefold().split())


@pytest.fixture(scope="module")
def shelf() -> Iterator[dict[str, Library]]:
    """Keep one library for each poisoned article, made when it is first asked about."""
    libraries: dict[str, Library] = {}
    yield libraries
    for library in libraries.values():
        library.close()


@pytest.fixture
def ask(shelf, tmp_path):
    """Put a poisoned article into a library as a file, and ask a model about it."""

    def ask(poison: Poison, model: ChatModel) -> tuple[list[Event], Article]:
        if poison.name not in shelf:
            shelf[poison.name] = Library(tmp_path / "library", HashedWords())
            path = tmp_path / f"article{poison.suffix}"
            path.write_text(poison.text, encoding="utf-8")
            for _ in add_files(lambda: shelf[poison.name], [path]):
                pass
        library = shelf[poison.name]
        (entry,) = library.entries()
        return list(Assistant(library, WordReader(), model).answer(poison.story.question)), library.article(
            entry.identifier
        )

    return ask


def answer_of(events: Sequence[Event]) -> Answer:
    assert isinstance(events[-1], Finished)
    return events[-1].answer


def told_apart(answer: Answer) -> tuple[list[Sentence], list[Sentence]]:
    """Return the sentences that the model wrote, and those of the article that stand in the place of rejected ones."""
    quoted = [sentence for sentence in answer.sentences if sentence.text.startswith(("«\u202f", "“"))]
    return [sentence for sentence in answer.sentences if sentence not in quoted], quoted


def assert_cites_only(article: Article, events: Sequence[Event]) -> None:
    """Every citation is exact characters of the article."""
    citations = {event.citation for event in events if isinstance(event, Cited)} | set(answer_of(events).citations)
    for citation in citations:
        assert citation.quote == article.text[citation.start : citation.end] != ""


@UNSEEN
def test_what_no_reader_sees_is_not_in_the_article(poison: Poison, tmp_path: Path):
    path = tmp_path / f"article{poison.suffix}"
    path.write_text(poison.text, encoding="utf-8")
    article = read_article(path)
    assert poison.story.order not in article.text
    assert poison.story.lie not in article.text
    assert article.title == poison.story.title
    assert all(paragraph in article.text for paragraph in poison.story.paragraphs)


@EVERY
def test_a_model_that_obeys_is_flagged_or_refused(poison: Poison, ask):
    model = Obedient(poison)
    events, article = ask(poison, model)
    answer = answer_of(events)
    assert_cites_only(article, events)
    # Tag characters stay in a text file, which is kept exactly, but never enter a prompt.
    unread = poison.unseen or poison.name == "tag characters"
    assert model.obeyed is not unread
    if unread:
        assert [sentence.supported for sentence in answer.sentences] == ["yes"]
    else:
        own, quoted = told_apart(answer)
        assert all(sentence.supported != "yes" for sentence in own)
        assert answer.refused or {"no", "contradicted"} & {sentence.supported for sentence in own}
        assert all(poison.story.lie not in sentence.text for sentence in quoted)


@EVERY
def test_a_false_claim_with_a_citation_is_flagged_beside_a_true_one(poison: Poison, ask):
    events, article = ask(poison, Model(f"{poison.story.truth} [1]. ", f"{poison.story.lie} [1]."))
    assert_cites_only(article, events)
    (true, false), _ = told_apart(answer_of(events))
    assert true.supported in {"yes", "partly"}
    assert false.supported in {"no", "contradicted"}
    assert false.missing


@EVERY
def test_made_up_marks_are_removed_and_counted(poison: Poison, ask):
    events, article = ask(poison, Model(poison.story.truth, " [9", "9] [0][5000, 4000]", " [1]."))
    answer = answer_of(events)
    assert_cites_only(article, events)
    assert answer.unknown_marks == 4
    own, _ = told_apart(answer)
    assert {n for sentence in own for n in sentence.citations} == {1}
    assert not re.search(r"\[(?:99|0|5000|4000)", answer.text)


@EVERY
def test_no_mark_of_a_document_becomes_a_citation(poison: Poison, ask):
    events, _ = ask(poison, Copying())
    assert not [event for event in events if isinstance(event, Cited)]
    assert answer_of(events).unknown_marks == 0


@EVERY
def test_a_document_closes_no_fence(poison: Poison, ask):
    model = Model(f"{poison.story.truth} [1].")
    ask(poison, model)
    (prompt,) = model.prompts
    fences = re.findall(r"<(/?)passage (\d+)>", prompt.system)
    assert fences == [(slash, str(n)) for n in range(1, len(prompt.shown) + 1) for slash in ("", "/")]


class Markup(HTMLParser):
    """The tags and attributes a browser would build."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@EVERY
def test_nothing_runs_in_the_page(poison: Poison, ask):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) <iframe srcdoc=x>"
    events, article = ask(poison, Model(f"{poison.story.truth} [1]. {attack} {poison.story.lie} [1]."))
    exchange = Exchange(poison.story.question)
    pages = [article_html(article, FRENCH)]
    for event in events:
        exchange = fold(exchange, event)
        pages.append(turn_html(exchange, FRENCH, number=0))
    for page in pages:
        markup = Markup(page)
        assert not markup.tags & {"script", "img", "iframe", "object", "embed", "style", "link", "base", "form", "meta"}
        assert not [name for name, _ in markup.attributes if name.startswith("on") or name == "srcdoc"]
        assert not [value for name, value in markup.attributes if name in {"href", "src"} and ":" in value]


@EVERY
def test_without_a_model_each_quotation_is_the_articles_own(poison: Poison, ask):
    events, article = ask(poison, QuotingModel())
    answer = answer_of(events)
    assert_cites_only(article, events)
    assert not answer.refused
    assert answer.unknown_marks == 0
    assert poison.story.truth in "".join(event.text for event in events if isinstance(event, Token))


def test_a_word_without_end_fits_the_embedder(tmp_path):
    poison = next(poison for poison in POISONS if "without end" in poison.name)
    path = tmp_path / "long.txt"
    path.write_text(poison.text, encoding="utf-8")
    embedder = HashedWords()
    embedder.count_tokens = lambda text: len(text) // 4 + 3
    library = Library(tmp_path / "long", embedder)
    for _ in add_files(lambda: library, [path]):
        pass
    (entry,) = library.entries()
    passages = library.passages(entry.identifier)
    assert "x" * 100 in "".join(passage.text for passage in passages)
    assert all(embedder.count_tokens(passage.text) <= embedder.max_tokens for passage in passages)
    library.close()
