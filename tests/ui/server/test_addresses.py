"""Where the page listens, and what a person types to reach it. With more addresses: test_other_machines.py."""

import socket

import pytest

from rag.errors import SettingsError
from ui.server import is_any, listen, page_addresses


@pytest.mark.parametrize(
    ("host", "bound", "typed"),
    [
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("localhost", "127.0.0.1", "localhost"),
        ("127.0.0.2", "127.0.0.2", "127.0.0.2"),
        ("::1", "::1", "[::1]"),
        ("[::1]", "::1", "[::1]"),
        ("::ffff:127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("[::ffff:7f00:2]", "127.0.0.2", "127.0.0.2"),
    ],
)
def test_an_address_of_this_machine_is_listened_on_and_told(host, bound, typed):
    with listen(host, 0) as server:
        assert server.getsockname()[0] == bound
    assert page_addresses(host, 7860) == (f"http://{typed}:7860/",)


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "::ffff:0.0.0.0"])  # what is tested
def test_every_address_is_told_as_those_that_lead_here_and_never_as_every(host):
    first, *others = page_addresses(host, 7860)
    assert is_any(host)
    assert first in {"http://127.0.0.1:7860/", "http://[::1]:7860/"}
    assert not {"http://0.0.0.0:7860/", "http://[::]:7860/"} & {first, *others}


def test_every_address_of_ipv6_is_every_one_of_ipv4_too():
    with listen("::", 0) as server, socket.create_connection(("127.0.0.1", server.getsockname()[1]), 5):
        pass


@pytest.mark.parametrize(
    "host",
    ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1", "example.com", "999.1.1.1", "fe80::1%nowhere", "http://127.0.0.1"],
)
def test_what_is_not_an_address_of_this_machine_is_one_sentence(host):
    with pytest.raises(SettingsError, match="is not an address of this machine") as caught:
        listen(host, 0)
    assert caught.value.remedy.startswith("rag chat --host")


def test_a_taken_port_is_one_sentence_with_a_free_one():
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"The port {port} on 127.0.0.1 is taken") as caught:
            listen("127.0.0.1", port)
    assert caught.value.remedy.startswith("rag chat --port ")
