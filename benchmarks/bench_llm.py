"""What this program costs on top of llama.cpp: the figures, each beside its reference measured in the same run.

The model has the shape and the vocabulary size of Qwen3-0.6B, and random weights, so it is written here and nothing is
downloaded: speed does not depend on what weights mean. ``--model`` takes real ones, a file or an installed model; one
without a chat template goes on from a text, of which questions share nothing, so no first tokens are told of it.
The reference is a bare loop over llama.cpp's bindings with greedy sampling. Both sides take turns, many times within
each round, and the median of the rounds' ratios counts, so that other work on the machine disturbs both alike; the
speeds shown are the best of each. On a busy machine, ``--threads 1 --clock cpu`` counts processor time and leaves
waiting out.

    python -m benchmarks.bench_llm [--threads N] [--clock wall|cpu] [--long] [--options]
        [--model NAME] [--output FILE.md]
"""

from __future__ import annotations

import argparse
import gc
import math
import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import psutil

from rag.answer import Assistant
from rag.check.facts import take_apart
from rag.events import Finished, Working
from rag.example import EXAMPLE_QUESTIONS
from rag.index import Library, add_files
from rag.language import split_sentences
from rag.llm.llama import LlamaCppModel, read_gguf
from rag.llm.llama.bindings import bindings
from rag.llm.llama.engine import Engine
from rag.llm.llama.gguf import GgufHead
from rag.llm.llama.options import EngineOptions
from rag.llm.sampling import Sampling
from rag.llm.stopping import StopFlag, Stream
from rag.llm.visible_text import AnswerText, shown
from rag.machine import physical_cores
from rag.models.installed import resolve_llm
from rag.opening import open_embedder, open_reader
from rag.reader import Reader
from rag.settings import load_settings
from rag.values import Hit, Passage, Prompt

Result = TypeVar("Result")

TEXT = (
    "Plus de trente pays devraient rejoindre la coalition, ont annoncé jeudi les responsables réunis à Paris. "
    "Ceux qui n'envoient pas de troupes peuvent offrir des ports, leur espace aérien, de l'argent ou des armes. "
)
QUESTIONS = ("Combien de pays ?", "Où se réunissent-ils ?", "Que peuvent-ils offrir ?", "Quand se réunissent-ils ?")
# The vocabulary knows whole words, as a real one does, and those of the chat template too.
VOCABULARY = (TEXT + " ".join(QUESTIONS) + "\nuser\nassistant\nsystem\nthink\n\n") * 3
PARTS = ("memory", "overhead", "turns", "first", "speed")
WINDOW = 4096
ANSWER = 48  # tokens of each measured answer
GREEDY = Sampling(temperature=0)


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured, the reference, and the goal their ratio is held to."""

    name: str
    value: str
    reference: str
    ratio: float
    goal: str
    reached: bool


# ── The reference: a bare loop ──────────────────────────────────────────────────────────────────────────────────


class BareLoop:
    """llama.cpp's own defaults but for threads and context, and nothing between its functions."""

    def __init__(self, path: Path, threads: int) -> None:
        api = self.api = bindings()
        self.model = api.llama_model_load_from_file(os.fsencode(path), api.llama_model_default_params())
        parameters = api.llama_context_default_params()
        parameters.n_ctx, parameters.n_batch, parameters.n_ubatch = WINDOW, 512, 512
        parameters.n_threads = parameters.n_threads_batch = threads
        self.context = api.llama_init_from_model(self.model, parameters)
        self.sampler = api.llama_sampler_init_greedy()
        self.written = 0  # tokens since the beginning

    def forget(self) -> None:
        """Begin again."""
        self.api.llama_memory_clear(self.api.llama_get_memory(self.context), 1)
        self.written = 0

    def read(self, part: list[int]) -> None:
        """Read up to 512 tokens more of a prompt."""
        array = (self.api.llama_token * len(part))(*part)
        assert self.api.llama_decode(self.context, self.api.llama_batch_get_one(array, len(part))) == 0

    def write(self, count: int) -> None:
        """Write ``count`` tokens."""
        api, one = self.api, (self.api.llama_token * 1)()
        batch = api.llama_batch_get_one(one, 1)
        for _ in range(count):
            one[0] = api.llama_sampler_sample(self.sampler, self.context, -1)
            assert api.llama_decode(self.context, batch) == 0
        self.written += count

    def close(self) -> None:
        """Free everything."""
        self.api.llama_sampler_free(self.sampler)
        self.api.llama_free(self.context)
        self.api.llama_model_free(self.model)


