"""What was read is kept while there is room, and what was used longest ago goes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from rag.reader.state_cache import ReadAlone, StateCache


def read(tokens: int) -> ReadAlone:
    return ReadAlone(np.zeros(tokens, np.int64), np.zeros((tokens, 4), np.float16), np.zeros((tokens, 2), np.int32))


def test_what_was_used_longest_ago_is_forgotten_first():
    cache = StateCache(3 * read(10).bytes)
    for name in "abc":
        cache.put(name, read(10))
    assert cache.get("a") is not None
    cache.put("d", read(10))
    assert [name for name in "abcd" if cache.get(name)] == ["a", "c", "d"]


def test_a_text_that_is_put_twice_counts_once():
    cache = StateCache(10_000)
    for tokens in (10, 10, 20):
        cache.put("a", read(tokens))
    assert cache.bytes == read(20).bytes


def test_what_is_larger_than_the_room_is_not_kept():
    cache = StateCache(read(10).bytes)
    cache.put("a", read(11))
    assert cache.get("a") is None
    assert cache.bytes == 0


def test_the_bound_holds_whoever_asks_at_once():
    cache = StateCache(20 * read(10).bytes)

    def use(number: int) -> None:
        for step in range(50):
            name = str((number * 7 + step) % 40)
            if cache.get(name) is None:
                cache.put(name, read(10))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(use, range(16)))
    assert cache.bytes == sum(read(10).bytes for name in map(str, range(40)) if cache.get(name)) <= cache.most_bytes
