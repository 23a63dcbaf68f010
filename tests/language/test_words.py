"""Words, stems, stop words and the language of a text, down to questions of one word."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.language.detection import detect_language
from rag.language.words import content_stems, fold, stop_words, words

LANGUAGES = st.sampled_from(["fr", "en", "de", "ja", "xx"])


def texts(text, language="fr"):
    return [word.text for word in words(text, language)]


def content(text, language="fr"):
    return content_stems(text, language)


def stems(text, language="fr"):
    return [word.stem for word in words(text, language)]


@settings(deadline=None)
@given(st.text(max_size=200), LANGUAGES)
def test_words_are_exact_stretches_of_the_text_in_order(text, language):
    found = words(text, language)
    for word in found:
        assert text[word.start : word.end] == word.text != ""
        assert word.stem
    assert [word.start for word in found] == sorted(word.start for word in found)


@settings(deadline=None)
@given(st.text(max_size=200), LANGUAGES)
def test_content_is_among_the_words(text, language):
    assert set(content_stems(text, language)) <= set(stems(text, language))


def test_an_elided_word_stands_by_itself_with_either_apostrophe():
    assert texts("L'Ukraine dit qu’il n'est jusqu'ici") == [
        "L'",
        "Ukraine",
        "dit",
        "qu’",
        "il",
        "n'",
        "est",
        "jusqu'",
        "ici",
    ]
    assert content("l’état-major d'Ukraine") == content("L'état-major, Ukraine")


@pytest.mark.parametrize("word", ["aujourd'hui", "O'Brien", "prud'homme", "presqu'île"])
def test_an_apostrophe_inside_a_word_does_not_part_it(word):
    assert texts(word) == [word]


def test_a_hyphenated_word_is_found_whole_and_by_its_parts():
    assert texts("nord-coréennes") == ["nord-coréennes", "nord", "coréennes"]
    assert set(stems("nord-coréenne")) == set(stems("nord-coréennes"))
    assert stems("week-end")[0] == stems("weekend")[0]
    assert {"feu", "cessezlefeu"} <= set(stems("cessez-le-feu"))
    assert set(content("la Corée du Nord")) & set(content("nord-coréennes"))
    assert texts("chef-d'œuvre") == ["chef-d'œuvre", "chef", "d'", "œuvre"]


def test_the_pronoun_of_an_inverted_question_is_no_part_of_the_verb():
    assert texts("se réunissent-ils") == ["se", "réunissent", "ils"]
    assert texts("A-t-il dit") == ["A", "il", "dit"]
    assert content("Où se réunissent-ils ?") == content("ils se réunissent")
    assert "rendezvous" in stems("un rendez-vous")


def test_stems_see_accents_and_comparison_does_not():
    assert stems("négociations") == stems("negociation") == stems("NÉGOCIATION")
    assert stems("cœurs") == stems("coeur")
    assert stems("trêve") == stems(unicodedata.normalize("NFD", "trêve"))
    assert stems("coa\u00adli\u200btion") == stems("coalition")


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("1 234,5", "fr", "1234.5"),
        ("1\u202f234,50", "fr", "1234.5"),
        ("1234,5", "fr", "1234.5"),
        ("1.234,5", "fr", "1234.5"),
        ("30 000", "fr", "30000"),
        ("3.5", "fr", "3.5"),
        ("1,234.5", "en", "1234.5"),
        ("1,234,567", "en", "1234567"),
        ("30", "en", "30"),
        ("03", "fr", "3"),
        ("1er", "fr", "1"),
        ("22nd", "en", "22"),
    ],
)
def test_a_number_is_one_word_however_it_is_written(text, language, number):
    assert stems(text, language) == [number]


def test_numbers_beside_each_other_stay_apart():
    assert stems("2025-03") == ["2025", "3"]
    assert stems("en 2020, 300 pays") == ["en", "2020", "300", "pay"]
    assert stems("in 2020 300 countries", "en")[1:3] == ["2020", "300"]
    assert stems("5,2M€")[0] == "5.2"


def test_roman_numerals_and_codes_are_left_alone():
    assert texts("le XXIe siècle et le G7") == ["le", "XXIe", "siècle", "et", "le", "G7"]


def test_an_abbreviation_with_points_is_its_letters():
    assert content("l'O.N.U.") == content("l'ONU")
    assert content("the U.S. army", "en") == content("the US army", "en")
    assert content("it helps us", "en") == ["help"]


def test_the_english_possessive_is_left_out():
    assert stems("the government’s plan", "en") == ["the", "govern", "plan"]


def test_stop_words_are_kept_for_french_and_english_only():
    assert {"pourquoi", "est", "nous", "qu"} <= stop_words("fr")
    assert {"why", "is", "don't", "they"} <= stop_words("en")
    assert stop_words("de") == frozenset()
    assert content("Qu'est-ce que c'est ?", "fr") == []
    assert content("What don’t they do?", "en") == []


def test_other_languages_are_stemmed_or_left_as_they_are():
    assert stems("Häuser", "de") == stems("Hauser", "de")
    assert stems("Abcs", "xx") == ["abcs"]


@settings(deadline=None)
@given(st.text(max_size=100))
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


def test_fold_removes_case_accents_and_ligatures():
    assert fold("L’ŒUVRE ÉTÉ ﬁn") == "l'oeuvre ete fin"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Quand ?", "fr"),
        ("Qui", "fr"),
        ("Combien coûte la coalition ?", "fr"),
        ("Combien de pays devraient rejoindre la coalition ?", "fr"),
        ("Et la France ?", "fr"),
        ("Y a-t-il des troupes ?", "fr"),
        ("Où est Macron", "fr"),
        ("Qu’a répondu Moscou ?", "fr"),
        ("capitale du Japon", "fr"),
        ("What does Russia think?", "en"),
        ("And Russia?", "en"),
        ("Who?", "en"),
        ("How many countries will join?", "en"),
        ("Capital of Japan", "en"),
        ("Is Paris mentioned", "en"),
        ("Was fordern die Fischer?", "de"),
        ("Wer bezahlt die Brücke?", "de"),
        ("Wie lang ist der Deich?", "de"),
        ("¿Y Rusia?", "es"),
        ("¿Entre quiénes?", "es"),
        ("como se llama el entrenador", "es"),
        ("Quante persone sono morte?", "it"),
        ("Hoeveel mensen stierven?", "nl"),
        ("Quem paga a ponte?", "pt"),
        ("日本の首都はどこですか", "ja"),
        ("Die Koalition der Willigen trifft sich in London, um über die Lage in der Ukraine zu beraten.", "de"),
        ("Los países europeos se reúnen en Londres para hablar de la situación en Ucrania y de las tropas.", "es"),
        ("I ministri si riuniscono a Londra per discutere della situazione in Ucraina e delle truppe.", "it"),
    ],
)
def test_the_language_of_articles_and_of_questions_is_told(text, language):
    assert detect_language(text) == language


def test_where_nothing_can_be_told_the_likeliest_language_is_the_answer():
    assert detect_language("") == "fr"
    assert detect_language("2025 ?", likely=("en", "fr")) == "en"


@settings(deadline=None)
@given(st.text(max_size=80))
def test_any_text_has_a_language(text):
    assert detect_language(text)


@pytest.mark.parametrize(
    ("printed", "typed", "language"),
    [("vériﬁcation", "vérification", "fr"), ("oﬃces", "offices", "en"), ("Schiﬀahrt", "Schiffahrt", "de")],
)
def test_a_word_with_the_ligatures_of_print_is_the_word(printed, typed, language):
    assert [word.stem for word in words(printed, language)] == [word.stem for word in words(typed, language)]
