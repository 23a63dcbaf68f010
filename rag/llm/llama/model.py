"""Answers with a language model on this machine: llama.cpp in this process, one model, one question at a time.

What a model has read stays in its memory, so the next question on the same passages costs only itself; what it has
read of a whole article is kept on disk too (:mod:`rag.llm.llama.saved_states`), so that the first question after a
start does not read it again. A prompt is read message by message and never from the middle of a batch, so an answer
does not depend on what happened to be in the memory: the same prompt and seed give the same tokens, warm, cold or
restored.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from typing import Any

from rag.errors import ContextTooSmall, ModelError
from rag.events import Working
from rag.llm.evidence_prompt import OPENS, REFUSAL_MARK
from rag.llm.llama.bindings import bindings
from rag.llm.llama.chat_template import NOT_THINKING, ChatTemplate
from rag.llm.llama.engine import Engine
from rag.llm.llama.gguf import REMEDY, read_gguf, refuse_parts
from rag.llm.llama.memory import refuse_too_large
from rag.llm.llama.opinion import Opinion, choice
from rag.llm.llama.options import EngineOptions
from rag.llm.llama.prefix import PromptTokens, ReadPrompt
from rag.llm.llama.queue import FairQueue, Ticket
from rag.llm.llama.saved_states import StateFolder, fingerprint, state_key
from rag.llm.sampling import Sampling
from rag.llm.stopping import StopFlag, Stream
from rag.llm.visible_text import AnswerText, Counted, shown
from rag.values import Prompt

LEAST_ANSWER_TOKENS = 16
LINE_END = ("\n",)  # what ends an answer that goes on from a text


class LlamaCppModel:
    """A GGUF file, run by llama.cpp. Opening is quick; the model is loaded when it is first needed.

    Args:
        path: the GGUF file.
        context_window: tokens to reserve memory for; never more than the model was trained for.
        threads: 0 for the physical cores.
        gpu_layers: layers on the GPU where the build has one; -1 for all.
        seed: of the sampling; the same seed gives the same answer to the same prompt.
        state_folder: where to keep what was read of whole articles; None keeps nothing on disk.
        state_megabytes: the most that folder may take.
        sampling: how the next token is chosen.
        variables: for the chat template, on top of those that turn thinking off.
        name: what the reader sees; the model's own name when empty.
        adapter: what training added to the model (LoRA, GGUF); None for none.
        reads_evidence: whether it is too small to be given passages. A model without a chat template goes on from a
            text and is given evidence in any case; its answer ends with the line.

    Raises:
        ModelError: the file is missing, is not a GGUF file, or ends too early.
    """

    is_language_model = True

    def __init__(
        self,
        path: Path,
        *,
        context_window: int = 8192,
        threads: int = 0,
        gpu_layers: int = -1,
        seed: int = 1,
        state_folder: Path | None = None,
        state_megabytes: int = 2048,
        sampling: Sampling | None = None,
        variables: Mapping[str, Any] | None = None,
        name: str = "",
        adapter: Path | None = None,
        reads_evidence: bool = False,
        options: EngineOptions | None = None,
    ) -> None:
        self._head = read_gguf(path)
        refuse_parts(self._head, path)
        if not self._head.whole:
            raise ModelError(f"The model file {path.name} is truncated: its last weights are missing.", REMEDY)
        self._path, self._adapter = path, adapter
        self.reads_evidence = reads_evidence or not self._head.template
        self.may_refuse = adapter is not None  # ours were trained to
        self.name = name or self._head.name or path.stem
        self.context_window = min(context_window, self._head.context_length or context_window)
        base = options or EngineOptions(threads=threads, gpu_layers=gpu_layers)
        self._options = replace(base, context_window=self.context_window)
        self._seed = seed
        self._sampling = sampling or Sampling()
        self._variables = {**NOT_THINKING, **(variables or {})}
        self._states = StateFolder(state_folder, state_megabytes) if state_folder and state_megabytes else None
        self._queue = FairQueue()
        self._loading = Lock()
        self._closing = False
        self._loaded: _Loaded | None = None

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens ``text`` takes, as content of a message."""
        return len(self.engine.vocabulary.tokenize(text, trusted=False))

    def reading(self, prompt: Prompt) -> PromptTokens:
        """Return the prompt in the model's tokens, as the chat template has it."""
        return self._open().reading(prompt)

    @property
    def engine(self) -> Engine:
        """What runs the model, loaded if it was not. It is for measuring: questions go through :meth:`stream`."""
        return self._open().engine

    def stream(self, prompt: Prompt) -> Stream[str | Working]:
        """Yield the answer in pieces of text, and :class:`Working` before the first. Closing it stops the model.

        Raises:
            ModelError: the model cannot be loaded, or fails.
            ContextTooSmall: the prompt leaves no room for an answer.
        """
        return Stream(lambda stop: self._answer(prompt, stop))

    def prepare(self, prompt: Prompt) -> Stream[Working]:
        """Read instructions and passages ahead of the question, and keep what was read; yield how far it is.

        Raises:
            ModelError: the model cannot be loaded, or fails.
        """
        return Stream(lambda stop: self._prepare(prompt, stop))

    def close(self) -> None:
        """Free the model's memory, now or when the last answer under way ends. It loads again when next needed."""
        self._closing = True
        self._free_if_idle()

    # ── One question ────────────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, prompt: Prompt, stop: StopFlag) -> Iterator[str | Working]:
        with self._turn() as ticket:
            yield from self._wait(ticket, stop)
            if stop:
                return
            loaded = self._open()
            reading = loaded.reading(prompt)
            room = min(prompt.answer_tokens, self.context_window - len(reading.tokens))
            if room < LEAST_ANSWER_TOKENS:
                raise ContextTooSmall(
                    f"The prompt takes {len(reading.tokens)} of the model's {self.context_window} tokens and leaves no"
                    " room for an answer.",
                    "ask a shorter question, or set RAG_CONTEXT_WINDOW to more tokens",
                )
            reused = yield from self._read(loaded, reading, stop, keep=prompt.whole_article)
            if not stop:
                write = self._write if loaded.template else self._go_on
                yield from write(loaded.engine, prompt, ReadPrompt(reading, reused, room), stop)

    def _write(self, engine: Engine, _: Prompt, read: ReadPrompt, stop: StopFlag) -> Iterator[str | Working]:
        """Write the next message of a conversation."""
        pieces = Counted(engine.write(self._sampling, self._seed, read.room, stop))
        text = AnswerText(thinking=read.reading.thinking)
        yield from shown(pieces, text)
        yield Working(
            "written", tokens=read.and_written(pieces.count), cut=read.is_cut(pieces.count, stopped=text.stopped)
        )

    def _go_on(self, engine: Engine, prompt: Prompt, read: ReadPrompt, stop: StopFlag) -> Iterator[str | Working]:
        """Go on from a text, unless no evidence answers, which was asked ahead of it."""
        pieces = len(prompt.shown)
        chosen = choice(engine, pieces)
        if chosen.odds > prompt.refused_above:
            yield REFUSAL_MARK
            yield Working("written", tokens=read.and_written(1), marks=chosen.marks, refusal=chosen.odds)
            return
        for _ in engine.read(read.reading.tokens[len(engine.tokens) :], stop):
            pass  # of a memory that could not take back what was ahead
        opinion = Opinion(engine, pieces)
        written = Counted(engine.write(self._sampling, self._seed, read.room, stop, opinion.add) if not stop else ())
        text = AnswerText(stop=LINE_END)
        yield from shown(written, text)
        yield Working(
            "written",
            tokens=read.and_written(written.count),
            cut=read.is_cut(written.count, stopped=text.stopped),
            likelihood=opinion.likelihood,
            marks=opinion.marks or chosen.marks,  # having written it, a model knows better where it is from
            refusal=chosen.odds,
        )

    def _prepare(self, prompt: Prompt, stop: StopFlag) -> Iterator[Working]:
        with self._turn() as ticket:
            yield from self._wait(ticket, stop)
            if not stop:
                loaded = self._open()
                yield from self._read(loaded, loaded.reading(prompt).shared(), stop, keep=prompt.whole_article)

    @contextmanager
    def _turn(self) -> Iterator[Ticket]:
        try:
            with self._queue.enter() as ticket:
                yield ticket
        finally:
            self._free_if_idle()

    def _free_if_idle(self) -> None:
        with self._loading:
            if self._closing and self._loaded is not None and self._queue.is_empty():
                self._loaded.engine.close()
                self._loaded = None

    def _wait(self, ticket: Ticket, stop: StopFlag) -> Iterator[Working]:
        for ahead in ticket.turns():
            if stop:
                return
            yield Working("queued", position=ahead)
        if self._loaded is None and not stop:
            yield Working("loading")

    def _read(
        self, loaded: _Loaded, reading: PromptTokens, stop: StopFlag, *, keep: bool
    ) -> Generator[Working, None, int]:
        """Bring the memory to the prompt, reading as few tokens as possible; return how many it held already.

        With ``keep``, save the shared part.
        """
        engine, tokens, shared = loaded.engine, reading.tokens, reading.ends[0]
        known = engine.keep(reading.resume_at(engine.tokens[: engine.settled], engine.batch))
        key = loaded.state_key(tokens[:shared])
        if known < shared and self._states is not None and self._states.restore(engine, key, tokens[:shared]):
            known = shared
        for end in reading.ends:
            begin = len(engine.tokens)
            ahead = reading.ahead if end == len(tokens) else ()
            for done in engine.read(tokens[begin:end], stop, ahead):
                yield Working("reading", done=(begin + done - known) / (len(tokens) - known))
            if stop:
                return known
            if keep and self._states is not None and len(engine.tokens) == shared and not self._states.holds(key):
                self._states.save(engine, key)
        return known

    # ── Loading ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _open(self) -> _Loaded:
        with self._loading:
            self._closing = False
            if self._loaded is None:
                if not (self._options.gpu_layers and bindings().llama_supports_gpu_offload()):
                    refuse_too_large(self._head, self.context_window, self.name)
                engine = Engine(self._path, self._head, self._options, self._adapter)
                try:
                    template = self._chat_template(engine)
                except ModelError:
                    engine.close()
                    raise
                files = [fingerprint(path) for path in (self._path, self._adapter) if path]
                identity = state_key(*files, engine.build(), f"{engine.options} {engine.batch}")
                self._loaded = _Loaded(engine, template, identity)
            return self._loaded

    def _chat_template(self, engine: Engine) -> ChatTemplate | None:
        if not self._head.template:
            return None
        bos, eos = engine.vocabulary.control_text("bos"), engine.vocabulary.control_text("eos")
        return ChatTemplate(self._head.template, bos=bos, eos=eos, variables=self._variables)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A model in memory, its chat template, and what its states are known by."""

    engine: Engine
    template: ChatTemplate | None
    identity: bytes

    def reading(self, prompt: Prompt) -> PromptTokens:
        if self.template is None:
            vocabulary = self.engine.vocabulary
            tokens = vocabulary.first + vocabulary.tokenize(prompt.continued, trusted=False)
            ahead = tuple(vocabulary.tokenize(OPENS, trusted=False))
            return PromptTokens(tokens, (0, len(tokens)), thinking=False, ahead=ahead)
        rendered, vocabulary = self.template.render(prompt.messages()), self.engine.vocabulary
        tokens = []
        ends: list[int] = []
        for index, piece in enumerate(rendered.pieces, 1):
            tokens += vocabulary.tokenize(piece.text, trusted=piece.trusted)
            if index == 1 and tokens[:1] != vocabulary.first:
                tokens = vocabulary.first + tokens
            if not piece.trusted and index >= rendered.stable:
                ends.append(len(tokens))
        shared = ends[:1] if rendered.stable else [0]
        # The question and what the template puts after it are read in one go.
        return PromptTokens(tokens, (*shared, *ends[len(shared) : -1], len(tokens)), rendered.thinking)

    def state_key(self, tokens: list[int]) -> bytes:
        return state_key(self.identity, tokens)
