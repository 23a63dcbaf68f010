"""A session belongs to the browser that began it.

Gradio knows a tab by a name that its script draws, and gives what the tab holds to whoever says that name. So each name
is mixed with the browser's own before Gradio sees it: said by another browser it is another session, an empty one.
"""

from __future__ import annotations

import hashlib
import json
from urllib.parse import parse_qsl, urlencode

_NAMES = ("session_hash", "upload_id")
_LONGEST = 200
_MOST_FIELDS = 20


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


def private_body(body: bytes, browser: str) -> bytes:
    """Return a JSON object with the name of its session made private.

    Raises:
        ValueError: it is no JSON object, or names no session.
    """
    try:
        values = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    name = values.get("session_hash") if isinstance(values, dict) else None
    if not isinstance(name, str) or len(name) > _LONGEST:
        raise ValueError("no session")
    return json.dumps({**values, "session_hash": private_name(name, browser)}).encode()
