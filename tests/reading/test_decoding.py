"""Bytes that are no UTF-8: a few bad ones in UTF-8, or another encoding."""

from __future__ import annotations

import pytest

from rag.reading.decoding import decode

FRENCH = "Le préfet a dû évacuer l'île : « trois bateaux à l'arrêt », précise-t-il."
ENGLISH = "“We’ve been told to wait”, she said — and nobody came."
GREEK = "Το λιμάνι άνοιξε ξανά το Σάββατο."


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, GREEK])
@pytest.mark.parametrize("bad", [b"\xff", b"\xe9", b"\x80"])
def test_utf_8_with_a_bad_byte_stays_utf_8(text, bad):
    half = len(text) // 2
    data = text[:half].encode() + bad + b" " + text[half:].encode()
    assert decode(data) == f"{text[:half]}\ufffd {text[half:]}"


def test_utf_8_that_was_cut_within_a_character_keeps_the_rest():
    assert decode((FRENCH + "é").encode()[:-1]) == FRENCH + "\ufffd"


@pytest.mark.parametrize(
    ("text", "encoding"), [(FRENCH, "cp1252"), (FRENCH, "mac_roman"), ("Rouvert à 8 h.", "latin-1")]
)
def test_another_encoding_is_not_taken_for_damaged_utf_8(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["punycode", "unicode_escape", "idna", "UTF-7"])
def test_what_only_python_decodes_is_not_asked_for(encoding):
    text = decode(f"<meta charset='{encoding}'>\\ud800 caf".encode() + b"\xe9")
    assert text is not None
    assert text.endswith("\\ud800 café")
