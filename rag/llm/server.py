"""Answers through a server a person names: Ollama, llama-server, vLLM, or any other OpenAI-compatible endpoint.

For those who outgrow the laptop, or have a server on their network already. The offline guard lets through exactly that
host, only while a question is being answered; proxies of the environment are not used.
"""

from __future__ import annotations

import json
import queue
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from rag.errors import ContextTooSmall, ModelError, SettingsError
from rag.events import Working
from rag.language.characters import whole_characters
from rag.llm.sampling import Sampling
from rag.llm.stopping import StopFlag, Stream
from rag.llm.visible_text import AnswerText
from rag.offline import permit
from rag.values import Prompt

if TYPE_CHECKING:
    import httpx

BYTES_PER_TOKEN = 3  # of UTF-8, fewer than any tokenizer in use needs on average for French or English
CONNECT_S = 5.0
SILENCE_S = 600.0  # a slow machine reads a long prompt in minutes, and says nothing meanwhile
PATIENCE_S = 0.25  # how long to wait before the reader is heard from again
_END = object()


class ServerModel:
    """A model behind an OpenAI-compatible endpoint.

    Args:
        url: of the endpoint, such as ``http://127.0.0.1:8080/v1``; ``/v1`` is added to a bare host.
        model: its name on the server; the first one the server offers when empty.
        context_window: tokens the server's model holds; the protocol has no way to ask.
        seed: of the sampling.
        sampling: how the next token is chosen.
        key: sent as a bearer token when not empty, to this endpoint alone; never shown, not even where the server
            repeats it.

    Raises:
        SettingsError: ``url`` is not an HTTP address, or ``key`` holds what no header can.
    """

    is_language_model = True
    reads_evidence = False

    def __init__(
        self,
        url: str,
        *,
        model: str = "",
        context_window: int = 8192,
        seed: int = 1,
        sampling: Sampling | None = None,
        key: str = "",
    ) -> None:
        parts = urlparse(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SettingsError(f"{url!r} is not the address of a server.", "set RAG_SERVER=http://127.0.0.1:8080/v1")
        self._url = url.rstrip("/") + ("" if parts.path.strip("/") else "/v1")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._model = model
        self._seed = seed
        self._sampling = sampling or Sampling()
        self._key = key.strip()
        if not (self._key.isascii() and self._key.isprintable()):
            raise SettingsError("The key of the server holds characters that no key has.", "set RAG_SERVER_KEY anew")
        self.name = f"{model} ({parts.netloc})" if model else parts.netloc
        self.context_window = context_window

    def count_tokens(self, text: str) -> int:
        """Return an estimate from above: the protocol has no way to count, and servers cut what does not fit."""
        return -(-len(text.encode()) // BYTES_PER_TOKEN)

    def stream(self, prompt: Prompt) -> Stream[str | Working]:
        """Yield the answer in pieces of text, and :class:`Working` before the first. Closing it stops the server.

        Raises:
            ModelError: the server cannot be reached, refuses, or breaks off.
            ContextTooSmall: the server says the prompt is too long for its model.
        """
        return Stream(lambda stop: self._answer(prompt, prompt.answer_tokens, stop))

    def prepare(self, prompt: Prompt) -> Stream[Working]:
        """Have the server read the prompt, for its own cache; what it answers is dropped."""
        return Stream(lambda stop: (item for item in self._answer(prompt, 1, stop) if isinstance(item, Working)))

    def close(self) -> None:
        """Nothing is kept open between questions."""

    def _answer(self, prompt: Prompt, limit: int, stop: StopFlag) -> Iterator[str | Working]:
        lines: queue.Queue[object] = queue.Queue()
        text, cut = AnswerText(), False
        yield Working("reading")
        with self._connection() as client:
            thread = threading.Thread(
                target=self._listen, args=(client, self._body(client, prompt, limit), lines), daemon=True
            )
            thread.start()
            while not stop:
                try:
                    line = lines.get(timeout=PATIENCE_S)
                except queue.Empty:
                    yield Working("reading")  # so that closing works while the server says nothing
                    continue
                if line is _END:
                    break
                if isinstance(line, Exception):
                    raise self._explained(line)
                cut = cut or '"finish_reason":"length"' in str(line).replace(" ", "")
                if visible := text.feed(whole_characters(_delta(str(line))).encode()):
                    yield visible
        if not stop and (rest := text.finish()):
            yield rest
        if cut:
            yield Working("written", cut=True)

    def _listen(self, client: httpx.Client, body: dict[str, Any], lines: queue.Queue[object]) -> None:
        """Put what the server sends into ``lines``, then ``_END``; or the exception that ended it."""
        import httpx

        try:
            response = self._post(client, body)
            try:
                for line in response.iter_lines():
                    lines.put(line)
            finally:
                response.close()
            lines.put(_END)
        except (httpx.HTTPError, httpx.StreamError, OSError, ModelError) as error:
            lines.put(error)
        except RuntimeError as error:  # the client was closed meanwhile
            lines.put(ModelError(f"The connection to {self._host} was closed: {error}."))

    def _post(self, client: httpx.Client, body: dict[str, Any]) -> httpx.Response:
        """Ask for a completion; a server that refuses what is not in the standard is asked for the standard."""
        for attempt in (body, {key: value for key, value in body.items() if key in _STANDARD}):
            response = client.send(
                client.build_request("POST", f"{self._url}/chat/completions", json=attempt), stream=True
            )
            if response.status_code == 200:
                return response
            words = self._words(response.read())
            response.close()
            if response.status_code not in {400, 422}:
                break
        if response.status_code in {401, 403}:
            raise self._locked(words)
        if "context" in words.lower() and response.status_code in {400, 413, 422}:
            raise ContextTooSmall(f"{self._host} says: {words}", "set RAG_CONTEXT_WINDOW to what its model holds")
        raise ModelError(f"{self._host} refused to answer (status {response.status_code}): {words}", "rag doctor")

    def _body(self, client: httpx.Client, prompt: Prompt, limit: int) -> dict[str, Any]:
        return {
            "model": self._model or self._first_model(client),
            "messages": prompt.messages(),
            "stream": True,
            "max_tokens": limit,
            "temperature": self._sampling.temperature,
            "top_p": self._sampling.top_p,
            "presence_penalty": self._sampling.presence_penalty,
            "seed": self._seed,
            "top_k": self._sampling.top_k,
            "cache_prompt": True,
            "chat_template_kwargs": {"enable_thinking": False},
        }

    def _first_model(self, client: httpx.Client) -> str:
        import httpx

        try:
            response = client.get(f"{self._url}/models", timeout=CONNECT_S)
            if response.status_code in {401, 403}:
                raise self._locked(self._words(response.content))
            offered = response.json()["data"]
            self._model = str(offered[0]["id"])
        except httpx.HTTPError as error:
            raise self._explained(error) from None
        except (ValueError, KeyError, IndexError, TypeError):
            raise ModelError(
                f"{self._url} does not say which models it has.", "set RAG_MODEL to the name of one"
            ) from None
        return self._model

    def _locked(self, words: str) -> ModelError:
        what = "does not accept the key" if self._key else "wants a key"
        return ModelError(f"{self._host} {what}: {words}", "set RAG_SERVER_KEY to the server's key")

    def _words(self, content: bytes) -> str:
        """Return what a server said in refusing, on one line, without the key."""
        said = _words(content)
        return said.replace(self._key, "…") if self._key else said

    @contextmanager
    def _connection(self) -> Iterator[httpx.Client]:
        """Open the door to this host and its addresses, and lend a client, while the block runs."""
        import httpx

        timeout = httpx.Timeout(SILENCE_S, connect=CONNECT_S)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            with permit(self._host):
                addresses = {str(found[4][0]) for found in socket.getaddrinfo(self._host, self._port)}
        except OSError as error:
            raise self._explained(error) from None
        with (
            permit(self._host, *addresses),
            httpx.Client(timeout=timeout, headers=headers, trust_env=False) as client,
        ):
            yield client

    def _explained(self, error: Exception) -> ModelError:
        if isinstance(error, ModelError):
            return error
        return ModelError(
            f"The server {self._host}:{self._port} did not answer: {str(error) or type(error).__name__}.",
            "start it, or unset RAG_SERVER to answer on this machine",
        )


_STANDARD = {"model", "messages", "stream", "max_tokens", "temperature", "top_p", "presence_penalty", "seed"}


def _delta(line: str) -> str:
    """Return the text of one line of a server-sent stream; empty for lines without any."""
    if not line.startswith("data:"):
        return ""
    try:
        choices = json.loads(line[5:])["choices"]
    except (ValueError, KeyError, TypeError):  # "[DONE]", and what servers add of their own
        return ""
    return str((choices[0].get("delta") or {}).get("content") or "") if choices else ""


def _words(content: bytes) -> str:
    """Return what a server said in refusing, on one line."""
    try:
        values = json.loads(content)
        said = values.get("error", values.get("detail", values)) if isinstance(values, dict) else values
        said = said.get("message", said) if isinstance(said, dict) else said
    except ValueError:
        said = content.decode("utf-8", "replace")
    return " ".join(str(said).split())[:300] or "no reason given"
