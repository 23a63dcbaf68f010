"""Every sentence of an error that a person can meet has both languages."""

from __future__ import annotations

import re

import pytest
from support.error_sentences import sentences

from rag.translation import FOLDER, PART, in_language, templates

LANGUAGES = sorted(path.stem for path in FOLDER.glob("*.po"))
COMMAND = re.compile(r"(?:rag|make|pip|unset|\S*\x00 -m) [^,;:]*")  # the same in every language; \x00: a value
WORD = re.compile(r"[^\W\d_]{2,}")


def wanted():
    """Return the fixed words of all that is to be translated, by where it stands in the source."""
    found = {}
    for where, words, part in sentences():
        if WORD.search("".join(words)) and not COMMAND.fullmatch("\x00".join(words)):
            found.setdefault((words, part), where)
    return found


def test_every_sentence_of_the_source_is_known():
    known = {part: {one.fixed for one in templates("fr", PART if part else "")} for part in (True, False)}
    assert len(wanted()) > 250, "the search for sentences found too few of them"
    # a part may be told with the sentence that it stands in, which is then known whole
    whole = {words for found in known.values() for one in found for words in one}
    lacking = {
        f"{where}: {'{}'.join(words)}"
        for (words, part), where in wanted().items()
        if words not in known[part] and not (part and any("".join(words) in one for one in whole))
    }
    assert not lacking


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_translation_holds_the_same_values(language):
    assert templates(language)
    for one in (*templates(language), *templates(language, PART)):
        assert one.said.strip()
        assert set(re.findall(r"\{(\w+)", one.said)) == set(one.names), one.said
        assert not re.search(r" [?!;:»%](?:\s|$)|« ", one.said), one.said


@pytest.mark.parametrize(
    ("english", "french"),
    [
        ("note.md is empty.", "note.md est vide."),
        ("The library press is empty.", "La bibliothèque press est vide."),
        (
            "The library press holds no article 'l\\'été'.",
            "La bibliothèque press ne contient pas d'article «\u00a0l'été\u00a0».",
        ),
        ("note.md cannot be read: Permission denied.", "note.md ne peut pas être lu\u00a0: accès refusé."),
        (
            "The server a:9 did not answer: [Errno 111] Connection refused.",
            "Le serveur a:9 n'a pas répondu\u00a0: connexion refusée (erreur 111).",
        ),
        ("2.5 GB free", "2,5 Go libres"),
        (
            "The model x is not installed. Did you mean y?",
            "Le modèle x n'est pas installé. Vouliez-vous dire y\u00a0?",
        ),
        (
            "The model x is not installed. Did you mean y or z?",
            "Le modèle x n'est pas installé. Vouliez-vous dire y ou z\u00a0?",
        ),
        ("{0} is empty.", "{0} est vide."),
        ("Nothing of the kind.", "Nothing of the kind."),
        ("", ""),
    ],
)
def test_a_sentence_is_known_by_its_fixed_words_and_its_values_are_carried_over(english, french):
    assert in_language(english, "fr") == french
    assert in_language(english, "en") == english


def test_the_sentence_with_the_most_fixed_words_is_the_one():
    assert in_language("There is no file a in b.", "fr") == "Il n'y a pas de fichier a in b."
    assert in_language("There is no a in b.", "fr") == "Il n'y a pas de a dans b."


def test_a_value_that_is_no_phrase_stays_as_it_is():
    assert in_language("it is empty is empty.", "fr") == "il est vide est vide."
    assert in_language("An article is empty.", "fr") == "An article est vide."


def test_a_long_text_is_left_alone():
    text = "a" * 100_000 + " is empty."
    assert in_language(text, "fr") == text
