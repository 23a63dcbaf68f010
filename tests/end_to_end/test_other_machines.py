"""``rag chat --host``, on real addresses in a network of its own, with every proxy and certificate set wrong.

One program serves the page at each address in turn; what asks it is another, which knows nothing of ours.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from support.places import ROOT

NETWORK = ["unshare", "--net", "--map-root-user", "sh", "-c"]
IPV4, IPV6 = "192.0.2.20", "2001:db8::20"  # RFC 5737, RFC 3849
ADDRESSES = f"""
ip link set lo up && ip address add {IPV4}/24 dev lo && ip address add {IPV6}/64 dev lo nodad
ip link add near type veth peer name far && ip link set near up && ip link set far up
"""
HOSTS = [IPV4, f"::ffff:{IPV4}", IPV6, f"[{IPV6}]", "0.0.0.0", "::", "127.0.0.1", "::1", "localhost"]  # what is tested
WRONG = {
    "HTTP_PROXY": "http://192.0.2.99:3128",
    "https_proxy": "http://127.0.0.1:1",
    "ALL_PROXY": "socks5://127.0.0.1:1",
    "SSL_CERT_FILE": "/nowhere/at/all.pem",
    "SSLKEYLOGFILE": "/nowhere/at/all.log",
    "NO_PROXY": "localhost,[::1],::1/128",
    "WEB_CONCURRENCY": "auto",
    "GRADIO_SERVER_PORT": "none",
    "GRADIO_ROOT_PATH": "/elsewhere",
    "HF_HUB_ETAG_TIMEOUT": "long",
}
SERVE = """
import json, pathlib, subprocess, sys
from support.fake_door import FakeDoor
from ui import app
ASK = '''
import http.client, json, sys
from urllib.parse import urlsplit
told = []
for address in sys.argv[1:]:
    for path in ("/?" + urlsplit(address).query, "/"):
        asked = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        asked.request("GET", path)
        answer = asked.getresponse()
        told.append((answer.status, b"window.gradio_config" in answer.read()))
print(json.dumps(told))
'''
told = {}
for number, host in enumerate(sys.argv[2:]):
    chat, addresses = app._serve(
        FakeDoor(pathlib.Path(sys.argv[1])), port=7900 + number, host=host, open_browser=False, auth=None
    )
    asked = subprocess.run([sys.executable, "-S", "-c", ASK, *addresses], capture_output=True, text=True)
    told[host] = {"addresses": addresses, "answers": json.loads(asked.stdout or "[]"), "error": asked.stderr}
    chat.blocks.close(verbose=False)
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Return for each host the addresses that were printed, and what each answered with its token and without."""
    tools = shutil.which("unshare") and shutil.which("ip")
    if not tools or subprocess.run([*NETWORK, ADDRESSES], capture_output=True, check=False).returncode:
        refuse = pytest.fail if os.environ.get("CI") and tools and os.geteuid() == 0 else pytest.skip
        refuse("this system does not permit unshare --net, or has no ip")
    folder = tmp_path_factory.mktemp("page")
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    environment = {**os.environ, **WRONG, "PYTHONPATH": path, "TMPDIR": str(folder)}
    command = [*NETWORK, f'{ADDRESSES} exec "$@"', "sh", sys.executable, "-c", SERVE, str(folder), *HOSTS]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert not list(folder.glob("ask-the-article-*")), "uploads outlived the page"
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("host", HOSTS)
def test_the_page_opens_at_each_address_that_is_told(told, host):
    found = told[host]
    assert found["answers"], found["error"]
    beyond = host not in {"127.0.0.1", "::1", "localhost"}
    for with_token, without in zip(found["answers"][::2], found["answers"][1::2], strict=True):
        assert with_token == [200, True]
        assert without == ([403, False] if beyond else [200, True])
    assert all(("token=" in address) is beyond for address in found["addresses"])


@pytest.mark.parametrize(("host", "others"), [("0.0.0.0", [IPV4]), ("::", [IPV4, f"[{IPV6}]"])])  # what is tested
def test_others_are_told_where_they_reach_it(told, host, others):
    assert [address.split("//")[1].rpartition(":")[0] for address in told[host]["addresses"][1:]] == others
