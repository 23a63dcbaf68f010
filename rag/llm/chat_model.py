"""What a chat model is to the rest of the program: it counts tokens, streams an answer, and reads ahead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from rag.events import Working
from rag.llm.stopping import Stream
from rag.values import Prompt


class ChatModel(Protocol):
    """What answers a prompt.

    Attributes:
        name: what the reader sees.
        is_language_model: False for what only quotes: it need not read an article, nor be checked for its own words.
        reads_evidence: whether it is too small to find what answers, and is given the sentences that do.
        may_refuse: whether it was taught to tell evidence that answers from evidence that does not.
        context_window: tokens the model can hold, prompt and answer together.
    """

    name: str
    is_language_model: bool
    reads_evidence: bool
    may_refuse: bool
    context_window: int

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens ``text`` takes, as content of a message."""
        ...

    def stream(self, prompt: Prompt) -> Stream[str | Working]:
        """Yield the answer in pieces of text, and :class:`Working` before the first. Closing it stops the model.

        After ``stop()`` it ends as soon as it can, and may still yield what is known then.
        """
        ...

    def prepare(self, prompt: Prompt) -> Iterator[Working]:
        """Read the part of the prompt that other questions share, ahead of them, and keep what was read."""
        ...

    def close(self) -> None:
        """Free the model's memory."""
        ...
