"""The offline guard: nothing in this process reaches beyond this machine unless a person asked for it.

Two walls. :func:`switch_off_networks` sets the libraries' own switches, and must run before they are imported (which is
why ``rag/__init__.py`` calls it); programs started from here inherit them. :func:`guard` adds an audit hook, which
CPython calls before every connection and every name look-up made through its ``socket`` module, whichever library asks,
and which cannot be removed again while the process lives. Compiled code that opens sockets of its own is not seen by
the hook; ``tests/end_to_end/test_without_network.py`` shows that nothing here needs it, on a machine without a network.

The only doors are :func:`permit`, for a download that a person starts and for the one server a person names.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
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
_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}


@dataclass
class _Guard:
    active: bool = False
    everything: list[int] = field(default_factory=list)  # threads in a permit() without a host list
    hosts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    reached: dict[str, None] = field(default_factory=dict)  # each host once, in order


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


def reached() -> tuple[str, ...]:
    """Return the hosts beyond this machine that were let through since the start, each once: names and addresses."""
    return tuple(_STATE.reached)


@contextmanager
def permit(*hosts: str) -> Iterator[None]:
    """Let connections through for a block: to ``hosts``, in every thread; or to any host, in this thread alone.

    A name is looked up once, at the start: what is let through are the name and the addresses it stands for. A download
    names no host, since its hub sends it on to others for the files; the rest of the program stays offline meanwhile.
    """
    alone = [] if hosts else [threading.get_ident()]
    _STATE.everything.extend(alone)
    _STATE.hosts.extend(hosts)
    added = list(hosts)
    try:
        for address in {address for host in hosts for address in _addresses(host)}:
            _STATE.hosts.append(address)
            added.append(address)
        yield
    finally:
        for thread in alone:
            _STATE.everything.remove(thread)
        for host in added:
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


def _addresses(host: str) -> set[str]:
    """Return the addresses a name stands for; none where it cannot be looked up, which connecting will tell."""
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        return set()


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _CONNECTIONS:
        target = arguments[1]
    elif event in _LOOK_UPS:
        target = arguments[0]
    else:
        return
    if event not in _LOOK_UPS and not isinstance(target, tuple):
        return  # a socket in the file system, or one that was connected before
    host = (target[0] if isinstance(target, tuple) else target) or ""
    host = host.decode(errors="replace") if isinstance(host, bytes) else str(host)
    if is_this_machine(host):
        return
    if threading.get_ident() in _STATE.everything or host in _STATE.hosts:
        _STATE.reached[host] = None
        return
    _STATE.refused.append(host)
    raise OfflineError(f"A connection to {host} was refused: this program works offline.")
