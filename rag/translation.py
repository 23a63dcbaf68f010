"""Sentences that were made in English, told in another language.

Errors speak English where they are raised: each is a template with values in it. In comes such a sentence, out comes
the same of ``translations``, where each template stands beside its translation as gettext has it (.po), which the tools
of translators read. A sentence is known by the fixed words of its template; what stands between them is carried over,
and a value that is a phrase is looked up too. So nothing that raises an error knows of languages, and what was kept,
or came from another process, can be told as well. What the terminal says where nothing is wrong is at hand as a
template with its values, and looked up as that.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "translations"
PART = "part"
"""The context, as gettext calls it, of what stands as a value in another sentence."""
LINE = "line"
"""The context of what the terminal says where nothing is wrong; its templates are at hand where they are filled in."""

_FIELD = re.compile(r"\{(\w+)\}")
_LONGEST = 5_000  # characters of what is looked up


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with values.

    Attributes:
        fixed: its fixed words: one more than there are values, empty ones where it begins or ends with a value.
        names: of the values between them.
        said: the same in the other language, for ``str.format``.
    """

    fixed: tuple[str, ...]
    names: tuple[str, ...]
    said: str

    def values(self, text: str) -> dict[str, str] | None:
        """Return the values in a text made of this template, or None if it is not; each is as short as it can be."""
        first, *between, last = (*self.fixed, "") if len(self.fixed) == 1 else self.fixed
        end = len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last) or end < len(first):
            return None
        if not self.names:
            return {} if text == first else None
        found, start = [], len(first)
        for words in between:
            at = text.find(words, start, end)
            if at < 0:
                return None
            found.append(text[start:at])
            start = at + len(words)
        return dict(zip(self.names, (*found, text[start:end]), strict=True))


class _Value(str):
    """A value, which French sets in its own way where its template wants that."""

    __slots__ = ()

    def __format__(self, wanted: str) -> str:
        """Return it as ``wanted``: a ``number``, or ``quoted``."""
        if wanted == "number":
            return self.replace(".", ",")
        return f"«\u00a0{_bare(self)}\u00a0»" if wanted == "quoted" else str(self)


def in_language(text: str, language: str, context: str = "") -> str:
    """Return a sentence in ``language`` (ISO 639-1), or as it is where no template of it is known there.

    Args:
        text: the English sentence.
        language: to tell it in.
        context: empty for a sentence, :data:`PART` for a value in one.
    """
    if len(text) > _LONGEST:
        return text
    for template in templates(language, context):
        values = template.values(text)
        if values is not None:
            return template.said.format(
                **{name: _Value(in_language(value, language, PART)) for name, value in values.items()}
            )
    return text


def filled(template: str, language: str, **values: object) -> str:
    """Return a template of the context :data:`LINE` in ``language``, where it is known there, with its values.

    Without values it is a text, whatever stands in it.
    """
    said = _lines(language).get(template, template)
    return said.format(**{name: _Value(value) for name, value in values.items()}) if values else said


@cache
def _lines(language: str) -> dict[str, str]:
    """Return what is said in a language for each template of the terminal's lines."""
    return {_template(one): one.said for one in templates(language, LINE)}


def _template(one: Template) -> str:
    """Return a template as it is written."""
    return "".join(f"{words}{{{name}}}" for words, name in zip(one.fixed, one.names, strict=False)) + one.fixed[-1]


@cache
def templates(language: str, context: str = "") -> tuple[Template, ...]:
    """Return what is known in a language, the sentences with the most fixed words first."""
    found = (template for known, template in _read(FOLDER / f"{language}.po") if known == context)
    return tuple(sorted(found, key=lambda one: -sum(map(len, one.fixed))))


def _read(path: Path) -> Iterator[tuple[str, Template]]:
    """Yield the context of each template of a file, and the template; nothing where there is no such file."""
    if not path.is_file():
        return
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        for message in read_po(file):
            if message.id:
                fixed = _FIELD.split(str(message.id))
                yield message.context or "", Template(tuple(fixed[::2]), tuple(fixed[1::2]), str(message.string))


def _bare(value: str) -> str:
    """Return a text without the quotation marks in which Python shows it."""
    try:
        return str(literal_eval(value))
    except (SyntaxError, ValueError):
        return value
