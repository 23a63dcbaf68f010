"""Lines of printed pages become paragraphs, in time that grows as they do."""

from __future__ import annotations

import pytest
from support.adversary import cpu_seconds

from rag.reading.page_layout import Piece
from rag.reading.printed_text import document_of_pages

LEADING, SIZE, TIMES = 12.0, 10.0, 4
STEEP, TRIES = 9.0, 3  # times as long for four times the lines, where the square is sixteen


def page(lines, *, size=SIZE):
    """Return rows of full lines, one below the other."""
    return [[Piece(text, 50, 550, 50 + LEADING * number, size)] for number, text in enumerate(lines)]


def test_a_paragraph_goes_on_over_lines_and_pages_and_tells_where_a_page_begins():
    first, second = page(["Le port de Sarlis a rou-", "vert lundi, et les pê-"]), page(["cheurs partent."])
    document = document_of_pages([first, second])
    assert document.text == "Le port de Sarlis a rouvert lundi, et les pêcheurs partent."
    (block,) = document.blocks
    assert [document.text[at:][:8] for at, _ in block.pages[1:]] == ["cheurs p"]


@pytest.mark.parametrize("line", ["les mots de la ligne", "mots di-", "a"])
def test_a_long_paragraph_costs_no_more_than_its_length(line):
    def cost(lines):
        pages = [page([line] * 50) for _ in range(lines // 50)]
        return cpu_seconds(lambda: document_of_pages(pages))

    cost(100)  # what is loaded once
    assert any(cost(20_000) <= STEEP * cost(20_000 // TIMES) for _ in range(TRIES))