# ── Ours ────────────────────────────────────────────────────────────────────────────────────────────────────────


def prompt_of(model: LlamaCppModel, tokens: int, question: str = QUESTIONS[0]) -> Prompt:
    """Return a prompt whose shared part takes ``tokens`` tokens of the model, within one sentence."""
    shared = TEXT * round(tokens / model.count_tokens(TEXT))
    evidence = (Hit(Passage("a", 0, len(TEXT), TEXT), "", 1.0, 1.0, 1.0),)  # what an adapter is asked about
    return Prompt(
        shared, evidence, (), question, question, "fr", whole_article=True, answer_tokens=ANSWER,
        continued=f"{shared}\n{question}\n", refused_above=math.inf,
    )  # fmt: skip


def read_until(stream: Stream[str | Working], share: float) -> None:
    """Let the model read its prompt up to this share of it."""
    for item in stream:
        if isinstance(item, Working) and item.done >= min(share, 1.0) - 1e-9:
            return


def speeds(path: Path, threads: int, clock: Callable[[], float], sizes: list[int], rounds: int) -> Iterator[Figure]:
    """Yield reading and writing speed against the bare loop, for each length of prompt."""
    model = LlamaCppModel(path, context_window=WINDOW, options=EngineOptions(threads=threads), sampling=GREEDY)
    bare = BareLoop(path, threads)
    for size in sizes:
        prompt = prompt_of(model, size)
        tokens = model.reading(prompt).tokens
        measured = [turn_about(model, bare, prompt, tokens, clock) for _ in range(rounds)]
        for verb in ("prompt", "decoding"):
            ours = max(one[verb][0] for one in measured)
            theirs = max(one[verb][1] for one in measured)
            ratio = statistics.median(one[verb][0] / one[verb][1] for one in measured)
            name = f"{verb}, {len(tokens)} tokens"
            shown = f"{ours:.1f} tokens/s", f"{theirs:.1f} tokens/s"
            yield Figure(name, *shown, ratio, "≥ 0.97", ratio >= 0.97)
    bare.close()
    model.close()


def turn_about(
    model: LlamaCppModel, bare: BareLoop, prompt: Prompt, tokens: list[int], clock: Callable[[], float]
) -> dict[str, tuple[float, float]]:
    """Let both read and write, a few hundred tokens of the prompt and then a token at a time in turn.

    Other work on the machine comes and goes within seconds, and slows whoever computes just then; taking turns so
    often, both meet the same of it. Returns tokens/s, ours and the bare loop's, for ``prompt`` and ``decoding``.
    """
    spent = dict.fromkeys(("read", "bare read", "write", "bare write"), 0.0)

    def timed(what: str, work: Callable[[], Result]) -> Result:
        start = clock()
        result = work()
        spent[what] += clock() - start
        return result

    model.engine.forget()
    stream = model.stream(prompt)
    bare.forget()
    for start in range(0, len(tokens), 512):
        part = tokens[start : start + 512]
        timed("bare read", partial(bare.read, part))
        timed("read", partial(read_until, stream, (start + len(part)) / len(tokens)))
    writing = True
    while writing:
        writing = timed("write", partial(next, stream, None)) is not None
        written = len(model.engine.tokens) - model.engine.settled
        timed("bare write", partial(bare.write, written - bare.written))
    return {
        "prompt": (len(tokens) / spent["read"], len(tokens) / spent["bare read"]),
        "decoding": (bare.written / spent["write"], bare.written / spent["bare write"]),
    }


