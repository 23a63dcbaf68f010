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


@pytest.mark.parametrize("text", ["Déjà là.", "Le café est fermé.", "Köln gewann.", "Αύριο.", "大桥关闭。"])
@pytest.mark.parametrize("bad", [b"\xff", b"\xc3"])
def test_a_few_words_of_utf_8_with_a_bad_byte_stay_utf_8_too(text, bad):
    assert decode(text.encode() + b" " + bad + b".") == f"{text} \ufffd."
    assert decode(bad + b" " + text.encode()) == f"\ufffd {text}"


@pytest.mark.parametrize("rest", ["Le maire l’a déclaré à l’été.", "It’s a “café” – £5", "Die Brücke fällt, sagt er."])
@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_of_another_encoding_are_read_in_files_put_together(rest, encoding, mark):
    for text in (FRENCH, GREEK):
        assert decode(mark + text.encode() + b"\n" + rest.encode(encoding) + b"\n") == f"{text}\n{rest}\n"
        assert decode(mark + rest.encode(encoding) + b"\n" + text.encode()) == f"{rest}\n{text}"


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, GREEK])
def test_a_mark_within_files_put_together_is_no_character(text):
    assert decode(f"\ufeff{text}\n\ufeff{text}\n".encode()) == f"{text}\n{text}\n"


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, GREEK])
def test_unicode_with_a_mark_is_read_where_a_character_is_bad_or_cut(text):
    assert decode(b"\xef\xbb\xbf" + text.encode() + b"\xff") == text + "\ufffd"
    assert decode(text.encode("utf-16")[:-1]) == text[:-1] + "\ufffd"
    assert decode(text.encode("utf-16-le")[:-1]) == text[:-1] + "\ufffd"


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, GREEK])
def test_a_line_that_ends_with_two_carriage_returns_ends_once(text):
    assert decode(f"{text}\r\r\n\r\r\n{text}\r\r\n".encode()) == f"{text}\n\n{text}\n"


@pytest.mark.parametrize(
    "text",
    [
        "The bridge will close on Tuesday, for six months.",
        "Le pont sera fermé mardi, à midi.\nDéjà !",
        "Die Brücke fällt: 3,50 € mehr.",
    ],
)
def test_the_letters_of_a_mainframe_are_read(text):
    assert decode(text.encode("cp1140")) == text


@pytest.mark.parametrize(
    ("text", "encoding"), [("ana@lac.fr;é", "cp1252"), ("@@@ à", "cp1252"), ("пётр@почта.рф", "cp1251")]
)
def test_addresses_are_not_of_a_mainframe(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, GREEK])
def test_a_mark_that_stands_there_twice_is_no_character(text):
    assert decode(b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode()) == text


@pytest.mark.parametrize("text", ["東京の朝、電車。", "<meta charset=iso-2022-jp><p>東京</p>", "Tokyo : 東京"])
def test_japanese_in_bytes_of_ascii_is_read(text):
    assert decode(text.encode("iso2022_jp")) == text


@pytest.mark.parametrize(
    "words",
    [
        "Święto w Łodzi, śnieg pada na ścieżce, a ludzie świętują.",
        "Najväčšie mesto žiada ľudí, aby šetrili vodou počas leta.",
        "Žáci šli ke škole, protože řeka se rozlila přes most.",
    ],
)
def test_a_page_that_names_another_encoding_than_its_letters_have_is_read(words):
    page = f"<meta charset=iso-8859-2><p>{words}</p>"
    assert decode(page.encode("cp1250")) == page


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


PAGE = "<html><head><meta charset={charset}></head><body><p>{text}</p></body></html>"


@pytest.mark.parametrize("charset", ["iso-8859-1", "latin1", "US-ASCII"])
@pytest.mark.parametrize(
    "text", ["L’œuvre coûte 3 €…", "“Closed” – said the mayor’s office", "Šárka a Žofie zpívaly „Píseň“"]
)
def test_what_a_page_calls_latin_1_is_read_as_browsers_read_it(charset, text):
    """Its quotes and its euro are no letters of Latin-1; every browser takes the name for cp1252."""
    page = PAGE.format(charset=charset, text=text.encode("cp1252", "ignore").decode("cp1252"))
    assert decode(page.encode("cp1252")) == page


@pytest.mark.parametrize("text", ["Le café fermera.", "Η γέφυρα άνοιξε.", "Die Brücke fällt."])
def test_a_page_cut_within_a_character_is_not_read_in_what_it_wrongly_declares(text):
    page = PAGE.format(charset="iso-8859-1", text=text) + "…"
    assert decode(page.encode()[:-1]) == page[:-1] + "\ufffd"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "— Vous partez ?\n— Demain, s'il fait beau.",
        "’Tis the season: “all ferries cancelled”.",
        "→ Horaires d'hiver : de 9 h à 17 h.",
        "Η βάρκα βρέθηκε κοντά στο λιμάνι.",
        "大桥周二关闭，十一月重新开放。",
        "大桥关闭",
        "津巴布韦阿尔巴尼亚",
        "セルビアカーボベルデ",
    ],
)
def test_utf_16_without_a_mark_is_told_whatever_it_begins_with(encoding, text):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["Le sac vaut 45 €.", "Un cœur à 12 €", "bœuf", "Œuvres complètes"])
def test_a_short_text_in_latin_9_is_read(text):
    assert decode(text.encode("iso-8859-15")) == text


