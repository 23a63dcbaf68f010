"""The offline guard: nothing in this process reaches beyond this machine unless a person asked for it.

Two walls. :func:`switch_off_networks` sets the libraries' own switches and takes proxies and certificates out of the
environment, and must run before they are imported (which is why ``rag/__init__.py`` calls it); programs started from
here inherit that, unless :func:`as_the_person_has_it` gives them what was there. :func:`guard` adds an audit hook,
which CPython calls before every connection and every name look-up made through its ``socket`` module, whichever library
asks, and which cannot be removed again while the process lives. Only a name that is given to a socket as its address
CPython looks up before it calls the hook, so sockets ask first (:func:`_asking_first`). Compiled code that opens
sockets of its own is not seen by the hook; ``tests/end_to_end/test_without_network.py`` shows that nothing here needs
it, on a machine without a network.

A proxy on this machine would be a way around it, since it is this machine that is connected to: so the addresses of
proxies that the environment or the system names are refused like other machines.

The only doors are :func:`permit`, for a download that a person starts and for the one server a person names.
"""

from __future__ import annotations

import ipaddress
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from rag.errors import OfflineError

SWITCHES = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_DATASETS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1",
    "HF_HUB_ETAG_TIMEOUT": "10",
    "HF_HUB_DOWNLOAD_TIMEOUT": "10",
    "GRADIO_ANALYTICS_ENABLED": "False",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}

WAYS_OUT = (
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "FTP_PROXY",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SSLKEYLOGFILE",
)
"""Variables that are for downloads alone: a wrong one must not keep the page from starting. In small letters too."""

_CONNECTIONS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_ADDRESSED = {"connect": 0, "connect_ex": 0, "sendto": -1, "sendmsg": 3, "bind": 0}
"""Methods of a socket that take an address → where it stands among what they are given."""
_LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}


@dataclass
class _Guard:
    active: bool = False
    everything: list[int] = field(default_factory=list)  # threads in a permit() without a host list
    hosts: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    reached: dict[str, None] = field(default_factory=dict)  # each host once, in order
    set_aside: dict[str, str] = field(default_factory=dict)  # the ways out, as the person has them
    proxies: frozenset[int] = frozenset()  # ports of this machine where one listens


_OF_NAMES = {socket.AF_INET, socket.AF_INET6}
_STATE = _Guard()
_ENVIRONMENT = threading.RLock()
_USUAL_PORTS = {"https": 443, "socks4": 1080, "socks4a": 1080, "socks5": 1080, "socks5h": 1080}


def switch_off_networks() -> None:
    """Set the environment switches that keep the libraries offline. A person's own values are overruled.

    What leads out of this machine, proxies and certificates, is set aside for downloads.
    """
    os.environ.update(SWITCHES)
    for name in [name for name in os.environ if name.upper() in WAYS_OUT]:
        _STATE.set_aside[name] = os.environ.pop(name)


@contextmanager
def as_the_person_has_it() -> Iterator[None]:
    """Put proxies and certificates back into the environment while the block begins something that is to use them."""
    with _ENVIRONMENT:
        os.environ.update(_STATE.set_aside)
        try:
            yield
        finally:
            for name in _STATE.set_aside:
                os.environ.pop(name, None)


def ways_out() -> tuple[str, ...]:
    """Return the names of the variables that were set aside for downloads."""
    return tuple(_STATE.set_aside)


def guard() -> None:
    """Refuse every connection and look-up beyond this machine from here on. Calling it again changes nothing."""
    if not _STATE.active:
        switch_off_networks()
        _STATE.proxies = _ports_of_proxies()
        _STATE.active = True
        sys.addaudithook(_audit)
        for name, place in _ADDRESSED.items():
            setattr(socket.socket, name, _asking_first(getattr(socket.socket, name), place))


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
    address = getattr(address, "ipv4_mapped", None) or address  # 127.0.0.1, written as an address of IPv6
    return address.is_loopback or address.is_unspecified


def _addresses(host: str) -> set[str]:
    """Return the addresses a name stands for; none where it cannot be looked up, which connecting will tell."""
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None)}
    except OSError:
        return set()


def _ports_of_proxies() -> frozenset[int]:
    """Return the ports of this machine at which the environment or the system says a proxy listens."""
    from urllib.parse import urlsplit
    from urllib.request import getproxies  # knows the settings of Windows and macOS too

    with as_the_person_has_it():
        named = getproxies()
    ports = set()
    for kind, address in named.items():
        try:
            parts = urlsplit(address if "//" in address else f"//{address}")
            if kind != "no" and parts.hostname and is_this_machine(parts.hostname):
                ports.add(parts.port or _USUAL_PORTS.get(parts.scheme, 80))
        except ValueError:  # no address, or no port that there is
            continue
    return frozenset(ports)


def _asking_first(method: Callable[..., Any], place: int) -> Callable[..., Any]:
    """Return a method of sockets that does not look up a name which may not be looked up."""

    @wraps(method)
    def asking(one: socket.socket, *given: Any) -> Any:  # noqa: ANN401  # of several methods
        address = given[place] if place < len(given) else None
        if one.family in _OF_NAMES and isinstance(address, tuple) and address and not _is_number(address[0]):
            _audit("socket.getaddrinfo", address)
        return method(one, *given)

    return asking


def _is_number(host: object) -> bool:
    try:
        ipaddress.ip_address(_plain(host).partition("%")[0])
    except ValueError:
        return False
    return True


def _plain(host: object) -> str:
    """Return a host as CPython reads it, whatever a kind of its own says of it."""
    if isinstance(host, bytes):
        return bytes.decode(host, errors="replace")
    return str.__str__(host) if isinstance(host, str) else str(host)


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
    name = host = _plain(host)
    if is_this_machine(host):
        if event in _LOOK_UPS or not isinstance(target, tuple) or target[1] not in _STATE.proxies:
            return
        name = f"{host}:{target[1]} (proxy)"
    if threading.get_ident() in _STATE.everything or host in _STATE.hosts:
        _STATE.reached[name] = None
        return
    _STATE.refused.append(name)
    raise OfflineError(f"A connection to {name} was refused: this program works offline.")
