"""ServerModel against the real ``llama_cpp.server``, running a GGUF the test writes, and one with real weights."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import pytest
from support.gguf_writer import write_gguf
from support.weights import GREEDY, installed_weights

from rag.events import Working
from rag.llm.server import ServerModel
from rag.values import Prompt

NEEDED = ("llama_cpp", "fastapi", "uvicorn", "sse_starlette", "starlette_context")
pytestmark = [
    pytest.mark.llama,
    pytest.mark.skipif(not all(map(find_spec, NEEDED)), reason="pip install 'ask-the-article[server]'"),
]

TEXT = "Plus de trente pays devraient rejoindre la coalition. Ils se réunissent jeudi à Paris. "
PROMPT = Prompt(TEXT, (), (), "Combien ?", "Combien ?", "fr", answer_tokens=40)
REPLY = [b"<think>", b"hm", b"</think>", b"Trente", b" pays", b" [1]", b"."]


@contextmanager
def serving(path) -> Iterator[str]:
    """Run the server with a GGUF file, as long as the block runs; give its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {"model": path, "host": "127.0.0.1", "port": port, "n_ctx": 2048, "n_threads": 1, "verbose": False}
    command = [sys.executable, "-m", "llama_cpp.server", *(f"--{key}={value}" for key, value in options.items())]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        said = []
        for line in server.stderr:
            said.append(line)
            if "running on" in line:
                break
        else:
            pytest.fail("the server did not start: " + "".join(said[-20:]))
        try:
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    with serving(write_gguf(tmp_path_factory.mktemp("server") / "model.gguf", TEXT, reply=REPLY)) as address:
        yield address


def test_the_real_server_streams_an_answer_without_its_thoughts(url):
    items = list(ServerModel(url).stream(PROMPT))
    pieces = [item for item in items if isinstance(item, str)]
    assert "".join(pieces) == "Trente pays [1]."
    assert len(pieces) > 1
    assert isinstance(items[0], Working)


def test_the_real_server_answers_again_after_it_was_stopped(url):
    model = ServerModel(url)
    stream = model.stream(PROMPT)
    next(item for item in stream if isinstance(item, str))
    stream.close()
    assert "".join(item for item in model.stream(PROMPT) if isinstance(item, str)) == "Trente pays [1]."


def test_the_real_server_reads_ahead(url):
    assert all(isinstance(item, Working) for item in ServerModel(url).prepare(PROMPT))


def test_real_weights_answer_behind_a_server_and_the_same_again_after_they_were_stopped():
    with serving(installed_weights("smollm2-135m").path) as address:
        model = ServerModel(address, sampling=GREEDY)
        *items, ended = model.stream(PROMPT)
        pieces = [item for item in items if isinstance(item, str)]
        assert len(pieces) > 3
        assert ended.stage == "written"
        stopped = model.stream(PROMPT)
        next(item for item in stopped if isinstance(item, str))
        stopped.stop()
        assert not [item for item in stopped if isinstance(item, str)]
        assert "".join(item for item in model.stream(PROMPT) if isinstance(item, str)) == "".join(pieces)
