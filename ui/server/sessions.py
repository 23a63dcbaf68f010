"""A session belongs to the browser that began it.

Gradio knows a tab by a name that its script draws, and gives what the tab holds to whoever says that name. So each name
is mixed with the browser's own before Gradio sees it: said by another browser it is another session, an empty one.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode

_NAMES = ("session_hash", "upload_id")
_LONGEST = 200
_MOST_FIELDS = 20
_OF_A_FILE = {"_type": "gradio.FileData"}
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # what is left of one that was cut in two; no file could hold it


class Takes(Protocol):
    """What a handler of the page takes."""

    @property
    def inputs(self) -> Sequence[object]:
        """One for each value that it is given."""


def private_name(name: str, browser: str) -> str:
    """Return the name of a session of one browser, 32 hexadecimal digits."""
    return hashlib.blake2b(name.encode("utf-8", "replace"), key=browser.encode()[:64], digest_size=16).hexdigest()


def private_query(query: bytes, browser: str) -> bytes:
    """Return a query with the names of sessions in it made private; nothing where it is longer than any of ours."""
    try:
        pairs = parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        return b""
    return urlencode([(key, private_name(value, browser) if key in _NAMES else value) for key, value in pairs]).encode()


def private_body(body: bytes, browser: str, handlers: Mapping[int, Takes], arrived: Callable[[str], bool]) -> bytes:
    """Return a JSON object with the name of its session made private, and with whole characters.

    Args:
        body: as it came.
        browser: the name of the browser that sent it.
        handlers: of the page, by number; Gradio writes pages into the terminal where another is asked for.
        arrived: whether a path is of a file that a browser has sent. Gradio takes, and we erase, what is named here.

    Raises:
        ValueError: it is no JSON object, names no session or another file, or asks for what no handler takes.
    """
    try:
        values = json.loads(body, parse_constant=_refuse, parse_float=_finite)
        name = values.get("session_hash") if isinstance(values, dict) else None
        if not isinstance(name, str) or len(name) > _LONGEST:
            raise ValueError("no session")
        if "data" in values or values.get("fn_index") is not None:
            _require_handler(values, handlers)
        if not all(isinstance(path, str) and arrived(path) for path in _named_files(values.get("data"))):
            raise ValueError("no file of a browser")
        whole = json.dumps({**values, "session_hash": private_name(name, browser)}, ensure_ascii=False)
    except RecursionError:
        raise ValueError("nested too deep") from None
    return _HALF_CHARACTER.sub("\ufffd", whole).encode()


def _require_handler(values: Mapping[str, Any], handlers: Mapping[int, Takes]) -> None:
    number, given = values.get("fn_index"), values.get("data")
    handler = handlers.get(number) if type(number) is int else None
    if handler is None or ("data" in values and not (isinstance(given, list) and len(given) == len(handler.inputs))):
        raise ValueError("no handler takes this")
    for component, value in zip(handler.inputs, given or (), strict=False):
        model: Any = getattr(component, "data_model", None)  # of what is more than a word; refuses with a ValueError
        if model and value is not None:
            model.model_validate(value, context={"validate_meta": True})


def _named_files(given: object) -> Iterator[object]:
    """Yield the path of each object in what a handler is given, None where it has none: the page sends only files."""
    if isinstance(given, dict):
        yield given.get("path") if given.get("meta") == _OF_A_FILE else None
    for one in given if isinstance(given, list) else ():
        yield from _named_files(one)


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number of JSON")


def _finite(number: str) -> float:
    value = float(number)
    return value if math.isfinite(value) else _refuse(number)
