"""The offline guard: nothing in this process reaches beyond this machine unless a person asked for it.

Two walls. :func:`switch_off_networks` sets the libraries' own switches, and must run before they are imported (which is
why ``rag/__init__.py`` calls it). :func:`guard` adds an audit hook, which CPython calls before every connection and
every name look-up, whichever library asks, and which cannot be removed again while the process lives.

The only doors are :func:`permit`, for ``rag models pull`` and for the one server a person names.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rag.errors import OfflineError

SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}

_CONNECTIONS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname"}


@dataclass
class _Guard:
    active: bool = False
    everything: int = 0  # depth of permit() calls without a host list
    hosts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


_STATE = _Guard()


def switch_off_networks() -> None:
    """Set the environment switches that keep the libraries offline. A person's own values are overruled."""
    os.environ.update(SWITCHES)


def guard() -> None:
    """Refuse every connection and look-up beyond this machine from here on. Calling it again changes nothing."""
    if not _STATE.active:
        _STATE.active = True
        sys.addaudithook(_audit)


def refused() -> tuple[str, ...]:
    """Return the hosts that something tried to reach and was refused, in order, since the start."""
    return tuple(_STATE.refused)


@contextmanager
def permit(*hosts: str) -> Iterator[None]:
    """Let connections through while the block runs: to ``hosts``, or to any host when none is named."""
    _STATE.everything += not hosts
    _STATE.hosts.extend(hosts)
    try:
        yield
    finally:
        _STATE.everything -= not hosts
        for host in hosts:
            _STATE.hosts.remove(host)


def is_this_machine(host: str) -> bool:
    """Return whether ``host``, a name or an address, can only mean this machine."""
    host = host.strip("[]").split("%")[0].lower()
    if host in {"", "localhost"} or host.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _CONNECTIONS:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) and address else ""  # a str or None is a local socket
    elif event in _LOOK_UPS:
        host = arguments[0] or ""
    else:
        return
    host = host.decode(errors="replace") if isinstance(host, bytes) else str(host)
    if is_this_machine(host) or _STATE.everything or host in _STATE.hosts:
        return
    _STATE.refused.append(host)
    raise OfflineError(f"A connection to {host} was refused: this program works offline.")
