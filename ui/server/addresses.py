"""Addresses of this machine: one to listen on, and what a person types to reach it.

Numbers only, and ``localhost``: another name would have to be looked up, and the doorkeeper answers to no name that a
stranger could point at this machine.
"""

from __future__ import annotations

import errno
import ipaddress
import socket

from rag.errors import SettingsError

BACKLOG = 128
_HERE = {socket.AF_INET: "127.0.0.1", socket.AF_INET6: "::1"}
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_any(host: str) -> bool:
    """Return whether ``host`` means every address of this machine."""
    address = _parsed(host)
    return address is not None and address.is_unspecified


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address of this machine; ``::`` listens on those of IPv4 too.

    Raises:
        SettingsError: the port is taken, or the address is not one of this machine.
    """
    address = _parsed(host)
    if address is None:
        raise SettingsError(f"{host!r} is not an address of this machine. {_known()}", "rag chat --host 0.0.0.0")
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    both = address.version == 6 and address.is_unspecified and socket.has_dualstack_ipv6()
    try:
        return socket.create_server(_target(address, port), family=family, backlog=BACKLOG, dualstack_ipv6=both)
    except OSError as error:
        raise _explained(error, host, port) from None


def page_addresses(host: str, port: int) -> tuple[str, ...]:
    """Return what a person types into a browser: first on this machine, then, where others reach it, on those."""
    address = _parsed(host)
    if address is None or not address.is_unspecified:
        mapped = address is not None and address.version == 4 and ":" in host
        return (_typed(str(address) if mapped else host, port),)
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    families = {socket.AF_INET, family}
    return tuple(_typed(one, port) for one in (_HERE[family], *_own_addresses(families)))


def _parsed(host: str) -> _Address | None:
    """Return the address that is meant; one of IPv4 that is written as one of IPv6 is that of IPv4."""
    bare = host.strip("[]")
    if bare.lower() == "localhost":
        bare = _HERE[socket.AF_INET]
    try:
        address = ipaddress.ip_address(bare or "0.0.0.0")  # noqa: S104  # what an empty host means everywhere
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _target(address: _Address, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
    """Return what a socket is bound to; a link-local address names its interface."""
    zone = getattr(address, "scope_id", None)
    if not zone:
        return str(address), port
    return str(address).partition("%")[0], port, 0, int(zone) if zone.isdigit() else socket.if_nametoindex(zone)


def _typed(host: str, port: int) -> str:
    bare = host.strip("[]")
    name = f"[{bare.replace('%', '%25')}]" if ":" in bare else bare
    return f"http://{name}:{port}/"


def _own_addresses(families: set[socket.AddressFamily]) -> list[str]:
    """Return the addresses at which other machines find this one, as far as its interfaces say."""
    import psutil

    states = psutil.net_if_stats()
    up = [each for name, each in psutil.net_if_addrs().items() if name not in states or states[name].isup]
    found = [each.address for addresses in up for each in addresses if each.family in families]
    reachable = [
        address
        for address in found
        if not (parsed := ipaddress.ip_address(address)).is_loopback and not parsed.is_link_local
    ]
    return sorted(reachable, key=lambda address: ":" in address)


def _known() -> str:
    own = _own_addresses({socket.AF_INET, socket.AF_INET6})
    return f"It has {', '.join(own)}." if own else "It is on no network."


def _explained(error: OSError, host: str, port: int) -> SettingsError:
    if error.errno == errno.EADDRINUSE:
        with socket.socket() as other:
            other.bind((_HERE[socket.AF_INET], 0))
            free = other.getsockname()[1]
        return SettingsError(f"The port {port} on {host} is taken.", f"rag chat --port {free}")
    if error.errno == errno.EACCES:
        return SettingsError(f"The port {port} may be used by the administrator only.", "rag chat --port 7860")
    return SettingsError(f"{host} is not an address of this machine. {_known()}", "rag chat --host 0.0.0.0")
