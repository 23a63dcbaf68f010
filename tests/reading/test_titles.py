"""A title that says nothing of its own is told apart from one that does."""

from dataclasses import replace

import pytest
from support.fake_door import make_article

from rag.reading import telling_title


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Le maire est opposé au projet.", "La digue avance.\n\nOn le dit. Le maire est opposé au projet. Fin."),
        ("The harbour reopened on Monday", "The harbour reopened on Monday. Boats came back."),
        ("La grève a commencé mardi à…", "Rien ne bouge. La grève a commencé mardi à l'aube."),
        ("« Nous irons tous au port. »", "« Nous irons tous au port. »"),
    ],
)
def test_one_that_is_a_sentence_of_the_text_or_its_first_words_tells_nothing(title, text):
    assert telling_title(replace(make_article(f"Port\n\n{text}", language="fr"), title=title)) == ""


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Le port", "Le port rouvre lundi. La digue avance."),  # begins a sentence and is none
        ("Le maire est opposé", "Le maire est opposé au projet."),
        ("Grève", "La grève a commencé mardi."),
        ("Le maire est opposé au projet.", "Il dit que Le maire est opposé au projet."),
        ("…", "La digue avance…"),
        ("", "Le port rouvre lundi."),
    ],
)
def test_any_other_is_read(title, text):
    assert telling_title(replace(make_article(f"Port\n\n{text}", language="fr"), title=title)) == title


def test_that_it_stands_above_the_text_makes_it_no_sentence_of_it():
    article = make_article("Le port a rouvert lundi\n\nLes bateaux sont revenus.", language="fr")
    assert telling_title(article) == article.title == "Le port a rouvert lundi"
