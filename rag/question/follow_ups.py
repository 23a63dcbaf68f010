"""A follow-up becomes a question that can be searched by itself, without a model; pure.

« Et la France ? » after « Que dit la Russie de l'envoi de troupes ? » is searched as « Que dit la France de l'envoi de
troupes ? », and the reader is shown so. Rules decide first whether a question needs it: a bare question word, a
fragment after « Et » or "What about", a pronoun that nothing in the question explains. Whatever is none of these is
complete and comes back as it was: to change a good question is worse than to leave a poor one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from rag.language import detect_language, fold
from rag.language.calendar_names import month_names, weekday_names
from rag.question.antecedents import OWNING, choose_antecedent, put_in_place
from rag.question.mentions import WHERE, Mention, extend, find_mentions, fit, joined
from rag.question.openings import ask_again, content_words, small_first, split_opening
from rag.question.pronouns import Pronoun, unbound_pronouns
from rag.values import Turn

MOST_WORDS = 24  # of a follow-up; a longer question explains itself
MOST_FRAGMENT_WORDS = 3  # common words of « Et … ? »; with more it says all it means
ANSWER_CHARACTERS = 300  # of the last answer, where names are looked for

_SENTENCES = re.compile(r"[.!?]\s+[A-ZÀ-Þ]")
_UNHYPHENED = re.compile(
    r"\b(?:(?P<vowel>a|va)[ -]t[ '-]|(?P<other>est|sont|ont|était|étaient|fut) )(?=(?:ils?|elles?|on)\b)"
)
_CONJUNCTION = r"(?:(?:et|mais|ou|and|but|or)\s+)?"
_FILLER = r"(?:,?\s+(?:then|exactly|precisely|though|alors|donc|exactement|précisément|ça))*"
_BARE = {
    "fr": re.compile(
        rf"""{_CONJUNCTION}(?P<phrase>(?:(?:à|avec|par|pour|depuis|dans|en|chez|vers|contre|sur|jusqu'à|sous|de|d')\s*)?
        (?:d'où|qui|quoi|où|quand|comment|pourquoi|combien(?:\s+de\s+temps)?|quel(?:le)?s?\s+\w+
        |les?quel(?:le)?s?|laquelle)){_FILLER}\s*[?!.…]*""",
        re.VERBOSE,
    ),
    "en": re.compile(
        rf"""{_CONJUNCTION}(?P<phrase>(?:(?:in|at|on|by|with|for|from|to|since|until)\s+)?(?:who|whom|where|when|why
        |how(?:\s+(?:many|much|long|old|far|big|often|high|fast))?|(?:which|what)(?:\s+\w+)?))
        {_FILLER}\s*[?!.…]*""",
        re.VERBOSE,
    ),
}
_NEXT = re.compile(r"(?:(?:et|and)\s+)?(?:ensuite|après|puis|then|next|afterwards|after that|what next)\s*[?!.…]*")
_HAPPENED = {"fr": "Que s'est-il passé ensuite", "en": "What happened next"}
_ASKS_OF = re.compile(r"quid\s+(?=d)|qu['’]en\s+est-il\s+(?=d)")
_OPENER = re.compile(
    rf"(?:et|mais|and|but)\s+(?:(?:pour|concernant|for|(?:what|how)\s+about)\s+)?|(?:what|how)\s+about\s+|{_ASKS_OF.pattern}"
)
_FULL = re.compile(
    r"""\b(?:est|sont|a|ont|était|étaient|sera|va|vont|peut|faut|is|are|was|were|did|does|do|has|have|had|can|will|would
    |qui|que|qu|quoi|où|quand|comment|pourquoi|si|who|what|which|when|where|why|how|if)\b
    |[-‐‑](?:t[-‐‑])?(?:ils?|elles?|on)\b""",
    re.VERBOSE,
)
_ALSO = re.compile(r"(?:,|(?<![\s,]))\s+(?:aussi|alors|also|too|then)$")
_PERSON = re.compile(r"lui|elles?|eux|him|her|them")
_AND = re.compile(r"^(?:et|mais|and|but)\s+", re.IGNORECASE)
_INVERSION = re.compile(r"[-‐‑](?:t[-‐‑])?(?:ils?|elles?|on)\b")
_LEADING = re.compile(
    r"""(?P<grammar>(?:did|does|do|is|are|was|were|has|have|had|will|be|been|about|est|sont|a|ont|été|était|fut|de|à|en|y
    |se|s'|d'|ne|n')(?:\s+|(?<=')|$))|(?P<word>[\w-]+)(?:\s+|'|$)""",
    re.VERBOSE,
)
_SAYING = re.compile(
    r"dit|disent|dire|fait|faire|repond(?:u|ent)?|reponse|reagi[ts]?|passer?|ensuite|pense|explique|arrive|say|said|saying|do|did"
    r"|done|react(?:ed)?|respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?|happen(?:ed)?|next|think|explain"
)


