"""Which of the models that a server offers can chat; pure."""

from __future__ import annotations

import re
from typing import Any

_OTHER_WORK = re.compile(r"embed|rerank|whisper|transcribe|tts|speech|moderation|guard|image|diffusion", re.IGNORECASE)
"""What models that do not chat are called after; asked only where the server does not say what a model does."""


def chat_models(answer: object) -> tuple[str, ...]:
    """Return the names of the models that can chat, in the server's order; a pattern of names is none of them.

    Args:
        answer: of ``GET /models``: a list of models, or an object that holds one as ``data`` or ``models``.
    """
    if isinstance(answer, dict):
        answer = answer.get("data") or answer.get("models")
    models = [one for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []
    named = [(_name(one), one) for one in models]
    return tuple(name for name, one in named if name and "*" not in name and _chats(name, one))


def _name(model: dict[str, Any]) -> str:
    return str(model.get("id") or model.get("name") or model.get("model") or "")


def _chats(name: str, model: dict[str, Any]) -> bool:
    """Return whether a model chats: as the server says, by one of the words servers say it with, else by its name."""
    abilities = model.get("capabilities")
    if isinstance(abilities, dict) and isinstance(abilities.get("completion_chat"), bool):
        return bool(abilities["completion_chat"])
    if isinstance(abilities, list) and abilities:
        return bool({"completion", "chat"} & set(map(str, abilities)))
    kind = str(model.get("type") or model.get("task") or "").lower()
    if kind and kind != "model":
        return any(word in kind for word in ("chat", "llm", "vlm", "language", "generat"))
    return not _OTHER_WORK.search(name)