def first_tokens(path: Path, threads: int, clock: Callable[[], float], size: int, folder: Path) -> Iterator[Figure]:
    """Yield the time to the first token of a second question, and after a restart, against a cold one."""

    def opened() -> LlamaCppModel:
        model = LlamaCppModel(
            path, context_window=WINDOW, options=EngineOptions(threads=threads), sampling=GREEDY, state_folder=folder
        )
        model.count_tokens("")
        return model

    model = opened()
    cold = first_token(model, prompt_of(model, size), clock)
    second = min(first_token(model, prompt_of(model, size, question), clock) for question in QUESTIONS[1:])
    model.close()
    restored = cold
    for question in QUESTIONS[1:]:
        model = opened()
        restored = min(restored, first_token(model, prompt_of(model, size, question), clock))
        model.close()
    for name, value in (("second question", second), ("after a restart, from disk", restored)):
        ratio = value / cold
        shown = f"{value * 1000:.0f} ms", f"{cold * 1000:.0f} ms cold"
        yield Figure(f"first token, {size} tokens, {name}", *shown, ratio, "≤ 0.06", ratio <= 0.06)


def first_token(model: LlamaCppModel, prompt: Prompt, clock: Callable[[], float]) -> float:
    """Return the seconds from a question to the first text of its answer; the answer is stopped there."""
    start = clock()
    stream = model.stream(prompt)
    next(item for item in stream if isinstance(item, str))
    elapsed = clock() - start
    stream.close()
    return elapsed


class Recited:
    """A chat model that costs nothing: its answers are sentences of the passages, in pieces of four characters.

    Args:
        cited: whether each sentence ends with its mark.
        leaving_out: each how many-th word is left out, so that words differ and meaning is compared; 0 for none.

    Attributes:
        pieces: of the last answer.
    """

    name = "recited"
    is_language_model = True
    reads_evidence = False
    may_refuse = False
    context_window = 8192

    def __init__(self, *, cited: bool, leaving_out: int) -> None:
        self._cited, self._leaving_out = cited, leaving_out
        self.pieces: list[bytes] = []

    def count_tokens(self, text: str) -> int:
        """Return a count as French has it: four characters a token."""
        return len(text) // 4

    def stream(self, prompt: Prompt) -> Stream[str | Working]:
        """Yield the longest sentences of the three best passages."""
        best = sorted(enumerate(prompt.shown, 1), key=lambda numbered: -numbered[1].score)[:3]
        answer = " ".join(self._sentence(number, hit.passage.text) for number, hit in best)
        self.pieces = [piece.encode() for piece in re.findall(r"(?s).{1,4}", answer)]
        return Stream(lambda _: shown(self.pieces, AnswerText()))

    def prepare(self, prompt: Prompt) -> Iterator[Working]:
        """Yield that all is read."""
        yield Working("reading", done=float(bool(prompt.shown)))

    def close(self) -> None:
        """Nothing is held."""

    def _sentence(self, number: int, passage: str) -> str:
        start, end = max(split_sentences(passage, "fr"), key=lambda span: span[1] - span[0])
        words = passage[start:end].split()
        if self._leaving_out:
            words = [word for place, word in enumerate(words) if not place or (place + 1) % self._leaving_out]
        return " ".join(words) + (f" [{number}]" if self._cited else "")


def overhead(folder: Path, clock: Callable[[], float]) -> Iterator[Figure]:
    """Yield what our own code takes for each token, without llama.cpp: everything from the model to the page.

    That is the text filter, the stream, the events, the scanners of marks and sentences, the citations and the check
    of each sentence, reader included, on the bundled article. A first answer loads what is loaded once; after it no
    sentence is checked that was checked before.
    """
    settings = load_settings()
    library, reader = Library(folder / "library", open_embedder(settings)), open_reader(settings)
    for _ in add_files(lambda: library, [Path("indexes/example/coalition.md")]):
        pass
    kinds = {
        "sentences quoted and cited": Recited(cited=True, leaving_out=0),
        "every fifth word left out": Recited(cited=True, leaving_out=5),
        "every third word left out": Recited(cited=True, leaving_out=3),
        "quoted without marks": Recited(cited=False, leaving_out=0),
        "every third left out, no marks": Recited(cited=False, leaving_out=3),
    }
    taken(library, reader, Recited(cited=True, leaving_out=2), clock)
    for kind, model in kinds.items():
        each = min(taken(library, reader, model, clock) for _ in range(3))
        yield Figure(f"our code for each token, {kind}", f"{each:.3f} ms", "", each, "≤ 0.3 ms", each <= 0.3)
    library.close()