@pytest.mark.parametrize("text", ["Il dure 1½ heure.", "La pièce mesure 12 m².", "2è étage, porte à ¾ de la hauteur"])
def test_fractions_and_squares_are_no_letters_of_latin_9(text):
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Żółta łódź wróciła do portu, choć nikt się jej nie spodziewał.", "cp1250"),
        ("Мост закрыли во вторник, и паром больше не ходит.", "koi8-r"),
        ("Το πλοίο έφυγε χθες, είπε ο λιμενάρχης.", "cp1253"),
    ],
)
def test_the_neighbours_languages_are_read_from_the_encodings_of_their_old_machines(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", [FRENCH, ENGLISH, GREEK])
def test_zero_bytes_in_a_text_and_what_fills_a_block_behind_it_are_dropped(text):
    data = text.encode()
    half = len(text[: len(text) // 2].encode())
    assert decode(data[:half] + b"\x00" + data[half:]) == text
    assert decode(data + b"\x00" * 512) == text
    assert decode(data + b"\r\n\x1a") == text + "\n"


@pytest.mark.parametrize("data", [b"\x00" * 40, b"\x7fELF\x02\x01\x01" + b"\x00" * 9, bytes(range(256)) * 3])
def test_zero_bytes_alone_make_no_text(data):
    assert not decode(data)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("大桥周二关闭。", "gb18030"),
        ("今天 12 点开会，地点在二楼。", "gb18030"),
        ("橋は火曜日に閉鎖されます。", "euc_jp"),
        ("明日、港が開く。", "shift_jis"),
        ("大橋週二關閉，十一月重新開放。", "big5"),
        ("다리는 화요일에 닫힙니다.", "euc_kr"),
    ],
)
def test_a_line_of_east_asia_is_read_from_two_bytes_a_letter(text, encoding):
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Привет, мир", "cp1251"),
        ("Мост закрыт", "cp1251"),
        ("Καλημέρα κόσμε", "cp1253"),
    ],
)
def test_a_few_words_are_of_one_script(text, encoding):
    """Read as Latin letters they would hardly have one of ASCII."""
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", ["À côté", "Çà et là", "Été 1968 à Évry", "où ?"])
def test_a_short_text_with_many_accents_stays_latin(text):
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "head",
    [
        '<meta data-charset="shift_jis"><meta charset="windows-1251">',
        '<meta name=x content="charset=gbk"><meta http-equiv=Content-Type content="text/html; charset=cp1251">',
        '<script charset="big5" src="t.js"></script><link charset=gbk><META CHARSET = windows-1251 />',
        "<!-- <meta charset=gbk> --><meta content='text/html;charset = \"windows-1251\"' http-equiv='content-type'>",
        f"<script>{'x' * 5_000}</script><meta charset=windows-1251>",
    ],
)
def test_only_what_a_page_says_of_itself_declares_its_encoding(head):
    text = f"<html><head>{head}</head><body><p>Мост закрыт во вторник.</p></body></html>"
    assert decode(text.encode("cp1251")) == text


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", "Мост через реку закрыт во вторник."),
        ("cp1255", "הגשר ייסגר ביום שלישי למשך יומיים."),
        ("cp1250", "Most będzie zamknięty we wtorek."),
        ("shift_jis", "橋は火曜日に閉鎖されます。"),
    ],
)
def test_the_marks_of_a_page_are_not_weighed_with_its_words(encoding, words):
    script = 'function menu(a) {return a > 1 ? "hidden content of menus" : "";}'
    around = '<table width="100%"><tr><td class="menu"><a href="/index.html"><img src="logo.gif"></a></td></tr></table>'
    text = (
        f"<html><head><script type='text/javascript'>{script}</script></head><body>{around}<p>{words}</p></body></html>"
    )
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "text",
    [
        "Le tri\u00adbunal de Nantes a condamné mardi un militant pour outrage à magistrat.",
        "Prenez 2 ½ kg de farine et ¼ de litre de lait, puis mélangez.",
        "Près de ¾ des élus étaient là, 10 µm et 5×3 et 6÷2.",
        "O 1º artigo, la 2ª e a lição.",
        "Il fait 12° à Nîmes ± 2, selon l'article § 4.",
    ],
)
def test_signs_beside_the_letters_of_a_short_text_tell_no_other_encoding(text):
    assert decode(text.encode("cp1252")) == text
