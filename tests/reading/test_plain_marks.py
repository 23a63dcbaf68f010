"""What stands in a plain text and is no word of it is left out; a text without it keeps every character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.reading import article_from_text
from rag.reading.plain_marks import without_marks


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Le tri\u00adbu\u00adnal de Nantes", "Le tribunal de Nantes"),
        ("une procé\u00ad\ndure trop rapide", "une procédure trop rapide"),
        ("out\u00adrage", "outrage"),
    ],
)
def test_a_word_is_whole_where_it_may_be_divided(text, read):
    assert without_marks(text) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Le mon-\ntant de la transac-\ntion tombe.", "Le montant de la transaction tombe."),
        ("the trans-\naction of the com-\npany", "the transaction of the company"),
        (
            "On peut-être, et peut-\nêtre le mon-\ntant.",
            "On peut-être, et peut-être le montant.",
        ),  # written so elsewhere
    ],
)
def test_a_word_divided_at_the_end_of_a_line_is_made_whole(text, read):
    assert without_marks(text) == read


@pytest.mark.parametrize(
    "text",
    [
        "Le Premier ministre est-\nil venu ? Non.",  # once: it may belong to the word
        "Saint-\nMalo et Bourg-\nNord",
        "- un point\n- un autre\n-\nfin",
        "a = b, puis =3D, et c = d = e",
        "https://site.example/?q=C3&p=A9&r=20&s=FF",
        "page=20, page=30, page=40",
        "Rendez-vous à 10:30 --> gare",
    ],
)
def test_other_hyphens_and_signs_stay(text):
    assert without_marks(text) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "Bonjour =C3=A0 tous, r=C3=A9uni mardi =E2=80=94 a =\nd=C3=A9cid=C3=A9.",
            "Bonjour à tous, réuni mardi — a décidé.",
        ),
        ("La mairie a =E9t=E9 ferm=E9e d=E8s mardi.", "La mairie a été fermée dès mardi."),
        ("The com=\nmit=\ntee met on Tues=\nday.", "The committee met on Tuesday."),
    ],
)
def test_what_a_mail_program_made_fit_for_the_mail_is_read(text, read):
    assert without_marks(text) == read


SUBRIP = """1
00:01:37,000 --> 00:01:39,900
- Et l'argent ?
- <i>Caché</i> sous

2
00:01:40,000 --> 00:01:42,000
l'évier, à Nîmes.
"""
WEBVTT = """WEBVTT
Kind: captions

00:10:41.000 --> 00:10:43.200 align:start position:0%
the fuel of low

00:10:43.210 --> 00:10:46.000 align:start position:0%
the fuel of low
mileage<00:10:43.230><c> cars</c><c.colorE5E5E5><00:10:43.350><c> grows</c></c>.
"""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (SUBRIP, "- Et l'argent ? - Caché sous l'évier, à Nîmes."),
        (WEBVTT, "the fuel of low mileage cars grows."),
        (SUBRIP.replace(",", ".").replace("\n\n2\n", "\n\n"), "- Et l'argent ? - Caché sous l'évier. à Nîmes."),
    ],
)
def test_of_subtitles_what_is_said_is_read(text, read):
    assert without_marks(text) == read
    assert article_from_text(text, title="Un film").text == read


def test_what_is_said_at_length_has_paragraphs():
    said = [f"Le maire a parlé de la digue pour la {number}e fois." for number in range(10, 50)]
    cues = "\n\n".join(f"{at}\n00:{at:02}:00,000 --> 00:{at:02}:05,000\n{one}" for at, one in enumerate(said))
    paragraphs = without_marks(cues).split("\n\n")
    assert len(paragraphs) > 3
    assert all(one.endswith("fois.") for one in paragraphs)


@given(st.text(alphabet="ab é-=\n.,:3DA>", max_size=60))
def test_nothing_but_signs_and_line_ends_is_ever_left_out(text):
    letters = [one for one in text if one.isalpha() and one not in "DA3"]
    assert [one for one in without_marks(text) if one in set(letters)] == letters
