"""Two words of the world's languages in the encodings of old machines."""

from __future__ import annotations

import random
import re

import pytest
from babel import Locale

from rag.reading.decoding import decode
from rag.reading.encodings import likeliest_text


@pytest.mark.parametrize(
    ("encoding", "texts"),
    [
        ("cp1254", ["Günaydın dünya", "köprü kapalı", "İyi akşamlar"]),
        ("cp1251", ["добрый вечер", "НОВОСТИ ДНЯ", "Порт открыт"]),
        ("koi8-r", ["Привет, мир", "мост закрыт", "Добрый день", "Ливия далеко", "МОСТ ЗАКРЫТ"]),
        ("koi8-u", ["Міст закрито", "Київ сьогодні", "їжа і вода", "Комори та Чад"]),
        ("cp866", ["Мост закрыт", "привет мир", "Порт открыт"]),
        ("cp1255", ["הנמל פתוח", "הגשר סגור", "בוקר טוב", "שלום עולם", "לילה טוב"]),
        ("cp1256", ["مرحبا بالعالم", "الجسر مغلق", "صباح الخير", "جبل طارق"]),
        ("cp1253", ["το λιμάνι", "Η γέφυρα άνοιξε", "ΚΑΛΗΜΕΡΑ ΚΟΣΜΕ"]),
        ("iso-8859-2", ["Zamknięty most", "Święta Łódź", "Příští zastávka"]),
        ("iso-8859-5", ["Мост закрыт", "Соединенные Штаты", "Свети Мартин"]),
        ("iso-8859-6", ["الجسر مغلق", "جنوب السودان", "صباح الخير"]),
        ("cp852", ["Zamknięty most", "Příští zastávka", "Wyspa Świętej Heleny"]),
        ("cp1257", ["Tiltas uždarytas", "Ačiū labai", "Rīgas ūdens"]),
        ("cp1252", ["Mañana será", "Señor Núñez", "Þingvellir, góðan daginn"]),
        ("euc_jp", ["ラオス", "港が開く", "スリランカ"]),
    ],
)
def test_two_words_are_enough(encoding, texts):
    assert [decode(text.encode(encoding)) for text in texts] == texts


@pytest.mark.parametrize(
    "text",
    [
        "Born 6 January 1924 – died 6 September 1968",
        "The Sotho–Tswana kings met on all sides—and left.",
        "About 105 km² (41 sq mi) for £10 million, the “old” price",
    ],
)
def test_signs_of_english_are_no_letters_of_dos(text):
    assert decode(text.encode("cp1252")) == text


LANGUAGES = {
    "cp1250": ["pl", "cs", "hu", "hr"],
    "cp1251": ["ru", "uk", "bg", "sr"],
    "cp1252": ["fr", "de", "es", "is", "da"],
    "cp1253": ["el"],
    "cp1254": ["tr"],
    "cp1255": ["he"],
    "cp1256": ["ar"],
    "cp1257": ["lt", "lv", "et"],
    "mac_roman": ["fr"],
    "cp850": ["fr"],
    "koi8-u": ["ru", "uk"],
    "iso-8859-2": ["pl", "hu"],
    "gb18030": ["zh"],
    "big5": ["zh_Hant"],
    "shift_jis": ["ja"],
    "euc_jp": ["ja"],
    "euc_kr": ["ko"],
}


def names(language: str, encoding: str, number: int = 12) -> list[str]:
    """Return pairs of names of countries, each with two characters at least that are no ASCII."""
    known = [name for code, name in Locale.parse(language).territories.items() if len(code) == 2]
    chosen = random.Random(language)
    pairs = (" ".join(chosen.sample(known, 2)) for _ in range(1_000))
    told = (pair for pair in pairs if len(re.findall(r"[^\x00-\x7f]", pair)) > 1)
    return [pair for pair in told if pair.encode(encoding, "ignore").decode(encoding) == pair][:number]


def test_nearly_all_names_of_countries_are_read_in_every_language():
    asked = [(pair, code) for code, spoken in LANGUAGES.items() for one in spoken for pair in names(one, code)]
    wrong = [(pair, code) for pair, code in asked if likeliest_text(pair.encode(code)) != pair]
    assert len(asked) > 300
    assert len(wrong) <= 0.05 * len(asked), wrong


@pytest.mark.parametrize(
    ("language", "encoding"), [("zh", "gb18030"), ("tr", "cp1254"), ("lv", "cp1257"), ("he", "cp1255")]
)
def test_a_long_list_of_names_is_read(language, encoding):
    """Some of its letters are seldom used."""
    text = ", ".join(Locale.parse(language).territories.values()).encode(encoding, "ignore").decode(encoding)
    assert likeliest_text(text.encode(encoding)) == text
