"""Units of measure and currencies, French and English, and which of them measure the same; pure."""

from __future__ import annotations

import re
from fractions import Fraction

_UNITS: dict[str, str] = {
    "%": "% pour_cent pourcent pourcents percent per_cent",
    "point": "point points",
    "euro": "€ euro euros eur",
    "dollar": "$ us$ dollar dollars usd",
    "pound": "£ gbp livre_sterling livres_sterling pound pounds pound_sterling pounds_sterling",
    "yen": "¥ jpy yen yens",
    "yuan": "cny yuan yuans",
    "rouble": "₽ rouble roubles ruble rubles",
    "franc": "chf franc francs",
    "rupee": "₹ inr roupie roupies rupee rupees",
    "centime": "centime centimes cent cents",
    "millimetre": "mm millimetre millimetres millimeter millimeters",
    "centimetre": "cm centimetre centimetres centimeter centimeters",
    "metre": "m metre metres meter meters",
    "kilometre": "km kilometre kilometres kilometer kilometers",
    "mile": "mile miles",
    "foot": "ft pied pieds foot feet",
    "inch": "pouce pouces inch inches",
    "yard": "yard yards",
    "square metre": "m² m2 metre_carre metres_carres square_metre square_metres square_meter square_meters",
    "square kilometre": "km² km2 kilometre_carre kilometres_carres square_kilometre square_kilometres square_kilometer "
    "square_kilometers",
    "square mile": "square_mile square_miles",
    "hectare": "ha hectare hectares",
    "acre": "acre acres",
    "milligram": "mg milligramme milligrammes milligram milligrams",
    "gram": "g gramme grammes gram grams",
    "kilogram": "kg kilo kilos kilogramme kilogrammes kilogram kilograms",
    "tonne": "t tonne tonnes ton tons",
    "millilitre": "ml millilitre millilitres milliliter milliliters",
    "litre": "l litre litres liter liters",
    "hectolitre": "hl hectolitre hectolitres",
    "cubic metre": "m³ m3 metre_cube metres_cubes cubic_metre cubic_metres cubic_meter cubic_meters",
    "barrel": "baril barils barrel barrels",
    "second": "s sec seconde secondes second seconds",
    "minute": "min mn minute minutes",
    "hour": "h heure heures hour hours hr hrs",
    "day": "jour jours day days",
    "week": "semaine semaines week weeks",
    "month": "mois month months",
    "year": "an ans annee annees year years",
    "decade": "decennie decennies decade decades",
    "century": "siecle siecles century centuries",
    "kilometre an hour": "km/h kmh kilometres-heure kilometres_par_heure kilometres_heure",
    "metre a second": "m/s metres_par_seconde",
    "mile an hour": "mph miles_per_hour",
    "knot": "noeud noeuds knot knots",
    "celsius": "°c degre degres degre_celsius degres_celsius degree degrees degree_celsius degrees_celsius °",
    "fahrenheit": "°f degres_fahrenheit degrees_fahrenheit",
    "watt": "w watt watts",
    "kilowatt": "kw kilowatt kilowatts",
    "megawatt": "mw megawatt megawatts",
    "gigawatt": "gw gigawatt gigawatts",
    "kilowatt hour": "kwh kilowattheure kilowattheures",
    "megawatt hour": "mwh",
    "terawatt hour": "twh",
    "kilobyte": "ko kb",
    "megabyte": "mo mb",
    "gigabyte": "go gb",
    "hertz": "hz hertz",
    "kilohertz": "khz",
    "megahertz": "mhz",
    "gigahertz": "ghz",
}
_MEASURES: dict[str, dict[str, Fraction]] = {
    "length": {
        "millimetre": Fraction(1, 1000), "centimetre": Fraction(1, 100), "metre": Fraction(1),
        "kilometre": Fraction(1000), "inch": Fraction(254, 10_000), "foot": Fraction(3048, 10_000),
        "yard": Fraction(9144, 10_000), "mile": Fraction(1_609_344, 1000),
    },
    "speed": {
        "metre a second": Fraction(36, 10), "kilometre an hour": Fraction(1),
        "mile an hour": Fraction(1_609_344, 10**6),
        "knot": Fraction(1852, 1000),
    },
    "area": {
        "square metre": Fraction(1), "hectare": Fraction(10_000), "square kilometre": Fraction(10**6),
        "acre": Fraction(4047), "square mile": Fraction(2_589_988),
    },
    "mass": {
        "milligram": Fraction(1, 1000), "gram": Fraction(1), "kilogram": Fraction(1000), "tonne": Fraction(10**6),
        "pound": Fraction(45_359_237, 100_000),
    },
    "volume": {
        "millilitre": Fraction(1, 1000), "litre": Fraction(1), "hectolitre": Fraction(100),
        "cubic metre": Fraction(1000),
    },
    "time": {
        "second": Fraction(1), "minute": Fraction(60), "hour": Fraction(3600), "day": Fraction(86_400),
        "week": Fraction(604_800),
    },
    "years": {"month": Fraction(1, 12), "year": Fraction(1), "decade": Fraction(10), "century": Fraction(100)},
    "power": {
        "watt": Fraction(1), "kilowatt": Fraction(1000), "megawatt": Fraction(10**6), "gigawatt": Fraction(10**9),
    },
    "bytes": {"kilobyte": Fraction(1), "megabyte": Fraction(1000), "gigabyte": Fraction(10**6)},
    "frequency": {
        "hertz": Fraction(1), "kilohertz": Fraction(1000), "megahertz": Fraction(10**6), "gigahertz": Fraction(10**9),
    },
}  # fmt: skip
_CUSTOMARY = frozenset({"inch", "foot", "yard", "mile", "mile an hour", "pound", "acre", "square mile"})
ROUNDING = Fraction(3, 100)
"""How far a rounded conversion may be off, as a part of the amount."""

