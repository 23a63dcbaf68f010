"""A model's own tokens: text into them, and them into bytes."""

from __future__ import annotations

import ctypes

from rag.llm.llama.bindings import Native


class Vocabulary:
    """The vocabulary of a loaded model. Threads may share it.

    Args:
        api: the bindings.
        pointer: llama.cpp's own vocabulary, which lives as long as its model.

    Attributes:
        size: number of tokens.
        first: the token every sequence must begin with, alone in a list; empty where the vocabulary asks for none.
    """

    def __init__(self, api: Native, pointer: Native) -> None:
        self._api = api
        self._pointer = pointer
        self._pieces: dict[int, bytes] = {}
        self.size = int(api.llama_vocab_n_tokens(pointer))
        self.first: list[int] = [api.llama_vocab_bos(pointer)] if api.llama_vocab_get_add_bos(pointer) else []

    def tokenize(self, text: str, *, trusted: bool) -> list[int]:
        """Return the tokens of ``text``; control tokens are recognised in it only where it is ``trusted``."""
        data = text.encode("utf-8", "replace")
        room = len(data) + 8
        tokens = (self._api.llama_token * room)()
        count = self._api.llama_tokenize(self._pointer, data, len(data), tokens, room, False, trusted)  # noqa: FBT003
        return list(tokens[:count])

    def piece(self, token: int) -> bytes:
        """Return the bytes a token adds to the text; none for a control token."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self.spell(token, special=False) or self._thought_mark(token)
        return known

    def spell(self, token: int, *, special: bool) -> bytes:
        """Return the bytes of a token; of a control token only where ``special``."""
        room = 64
        while True:
            buffer = ctypes.create_string_buffer(room)
            length = self._api.llama_token_to_piece(self._pointer, token, buffer, room, 0, special)
            if length >= 0:
                return buffer.raw[:length]
            room = -length

    def ends_turn(self, token: int) -> bool:
        """Return whether the model ends its turn with this token."""
        return bool(self._api.llama_vocab_is_eog(self._pointer, token))

    def control_text(self, which: str) -> str:
        """Return the text of the vocabulary's ``bos`` or ``eos`` token; empty if it has none."""
        token = getattr(self._api, f"llama_vocab_{which}")(self._pointer)
        return self.spell(token, special=True).decode("utf-8", "replace") if token >= 0 else ""

    def _thought_mark(self, token: int) -> bytes:
        """Return the text of a control token that opens or closes a block of thought, which has to be seen."""
        spelled = self.spell(token, special=True)
        return spelled if b"think" in spelled.lower() or b"channel" in spelled.lower() else b""