def taken(library: Library, reader: Reader, model: Recited, clock: Callable[[], float]) -> float:
    """Return the milliseconds a token takes from the model on, over one answer to each example question."""
    seconds, tokens = 0.0, 0
    take_apart.cache_clear()
    for question in EXAMPLE_QUESTIONS["fr"]:
        began = 0.0
        for event in Assistant(library, reader, model).answer(question):
            began = began or clock()  # the search is done, and the model is about to be asked
            if isinstance(event, Finished) and model.pieces:
                seconds += clock() - began
                tokens += len(model.pieces)
        model.pieces = []
    return seconds / max(tokens, 1) * 1000


def memory(path: Path, threads: int) -> Figure:
    """Return the memory this process holds above the model file and the KV cache, after an answer."""
    base = resident()
    head = read_gguf(path)
    model = LlamaCppModel(path, context_window=WINDOW, options=EngineOptions(threads=threads))
    for _ in model.stream(prompt_of(model, 700)):
        pass
    above = resident() - head.file_bytes - head.kv_bytes_per_token * WINDOW
    model.close()
    shown = f"{above / 1e6:.0f} MB", f"{base / 1e6:.0f} MB before loading"
    return Figure("memory above model file and KV cache", *shown, above / 1e6, "≤ 250 MB", above <= 250e6)


def turns(path: Path, count: int) -> Figure:
    """Return how the memory grows with a conversation; the model is tiny, so that a leak is a large part of it."""
    model = LlamaCppModel(path, context_window=2048, options=EngineOptions(threads=1))
    after: dict[int, int] = {}
    for turn in range(1, count + 1):
        for _ in model.stream(prompt_of(model, 300, f"Question {turn} ?")):
            pass
        if turn in {20, count}:
            gc.collect()
            after[turn] = resident()
    model.close()
    ratio = after[count] / after[20]
    shown = f"{after[count] / 1e6:.1f} MB", f"{after[20] / 1e6:.1f} MB after 20"
    return Figure(f"memory after {count} turns", *shown, ratio, "≤ 1.02", ratio <= 1.02)


