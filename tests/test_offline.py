"""Nothing leaves this machine: every way Python has of reaching another is refused, this machine stays reachable."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import urllib.request

import pytest
from support.places import ROOT

from rag import offline
from rag.errors import OfflineError, RagError

ELSEWHERE = "192.0.2.1"  # RFC 5737: never assigned, so a guard that fails open reaches nobody either


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


def test_a_connection_to_another_machine_is_refused_and_counted():
    before = len(offline.refused())
    with pytest.raises(OfflineError, match=ELSEWHERE):
        socket.create_connection((ELSEWHERE, 443), timeout=1)
    assert offline.refused()[before:] == (ELSEWHERE,)


@pytest.mark.parametrize(
    "look_up",
    [
        lambda: socket.getaddrinfo("huggingface.co", 443),
        lambda: socket.gethostbyname("huggingface.co"),
        lambda: socket.gethostbyname_ex("huggingface.co"),
        lambda: socket.gethostbyaddr(ELSEWHERE),
        lambda: socket.getnameinfo((ELSEWHERE, 443), 0),
        lambda: socket.getaddrinfo(b"huggingface.co", 443),
        lambda: urllib.request.urlopen("https://huggingface.co", timeout=1),
    ],
    ids=["getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo", "bytes", "urllib"],
)
def test_every_kind_of_look_up_is_refused(look_up):
    with pytest.raises((OfflineError, urllib.error.URLError), match="works offline"):
        look_up()


@pytest.mark.parametrize(("family", "address"), [(socket.AF_INET, ELSEWHERE), (socket.AF_INET6, "2001:db8::1")])
def test_datagrams_are_refused(family, address):
    with socket.socket(family, socket.SOCK_DGRAM) as sender:
        with pytest.raises(OfflineError):
            sender.sendto(b"x", (address, 53))
        with pytest.raises(OfflineError):
            sender.sendmsg([b"x"], [], 0, (address, 53))
        with pytest.raises(OfflineError):
            sender.connect((address, 53))
        with pytest.raises(OfflineError):
            sender.connect_ex((address, 53))


@pytest.mark.parametrize("host", ["nobody.invalid", b"nobody.invalid", "localhost.nobody.invalid"])
@pytest.mark.parametrize(
    "use",
    [
        lambda one, host: one.connect((host, 53)),
        lambda one, host: one.connect_ex((host, 53)),
        lambda one, host: one.sendto(b"x", (host, 53)),
        lambda one, host: one.sendto(b"x", 0, (host, 53)),
        lambda one, host: one.sendmsg([b"x"], [], 0, (host, 53)),
        lambda one, host: one.bind((host, 0)),
    ],
    ids=["connect", "connect_ex", "sendto", "sendto with flags", "sendmsg", "bind"],
)
def test_a_name_given_as_an_address_is_refused_before_it_is_looked_up(use, host):
    before = len(offline.refused())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, pytest.raises(OfflineError, match=r"nobody\.invalid"):
        use(one, host)  # looked up, it would be a gaierror
    assert len(offline.refused()) == before + 1


def test_an_address_that_calls_itself_another_is_refused():
    class Disguised(str):
        __slots__ = ()

        def __str__(self) -> str:
            return "localhost"

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one, pytest.raises(OfflineError, match=ELSEWHERE):
        one.connect((Disguised(ELSEWHERE), 53))


def test_this_machine_stays_reachable(listener, tmp_path):
    before = offline.refused()
    socket.create_connection(listener, timeout=5).close()
    assert socket.getaddrinfo("localhost", listener[1])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.bind(("localhost", 0))
        own = sender.getsockname()
        sender.sendto(b"x", ("localhost", own[1]))
        sender.sendmsg([b"x"], [], 0, own)
        sender.connect(own)
        sender.sendmsg((b"x", b"y"))
        sender.send(b"x")
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        client.connect(os.fsencode(path))
    assert offline.refused() == before


def test_a_permit_opens_one_host_for_as_long_as_it_lasts(monkeypatch):
    def look_up(host: str, *_: object) -> list[tuple]:
        offline._audit("socket.getaddrinfo", (host, None, 0, 0, 0))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ELSEWHERE, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with offline.permit("models.example"):
        offline._audit("socket.getaddrinfo", ("models.example", 443, 0, 0, 0))
        offline._audit("socket.connect", (None, (ELSEWHERE, 443)))
        with pytest.raises(OfflineError):
            offline._audit("socket.connect", (None, ("192.0.2.2", 443)))
        with pytest.raises(OfflineError):
            offline._audit("socket.getaddrinfo", ("other.example", 443, 0, 0, 0))
    with pytest.raises(OfflineError):
        offline._audit("socket.connect", (None, (ELSEWHERE, 443)))


def test_a_permit_without_hosts_opens_all_and_closes_again_after_an_error():
    def fail() -> None:
        with offline.permit():
            offline._audit("socket.connect", (None, (ELSEWHERE, 443)))
            raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        fail()
    with pytest.raises(OfflineError):
        offline._audit("socket.connect", (None, (ELSEWHERE, 443)))


def test_a_permit_without_hosts_is_for_its_own_thread_and_what_it_reached_is_told():
    caught: list[BaseException] = []

    def reach() -> None:
        try:
            offline._audit("socket.connect", (None, ("192.0.2.9", 443)))
        except OSError as error:
            caught.append(error)

    with offline.permit():
        offline._audit("socket.connect", (None, ("192.0.2.8", 443)))
        thread = threading.Thread(target=reach)
        thread.start()
        thread.join()
    assert [type(error) for error in caught] == [OfflineError]
    assert "192.0.2.8" in offline.reached()
    assert "192.0.2.9" not in offline.reached()


def test_a_permit_for_a_name_nobody_knows_lets_the_caller_find_that_out(monkeypatch):
    def look_up(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    with offline.permit("nobody.invalid"):
        assert offline._STATE.hosts == ["nobody.invalid"]
    assert offline._STATE.hosts == []


def test_other_threads_are_guarded_too():
    caught: list[BaseException] = []

    def reach() -> None:
        try:
            socket.create_connection((ELSEWHERE, 443), timeout=1)
        except OSError as error:
            caught.append(error)

    thread = threading.Thread(target=reach)
    thread.start()
    thread.join()
    assert [type(error) for error in caught] == [OfflineError]


def test_guarding_twice_adds_one_guard():
    before = len(offline.refused())
    offline.guard()
    with pytest.raises(OfflineError):
        socket.create_connection((ELSEWHERE, 443), timeout=1)
    assert len(offline.refused()) == before + 1


@pytest.mark.parametrize(
    ("host", "here"),
    [
        ("127.0.0.1", True), ("127.8.9.1", True), ("::1", True), ("[::1]", True), ("localhost", True), ("", True),
        ("LOCALHOST", True), ("api.localhost", True), ("0.0.0.0", True), ("fe80::1%eth0", False),
        ("localhost.evil.example", False), ("127.0.0.1.evil.example", False), ("8.8.8.8", False),
        ("::ffff:8.8.8.8", False), ("::ffff:127.0.0.1", True), ("[::ffff:7f00:1]", True),
        ("192.168.1.10", False), ("2130706433", False),
    ],
)  # fmt: skip
def test_what_counts_as_this_machine(host, here):
    assert offline.is_this_machine(host) is here


def test_a_refusal_is_an_absent_network_to_libraries_and_a_sentence_to_people():
    error = OfflineError("A connection to x was refused: this program works offline.")
    assert isinstance(error, ConnectionRefusedError)
    assert isinstance(error, RagError)
    assert str(error) == "A connection to x was refused: this program works offline."


def test_the_switches_are_in_force_here_and_in_programs_started_from_here(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    offline.switch_off_networks()
    assert {name: os.environ[name] for name in offline.SWITCHES} == offline.SWITCHES


PROXIED = """
import json, os, socket, sys, urllib.request
import rag
from rag import offline
offline.guard()
told = {"seen": sorted(name for name in os.environ if name.upper() in offline.WAYS_OUT)}
for name, reach in {
    "urllib": lambda: urllib.request.urlopen("http://far.example/", timeout=5),
    "httpx": lambda: __import__("httpx").get("http://far.example/", timeout=5),
    "by hand": lambda: socket.create_connection((os.environ["PROXY_HOST"], int(os.environ["PROXY_PORT"])), 5),
}.items():
    try:
        told[name] = str(reach())
    except Exception as error:
        told[name] = "works offline" in str(error)
