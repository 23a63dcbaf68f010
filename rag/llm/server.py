"""Answers through a server a person names: Ollama, llama-server, vLLM, or any other OpenAI-compatible endpoint.

For those who outgrow the laptop, or have a server on their network already. The offline guard lets through exactly that
host, only while a question is being answered; proxies of the environment are not used.
"""

from __future__ import annotations

import email.utils
import queue
import socket
import ssl
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlparse

from rag.errors import ModelError, SettingsError
from rag.events import Working
from rag.llm.offered_models import chat_models
from rag.llm.reply import Reply, lines_of
from rag.llm.sampling import Sampling
from rag.llm.server_errors import ServerErrors
from rag.llm.server_words import said
from rag.llm.stopping import StopFlag, Stream
from rag.llm.visible_text import AnswerText, shown
from rag.offline import permit
from rag.values import Prompt

if TYPE_CHECKING:
    import httpx

BYTES_PER_TOKEN = 3  # of UTF-8, fewer than any tokenizer in use needs on average for French or English
CONNECT_S = 5.0
SILENCE_S = 600.0  # a slow machine reads a long prompt in minutes, and says nothing meanwhile
LINGER_S = 2.0  # how long a server that said why its answer ends may say more
PATIENCE_S = 0.25  # how long to wait before the reader is heard from again
LONGEST_PAUSE_S = 60.0  # that a busy server may ask for and is granted, once a question
_END = object()


