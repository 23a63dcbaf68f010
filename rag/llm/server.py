"""Answers through a server a person names: Ollama, llama-server, vLLM, or any other OpenAI-compatible endpoint.

For those who outgrow the laptop, or have a server on their network already. The offline guard lets through exactly that
host, only while a question is being answered; proxies of the environment are not used.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from rag.errors import ModelError, SettingsError
from rag.events import Working
from rag.llm.asking import pause, plainer
from rag.llm.offered_models import chat_models
from rag.llm.reply import Reply, lines_of
from rag.llm.sampling import Sampling
from rag.llm.server_address import CHAT, MODELS, ServerAddress
from rag.llm.server_errors import ServerErrors, cannot_chat, too_long
from rag.llm.server_words import parsed, said
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
        url: of the endpoint, such as ``http://127.0.0.1:8080/v1``, as :class:`ServerAddress` reads it.
        model: its name on the server; the first one the server offers that can chat when empty.
        context_window: tokens the server's model holds; the protocol has no way to ask.
        seed: of the sampling.
        sampling: how the next token is chosen.
        key: sent when not empty, to this endpoint alone, as a bearer token and as ``api-key``, by which gateways ask
            for it; never shown, not even where the server repeats it.

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
        self._address = ServerAddress.of(url)
        self._model = model
        self._seed = seed
        self._sampling = sampling or Sampling()
        self._key = key.strip()
        if not (self._key.isascii() and self._key.isprintable()):
            raise SettingsError("The key of the server holds characters that no key has.", "set RAG_SERVER_KEY anew")
        self._errors = ServerErrors(self._address, self._key)
        self._others: tuple[str, ...] = ()
        self.name = f"{model} ({self._address.place})" if model else self._address.place
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

    def offered(self) -> tuple[str, ...]:
        """Return the models that the server says can chat; where one was named, it need not list any.

        Raises:
            ModelError: it cannot be reached, refuses, or names none where none was named.
        """
        with self._connection() as client:
            return self._offered(client, needed=not self._model)

    def close(self) -> None:
        """Nothing is kept open between questions."""

    # ── One question ────────────────────────────────────────────────────────────────────────────────────────────

    def _answer(self, prompt: Prompt, stop: StopFlag) -> Iterator[str | Working]:
        reply, text, written = Reply(prompt.answer_tokens), AnswerText(), False
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
                if isinstance(line, Exception) and reply.ended:
                    line = _END  # some hang up as soon as they said so, without the form that HTTP asks for
                if isinstance(line, Exception):
                    yield reply.finished().encode()
                    raise self._errors.unreached(line)
                text = reply.feed(str(line)) if line is not _END else ""
                last = _last(last, reply)
                over = line is _END or reply.done or time.monotonic() > last
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
        except (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, OSError, ValueError, ModelError) as error:
            lines.put(error)
        except RuntimeError as error:  # the client was closed meanwhile
            lines.put(ModelError(f"The connection to {self._address.host} was closed: {error}.", "ask again"))

    def _post(self, client: httpx.Client, body: dict[str, Any], stop: StopFlag) -> httpx.Response:
        """Ask for a completion: again after the pause a busy server asks for, and in plainer terms if it refuses."""
        paused, bodies = False, plainer(body)
        attempt = next(bodies)
        while True:
            request = client.build_request("POST", self._address.to(CHAT), json=attempt)
            response = client.send(request, stream=True)
            if response.is_success:
                return response
            words, status = said(response.read()), response.status_code
            response.close()
            if response.has_redirect_location:
                raise self._errors.moved(CHAT, response.headers["Location"])
            wanted = pause(status, response.headers)
            if wanted is not None and wanted <= LONGEST_PAUSE_S and not paused:
                paused, until = True, time.monotonic() + wanted
                while not stop and time.monotonic() < until:
                    time.sleep(min(PATIENCE_S, max(wanted, 0.0)))
                continue
            fitting = self._fitting(attempt, words, status)
            if fitting is not None:
                body = {**body, **fitting}
                bodies = plainer(body)
            elif too_long(words) or not (
                status in {400, 422} or "role" in words.lower()
            ):  # some templates fail with 500
                raise self._errors.refused(words, status, self._others)
            again = next(bodies, None)
            if again is None:
                raise self._errors.refused(words, status, self._others)
            attempt = again

    def _fitting(self, attempt: dict[str, Any], words: str, status: int) -> dict[str, Any] | None:
        """Return what of a request is to be different, where a refusal says so; None where it does not."""
        if status in {400, 403, 422} and attempt["stream"] and "stream" in words.lower():
            return {"stream": False}
        if status in {400, 404} and cannot_chat(words) and self._others:
            self._model, *others = self._others
            self._others = tuple(others)
            return {"model": self._model}
        return None

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
        self._model, *others = self._offered(client, needed=True)
        self._others = tuple(others)
        return self._model

    def _offered(self, client: httpx.Client, *, needed: bool) -> tuple[str, ...]:
        import httpx

        try:
            response = client.get(self._address.to(MODELS), timeout=CONNECT_S)
        except httpx.HTTPError as error:
            raise self._errors.unreached(error) from None
        if response.has_redirect_location:
            raise self._errors.moved(MODELS, response.headers["Location"])
        status, answer = response.status_code, parsed(response.text)
        if status in {401, 403, 429} or (status >= 500 and status != 501):
            raise self._errors.refused(said(response.content), status)
        offered = chat_models(answer)
        if needed and not offered:
            raise self._errors.unlisted(status, listed=response.is_success and answer is not None)
        return offered

    @contextmanager
    def _connection(self) -> Iterator[httpx.Client]:
        """Open the door to this host and its addresses, and lend a client, while the block runs."""
        import httpx

        trusted = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self._address.base.startswith("https:"):  # it takes a while, and plain HTTP does not ask
            trusted = httpx.create_ssl_context(trust_env=False)
            trusted.load_default_certs(ssl.Purpose.SERVER_AUTH)  # the system's, and those of SSL_CERT_FILE
        timeout = httpx.Timeout(SILENCE_S, connect=CONNECT_S)
        headers = {"Accept-Encoding": "identity"}  # some gateways compress each piece of a stream by itself
        headers |= {"Authorization": f"Bearer {self._key}", "api-key": self._key} if self._key else {}
        try:
            with permit(self._address.host):
                found = socket.getaddrinfo(self._address.host, self._address.port)
        except OSError as error:
            raise self._errors.unreached(error) from None
        with (
            permit(self._address.host, *{str(one[4][0]) for one in found}),
            httpx.Client(timeout=timeout, headers=headers, trust_env=False, verify=trusted) as client,
        ):
            yield client


def _last(last: float, reply: Reply) -> float:
    """Return when a server has had time enough to say more: never, unless it said that this is the end, and it was."""
    return min(last, time.monotonic() + LINGER_S) if reply.ended and not reply.went_on else float("inf")
