"""What a server said in refusing, on one line; pure.

Each server wraps its sentence in another way, and a gateway wraps what the server behind it wrote once more.
"""

from __future__ import annotations

import json

_SHOWN = 300  # characters of what a server says that a person is shown
_NAMES = ("error", "errors", "detail", "message", "msg", "error_msg", "status_msg", "base_resp")
_DEEPEST = 12  # wrappings around a sentence


def said(content: bytes) -> str:
    """Return what a server said in refusing, on one line."""
    text = content.decode("utf-8", "replace")
    values = parsed(text)
    words = _without_tags(text) if values is None else _sentence(values, _DEEPEST)
    line = " ".join(words.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").split())
    return (line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1]}…") or "no reason given"


def parsed(text: str) -> object:
    """Return the value of a JSON text; None where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _sentence(value: object, depth: int) -> str:
    """Return the sentence in an answer, which may be JSON within JSON; JSON where there is none."""
    if isinstance(value, str):
        inner = parsed(value) if value.lstrip().startswith(("{", "[")) else None
        return _sentence(inner, depth - 1) if depth and isinstance(inner, (dict, list)) else value
    inside = _inside(value)
    if inside is None or not depth:
        return json.dumps(value, ensure_ascii=False)
    return f"{_field(value)}{_sentence(inside, depth - 1)}"


def _inside(value: object) -> object | None:
    """Return what holds the sentence of an answer, or of a part of one."""
    if isinstance(value, list):
        return value[0] if value else None
    if not isinstance(value, dict):
        return None
    behind = value.get("metadata")
    if isinstance(behind, dict) and behind.get("raw"):  # what the server behind a gateway said
        return str(behind["raw"])
    told = (value.get(name) for name in _NAMES)
    return next((inside for inside in told if inside and isinstance(inside, (str, dict, list))), None)


def _field(value: object) -> str:
    """Return the field of the request that a sentence is about, where it is named beside it."""
    place = value.get("loc") if isinstance(value, dict) else None
    return f"{'.'.join(map(str, place[1:]))}: " if isinstance(place, list) and place[1:] else ""


def _without_tags(text: str) -> str:
    """Return the words of a page; of anything else, the text as it is."""
    if not text.lstrip().startswith("<"):
        return text
    from lxml import etree, html

    try:
        page = html.document_fromstring(text.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.LxmlError:
        return text
    for hidden in page.xpath("//script | //style"):
        hidden.drop_tree()
    return f"a web page, “{' '.join(' '.join(page.itertext()).split())}”"
