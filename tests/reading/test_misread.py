"""Text that was read in the wrong encoding and saved so has its letters again; nothing else changes."""

from __future__ import annotations

import pytest

from rag.reading import article_from_text
from rag.reading.decoding import decode

TEXTS = [
    "Le préfet a dû évacuer l’île : « trois bateaux à l’arrêt », précise-t-il.",
    "“We’ve been told to wait” – £5 million later, nobody came…",
    "Żółta łódź wróciła do portu.",
    "Мост закрыт во вторник, и паром больше не ходит.",
    "الجسر مغلق يوم الثلاثاء",
]


@pytest.mark.parametrize(
    ("text", "taken_for"),
    [(text, encoding) for text in TEXTS for encoding in ("latin-1", "cp437")] + [(TEXTS[0], "mac_roman")],
)
def test_utf_8_that_was_taken_for_letters_of_one_byte_is_read_again(text, taken_for):
    saved = text.encode().decode(taken_for)
    assert decode(saved.encode()) == text
    assert article_from_text(saved).text == text


@pytest.mark.parametrize("text", TEXTS[:2])
@pytest.mark.parametrize("around", ["", "Déjà vu à Nîmes.\n", "The café is shut.\n"])
def test_windows_and_its_console_took_it_for_theirs_in_some_lines_only(text, around):
    saved = text.replace("à", "a").replace("”", '"').encode()
    for encoding in ("cp1252", "cp850"):
        assert decode((around + saved.decode(encoding)).encode()) == around + saved.decode()


@pytest.mark.parametrize(
    "text",
    [
        "CAFÉ…\n\nLE LYCÉE “VICTOR HUGO”\n\n« CAFÉ »",
        "On lit « prÃ©fet » où était écrit « préfet ».",
        "MANHÃ DE SÃO JOÃO",
        "½ Ä, ¼ Ö und 3 × Ü: „Übung“",
        "Привет – “мир”",
    ],
)
def test_what_was_read_rightly_stays(text):
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("saved", "seen"),
    [
        ("L\x92été, c\x9cur, 45 \x80", "L’été, cœur, 45 €"),
        ("He said \x93wait\x94 \x96 twice\x85", "He said “wait” – twice…"),
        ("\x8aárka \x84Píse\x9a\x94", "Šárka „Píseš”"),
    ],
)
def test_control_characters_are_the_signs_that_windows_has_in_their_place(saved, seen):
    assert decode(saved.encode()) == seen
    assert article_from_text(saved).text == seen


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Le château de Kérouan était bâti près de la rivière, et la marquise âgée.", "cp850"),
        ("La forêt a été vendue à un négociant de Nîmes ; l’élève l'a su après.".replace("’", "'"), "cp437"),
        ("Die Brücke über den Fluß wurde gestern für alle Fußgänger geöffnet.", "cp850"),
    ],
)
def test_control_characters_are_letters_of_an_old_encoding_where_they_make_words(text, encoding):
    """Bytes of DOS that were taken for Latin-1 and saved as UTF-8."""
    saved = text.encode(encoding).decode("latin-1")
    assert decode(saved.encode()) == text
    assert article_from_text(saved).text == text
