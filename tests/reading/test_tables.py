"""Of a table each row tells what it says, and a list that is laid out as a table is a list."""

from __future__ import annotations

import pytest
from support.news_page import news_page

from rag.reading.web_page import parse_html


@pytest.mark.parametrize(
    ("inner", "words"),
    [
        (
            "<table><tr><td><p>a)</p></td><td><p>le siège ;</p></td></tr><tr><td>b)</td><td>la date.</td></tr></table>",
            "a) le siège ;\nb) la date.",
        ),
        (
            (
                "<table><tbody><tr><td>1.</td><td><p>Sauf :</p><table><tr><td>(i)</td><td>les taxis.</td></tr></table>"
                "</td></tr></tbody></table>"
            ),
            "1. Sauf :\n(i) les taxis.",
        ),
        (
            "<table><tr><td>–</td><td>the fare;</td></tr><tr><td>–</td><td>the line.</td></tr></table>",
            "– the fare;\n– the",
        ),
        ("<table><tr><td>A</td><td>9 min</td></tr><tr><td>b)</td><td>2</td></tr></table>", "A | 9 min\nb) | 2"),
    ],
)
def test_points_beside_their_marks_are_a_list(inner, words):
    assert words in parse_html(news_page(inner)).text


@pytest.mark.parametrize(
    ("inner", "row"),
    [
        (
            "<tr><th>Jour</th><th>Heures</th></tr><tr><td>Lundi</td><td><p>9 h</p><p>14 h</p></td></tr>",
            "Lundi | 9 h 14 h",
        ),
        ("<tr><th>Prix</th><td><p>2 €</p><p>par trajet</p></td></tr>", "Prix | 2 € par trajet"),
        ("<thead><tr><th>Stop</th></tr></thead><tr><td>Port</td><td><p>A</p><p>B</p></td></tr>", "Port | A B"),
    ],
)
def test_a_table_that_names_its_rows_or_columns_tells_data(inner, row):
    assert row in parse_html(news_page(f"<table>{inner}</table>")).text
