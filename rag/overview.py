"""Questions about the article as a whole ("what is it about?", "résume l'article"), and what answers them; pure.

No passage speaks of its own article, so such a question finds nothing and would be refused. What answers it without a
model is where a text says what it is about: its first sentences, then the beginnings of the parts that follow.
"""

from __future__ import annotations

import re

from rag.language import content_stems, fold, words
from rag.nouns import Article, Block, Quote
from rag.selecting import addresses_machine, prose_sentences

_SUMMARY = re.compile(
    r"""
    \bresume[rzs]?\b | \bsynthese\b | \bsynthetise[rz]?\b | \ben\ (?:bref|gros|quelques\ mots)\b | \bl'essentiel\b
    | \b(?:points|idees|informations|faits|lignes)\b | \bsummar(?:y|ies|i[sz]e)\b | \bgist\b | \boverview\b
    | \b(?:main|key)\ (?:points?|ideas?|facts?)\b | \btl;?\ ?dr\b
    """,
    re.VERBOSE,
)
_ABOUT = re.compile(
    r"\bde quoi\b|\bque (?:dit|raconte|contient)\b|\b(?:sujet|theme|propos|contenu)\b|\babout\b|\btopic\b|\bwhat does\b"
)
_ARTICLE = re.compile(r"\b(?:articles?|textes?|documents?|pages?|papier|reportage|depeche|texts?|story|piece)\b")
_SAYS_NOTHING_ELSE = frozenset(
    word
    for line in (
        "resume resumer resumez resumes synthese synthetise synthetiser synthetisez bref gros quelques mots sujet",
        "theme propos essentiel contenu points idees informations lignes faits cles cle principaux principales",
        "principal principale grandes grands importants importantes quoi parle traite agit question dit raconte",
        "contient article articles texte textes document documents page pages papier reportage depeche fais faire",
        "faites peux pouvez donne donnez donner ecris redige plait deux trois quatre cinq phrase phrases ligne",
        "paragraphe paragraphes court courte summarize summarise summary summaries about gist overview topic main",
        "key point ideas facts text story piece say says tell give make write short brief briefly two three four",
        "five sentence sentences paragraph please tl dr tldr bullet",
    )
    for word in line.split()
)
LEAD_CHARACTERS = 400
"""Of the first paragraph: its sentences are quoted as long as they are no longer together."""


def asks_overview(question: str, language: str, *, follows: bool) -> bool:
    """Return whether a question is about the article as a whole, and about nothing in it.

    Args:
        question: as it was asked.
        language: of the question.
        follows: whether something was asked before; "what is it about?" may then be about that.
    """
    asked = fold(question).replace("’", "'")
    if not _SUMMARY.search(asked) and not (_ABOUT.search(asked) and (_ARTICLE.search(asked) or not follows)):
        return False
    content = set(content_stems(question, language))
    return all(fold(word.text) in _SAYS_NOTHING_ELSE for word in words(question, language) if word.stem in content)


def overview_quotes(article: Article, most: int) -> tuple[Quote, ...]:
    """Return the sentences that tell what an article is about, in its order, all with the same score.

    They are the beginning of its first paragraph, then the first sentence of each part: of each paragraph that follows
    a heading, or of the next paragraphs where there are no headings.

    Args:
        article: to tell about.
        most: number of quotes at most.
    """
    paragraphs = [block for block in article.blocks if block.kind == "paragraph"]
    if not paragraphs:
        return ()
    opened = [
        after
        for before, after in zip(article.blocks, article.blocks[1:], strict=False)
        if before.kind == "heading" and after.kind == "paragraph" and after.start > paragraphs[0].start
    ]
    parts = opened or paragraphs[1:]
    spans = [_beginning(article, paragraphs[0], LEAD_CHARACTERS), *(_beginning(article, part, 0) for part in parts)]
    told = [(start, end) for start, end in spans if not addresses_machine(article.text[start:end])]
    return tuple(
        Quote(article.identifier, article.title, start, end, article.text[start:end], 1.0) for start, end in told[:most]
    )


def _beginning(article: Article, block: Block, longest: int) -> tuple[int, int]:
    """Return the offsets of a paragraph's first sentence, and of those after it within ``longest`` characters."""
    spans = prose_sentences(article, block.start, block.end)
    end = spans[0][1]
    for start, other in spans[1:]:
        if other - spans[0][0] > longest or article.text[end:start].strip():  # an order to a machine lies between
            break
        end = other
    return spans[0][0], end
