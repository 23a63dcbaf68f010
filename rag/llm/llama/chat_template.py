"""Renders a GGUF's own chat template without letting any content write the template's control tokens.

The template is rendered with stand-ins in place of the messages' contents, and split at the stand-ins afterwards. What
remains of the template is trusted, and its ``<|im_start|>`` and the like become control tokens; the contents, which
come from documents, readers and earlier answers, are tokenised as plain text whatever they spell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rag.errors import ModelError
from rag.llm.control_marks import leaves_thought_open

NOT_THINKING = {"enable_thinking": False, "thinking": False}
"""Variables by which the known templates leave a model's thinking out."""

# Private-use characters: no template holds them, and contents are never searched for them.
_STAND_IN = "\ue0f0{}\ue0f1"
_STAND_INS = re.compile("\ue0f0(\\d+)\ue0f1")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a rendered prompt. Only ``trusted`` ones may hold control tokens."""

    text: str
    trusted: bool


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered prompt.

    Attributes:
        pieces: in order; their texts, joined, are the whole prompt.
        stable: number of pieces up to the end of the system text: the part that questions share; 0 if the template
            puts something else before the system text.
        thinking: whether the template leaves a block of thought open for the model to go on with.
    """

    pieces: tuple[Piece, ...]
    stable: int
    thinking: bool

    @property
    def text(self) -> str:
        """The whole prompt."""
        return "".join(piece.text for piece in self.pieces)


class ChatTemplate:
    """A chat template, ready to render.

    Args:
        source: the template, in Jinja.
        bos: text of the token that begins a sequence; empty if the vocabulary has none.
        eos: text of the token that ends a turn.
        variables: what the template is given besides the messages, such as ``enable_thinking``.
    """

    def __init__(self, source: str, *, bos: str, eos: str, variables: Mapping[str, Any]) -> None:
        from jinja2 import TemplateError
        from llama_cpp.llama_chat_format import Jinja2ChatFormatter

        self._errors = (TemplateError, ValueError, TypeError)
        self._variables = dict(variables)
        if not source:
            raise ModelError(
                "The model has no chat template: it completes text and does not answer questions.",
                "rag models list, and choose an instruct model",
            )
        try:
            self._format = Jinja2ChatFormatter(template=source, bos_token=bos, eos_token=eos)
        except TemplateError as error:
            raise ModelError(
                f"The model's chat template cannot be read: {error}.", "rag models list, and choose another"
            ) from None

    def render(self, messages: Sequence[Mapping[str, str]]) -> Rendered:
        """Render chat messages, the system message first.

        Where the template knows no system message, its text is put before the first question.

        Raises:
            ModelError: the template loses one of the contents, or refuses the conversation.
        """
        contents = [message["content"].strip() for message in messages]
        stood_in = [{**message, "content": _STAND_IN.format(i)} for i, message in enumerate(messages)]
        try:
            rendered = self._render(stood_in)
        except self._errors:
            rendered = ""
        if not _complete(rendered, len(contents)):
            rendered = self._render_without_system(stood_in)
        return _split(rendered, contents)

    def _render_without_system(self, messages: list[dict[str, str]]) -> str:
        system, first, *others = messages
        merged = {**first, "content": f"{system['content']}\n\n{first['content']}"}
        try:
            rendered = self._render([merged, *others])
        except self._errors as error:
            raise ModelError(
                f"The model's chat template refuses the conversation: {error}.", "rag models list"
            ) from None
        if not _complete(rendered, len(messages)):
            raise ModelError("The model's chat template loses a part of the conversation.", "rag models list")
        return rendered

    def _render(self, messages: list[dict[str, str]]) -> str:
        return str(self._format(messages=messages, **self._variables).prompt)


def _complete(rendered: str, contents: int) -> bool:
    """Return whether each content stands in the rendered prompt once, in order."""
    return [int(number) for number in _STAND_INS.findall(rendered)] == list(range(contents))


def _split(rendered: str, contents: Sequence[str]) -> Rendered:
    pieces: list[Piece] = []
    stable = 0
    for index, part in enumerate(_STAND_INS.split(rendered)):
        if index % 2:
            pieces.append(Piece(contents[int(part)], trusted=False))
            stable = stable or len(pieces)
        elif part:
            pieces.append(Piece(part, trusted=True))
    opening = pieces[-1].text if pieces[-1].trusted else ""
    return Rendered(tuple(pieces), stable, leaves_thought_open(opening))
