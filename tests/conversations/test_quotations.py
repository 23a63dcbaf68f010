import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.conversations.quotations import nested_characters


@pytest.mark.parametrize(
    ("text", "language", "written"),
    [
        ("Rien.", "fr", "Rien."),
        ("Il a dit « oui ».", "fr", "Il a dit “oui”."),
        ("Il a dit “yes”.", "en", "Il a dit ‘yes’."),
        ("« Nous partons, dit-il.", "fr", "“Nous partons, dit-il.”"),
        ("Nous partons », dit-il.", "fr", "“Nous partons”, dit-il."),
        ("Un » puis « deux", "fr", "“Un” puis “deux”"),
        ("", "fr", ""),
        ('"Nous partons", a-t-il dit (avec "un sourire").', "fr", "“Nous partons”, a-t-il dit (avec “un sourire”)."),
        ('Le " oui " l\'emporte, "mais', "fr", "Le “oui” l'emporte, “mais”"),
        ('nous partons", he said.', "en", "‘nous partons’, he said."),
        ('Un écran de 15" suffit.', "fr", 'Un écran de 15" suffit.'),
    ],
)
def test_marks_within_marks(text, language, written):
    assert "".join(nested_characters(text, language)) == written


@given(st.text(alphabet='ab «»“”"\u202f\n', max_size=30))
def test_speech_is_always_opened_and_closed_and_no_letter_is_lost(text):
    written = "".join(nested_characters(text, "fr"))
    assert len(nested_characters(text, "fr")) == len(text)
    assert not set(written) & set('«»"')
    assert written.count("“") == written.count("”")
    assert "".join(one for one in written if one in "ab") == "".join(one for one in text if one in "ab")
