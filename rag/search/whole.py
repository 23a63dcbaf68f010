"""Answers questions about whole articles: overviews, chronologies, and what an article says of itself."""

from __future__ import annotations

from dataclasses import replace

from rag.index import Library
from rag.language import content_stems
from rag.question import OVERVIEWS, OWN_DATA, Intent, Question, asked_size, names_article
from rag.question.analysis import analyse_question
from rag.question.intents import is_request_word
from rag.search.own_data import own_field, own_quotes
from rag.search.result import Search
from rag.search.retrieval import Retriever
from rag.search.surveying import MOST_ARTICLES, Surveyor
from rag.values import Evidence

POINTED = 0.5
"""Of the words that name a topic, the part that the best passage and its title must hold for a question to be about
that article among others: "résume l'article sur la grève"."""

ALWAYS_KNOWN = frozenset({"length", "language", "source"})


class WholeSearcher:
    """Finds what tells of articles as a whole, in one library.

    Args:
        library: to search.
        retriever: of it; finds the article that a question means among several.
        passages: number of hits that cover one article.
    """

    def __init__(self, library: Library, retriever: Retriever, passages: int) -> None:
        self._library = library
        self._retriever = retriever
        self._surveyor = Surveyor(library, passages)

    def search(self, question: Question, intent: Intent, within: str) -> Search | None:
        """Return what a question wants that is none about something in the text.

        None where it asks, without naming the article, for what is not known of it: the text may tell it of something
        else.

        Args:
            question: taken apart.
            intent: of the question, not ``content``.
            within: identifier of the one article that is asked; empty where several are.

        Raises:
            EmbedderChanged: the library was built with another embedder.
        """
        if question.text != question.asked:
            again = analyse_question(question.asked, question.answer_language)
            question = replace(again, follows=question.follows)
        if intent not in OVERVIEWS | OWN_DATA:
            return Search(question, (), Evidence((), {}, 1.0, sufficient=True), {}, within, intent)
        within = within or self._pointed(question)
        return self._overview(question, intent, within) if intent in OVERVIEWS else self._own(question, intent, within)

    def _overview(self, question: Question, intent: Intent, within: str) -> Search:
        survey = self._surveyor.survey(intent, asked_size(question.asked, question.answer_language), within)
        evidence = Evidence(survey.quotes, {"overview": 1.0}, 1.0, bool(survey.quotes))
        return Search(
            question, survey.hits, evidence, survey.articles, within, intent, survey.undated, survey.left_out
        )  # fmt: skip

    def _own(self, question: Question, intent: Intent, within: str) -> Search | None:
        held = [within] if within else [entry.identifier for entry in self._library.entries()[-MOST_ARTICLES:]]
        articles = {identifier: self._library.article(identifier) for identifier in held}
        quotes = tuple(quote for article in articles.values() for quote in own_quotes(article, intent))
        known = intent in ALWAYS_KNOWN or any(own_field(article, intent) for article in articles.values())
        if not (quotes or known or names_article(question.asked)):
            return None
        evidence = Evidence(quotes, {}, 1.0, sufficient=True)
        return Search(question, (), evidence, articles, within, intent)

    def _pointed(self, question: Question) -> str:
        """Return the identifier of the article that a question names the topic of; empty where it names none."""
        topic = tuple(word for word in question.words if not is_request_word(word.text))
        if not topic:
            return ""
        named = replace(question, text=" ".join(word.text for word in topic), words=topic)
        found = self._retriever.find(named, limit=1)
        if not found:
            return ""
        hit = found[0]
        stems = set(content_stems(f"{hit.title}\n{hit.passage.text}", self._library.language(hit.passage.article)))
        held = sum(word.stem in stems for word in topic) / len(topic)
        return hit.passage.article if held >= POINTED else ""
