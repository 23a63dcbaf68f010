"""What a reader is told of an error."""

import pytest

from rag.errors import LibraryError
from ui.state import Problem


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("There is no library press in /home/jeanne/rag/indexes.", "There is no library press in indexes."),
        (r"C:\Users\Jeanne\notes.txt holds no text.", "notes.txt holds no text."),
        ("The port 7860 on 127.0.0.1 is taken.", "The port 7860 on 127.0.0.1 is taken."),
        ("Half of 1/2 and a/b.", "Half of 1/2 and a/b."),
    ],
)
def test_an_error_is_told_without_the_folders_of_this_machine(message, told):
    assert Problem.of(LibraryError(message, "rag list")) == Problem(told, "rag list")


def test_an_error_is_told_in_the_language_of_the_page():
    problem = Problem.of(LibraryError("The library press is empty."))
    assert problem.told("fr") == "La bibliothèque press est vide."
    assert problem.told("en") == "The library press is empty."
