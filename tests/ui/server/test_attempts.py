"""How often a password may be tried."""

import pytest

from ui.server.attempts import MOST_ADDRESSES, PAUSE_OF_ALL_S, PAUSE_S, TRIES, TRIES_OF_ALL, Attempts


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def tried(attempts, addresses):
    return sum(attempts.wait(address) == 0 for address in addresses)


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"),
        ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.2"),
    ],
)
def test_each_address_has_a_few_tries_and_one_more_after_a_pause(one, same, other):
    clock = Clock()
    attempts = Attempts(clock)
    assert tried(attempts, [one, same] * 100) == TRIES
    assert 0 < attempts.wait(one) <= PAUSE_S
    assert tried(attempts, [other]) == 1
    clock.now += PAUSE_S
    assert tried(attempts, [one, same] * 100) == 1


def test_many_addresses_together_have_a_bound_too_and_so_has_what_is_kept_of_them():
    clock = Clock()
    attempts = Attempts(clock)
    addresses = [f"10.0.{number // 250}.{number % 250}" for number in range(3 * MOST_ADDRESSES)]
    assert tried(attempts, addresses) == TRIES_OF_ALL
    assert len(attempts._each) <= MOST_ADDRESSES
    clock.now += 10 * PAUSE_OF_ALL_S
    assert tried(attempts, addresses) == 10


def test_a_right_one_costs_nothing():
    attempts = Attempts(Clock())
    for _ in range(10 * TRIES_OF_ALL):
        assert attempts.wait("192.0.2.1") == 0
        attempts.right("192.0.2.1")