with offline.permit():
    socket.create_connection((os.environ["PROXY_HOST"], int(os.environ["PROXY_PORT"])), 5).close()
with offline.as_the_person_has_it():
    told["for downloads"] = urllib.request.getproxies()
told["refused"], told["reached"] = offline.refused(), offline.reached()
print(json.dumps(told))
"""


@pytest.mark.parametrize(
    ("host", "variables"),
    [
        ("127.0.0.1", {"HTTP_PROXY": "http://127.0.0.1:{port}", "https_proxy": "http://127.0.0.1:{port}"}),
        ("localhost", {"ALL_PROXY": "socks5://localhost:{port}"}),
        ("127.0.0.1", {"http_proxy": "127.0.0.1:{port}", "SSL_CERT_FILE": "/nowhere/at/all.pem"}),
        ("127.0.0.1", {"http_proxy": "127.0.0.1:{port}", "ftp_proxy": "http://[::1", "NO_PROXY": "[::1],::1/128"}),
        ("127.0.0.1", {"http_proxy": "127.0.0.1:{port}", "SSLKEYLOGFILE": "/nowhere/at/all.log"}),
    ],
    ids=["http", "socks", "small letters, and a wrong certificate", "exceptions that are no addresses", "keys"],
)
def test_a_proxy_on_this_machine_is_no_way_out_and_is_counted(listener, host, variables):
    port = listener[1]
    given = {name: value.format(port=port) for name, value in variables.items()}
    kept = {name: value for name, value in os.environ.items() if name.upper() not in offline.WAYS_OUT}
    environment = {**kept, **given, "PROXY_HOST": host, "PROXY_PORT": str(port), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", PROXIED], capture_output=True, text=True, env=environment, check=True)
    told = json.loads(done.stdout)
    assert told["seen"] == []
    assert told["urllib"] is told["httpx"] is told["by hand"] is True
    assert "far.example" in told["refused"]
    assert f"127.0.0.1:{port} (proxy)" in told["refused"]
    assert f"127.0.0.1:{port} (proxy)" in told["reached"]
    assert any(str(port) in proxy for proxy in told["for downloads"].values())


def test_no_other_file_opens_connections_by_itself():
    sources = [path for folder in ("rag", "ui") for path in (ROOT / folder).rglob("*.py")]
    users = {str(path.relative_to(ROOT)) for path in sources if "permit(" in path.read_text(encoding="utf-8")}
    assert users == {"rag/offline.py", "rag/models/hub.py", "rag/models/wheels.py", "rag/llm/server.py"}
