"""How often a password may be tried: a few times at once, then seldom, for each address and for all together.

Token buckets: each try takes one, time gives them back, and so does a try that was right.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass

TRIES = 5
PAUSE_S = 12.0  # until an address may try once more
TRIES_OF_ALL = 50
PAUSE_OF_ALL_S = 1.0
MOST_ADDRESSES = 1000


@dataclass
class _Bucket:
    size: int
    pause: float
    left: float
    seen: float

    def fill(self, now: float) -> None:
        self.left = min(self.size, self.left + (now - self.seen) / self.pause)
        self.seen = now


class Attempts:
    """Counts tries.

    Args:
        clock: seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._all = _Bucket(TRIES_OF_ALL, PAUSE_OF_ALL_S, TRIES_OF_ALL, clock())
        self._each: dict[str, _Bucket] = {}

    def wait(self, address: str) -> int:
        """Count a try and return 0; or count nothing and return in how many whole seconds the next one may be made."""
        now, own = self._clock(), self._of(address)
        for bucket in (own, self._all):
            bucket.fill(now)
            if bucket.left < 1:
                return max(1, round((1 - bucket.left) * bucket.pause))
        own.left -= 1
        self._all.left -= 1
        return 0

    def right(self, address: str) -> None:
        """Give a try back, since it was right."""
        own = self._of(address)
        own.left = min(own.size, own.left + 1)
        self._all.left = min(self._all.size, self._all.left + 1)

    def _of(self, address: str) -> _Bucket:
        name = _network(address)
        bucket = self._each.pop(name, None) or _Bucket(TRIES, PAUSE_S, TRIES, self._clock())
        self._each[name] = bucket  # latest last
        if len(self._each) > MOST_ADDRESSES:
            del self._each[next(iter(self._each))]
        return bucket


def _network(address: str) -> str:
    """Return what one person holds: an address of IPv4, or the 64 leading bits of IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 6:
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
