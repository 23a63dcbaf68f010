"""Months and days of the week have the names that French and English give them; dates are told as far as they go."""

from __future__ import annotations

import pytest

from rag.language.calendar_names import month_names, short_month_names, weekday_names
from rag.language.dates import find_moments, iso_date


def test_every_month_is_read_by_its_full_and_its_short_names():
    assert {month_names()[name] for name in ("août", "aout", "august")} == {8}
    assert {short_month_names()[name] for name in ("févr", "fevr", "fév", "fev", "feb")} == {2}
    assert set(month_names().values()) == set(range(1, 13))
    for name, number in {**month_names(), **short_month_names()}.items():
        assert iso_date(f"le 12 {name} 2020") == f"2020-{number:02}-12"
        assert iso_date(f"{name.title()} 12, 2020") == f"2020-{number:02}-12"


def test_three_letters_that_two_months_share_name_neither():
    assert "jui" not in short_month_names()
    assert iso_date("le 12 jui 2020") == ""


def test_every_day_of_the_week_is_told():
    assert [weekday_names()[name] for name in ("lundi", "monday", "dimanche", "sunday")] == [1, 1, 7, 7]
    for name, number in weekday_names().items():
        (moment,) = find_moments(name, "fr")
        assert moment.weekday == number
    assert "jeudi" in weekday_names()
    assert {"december", "fevrier"} <= {*month_names()}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("le 17 mars 2025", "2025-03-17"),
        ("1er août 2024", "2024-08-01"),
        ("March 5, 2024", "2024-03-05"),
        ("5th of nothing, 12 Sept. 2020", "2020-09-12"),
        ("2 fév. 1999", "1999-02-02"),
        ("8 avr 2011", "2011-04-08"),
        ("Dec. 2009", "2009-12"),
        ("2025-03", "2025-03"),
        ("2025-03-17T10:00:00Z", "2025-03-17"),
        ("17/03/2025", "2025-03-17"),
        ("03/17/2025", "2025-03-17"),
        ("février 2021", "2021-02"),
        ("31 février 2021", "2021-02"),
        ("en 2021", ""),
        ("lundi 17 mars", ""),
        ("le 3 mars 1066", ""),
        ("2025-13-40", ""),
    ],
)
def test_dates_are_told_as_far_as_they_go(text, date):
    assert iso_date(text) == date