class ServerModel:
    """A model behind an OpenAI-compatible endpoint.

    Args:
        url: of the endpoint, such as ``http://127.0.0.1:8080/v1``; ``/v1`` is added to a bare host, and
            ``/chat/completions`` may stand at its end, where a server that knows no ``/v1`` has it.
        model: its name on the server; the first one the server offers that can chat when empty.
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
    may_refuse = False

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
        path = parts.path.rstrip("/").removesuffix("/chat/completions") if parts.path.strip("/") else "/v1"
        self._url = parts._replace(path=path, query="", fragment="").geturl()
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._model = model
        self._seed = seed
        self._sampling = sampling or Sampling()
        self._key = key.strip()
        if not (self._key.isascii() and self._key.isprintable()):
            raise SettingsError("The key of the server holds characters that no key has.", "set RAG_SERVER_KEY anew")
        self._errors = ServerErrors(self._host, self._port, self._key)
        self._others: tuple[str, ...] = ()
        place = parts.netloc.rpartition("@")[2]  # a password in the address is nobody's to read
        self.name = f"{model} ({place})" if model else place
        self.context_window = context_window

    def count_tokens(self, text: str) -> int:
        """Return an estimate from above: the protocol has no way to count, and servers cut what does not fit."""
        return -(-len(text.encode()) // BYTES_PER_TOKEN)

    def stream(self, prompt: Prompt) -> Stream[str | Working]:
        """Yield the answer in pieces of text, and :class:`Working` before the first. Closing it stops the server.

        Raises:
            ModelError: the server cannot be reached, refuses, breaks off, or ends without an answer.
            ContextTooSmall: the server says the prompt is too long for its model.
        """
        return Stream(lambda stop: self._answer(prompt, stop))

    def prepare(self, prompt: Prompt) -> Stream[Working]:
        """Have the server read the prompt, for its own cache; what it answers is dropped."""
        return Stream(lambda stop: self._prepare(prompt, stop))

    def close(self) -> None:
        """Nothing is kept open between questions."""

    # ── One question ────────────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, prompt: Prompt, stop: StopFlag) -> Iterator[str | Working]:
        reply, text, written = Reply(), AnswerText(), False
        yield Working("reading")
        with closing(self._pieces(prompt, prompt.answer_tokens, reply, stop)) as pieces:
            for item in shown(pieces, text):
                written = (written or isinstance(item, str)) and item != Working("thought")
                yield item
        if stop:
            return
        if reply.error:
            raise self._errors.refused(reply.error)
        if reply.filtered or not written:
            raise self._errors.unanswered(reply, thought=text.thought, written=written)
        yield Working("written", cut=reply.cut)

    def _prepare(self, prompt: Prompt, stop: StopFlag) -> Iterator[Working]:
        yield Working("reading")
        with closing(self._pieces(prompt, 1, Reply(), stop)) as pieces:
            yield from (piece for piece in pieces if isinstance(piece, Working))

    def _pieces(
        self, prompt: Prompt, limit: int, reply: Reply, stop: StopFlag
    ) -> Generator[bytes | Working, None, None]:
        """Yield what the model writes, in UTF-8, and :class:`Working` while it writes nothing."""
        lines: queue.Queue[object] = queue.Queue()
        streamed, last = False, float("inf")
        with self._connection() as client:
            body = self._body(client, prompt, limit)
            threading.Thread(target=self._listen, args=(client, body, lines, stop), daemon=True).start()
            while not stop and not reply.error:
                try:
                    line = lines.get(timeout=PATIENCE_S)
                except queue.Empty:
                    yield Working("reading")  # so that closing works while the server says nothing
                    if time.monotonic() <= last:
                        continue
                    line = _END
                if isinstance(line, Exception):
                    raise self._errors.unreached(line)
                text = reply.feed(str(line)) if line is not _END else ""
                over = line is _END or reply.done or time.monotonic() > last
                last = min(last, time.monotonic() + LINGER_S) if reply.ended else last
                text += reply.finished() if over else ""
                streamed = streamed or str(line).startswith("data:")
                reply.cut = reply.cut or (line is _END and streamed and not reply.ended)  # nobody said it was whole
                yield text.encode() or Working("reading")
                if over:
                    return

    def _listen(self, client: httpx.Client, body: dict[str, Any], lines: queue.Queue[object], stop: StopFlag) -> None:
        """Put the lines the server sends into ``lines``, then ``_END``; or the exception that ended it."""
        import httpx

        try:
            response = self._post(client, body, stop)
            try:
                for line in lines_of(response.iter_bytes()):
                    lines.put(line)
            except httpx.HTTPError as error:
                raise self._errors.broken_off(error) from None
            finally:
                response.close()
            lines.put(_END)
        except (httpx.HTTPError, httpx.StreamError, OSError, ModelError) as error:
            lines.put(error)
        except RuntimeError as error:  # the client was closed meanwhile
            lines.put(ModelError(f"The connection to {self._host} was closed: {error}."))

    def _post(self, client: httpx.Client, body: dict[str, Any], stop: StopFlag) -> httpx.Response:
        """Ask for a completion: again after the pause a busy server asks for, and in plainer terms if it refuses."""
        paused, bodies = False, _plainer(body)
        attempt = next(bodies)
        while True:
            request = client.build_request("POST", f"{self._url}/chat/completions", json=attempt)
            response = client.send(request, stream=True)
            if response.is_success:
                return response
            words = said(response.read())
            response.close()
            pause = _pause(response)
            if pause is not None and pause <= LONGEST_PAUSE_S and not paused:
                paused, until = True, time.monotonic() + pause
                while not stop and time.monotonic() < until:
                    time.sleep(min(PATIENCE_S, max(pause, 0.0)))
                continue
            plainer = None if "context" in words.lower() else next(bodies, None)
            too_much = response.status_code in {400, 422} or "role" in words.lower()  # some templates fail with 500
            if plainer is None or not too_much:
                raise self._errors.refused(words, response.status_code, self._others)
            attempt = plainer

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
            "repeat_penalty": 1.0,  # some servers' own is 1.1, which keeps names and marks from being written again
            "cache_prompt": True,
            "chat_template_kwargs": {"enable_thinking": False},
        }

    def _first_model(self, client: httpx.Client) -> str:
        """Return the first model that can chat, and keep its name and those of the others."""
        import httpx

        try:
            response = client.get(f"{self._url}/models", timeout=CONNECT_S)
            if response.status_code in {401, 403}:
                raise self._errors.refused(said(response.content), response.status_code)
            offered = chat_models(response.json())
        except httpx.HTTPError as error:
            raise self._errors.unreached(error) from None
        except ValueError:
            offered = ()
        if not offered:
            raise ModelError(f"{self._url} names no model that can chat.", "set RAG_MODEL to the name of one")
        self._model, *others = offered
        self._others = tuple(others)
        return self._model

    @contextmanager
    def _connection(self) -> Iterator[httpx.Client]:
        """Open the door to this host and its addresses, and lend a client, while the block runs."""
        import httpx

        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self._url.startswith("https:"):  # it takes a while, and plain HTTP does not ask
            trusted = httpx.create_ssl_context(trust_env=False)
            trusted.load_default_certs(ssl.Purpose.SERVER_AUTH)  # the system's, and those of SSL_CERT_FILE
        timeout = httpx.Timeout(SILENCE_S, connect=CONNECT_S)
        headers = {"Accept-Encoding": "identity"}  # some gateways compress each piece of a stream by itself
        headers |= {"Authorization": f"Bearer {self._key}"} if self._key else {}
        try:
            with permit(self._host):
                addresses = {str(found[4][0]) for found in socket.getaddrinfo(self._host, self._port)}
        except OSError as error:
            raise self._errors.unreached(error) from None
        with (
            permit(self._host, *addresses),
            httpx.Client(timeout=timeout, headers=headers, trust_env=False, verify=trusted) as client,
        ):
            yield client


_STANDARD = {"model", "messages", "stream", "max_tokens", "temperature", "top_p", "presence_penalty", "seed"}


def _plainer(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a request, then in the terms of the standard, for models that take no sampling, and that know no system."""
    yield body
    standard = {key: value for key, value in body.items() if key in _STANDARD}
    yield standard
    yield {
        **{key: body[key] for key in ("model", "messages", "stream")},
        "max_completion_tokens": body["max_tokens"],
    }
    system, first, *rest = body["messages"]
    told = {**first, "content": f"{system['content']}\n\n{first['content']}"}
    yield {**standard, "messages": [told, *rest]}


def _pause(response: httpx.Response) -> float | None:
    """Return the seconds after which a busy server wants to be asked again; None where it does not say."""
    wanted = response.headers.get("Retry-After", "") if response.status_code in {429, 503} else ""
    if not wanted:
        return None
    with suppress(ValueError):
        return float(wanted)
    with suppress(ValueError):
        return email.utils.parsedate_to_datetime(wanted).timestamp() - time.time()
    return None
