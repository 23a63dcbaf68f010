"""How a server is asked once more: in plainer terms where it refuses, and after the pause that it wants."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

_PLAINEST = ("model", "messages", "stream")
_STANDARD = {*_PLAINEST, "max_tokens", "temperature", "top_p", "presence_penalty", "seed"}


def plainer(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a request, then in plainer terms.

    Those of the standard; without sampling, for models that count their thoughts and for those that do not; and for
    templates that know no system.
    """
    yield body
    standard = {key: value for key, value in body.items() if key in _STANDARD}
    plainest = {key: body[key] for key in _PLAINEST}
    yield standard
    yield {**plainest, "max_completion_tokens": body["max_tokens"]}
    yield {**plainest, "max_tokens": body["max_tokens"]}
    system, first, *rest = body["messages"]
    told = {**first, "content": f"{system['content']}\n\n{first['content']}"}
    yield {**standard, "messages": [told, *rest]}


def pause(status: int, headers: Mapping[str, str]) -> float | None:
    """Return the seconds after which a busy server wants to be asked again; None where it does not say."""
    wanted = headers.get("Retry-After", "") if status in {429, 503} else ""
    if not wanted:
        return None
    with suppress(ValueError):
        return float(wanted)
    with suppress(ValueError):
        return email.utils.parsedate_to_datetime(wanted).timestamp() - time.time()
    return None
