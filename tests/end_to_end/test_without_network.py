"""The whole way from a file to a cited answer on a machine that has no network at all, not even the loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.places import EXAMPLE
from support.weights import installed_weights

pytestmark = pytest.mark.usefixtures("bundled")

NO_NETWORK = ["unshare", "--net", "--map-root-user"]


@pytest.fixture(scope="module", autouse=True)
def unshare():
    """Skip where the system does not let us take the network away; fail there where CI says it must."""
    command = shutil.which("unshare")
    if command and subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False).returncode == 0:
        return
    refuse = pytest.fail if os.environ.get("CI") and command and os.geteuid() == 0 else pytest.skip
    refuse("this system does not permit unshare --net")


def run(*words: str, folder: Path) -> str:
    """Run a command with no network, no cache and no home of ours; return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("RAG_", "HF_", "TRANSFORMERS_"))}
    environment = {**kept, "HOME": str(folder), "RAG_INDEXES": str(folder / "indexes"), "RAG_MODELS": str(folder)}
    command = [*NO_NETWORK, sys.executable, *words]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_network_is_really_gone(tmp_path):
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 443), 1)\nexcept OSError as e: print(e.errno)"
    assert run("-c", code, folder=tmp_path).strip() == "101"  # network is unreachable


def test_an_article_is_added_and_asked_without_any_network(tmp_path):
    added = run("-m", "rag.cli", "add", str(EXAMPLE), "--library", "press", folder=tmp_path)
    assert added.startswith("added: ")
    question = "Combien de pays devraient rejoindre la coalition ?"
    answer = json.loads(run("-m", "rag.cli", "ask", question, "--library", "press", "--json", folder=tmp_path))
    assert not answer["refused"]
    assert "30" in "".join(citation["quote"] for citation in answer["citations"])
    assert run("-m", "rag.cli", "doctor", folder=tmp_path).count("nothing tried to connect") == 1


@pytest.mark.llama
def test_a_language_model_is_asked_without_any_network(tmp_path):
    weights = installed_weights("gemma-3-270m")
    (tmp_path / weights.name).symlink_to(weights.path.parent)
    run("-m", "rag.cli", "add", str(EXAMPLE), "--library", "press", folder=tmp_path)
    asked = ("ask", "--library", "press", "--json", "--model", weights.name)
    told = run("-m", "rag.cli", *asked, "Combien de pays devraient rejoindre la coalition ?", folder=tmp_path)
    answer = json.loads(told)
    assert answer["model"] == weights.name
    assert "30" in "".join(citation["quote"] for citation in answer["citations"])
    refused = json.loads(run("-m", "rag.cli", *asked, "Combien de soldats la France enverra-t-elle ?", folder=tmp_path))
    assert refused["refused"]
    assert "combien de soldats la France enverra" in refused["answer"]
