"""Gradio without the type stubs that it writes for editors each time it is imported.

For each of its 81 component classes Gradio parses a source file twice, renders a template and compares the result with
a ``.pyi`` file beside the source: half of the time of ``import gradio``, and of no use to a program that runs. It has
no switch for that, so the function is replaced as its module is loaded. Call :func:`leave_out_stubs` before the first
import of Gradio; where a later Gradio has no such function, nothing is replaced.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType

MODULE = "gradio.component_meta"
FUNCTION = "create_or_modify_pyi"


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if hasattr(module, FUNCTION):
            setattr(module, FUNCTION, _write_nothing)


class _Finder(MetaPathFinder):
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find the one module that is changed as it is loaded."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname == MODULE else None
        if spec is not None and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(spec.loader.name, spec.loader.path)
        return spec


def leave_out_stubs() -> None:
    """Make the first import of Gradio write no stubs. Calling it again changes nothing."""
    if MODULE not in sys.modules and not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


def _write_nothing(*_: object) -> None:
    """Stand where Gradio writes its stubs."""
