"""The one environment of the templates: what is filled into them is escaped, whoever wrote it."""

from __future__ import annotations

import re

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension

from rag.translation import in_language
from ui.html.typography import commands, escape, inline, prose, tidy

_LINE_END = re.compile(r"(?<!\s)(?=[^\S\n]*\n)\s+(?=[<{])")


class _LaidOut(Extension):
    """Lets a template be laid out in lines: a line that begins with ``<`` or ``{`` follows the one before it directly.

    The white space between them goes into a comment, so that the line numbers of errors stay right.
    """

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:  # noqa: ARG002
        return _LINE_END.sub(r"{#\g<0>#}", source)


ENVIRONMENT = Environment(
    loader=PackageLoader("ui.html"),
    autoescape=True,
    undefined=StrictUndefined,
    finalize=escape,
    extensions=[_LaidOut],
)
ENVIRONMENT.filters.update(prose=prose, inline=inline, commands=commands, tidy=tidy, told=in_language)


def load_templates() -> None:
    """Compile all templates, so that nobody waits for it later."""
    for name in ENVIRONMENT.list_templates():
        ENVIRONMENT.get_template(name)


def render(template: str, **values: object) -> str:
    """Return a template of ``templates/`` with its values filled in, escaped."""
    return ENVIRONMENT.get_template(f"{template}.html").render(values)