def alone(measure: Callable[..., Result], *arguments: object) -> Result:
    """Run something in a process of its own: what this one has loaded or freed would count in its memory."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        return other.submit(measure, *arguments).result()


def write_model(path: Path, *, real_size: bool) -> Path:
    """Write a model of random weights: tiny, or with the shape and vocabulary of Qwen3-0.6B; return its path."""
    from tests.support.gguf_writer import QWEN3_06B, TINY, write_gguf

    if real_size:
        return write_gguf(path, VOCABULARY, shape=QWEN3_06B, weights="Q4_0", tokens=3000)
    return write_gguf(path, TEXT, shape=TINY)


def weights(named: str) -> Path:
    """Return the file of an installed model, or the one that was named."""
    found = resolve_llm(load_settings().models, named)
    assert found is not None
    return found.path


def resident() -> int:
    """Return the memory of this process, in bytes."""
    return int(psutil.Process().memory_info().rss)


# ── Which options ───────────────────────────────────────────────────────────────────────────────────────────────


def options_table(path: Path, threads: int, clock: Callable[[], float], rounds: int) -> Iterator[str]:
    """Yield a table of batch size, flash attention, KV type and threads: tokens/s of reading 512 and of writing."""
    head = read_gguf(path)
    choices = [EngineOptions(batch=batch) for batch in (32, 64, 128, 256, 512)]
    choices += [EngineOptions(flash_attention=flash) for flash in (False, True)]
    choices += [EngineOptions(kv_type="q8_0", flash_attention=True)]
    choices += [
        EngineOptions(threads=count) for count in sorted({1, physical_cores(), os.cpu_count() or 1} - {threads})
    ]
    yield "| batch | flash attention | KV cache | threads | prompt tokens/s | decoding tokens/s |"
    yield "|---|---|---|---|---|---|"
    for choice in choices:
        used = EngineOptions(
            WINDOW, choice.threads or threads, 0, choice.batch or 128, choice.flash_attention, choice.kv_type
        )
        reading, writing = measure(path, head, used, clock, rounds)
        flash = {None: "llama.cpp's choice", True: "on", False: "off"}[used.flash_attention]
        yield f"| {used.batch} | {flash} | {used.kv_type} | {used.threads} | {reading:.1f} | {writing:.1f} |"


def measure(
    path: Path, head: GgufHead, options: EngineOptions, clock: Callable[[], float], rounds: int
) -> tuple[float, float]:
    """Return the best speed of reading 512 tokens and of writing after them, in tokens/s."""
    engine, stop = Engine(path, head, options), StopFlag()
    tokens = (engine.vocabulary.tokenize(TEXT, trusted=False) * 40)[:512]
    reading = writing = 0.0
    for _ in range(rounds):
        engine.forget()
        start = clock()
        for _ in engine.read(tokens, stop):
            pass
        middle = clock()
        count = sum(1 for _ in engine.write(GREEDY, 1, ANSWER, stop))
        reading, writing = max(reading, len(tokens) / (middle - start)), max(writing, count / (clock() - middle))
    engine.close()
    return reading, writing


def main() -> None:
    """Measure what was asked for and print it as tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=0, help="0: the physical cores")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--long", action="store_true", help="also prompts of 3,000 tokens")
    parser.add_argument("--options", action="store_true", help="only the table of options")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="which figures")
    parser.add_argument("--model", help="an installed model, or a GGUF file, to use instead of a written one")
    parser.add_argument("--output", type=Path, help="also write the table here")
    given = parser.parse_args()
    threads = given.threads or physical_cores()
    clock = time.perf_counter if given.clock == "wall" else time.process_time
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        path = weights(given.model) if given.model else alone(partial(write_model, real_size=True), folder / "m.gguf")
        lines = [f"{threads} threads, {given.clock} clock, {path.stat().st_size / 1e6:.0f} MB, {bindings_name()}", ""]
        if given.options:
            table = options_table(path, threads, clock, given.rounds)
        else:
            sizes = [700, 3000] if given.long else [700]
            table = figures_table(path, threads, clock, given.rounds, sizes=sizes, folder=folder, only=given.only)
        for line in table:
            print(line, flush=True)
            lines.append(line)
    if given.output:
        given.output.write_text("\n".join(lines) + "\n", encoding="utf-8")


def figures_table(
    path: Path,
    threads: int,
    clock: Callable[[], float],
    rounds: int,
    *,
    sizes: list[int],
    folder: Path,
    only: Sequence[str],
) -> Iterator[str]:
    """Yield the table of figures, a line as soon as it is measured."""
    yield "| figure | ours | reference | ratio | goal | reached |"
    yield "|---|---|---|---|---|---|"

    def figures() -> Iterator[Figure]:
        if "memory" in only:
            yield alone(memory, path, threads)
        if "overhead" in only:
            yield from overhead(folder, clock)
        if "turns" in only:
            yield alone(turns, alone(partial(write_model, real_size=False), folder / "tiny.gguf"), 500)
        if "first" in only and read_gguf(path).template:
            for size in sizes:
                yield from first_tokens(path, threads, clock, size, folder / "states")
        if "speed" in only:
            yield from speeds(path, threads, clock, sizes, rounds)

    for figure in figures():
        reached = "yes" if figure.reached else "no"
        ratio = f"{figure.ratio:.3f}"
        yield f"| {figure.name} | {figure.value} | {figure.reference} | {ratio} | {figure.goal} | {reached} |"


def bindings_name() -> str:
    """Return which llama.cpp was measured, and on what."""
    import llama_cpp

    return f"llama-cpp-python {llama_cpp.__version__}, {os.cpu_count()} logical cores"


if __name__ == "__main__":
    main()
