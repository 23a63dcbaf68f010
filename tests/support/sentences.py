"""A thousand sentences in five languages, made from words written here, in the spellings texts come in."""

from __future__ import annotations

import random
import unicodedata

_WORDS = {
    "fr": (
        "le la les un des port digue pêcheurs équipage réouverture l’État qu’elle aujourd’hui cœur œuvre naïve déjà"
        " où août élève forêt garçon événement coûts trente-deux 1 250 3,5 % M. maire annonça rouvrit vendredi"
    ),
    "en": (
        "the a harbour crew lobster thirty-two reopened mayor's doesn't café naïve weekly 1,250 3.5% Dr. announced on"
        " Friday whether although strengths queue rhythm co-operate U.S. $40 million"
    ),
    "de": (
        "der die das Hafen Straßenbahn Überschwemmung größte Fischer wiedereröffnet Donaudampfschifffahrt z. B. 1.250"
        " 3,5 % Bürgermeisterin kündigte am Freitag während außerdem „Käse“ Öl Ärger"
    ),
    "es": (
        "el la los puerto pescadores año mañana pingüino ¿cuántos ¡qué reabrió el-viernes alcaldesa señaló según"
        " corazón 1.250 3,5 % Sr. también después niñez vergüenza"
    ),
    "it": (
        "il lo gli porto pescatori l’equipaggio perché città più però venerdì sindaca annunciò riapertura dell’anno"
        " 1.250 3,5 % dott. già così università cioè"
    ),
}
_ENDS = (".", " !", " ?", "…", " ;", "»", "”", ".\u200b", " — voilà 🗼")
_SPELLINGS = (
    lambda text: text,
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: text.replace(" ", "\u00a0"),
    lambda text: text.replace(" ", "\u202f", 2),
    lambda text: text.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ff", "ﬀ").replace("oe", "œ"),
    lambda text: text.upper(),
    lambda text: text.replace(" ", "  ").replace("’", "'"),
    lambda text: text.replace(" ", "\n", 1).replace(" ", "\t", 1),
    lambda text: text.replace("-", "\u00ad-\u2011").replace("1", "①").replace("5", "⁵"),
    lambda text: "\ufeff" + text.replace("e", "е"),  # the Cyrillic letter, as a careless copy has it
)


def sentences(count: int = 1000) -> list[str]:
    """Return ``count`` sentences, a fifth in each language, every spelling among them; the same at each call."""
    chance = random.Random(7)
    made = []
    for number in range(count):
        words = _WORDS[tuple(_WORDS)[number % len(_WORDS)]].split(" ")
        text = " ".join(chance.choices(words, k=chance.randint(3, 14))) + chance.choice(_ENDS)
        made.append(_SPELLINGS[number // len(_WORDS) % len(_SPELLINGS)](text))
    return made