_NAMES = {name.replace("_", " "): unit for unit, names in _UNITS.items() for name in names.split()}
_SCALE = {unit: (measure, factor) for measure, units in _MEASURES.items() for unit, factor in units.items()}
_LONGEST_FIRST = "|".join(re.escape(name).replace(r"\ ", "[ \u00a0]") for name in sorted(_NAMES, key=len, reverse=True))
_AFTER = re.compile(
    rf"[ \u00a0-]?(?:d'|de[ \u00a0]|of[ \u00a0])?({_LONGEST_FIRST})(?![\w²³/]|'(?!s\b)\w)"  # "l'an" is no litre
)
CURRENCY_SIGNS = "€$£¥₽₹"
_BEFORE = re.compile(rf"(?<![^\W_])(?<!\d[ \u00a0])(?:[a-z]{{0,3}}([{CURRENCY_SIGNS}])|(eur|usd|gbp|jpy|cny|chf|inr))")
_LONGEST_BEFORE = 4  # characters of a sign with its letters, "us$", or of a code


def unit_after(flat: str, end: int) -> tuple[int, str] | None:
    """Return where the unit that follows a number ends, and its canonical name; None where none follows.

    Args:
        flat: the text in lower case without accents.
        end: offset after the number.
    """
    match = _AFTER.match(flat, end)
    return (match.end(), _NAMES[match[1].replace("\u00a0", " ")]) if match else None


def unit_before(flat: str, start: int) -> tuple[int, str] | None:
    """Return where the sign or the code of a currency before a number begins, and its canonical name; None without.

    Args:
        flat: the text in lower case without accents.
        start: offset of the number.
    """
    end = start - (flat[start - 1 : start] in {" ", "\u00a0"} if start else 0)
    before = max(end - _LONGEST_BEFORE, 0)
    match = next((found for found in _BEFORE.finditer(flat, before, end) if found.end() == end), None)
    return (match.start(), _NAMES[match[1] or match[2]]) if match else None


def same_measure(first: Fraction, unit: str, second: Fraction, other: str) -> bool:
    """Return whether two amounts in different units are one: 1,5 km and 1500 m, or about 620 km and 385 miles."""
    one, two = _SCALE.get(unit), _SCALE.get(other)
    if one is None or two is None or one[0] != two[0]:
        return False
    amount, converted = first * one[1], second * two[1]
    if (unit in _CUSTOMARY) != (other in _CUSTOMARY):
        return abs(amount - converted) <= ROUNDING * max(abs(amount), abs(converted))
    return amount == converted


def is_duration(unit: str) -> bool:
    """Return whether a unit measures time, an age or an hour of the day included."""
    return unit in _MEASURES["time"] or unit in _MEASURES["years"]
