"""How llama.cpp is set up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How llama.cpp is set up. The defaults are those that ``benchmarks/bench_llm.py`` measured best.

    Attributes:
        context_window: tokens of the KV cache.
        threads: 0 for the physical cores this process may use.
        gpu_layers: layers on the GPU where the build has one; -1 for all.
        batch: tokens of the prompt read at a time. 0 for 128 on a CPU, where 64 to 512 were measured equally fast and
            a smaller batch shows progress more often, and for 512 on a GPU.
        flash_attention: whether attention is computed in one pass; None leaves it to llama.cpp.
        kv_type: ``f16`` or ``q8_0``, the numbers of the KV cache.
        mapped: whether the file is mapped into memory. On a CPU llama.cpp rearranges the weights into memory of its
            own, and the mapped file would be a second copy of them beside it.
    """

    context_window: int = 8192
    threads: int = 0
    gpu_layers: int = -1
    batch: int = 0
    flash_attention: bool | None = None
    kv_type: str = "f16"
    mapped: bool = False
