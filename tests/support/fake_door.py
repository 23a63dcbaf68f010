"""A workspace made of a few lines: two articles, scripted answers, nothing to load. The page's tests stand on it."""

# ruff: noqa: ARG002  # the door is a protocol: its names are kept, used or not

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.card import Asked, Card, Mentioned
from rag.errors import ArticleError, DownloadError, LibraryError, ModelError
from rag.events import (
    Checked,
    Cited,
    Event,
    Finished,
    Ingested,
    Ingesting,
    Ingestion,
    Retrieved,
    Token,
    Unread,
    Working,
)
from rag.settings import Settings
from rag.values import (
    QUOTES_MODEL,
    Answer,
    Article,
    Block,
    Citation,
    Entry,
    Evidence,
    Hit,
    Passage,
    Quote,
    Sentence,
    Timings,
    Turn,
)

HARBOUR = """Le port de Bréhal rouvre ses quais 🚢

Le port de Bréhal a rouvert lundi, après « onze mois » de travaux. Les pêcheurs l’attendaient : 42 bateaux sont revenus.

Ce qui change

La digue mesure désormais 310 mètres. Elle a coûté 4,2 millions d’euros, payés par la région.
Le phare 🗼 reste fermé.

« Nous reviendrons », a promis la maire, Jeanne Le Goff."""

GARDEN = """The walled garden

The garden opened in 1894. Its wall is two metres high."""

QUESTIONS = {
    "Combien de bateaux sont revenus ?": "42 bateaux sont revenus.",
    "Quelle est la longueur de la digue ?": "La digue mesure désormais 310 mètres.",
    "Qui a payé les travaux ?": "payés par la région",
    "Combien a coûté la digue ?": "4,2 millions d’euros",
}
"""What the harbour's card offers to ask, and what answers it."""

QUOTE = "La digue mesure désormais 310 mètres."
ACROSS = "Le phare 🗼 reste fermé.\n\n« Nous reviendrons »"


def make_article(text: str, *, language: str, date: str = "", source: str = "", title: str = "") -> Article:
    """Return an article whose blocks are the stretches between empty lines: a title, short headings, paragraphs."""
    blocks, start = [], 0
    for number, stretch in enumerate(text.split("\n\n")):
        kind = "title" if number == 0 else "heading" if len(stretch) < 20 else "paragraph"
        blocks.append(Block(kind, start, start + len(stretch), level=2 if kind == "heading" else 0))
        start += len(stretch) + 2
    identifier = hashlib.sha256(text.encode()).hexdigest()[:16]
    return Article(identifier, title or text.partition("\n")[0], text, language, date, source, tuple(blocks))


def quote(article: Article, text: str) -> Quote:
    start = article.text.index(text)
    return Quote(article.identifier, article.title, start, start + len(text), text, 1.0)


def at_a_glance(article: Article) -> dict[str, tuple[Mentioned, ...]]:
    """Return the figures, names, places and dates of the harbour's card."""

    def at(text: str, called: str = "", before: str = "", after: str = "") -> tuple[Mentioned, ...]:
        start = article.text.index(text)
        return (Mentioned(called or text, start, start + len(text), before, after),)

    return {
        "figures": at("310 mètres", before="… mesure désormais "),
        "names": at("Jeanne Le Goff"),
        "places": at("Bréhal"),
        "dates": at("lundi", "2025-03-17", after="Le port de Bréhal a rouvert lundi."),
    }


def answerable(article: Article) -> Iterator[Asked]:
    """Yield the questions of the harbour's card, each with where its answer stands."""
    for question, text in QUESTIONS.items():
        start = article.text.index(text)
        yield Asked(question, start, start + len(text))


def cite(article: Article, quote: str, n: int = 1) -> Citation:
    start = article.text.index(quote)
    return Citation(n, article.identifier, article.title, start, start + len(quote), quote)


@dataclass(frozen=True)
class Row:
    name: str
    bytes: int
    memory: int
    fits: bool
    installed: bool
    licence: str = "Apache-2.0"
    languages: tuple[str, ...] = ("fr", "en")
    suits: bool = False


@dataclass(frozen=True)
class Step:
    stage: str
    done: int
    total: int


