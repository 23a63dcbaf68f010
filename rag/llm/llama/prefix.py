"""Where a model may go on reading a prompt of which it knows the beginning; pure."""

from __future__ import annotations

from dataclasses import dataclass

from rag.values import Tokens


@dataclass(frozen=True, slots=True)
class PromptTokens:
    """A prompt in the model's tokens.

    Attributes:
        tokens: the whole prompt.
        ends: where it may be cut, in tokens: the end of the part that questions share (0 if there is none), of each
            message of the history, and of the prompt.
        thinking: whether the template leaves a block of thought open.
        ahead: what is read ahead of the end, to be asked what would follow on it.
    """

    tokens: list[int]
    ends: tuple[int, ...]
    thinking: bool
    ahead: tuple[int, ...] = ()

    def shared(self) -> PromptTokens:
        """Return the part that other questions about the same passages share."""
        return PromptTokens(self.tokens[: self.ends[0]], self.ends[:1], thinking=False)

    def resume_at(self, known: list[int], batch: int) -> int:
        """Return how many tokens of ``known`` to go on from.

        It is where a batch would end if the whole prompt were read: at an end, or whole batches after one. The last
        token of the prompt is always read anew, for what comes after it.
        """
        most = len(self.tokens) - (len(self.ends) > 1)
        pairs = zip(known, self.tokens, strict=False)
        common = next((index for index, (one, other) in enumerate(pairs) if one != other), len(known))
        common = min(common, most)
        end = max((end for end in self.ends if end <= common), default=0)
        return end + (common - end) // batch * batch


@dataclass(frozen=True, slots=True)
class ReadPrompt:
    """A prompt that was read.

    Attributes:
        reading: the prompt.
        reused: tokens of it that the memory held already.
        room: the most tokens an answer may take.
    """

    reading: PromptTokens
    reused: int
    room: int

    def and_written(self, count: int) -> Tokens:
        """Return what was read, and that so many tokens were written."""
        return Tokens(len(self.reading.tokens), self.reused, count)

    def is_cut(self, count: int, *, stopped: bool) -> bool:
        """Return whether an answer of so many tokens, which did not stop by itself, took all the room it had."""
        return count >= self.room and not stopped
