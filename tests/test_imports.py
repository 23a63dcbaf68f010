"""Importing is quick: what is heavy is imported where a model, an index or the page is opened, torch before faiss."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("torch", "faiss", "llama_cpp", "gradio", "transformers", "sentence_transformers", "trafilatura", "sklearn")


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "code",
    [
        "import rag",
        "import ui",
        "from rag.values import Answer; from rag.settings import load_settings; load_settings()",
        "import rag.workspace, rag.llm.llama, rag.index, rag.doctor",
        """
import sys; sys.argv = ['rag', '--help']; import contextlib, io, rag.cli.app
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()): rag.cli.app.main()
""",
    ],
    ids=["import rag", "import ui", "settings", "workspace", "rag --help"],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code):
    loaded = run(f"{code}\nimport sys; print(*[name for name in {HEAVY!r} if name in sys.modules])")
    assert loaded.split() == []


def test_faiss_is_imported_after_torch():
    code = (
        "import builtins, sys\norder, plain = [], builtins.__import__\n"
        "def note(name, *rest):\n"
        "    order.extend({name.partition('.')[0]} & {'torch', 'faiss'} - set(order))\n"
        "    return plain(name, *rest)\n"
        "builtins.__import__ = note\n"
        "from rag.machine import expect_torch, import_faiss\nexpect_torch()\nimport_faiss()\nprint(*order)"
    )
    assert run(code).split() == ["torch", "faiss"]


def test_faiss_is_imported_after_torch_only_where_torch_is_expected():
    assert (
        run("import sys; from rag.machine import import_faiss\nimport_faiss(); print('torch' in sys.modules)")
        == "False\n"
    )


@pytest.mark.usefixtures("bundled")
def test_a_question_to_the_standard_embedder_needs_no_torch(example):
    answer = run(f"""
import sys
from rag.settings import load_settings
from rag.workspace import open_workspace
*_, last = open_workspace(load_settings(indexes={str(example)!r})).answer("Combien de pays ?")
assert last.answer.citations
print(*[name for name in ("torch", "transformers", "sentence_transformers", "sklearn", "scipy") if name in sys.modules])
""")
    assert answer.split() == []


def test_the_door_opens_by_name_and_knows_nothing_else():
    assert run("import rag; print(rag.load_settings.__module__, rag.open_workspace.__module__)").split() == [
        "rag.settings",
        "rag.workspace",
    ]
    assert run("import rag; print(len([getattr(rag, name) for name in rag.__all__]) > 10)").split() == ["True"]
    assert "no attribute" in run("import rag\ntry: rag.nothing\nexcept AttributeError as error: print(error)")


def test_the_libraries_are_told_to_stay_offline_before_they_are_imported():
    code = "import os; os.environ['HF_HUB_OFFLINE'] = '0'\nimport rag\n"
    assert run(f"{code}import huggingface_hub.constants as c; print(c.HF_HUB_OFFLINE)").strip() == "True"


def test_threads_that_wait_soon_give_way_unless_a_person_said_otherwise():
    say = "import os; {}; import rag; print(os.environ['GOMP_SPINCOUNT'])"
    assert run(say.format("os.environ.pop('GOMP_SPINCOUNT', None)")).strip() == "10000"
    assert run(say.format("os.environ['GOMP_SPINCOUNT'] = '7'")).strip() == "7"
