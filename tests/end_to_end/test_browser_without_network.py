"""The page in Chromium, with a real language model, on a machine whose only network is its own loopback."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest
from support.places import EXAMPLE, ROOT
from support.weights import installed_weights

pytestmark = [pytest.mark.browser, pytest.mark.llama, pytest.mark.usefixtures("bundled")]

LOOPBACK_ALONE = ["unshare", "--net", "--map-root-user", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
QUESTIONS = {
    "written": "Combien de pays devraient rejoindre la coalition ?",
    "refused": "Combien de soldats la France enverra-t-elle ?",
}
ASKING = """
import json, socket, sys
from pathlib import Path
from support.browser import ask, browser, finished, highlights, served, visiting
from rag.settings import load_settings
from rag.workspace import Workspace

try:
    socket.create_connection(("192.0.2.1", 443), 1)
    beyond = "reached"
except OSError as error:
    beyond = error.strerror
model, article, *questions = sys.argv[1:]
workspace = Workspace(load_settings().model_copy(update={"model": model}))
list(workspace.add([Path(article)], library="example"))
with browser() as chrome, served(workspace) as address, visiting(chrome, address) as visit:
    page, turns = visit(), []
    for number, question in enumerate(questions):
        ask(page, question)
        turn = finished(page, number)
        marks, marked = turn.locator(".cite"), ""
        if marks.count():
            marks.first.click()
            marked = marks.first.get_attribute("data-quote")
            highlights(page, marked)
        turns.append({"text": turn.inner_text(), "marked": marked})
workspace.close()
print(json.dumps({"beyond": beyond, "turns": turns}))
"""


@pytest.fixture(scope="module", autouse=True)
def unshare():
    """Skip where the system does not let us take the network away; fail there where CI says it must."""
    tools = shutil.which("unshare") and shutil.which("ip")
    if not tools or subprocess.run([*LOOPBACK_ALONE, "true"], capture_output=True, check=False).returncode:
        refuse = pytest.fail if os.environ.get("CI") and tools and os.geteuid() == 0 else pytest.skip
        refuse("this system does not permit unshare --net, or has no ip")


def test_a_model_answers_in_the_browser_and_refuses_with_the_network_cut(tmp_path):
    weights = installed_weights("gemma-3-270m")
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests")))
    places = {"RAG_INDEXES": str(tmp_path), "RAG_MODELS": str(weights.path.parents[1])}
    environment = {**os.environ, "PYTHONPATH": path, **places}
    command = [*LOOPBACK_ALONE, sys.executable, "-c", ASKING, weights.name, str(EXAMPLE), *QUESTIONS.values()]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["beyond"] == "Network is unreachable"
    written, refused = told["turns"]
    assert "30" in written["text"]
    assert "30" in written["marked"]
    assert "combien de soldats la France enverra" in refused["text"]
