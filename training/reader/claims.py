"""Makes sentences that a passage says, contradicts or does not say, from running text and from translations."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from benchmarks.paraphrasing import PARAPHRASES
from benchmarks.perturbing import CHANGES, Pool
from training.reader.examples import Claim, Verdict, plain_sentences

_OPPOSED = {
    "fr": "augmenter diminuer;augmenté diminué;augmente diminue;hausse baisse;avant après;plus moins;accepté refusé;accepte refuse;"
    "premier dernier;première dernière;gagné perdu;gagne perd;victoire défaite;ouvert fermé;ouverte fermée;nord sud;"
    "tous aucun;toujours jamais;autorisé interdit;autorisée interdite;homme femme;hommes femmes;vivant mort;positif négatif;"
    "supérieur inférieur;supérieure inférieure;début fin;jour nuit;maximum minimum;facile difficile;possible impossible;"
    "acheté vendu;achète vend;arrivée départ;public privé;publique privée;avec sans;favorable hostile;"
    "confirmé démenti;confirme dément;grand petit;grande petite;nouveau ancien;nouvelle ancienne;meilleur pire;succès échec",
    "en": "increase decrease;increased decreased;rise fall;rose fell;before after;more less;accepted refused;first last;won lost;win lose;"
    "victory defeat;open closed;opened closed;north south;east west;all none;always never;allowed forbidden;man woman;men women;"
    "alive dead;positive negative;higher lower;beginning end;day night;maximum minimum;easy difficult;possible impossible;"
    "bought sold;arrived left;public private;with without;confirmed denied;large small;new old;best worst;success failure",
}  # fmt: skip
_SWAPS = {
    language: {one: two for pair in listed.split(";") for one, two in (pair.split(), pair.split()[::-1])}
    for language, listed in _OPPOSED.items()
}


def made_claims(lines: list[str], language: str, count: int, chance: random.Random) -> Iterator[Claim]:
    """Yield sentences of running text, changed or not, with a passage they were taken from.

    Args:
        lines: paragraphs; those of one text stand together.
        language: of the text, "fr" or "en".
        count: of the claims.
        chance: of every choice.
    """
    pool = Pool.of(chance.sample(lines, min(len(lines), 3000)))
    made = 0
    while made < count:
        at = chance.randrange(1, len(lines) - 8)
        passage = lines[at] if len(lines[at]) > 250 else f"{lines[at]}\n{lines[at + 1]}"
        sentences = [passage[start:end] for start, end in plain_sentences(passage) if 40 < end - start < 260]
        if len(passage) > 900 or not sentences or not re.search(r"(?<=[a-zà-ÿ,] )[A-ZÉ]|\d", passage):
            continue
        sentence = chance.choice(sentences)
        claim = _claim(sentence, passage, lines[at + 6], language, pool, chance)
        if claim:
            made += 1
            yield claim


def _claim(
    sentence: str, passage: str, elsewhere: str, language: str, pool: Pool, chance: random.Random
) -> Claim | None:
    said = paraphrase(sentence, language, chance)
    luck = chance.random()
    if luck < 0.35:
        return Claim("said", said, passage, "entailment")
    if luck < 0.75:
        changed = contradicted(said, passage, language, pool, chance)
        return Claim("changed", changed[0], passage, changed[1]) if changed else None
    if luck < 0.9:
        rest = passage.replace(sentence, "").strip()
        return Claim("unsaid", said, rest, "neutral") if len(rest) > 80 else None
    spans = plain_sentences(elsewhere)
    return Claim("elsewhere", elsewhere[slice(*chance.choice(spans))], passage, "neutral") if spans else None


def translated_claims(lines: list[dict[str, str]], count: int, chance: random.Random) -> Iterator[Claim]:
    """Yield sentences of one language with a passage that holds their translation, changed or not.

    Args:
        lines: with the keys ``fr`` and ``en``; those of one text stand together.
        count: of the claims.
        chance: of every choice.
    """
    pool = Pool.of(
        [line[language] for line in chance.sample(lines, min(len(lines), 1500)) for language in ("fr", "en")]
    )
    made = 0
    while made < count:
        at = chance.randrange(2, len(lines) - 4)
        here, there = chance.choice((("fr", "en"), ("en", "fr")))
        sentence = lines[at][here]
        if not 40 < len(sentence) < 260:
            continue
        around = [lines[number][there] for number in range(at - chance.randint(0, 2), at + chance.randint(1, 3))]
        passage = " ".join(around)[:900]
        luck = chance.random()
        if luck < 0.45:
            claim = Claim("translated", sentence, passage, "entailment")
        elif luck < 0.85:
            changed = contradicted(
                sentence, " ".join(line[here] for line in lines[at - 2 : at + 3]), here, pool, chance
            )
            if not changed:
                continue
            claim = Claim("translated", changed[0], passage, changed[1])
        else:
            claim = Claim("translated", lines[at + 3][here], passage, "neutral")
        made += 1
        yield claim


def contradicted(
    sentence: str, text: str, language: str, pool: Pool, chance: random.Random
) -> tuple[str, Verdict] | None:
    """Return the sentence with one thing changed, and what it is then to the text it was taken from."""
    for change in chance.sample([*CHANGES, "opposed"], len(CHANGES) + 1):
        new = (
            _opposed(sentence, language, chance)
            if change == "opposed"
            else CHANGES[change](sentence, text, pool, language, chance)
        )
        if new and new != sentence:
            return new, "not_entailment" if change in {"name", "opposed"} else "contradiction"
    return None


def _opposed(sentence: str, language: str, chance: random.Random) -> str:
    """Return the sentence with one word changed to its opposite; empty where it has none."""
    swaps = _SWAPS[language]
    found = [match for match in re.finditer(r"[\wà-ÿ]+", sentence) if match[0] in swaps]
    if not found:
        return ""
    match = chance.choice(found)
    return sentence[: match.start()] + swaps[match[0]] + sentence[match.end() :]


def paraphrase(sentence: str, language: str, chance: random.Random) -> str:
    """Return the sentence in other words, or as it is; now and then without what stands in its brackets."""
    for way in chance.sample(list(PARAPHRASES.values()), min(3, len(PARAPHRASES))):
        said = way(sentence, language, chance)
        if said and said != sentence:
            sentence = said
            break
    if chance.random() < 0.4:
        sentence = re.sub(r" \([^()]*\)", "", sentence)
    if chance.random() < 0.4:
        sentence = re.sub(r", [^,«»]{10,60},", "", sentence, count=1)
    return sentence
