"""What a pronoun of a follow-up stands for, and the question with that in its place; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.question.mentions import WHERE, Gender, Mention, joined
from rag.question.openings import elide
from rag.question.pronouns import FRENCH, Pronoun

OWNING = frozenset({"son", "sa", "ses", "leur", "leurs", "his", "her", "its", "their"})
"""The possessive determiners."""

_PLURAL = frozenset({"ils", "elles", "eux", "leur", "leurs", "they", "them", "their"})
_GENDERS: dict[str, Gender] = {"il": "masculine", "elle": "feminine"}
_CONTRACTED = re.compile(r"\b(?:à|de) les?(?= \S+$)")
_TOGETHER = {"à le": "au", "à les": "aux", "de le": "du", "de les": "des"}
_ARTICLES = {"son": "le", "sa": "la", "ses": "les", "leurs": "les"}
_AUXILIARIES = frozenset(
    {"a", "ont", "avait", "avaient", "aurait", "auraient", "est", "sont", "va", "vont", "doit", "peut"}
)
_CLITICS = re.compile(r"(?<![\w-])(?:(?:ne|se|y|en|le|la|les|lui|leur|nous|vous|me|te)\s+|(?:n'|s'|l'|m'|t')){0,6}$")
_WHAT = re.compile(r"qu(?:e\s+|')(?:ne\s+|n')?(?:(?:y|en|le|lui|leur|nous|vous|me|te)\s+|[lmt]')*")
_OWNED = re.compile(
    r"(?:(?:dern|prem)iers?\s+|(?:nouve|futur|grand|petit|ancien|propre|deux|trois)\w*\s+)?[\w-]+(?:\sde\s[a-zà-ÿ][\w-]*)?"
)


def choose_antecedent(
    pronoun: Pronoun, asked: Sequence[Mention], answered: Sequence[Mention], *, who: bool
) -> Mention | None:
    """Return what a pronoun most likely stands for; None when nothing fits.

    Args:
        pronoun: of the follow-up.
        asked: what the last question named, in order.
        answered: the names its answer added, in order.
        who: whether the last question asked who did it, so that the answer names the person.
    """
    if pronoun.kind in {"clause", "it", "which"}:
        return None
    scored = [(_fitness(pronoun, mention, 1.0 - 0.1 * place), mention) for place, mention in enumerate(asked)]
    for place, mention in enumerate(answered):
        named = 3.0 * (who and mention.kind == "name" and pronoun.word not in {"it", "its"})
        scored.append((_fitness(pronoun, mention, named - 0.1 * place), mention))
    fitness, best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best if fitness > 0 else None


def _fitness(pronoun: Pronoun, mention: Mention, fitness: float) -> float:
    """Return how well a mention explains a pronoun, from how well its place does; 0 or less if it cannot."""
    if mention.article in OWNING and pronoun.kind != "object":
        return 0.0
    full_name = mention.kind == "name" and not mention.article and " " in mention.noun
    if pronoun.word in _PLURAL:
        return fitness + 3 if mention.plural else fitness if mention.kind == "name" and not full_name else 0.0
    if mention.plural or (mention.gender and _GENDERS.get(pronoun.word, mention.gender) != mention.gender):
        return 0.0
    located = mention.preposition in WHERE
    if pronoun.word in {"it", "its"}:
        return fitness + 2 - 2 * full_name - 2 * located
    return fitness + 0.7 * full_name - 2 * located + (mention.kind == "name") - (mention.kind == "place")


def put_in_place(text: str, pronoun: Pronoun, mention: Mention, language: str) -> str:
    """Return a question with a mention where its pronoun stands."""
    before, after = text[: pronoun.start], text[pronoun.end :]
    if language == "fr":
        return _put_in_french(text, pronoun, mention)
    owner = mention.text + ("'" if mention.text.endswith("s") else "'s")
    return before + (owner if pronoun.kind == "possessive" else mention.text) + after


def _put_in_french(text: str, pronoun: Pronoun, mention: Mention) -> str:
    before, after = text[: pronoun.start], text[pronoun.end :]
    found = (pattern.match(text, pronoun.start) for kind, pattern in FRENCH if kind == pronoun.kind)
    host = next((match.groupdict().get("host") or "" for match in found if match), "")
    if pronoun.kind == "possessive":
        owned = _OWNED.match(after)
        noun = owned[0] if owned else ""
        article = _ARTICLES.get(pronoun.word, pronoun.word)
        owner = joined("de", mention)
        contracted = _CONTRACTED.search(f"{before}{elide(article, noun)}")
        if contracted:  # « à ses enfants » becomes « aux enfants de … »
            return f"{before[: contracted.start()]}{_TOGETHER[contracted[0]]} {noun} {owner}{after[len(noun) :]}"
        return f"{before}{elide(article, noun)} {owner}{after[len(noun) :]}"
    if pronoun.kind == "subject":
        return f"{before}{host[:-1] + 'e ' if host else ''}{mention.text}{after}"
    if pronoun.kind == "object":
        return before + joined("de" if host == "d'" else host, mention) + after
    if _WHAT.fullmatch(before):  # « Qu'a-t-il répondu ? », « Qu'a répondu Macron ? »; « Qu'en pense Macron ? »
        participle = re.match(r"\s+[\w-]+", after) if host in _AUXILIARIES else None
        moved = participle[0] if participle else ""
        return f"{before}{host}{moved} {mention.text}{after[len(moved) :]}"
    clitics = _CLITICS.search(before)
    at = clitics.start() if clitics else pronoun.start
    return f"{text[:at]}{mention.text} {text[at:]}"