@lru_cache(maxsize=1)
def _time() -> re.Pattern[str]:
    """Return what a day, a month or a year looks like, with the small words before it."""
    return re.compile(
        rf"""(?:\b(?:en|in|on|le|au|depuis|since|this|last|next|de|of)\s+)?(?:\d{{1,2}}(?:er|st|nd|rd|th)?\s+)?
        \b(?:{"|".join(weekday_names())}|(?:{"|".join(month_names())})(?:\s+\d{{4}})?|(?:1\d|20)\d\d)\b
        |\b(?:aujourd['’]hui|maintenant|demain|hier|now|today|tomorrow|yesterday)\b""",
        re.IGNORECASE | re.VERBOSE,
    )


def complete(question: str, history: Sequence[Turn], language: str) -> str:
    """Return what to search: the question itself where it is complete, else one that is, made with the last turn.

    Args:
        question: as the reader asked it.
        history: earlier turns, oldest first; only the last one is used.
        language: ISO 639-1 code of the question; English rules serve every language but French.
    """
    asked = " ".join(question.split())
    if not history or not asked or len(asked.split()) > MOST_WORDS or _SENTENCES.search(asked):
        return question
    last = history[-1]
    follow = _FollowUp(asked, last.searched or last.question, last.answer, "fr" if language == "fr" else "en")
    return follow.bare() or follow.next() or follow.fragment() or follow.anaphoric() or question