class FakeDoor:
    """The door of ``rag`` over two articles.

    The question decides the answer: "digue" is answered with two citations (with "citée", as quotes are; with "suite",
    a question that is completed), "maire" in a few words of a small model with a quote beneath (with "doute", that
    does not quite fit), "rayé" by a sentence that does not stand, "garden" from the other article, "lent" waits for
    :attr:`go` after its first words, "panne" fails; everything else is refused.
    """

    def __init__(self, folder: Path, articles: Sequence[Article] = ()) -> None:
        self.settings = Settings(
            indexes=folder / "indexes", models=folder / "models", conversations=folder / "conversations"
        )
        self.kept = {article.identifier: article for article in articles or (harbour(), garden())}
        self.go = threading.Event()
        self.closed = threading.Event()
        self.asked: list[tuple[str, tuple[Turn, ...], str]] = []
        self.warmed = 0
        self.warm = threading.Event()
        self.warm.set()
        self.model = "citations"
        self.language_model = False
        self.installed = ["petit"]
        self.prepared: list[str] = []
        self.carded: list[str] = []
        self.read = threading.Event()
        self.stepped_aside = threading.Event()
        self.arrived = threading.Event()
        self.broken_off = threading.Event()

    def libraries(self) -> tuple[str, ...]:
        return ("exemple",)

    def default_library(self) -> str:
        return "exemple"

    def articles(self, library: str) -> tuple[Entry, ...]:
        if library != "exemple":
            raise LibraryError(f"There is no library named {library}.", "rag list")
        return tuple(
            Entry(a.identifier, a.title, a.date, a.language, a.source, len(a.text), len(a.blocks))
            for a in self.kept.values()
        )

    def article(self, library: str, identifier: str) -> Article:
        if identifier not in self.kept:
            raise LibraryError("This article is not in the library.", "rag list")
        return self.kept[identifier]

    def examples(self, library: str, language: str) -> tuple[str, ...]:
        return ("Quelle est la longueur de la digue ?", "Qui a payé les travaux ?")

    def card(self, library: str, article: str) -> Iterator[Card]:
        """Tell the harbour's card in two parts, of any other article that there is nothing to tell."""
        self.carded.append(article)
        found = self.article(library, article)
        card = Card(article, found.language)
        if QUOTE in found.text:
            yield (card := replace(card, **at_a_glance(found)))
            card = replace(card, summary=(quote(found, QUOTE),), questions=tuple(answerable(found)))
        yield card

    def model_name(self) -> str:
        return self.model

    def has_language_model(self) -> bool:
        return self.language_model

    def warm_up(self) -> None:
        """Load until :attr:`warm` is set, as it is unless a test clears it."""
        self.warmed += 1
        self.warm.wait(120)  # longer than a busy machine takes to open a page

    def prepare(self, *, library: str, article: str) -> Iterator[Working]:
        """Read half, then the rest once :attr:`read` is set."""
        self.prepared.append(article)
        self.stepped_aside.clear()
        try:
            yield Working("reading", 0.0)
            while not self.read.wait(0.01):
                yield Working("reading", 0.5)
            yield Working("reading", 1.0)
        finally:
            self.stepped_aside.set()

    def language_models(self) -> Sequence[Row]:
        names = dict.fromkeys([*self.installed, "ministral-3-3b", "enorme"])
        return [
            Row(
                name, 2_147_023_008, 3_300_000_000, name != "enorme", name in self.installed,
                suits=name == "ministral-3-3b",
            )
            for name in names
        ]  # fmt: skip

    def model_was_named(self) -> bool:
        return False

    def choose_model(self, name: str) -> None:
        if name and name not in self.installed:
            raise ModelError(f"The model {name} is not installed.", "rag models list")
        self.model, self.language_model = name or "citations", bool(name)

    def install_model(self, name: str) -> Iterator[Step]:
        """Send half, then the rest once :attr:`arrived` is set; fail in mid-way when :attr:`broken_off` is."""
        try:
            for done in (1_000_000_000, 1_073_511_504):
                yield Step("fetching", done, 2_147_023_008)
            while not self.arrived.wait(0.01):
                if self.broken_off.is_set():
                    raise DownloadError("The download broke off at 50 %.", "again")
                yield Step("fetching", 1_073_511_504, 2_147_023_008)
            yield Step("checking", 2_147_023_008, 2_147_023_008)
            self.installed.append(name)
            self.choose_model(name)
        finally:
            self.closed.set()

    def add(self, paths: Sequence[Path], *, library: str) -> Iterator[Ingestion]:
        for path in paths:
            yield Ingesting(path.name, "reading", 0.2)
            text = path.read_text(encoding="utf-8")
            if not text.strip():
                error = ArticleError(f"{path.name} holds no readable text.", "rag add another file")
                if len(paths) == 1:
                    raise error
                yield Unread(path.name, error)
                continue
            article = make_article(text, language="fr", source=path.name)
            known = self.kept.setdefault(article.identifier, article)
            entry = next(e for e in self.articles("exemple") if e.identifier == article.identifier)
            copy = path.name if path.name != known.source else ""
            yield Ingested(entry, "added" if known is article else "unchanged", copy=copy)

    def add_text(self, text: str, *, title: str = "", library: str) -> Iterator[Ingestion]:
        article = make_article(text, language="fr", title=title)
        self.kept[article.identifier] = article
        entry = next(e for e in self.articles("exemple") if e.identifier == article.identifier)
        yield Ingested(entry, "added")

    def remove(self, library: str, identifier: str) -> None:
        del self.kept[self.article(library, identifier).identifier]

    def answer(
        self, question: str, history: Sequence[Turn] = (), *, library: str, article: str = ""
    ) -> Iterator[Event]:
        self.asked.append((question, tuple(history), article))
        port = next(iter(self.kept.values()))
        hits = tuple(
            Hit(Passage(port.identifier, b.start, b.end, port.text[b.start : b.end]), port.title, 0.8, 0.4, 3.25)
            for b in port.blocks
            if b.kind == "paragraph"
        )
        words = question.lower()
        searched = question
        if "suite" in words and history:  # a follow-up is completed from the turn before
            searched = f"{question.removesuffix(' ?')} ({history[-1].question.removesuffix(' ?')})"
        yield Retrieved(searched, hits, Evidence(quotes=(), features={}, probability=0.9, sufficient=True))
        if "panne" in words:
            raise LibraryError("L’index est abîmé.", "rag verify exemple")
        if "lent" in words:
            yield from self._slowly(question, hits)
        elif "digue" in words:
            yield from self._scripted(question, hits, (QUOTE, ACROSS), port, searched)
        elif "maire" in words:
            yield Finished(self._shortly(question, hits, port))
        elif "rayé" in words:
            yield Finished(self._replaced(question, hits, port))
        elif "garden" in words:
            yield from self._scripted(question, hits, ("The garden opened in 1894.",), list(self.kept.values())[1])
        else:
            nearest = tuple(
                Quote(port.identifier, port.title, hit.passage.start, hit.passage.end, hit.passage.text, 0.2)
                for hit in hits[:2]
            )
            said = "L’article n’en dit rien."
            yield Finished(Answer(question, said, True, self.model, hits=hits, nearest=nearest, language="fr"))

    def _slowly(self, question: str, hits: tuple[Hit, ...]) -> Iterator[Event]:
        try:
            yield Working("reading", 0.5)
            yield Token("Un début ")
            while not self.go.wait(0.01):
                yield Working("reading", 0.6)
            yield Token("et une fin.")
            sentence = Sentence("Un début et une fin.", (), "unchecked", start=0, end=20)
            yield Finished(Answer(question, sentence.text, False, self.model, (sentence,), hits=hits, language="fr"))
        finally:
            self.closed.set()

    def _shortly(self, question: str, hits: tuple[Hit, ...], article: Article) -> Answer:
        named, cited = "Jeanne Le Goff.", "a promis la maire, Jeanne Le Goff."
        text = f"{named}\n«\u202f{cited}\u202f»"
        doubtful = "doute" in question
        return Answer(
            question, text, refused=False, model=self.model,
            sentences=(
                Sentence(named, (1,), "yes", (), 0, len(named)),
                Sentence(text[len(named) + 1 :], (1,), "yes", (), len(named) + 1, len(text), quoted=True),
            ),
            citations=(cite(article, cited),), hits=hits, language="fr", from_evidence=True,
            confidence="unsure" if doubtful else "sure", probability=0.4 if doubtful else 0.98,
            words=((text.rindex("Jeanne"), text.rindex(".")),), notices=("Relisez.",) * doubtful,
        )  # fmt: skip

    def _replaced(self, question: str, hits: tuple[Hit, ...], article: Article) -> Answer:
        said, cited = "La digue mesure 12 mètres.", f"«\u202f{QUOTE}\u202f»"
        text = f"{said}\n{cited}"
        return Answer(
            question, text, refused=False, model=self.model,
            sentences=(
                Sentence(said, (), "no", ("12 mètres",), 0, len(said), struck=True),
                Sentence(cited, (1,), "yes", (), len(said) + 1, len(text), quoted=True),
            ),
            citations=(cite(article, QUOTE),), hits=hits, language="fr", confidence="likely", probability=0.7,
            notices=("Ce que l’article ne dit pas est rayé.",),
        )  # fmt: skip

    def _scripted(
        self, question: str, hits: tuple[Hit, ...], quotes: tuple[str, ...], article: Article, searched: str = ""
    ) -> Iterator[Event]:
        yield Working("reading", 0.5)
        sentences, citations, text = [], [], ""
        for index, quote in enumerate(quotes):
            said = " ".join(f"Réponse {index + 1} : {quote}".split())
            for word in f"{' ' if index else ''}{said}".split(" "):
                piece = word if not text or text.endswith(" ") else " " + word
                text += piece
                yield Token(piece)
            citation = cite(article, quote, index + 1)
            citations.append(citation)
            yield Cited(citation)
            verdict, start = "yes" if index == 0 else "partly", len(text) - len(said)
            sentences.append(Sentence(said, (index + 1,), verdict, ("12",) * index, start, len(text)))
            yield Checked(index, sentences[-1])
        yield Finished(
            Answer(
                question, text, refused=False, model=QUOTES_MODEL if "citée" in question else self.model,
                sentences=tuple(sentences), citations=tuple(citations), hits=hits, searched=searched or question,
                language="fr", confidence="likely", probability=0.7, notices=("Relisez.",) * ("citée" in question),
                timings=Timings(0.01, 0.02, 0.05),
            )
        )  # fmt: skip


def harbour() -> Article:
    return make_article(HARBOUR, language="fr", date="2025-03-17", source="port.md")


def garden() -> Article:
    return make_article(GARDEN, language="en", date="1894", source="garden.txt")
