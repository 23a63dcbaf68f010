"""Every path, model name and number a person may set, in one frozen object.

Each field can be set by an environment variable with the prefix ``RAG_`` (``RAG_MODEL``, ``RAG_INDEXES`` …), several by
a command-line option of the same name too. Unknown names are refused.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

PREFIX = "RAG_"

Folder = Annotated[Path, AfterValidator(Path.expanduser)]
_KINDS_OF_FAULT = {
    "int_parsing": "it must be a whole number",
    "int_from_float": "it must be a whole number",
    "greater_than_equal": "it must be {ge} at least",
    "string_pattern_mismatch": "it must be fr or en",
}
"""What pydantic calls it → what a person is told; anything else is told in its words."""


def home() -> Path:
    """Return the folder that holds indexes, models and conversations unless they are set one by one.

    In a checkout it is the checkout itself; when the package is installed elsewhere, ``~/ask-the-article``.
    """
    checkout = Path(__file__).resolve().parent.parent
    return checkout if (checkout / "pyproject.toml").is_file() else Path.home() / "ask-the-article"


class Settings(BaseSettings):
    """The settings in force. Build it with :func:`load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    indexes: Folder = Field(default_factory=lambda: home() / "indexes", description="folder of the libraries")
    models: Folder = Field(default_factory=lambda: home() / "models", description="folder of installed models")
    conversations: Folder = Field(
        default_factory=lambda: home() / "conversations", description="folder of kept conversations"
    )
    model: str = Field("", description="GGUF file, or the name of an installed model; empty: what is installed")
    server: str = Field("", description="OpenAI-compatible endpoint to answer instead of llama.cpp")
    server_key: SecretStr = Field(SecretStr(""), description="key that endpoint wants; sent to it alone, never shown")
    auth: SecretStr = Field(SecretStr(""), description="NAME:PASSWORD that readers of the page must give; never shown")
    language: str = Field(
        "", pattern=r"^(?i:fr|en|$)", description="language of the terminal, fr or en; empty: the system's"
    )
    embedder: Folder | None = Field(
        None, description="folder of a sentence-transformers model; empty: the standard one"
    )
    context_window: int = Field(8192, ge=512, description="tokens llama.cpp reserves memory for")
    answer_tokens: int = Field(512, ge=16, description="longest answer, in tokens of the model")
    threads: int = Field(0, ge=0, description="threads of llama.cpp; 0: the physical cores")
    gpu_layers: int = Field(-1, ge=-1, description="layers on the GPU where the build has one; -1: all that fit")
    seed: int = Field(1, ge=1, description="seed of the model's sampling")
    passages: int = Field(8, ge=1, description="passages given to the model when the article does not fit whole")
    state_megabytes: int = Field(2048, ge=0, description="disk space for the models' saved states; 0: keep none")


def load_settings(**overrides: Any) -> Settings:  # noqa: ANN401  # each field has a type of its own
    """Return the settings from the environment, with ``overrides`` that are not None on top.

    Raises:
        SettingsError: an environment variable with our prefix is unknown, or a value is not usable.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in os.environ:
        if name.startswith(PREFIX) and name not in known:
            raise SettingsError(f"The environment variable {name} is not a setting of this program.", f"unset {name}")
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0])
        reason = _KINDS_OF_FAULT.get(first["type"], first["msg"].lower()).format(**first.get("ctx", {}))
        raise SettingsError(
            f"The setting {field} cannot be {first.get('input')!r}: {reason}.",
            f"set {PREFIX}{field.upper()} to a usable value, or unset it",
        ) from None
