"""Whether a question is about the article as a whole ("what is it about?", "résume l'article"); pure."""

from __future__ import annotations

import re

from rag.language import content_stems, fold, words

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