class _FollowUp:
    """One question, and what the turn before it offers to complete it."""

    def __init__(self, asked: str, previous: str, answer: str, language: str) -> None:
        before = "fr" if detect_language(previous) == "fr" else "en"
        self._asked = asked
        self._language = language
        self._translated = before != language
        self._flat = (asked[:1].lower() + asked[1:]).replace("’", "'")
        if language == "fr":
            self._flat = _UNHYPHENED.sub(lambda found: f"{found['vowel'] or found['other']}-", self._flat)
            self._flat = re.sub(r"\b(a|va)-(?=il|elle|on)", r"\1-t-", self._flat)
            self._flat = re.sub(r"(?<=\w)[ -]t'(?=(?:il|elle|on)\b)", "-t-", self._flat)
        self._opening = split_opening(previous, before)
        self._previous = _AND.sub("", small_first(previous, before).rstrip(" ?!.…").replace("’", "'"))
        self._mentions = find_mentions(self._previous, before)
        named = find_mentions(small_first(answer[:ANSWER_CHARACTERS].lstrip('«“"\u202f\u00a0 '), before), before)
        known = {fold(mention.noun) for mention in self._mentions}
        self._answered = tuple(each for each in named if each.kind != "thing" and fold(each.noun) not in known)

    def bare(self) -> str:
        """Complete « Quand ? » and "How many?": return the last question asked with this question word."""
        match = _BARE[self._language].fullmatch(self._flat)
        if not match:
            return ""
        phrase = match["phrase"].strip()
        if self._translated:
            return self._ended(f"{phrase} ({self._opening.noun} {self._opening.body})")
        names = [each.text for each in self._answered if each.kind == "name" or each.start == 0]
        return self._ended(ask_again(phrase, self._opening, names[0] if names else "…", self._language))

    def next(self) -> str:
        """Complete « Et ensuite ? »: return the question for what came after what the last one was about."""
        if not _NEXT.fullmatch(self._flat):
            return ""
        happened = _HAPPENED[self._language]
        return self._ended(f"{happened} {self._context(happened)}")

    def fragment(self) -> str:
        """Complete « Et la France ? » and "What about 2024?": return the last question with that in its place."""
        opener = _OPENER.match(self._flat)
        rest = small_first(self._asked[opener.end() if opener else 0 :].rstrip(" ?!.…"), self._language)
        rest = _ALSO.sub("", rest)
        if not (opener or self._asked.endswith("?")) or not rest or _FULL.search(rest.lower()):
            return ""
        if _time().fullmatch(rest):
            old = _time().search(self._previous)
            start, end = old.span() if old else (len(self._previous), len(self._previous))
            return self._ended(f"{self._previous[:start]} {rest} {self._previous[end:]}")
        if opener and _PERSON.fullmatch(rest.lower()):
            person = Pronoun("object", rest.lower(), 0, 0)
            someone = choose_antecedent(person, (), self._answered, who=self._opening.is_subject)
            return self._replaced(someone) if someone else self._with_context()
        mentions = find_mentions(rest, self._language)
        new = extend(mentions[0], mentions, rest) if mentions else None
        common = [word for word in content_words(rest, self._language) if word.islower()]
        if new is None or new.start or len(common) > MOST_FRAGMENT_WORDS:
            return ""
        if not opener and (new.end < len(rest) or new.kind == "thing"):
            return ""
        if new.article in OWNING:
            follow = f"{'et' if self._language == 'fr' else 'and'} {rest}"
            return self._resolved(unbound_pronouns(follow, self._language), follow)
        return self._replaced(replace(new, preposition="") if _ASKS_OF.match(self._flat) else new)

    def anaphoric(self) -> str:
        """Complete « Pourquoi dit-elle cela ? »: return the question with its pronouns replaced by what they mean."""
        pronouns = unbound_pronouns(self._flat, self._language)
        return self._resolved(pronouns, self._flat) if pronouns else ""

    def _replaced(self, new: Mention) -> str:
        """Return the last question with ``new`` in the place of the mention that is most like it."""
        located = new.preposition in WHERE
        slots = [slot for slot in self._mentions if (slot.kind == "thing") == (new.kind == "thing")]
        slots = [slot for slot in slots if not located or slot.preposition in WHERE]
        if not slots:
            return self._ended(f"{self._previous} {joined(new.preposition, new)}") if located else self._with_context()

        def likeness(slot: Mention) -> float:
            same_kind = 4.0 * (slot.kind == new.kind == "place") + 2.0 * (slot.kind == new.kind)
            return same_kind + (bool(slot.article) == bool(new.article)) + (slot.preposition == new.preposition)

        slot = max(slots, key=likeness)
        if new.kind == "thing" and self._opening.is_definition:
            return self._ended(f"{self._asked.rstrip(' ?')}{self._previous[slot.end :]}")
        end = extend(slot, self._mentions, self._previous).end if new.kind == "thing" else slot.end
        return self._ended(self._previous[: slot.start] + fit(new, slot) + self._previous[end:])

    def _resolved(self, pronouns: Sequence[Pronoun], text: str) -> str:
        """Return ``text`` with each pronoun replaced, and what the last question was about where that leaves a gap."""
        meant, gap = self._meanings(pronouns)
        for pronoun in reversed(pronouns):
            if mention := meant.get(pronoun):
                text = put_in_place(text, pronoun, mention, self._language)
            elif pronoun.kind == "which" and self._things():
                determiner = re.sub("^(?:les|le|la)(?=quel)| ones?$", "", pronoun.word)
                text = f"{determiner} {self._things()}{text[pronoun.end :]}"
        used = list(meant.values())
        names = {fold(word) for mention in used for word in re.split(r"\W+", mention.noun)}
        said = {fold(word) for word in content_words(text, self._language)} - names
        gap = gap or all(_SAYING.fullmatch(word) for word in said)
        return self._ended(f"{text.rstrip(' ?!.…')} {self._context(text, used) if gap else ''}")

    def _meanings(self, pronouns: Sequence[Pronoun]) -> tuple[dict[Pronoun, Mention], bool]:
        """Return what each pronoun stands for, and whether one is left unexplained.

        A second "he" or « sa » means whom the first one means, and stays.
        """
        asked = [extend(mention, self._mentions, self._previous) for mention in self._mentions]
        meant: dict[Pronoun, Mention] = {}
        families: set[str] = set()
        gap = False
        for pronoun in pronouns:
            if pronoun.family in families:
                continue
            free = [[each for each in group if each not in meant.values()] for group in (asked, self._answered)]
            mention = choose_antecedent(pronoun, free[0], free[1], who=self._opening.is_subject)
            if mention is not None:
                meant[pronoun] = mention
                families.add(pronoun.family)
            gap = gap or (mention is None and not (pronoun.kind == "which" and self._things()))
        return meant, gap

    def _things(self) -> str:
        """Return the plural noun that « lesquels » or "which ones" asks among; empty if there is none."""
        plural = [mention.noun for mention in self._mentions if mention.plural and mention.kind == "thing"]
        return self._opening.noun or (plural[0] if plural else "")

    def _with_context(self) -> str:
        return self._ended(f"{self._asked.rstrip(' ?!.…')} {self._context('')}")

    def _context(self, text: str, used: Sequence[Mention] = ()) -> str:
        """Return in brackets what the last question was about, without what ``text`` says already."""
        kept = _INVERSION.sub("", f"{self._opening.noun} {self._opening.body}").strip()
        for mention in used:
            kept = kept.replace(mention.text, "")
        kept = " ".join(kept.split())
        said = {fold(word) for word in re.split(r"[\s'’-]+", text)}
        while kept and (match := _LEADING.match(kept)) and (match["grammar"] or fold(match["word"]) in said):
            kept = kept[match.end() :]
        return f"({kept})" if kept else ""

    def _ended(self, text: str) -> str:
        """Return a text as a question: one space between words, a capital first, a question mark last."""
        text = re.sub(r"\(\s+", "(", " ".join(text.split())).rstrip(" ?!.…")
        text, mark = (text.replace("' ", "'"), " ?") if self._language == "fr" else (text, "?")
        return text[:1].upper() + text[1:] + mark
