"""What went wrong with a server, in one sentence with what to do next; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.errors import ContextTooSmall, ModelError
from rag.llm.reply import Reply
from rag.llm.server_address import ServerAddress

_TOO_LONG = re.compile(
    r"context|too many tokens|tokens?\b.{0,40}\b(?:must be <|exceed|limit of)"
    r"|\b(?:prompt|input|inputs|request|messages?)\b.{0,40}\b(?:too (?:long|large|big)|exceed)",
    re.IGNORECASE,
)
_NO_CHAT = re.compile(r"(?:\bnot\b|n't\b).{0,30}\bchat\b(?![/.])", re.IGNORECASE)
_ABOUT_KEY = re.compile(
    r"(?:api|access|subscription)[ _-]?key|(?:invalid|incorrect|missing|expired|wrong) (?:key|token)"
    r"|unauthori[sz]ed|authenti",
    re.IGNORECASE,
)
_WANTS_TLS = re.compile(r"HTTP request.{0,40}HTTPS", re.IGNORECASE)
_NO_TLS = re.compile("WRONG_VERSION_NUMBER|HTTP_REQUEST|RECORD_LAYER_FAILURE|UNKNOWN_PROTOCOL")


def too_long(words: str) -> bool:
    """Return whether a server says that what it was sent is too long."""
    return bool(_TOO_LONG.search(words))


def cannot_chat(words: str) -> bool:
    """Return whether a server says that the model it was asked for does not chat."""
    return bool(_NO_CHAT.search(words))


@dataclass(frozen=True, slots=True)
class ServerErrors:
    """The errors of one server, which show its key nowhere, not even where the server repeats it."""

    address: ServerAddress
    key: str

    def refused(self, words: str, status: int = 0, others: tuple[str, ...] = ()) -> ModelError:
        """Return the error of what the server said in refusing.

        Args:
            words: of the server.
            status: of its response; 0 where it refuses in the middle of an answer.
            others: models it has besides the one that was asked.
        """
        words, host = self._without_key(words), self.address.host
        if status == 401 or (status in {400, 403} and _ABOUT_KEY.search(words)):
            what = "does not accept the key" if self.key else "wants a key"
            return ModelError(f"{host} {what}: {words}", "set RAG_SERVER_KEY to the server's key")
        if status == 413:
            return ContextTooSmall(f"{host} says: {words}", "set RAG_CONTEXT_WINDOW to fewer tokens")
        if too_long(words) and status in {0, 400, 422}:
            return ContextTooSmall(f"{host} says: {words}", "set RAG_CONTEXT_WINDOW to what its model holds")
        if not status:
            return ModelError(f"{host} reports an error: {words}", "ask again, or see what the server wrote")
        return ModelError(f"{host} refused to answer (status {status}): {words}", self._remedy(words, status, others))

    def _remedy(self, words: str, status: int, others: tuple[str, ...]) -> str:
        if _WANTS_TLS.search(words):
            return f"set RAG_SERVER={self.address.shown.replace('http:', 'https:', 1)}"
        if status >= 500 and "model" in words.lower():
            return "ask again later, or set RAG_MODEL to another model"
        if status in {429, 503}:
            return "ask again later"
        if status in {400, 404, 405}:
            such_as = f", such as {', '.join(others[:3])}" if others else ""
            return f"set RAG_MODEL to a model the server has{such_as}, or RAG_SERVER to another address"
        if status == 403:
            return "see what the server wrote, or set RAG_SERVER_KEY to the server's key"
        return "see what the server wrote, then ask again"

    def moved(self, path: str, location: str) -> ModelError:
        """Return the error of a server that sends a request for ``path`` on to another place."""
        place, same = self.address.moved(path, self._without_key(location))
        if same:
            return ModelError(f"{self.address.host} sends on to {place}.", f"set RAG_SERVER={place}")
        return ModelError(
            f"{self.address.host} sends on to {place}, which is no endpoint.",
            "set RAG_SERVER to the address of its API, which often ends in /v1",
        )

    def unlisted(self, status: int, *, listed: bool) -> ModelError:
        """Return the error of a server that names no model to ask.

        Args:
            status: of its response.
            listed: whether that was a list of models at all.
        """
        if listed:
            return ModelError(f"{self.address.shown} names no model that can chat.", "set RAG_MODEL to the name of one")
        return ModelError(
            f"{self.address.shown} has no list of models (status {status}).",
            "set RAG_SERVER to the address of its API, which often ends in /v1, or RAG_MODEL to the name of a model",
        )

    def unanswered(self, reply: Reply, *, thought: bool, written: bool) -> ModelError:
        """Return the error of an answer that ended without text, or that a filter ended.

        Args:
            reply: that ended.
            thought: whether there were thoughts in its text.
            written: whether there was text besides.
        """
        if reply.filtered:
            kept = "the rest of its answer" if written else "its answer"
            return ModelError(
                f"{self.address.host} kept back {kept}: a content filter stopped it.", "ask in other words"
            )
        if reply.called:
            return ModelError(
                f"{self.address.host} called a tool and wrote no answer.", "set RAG_MODEL to another model"
            )
        only = ", only thoughts" if thought or reply.thought else ""
        remedy = "ask again, or set RAG_ANSWER_TOKENS higher"
        if not (only or reply.cut):  # as some do without a word where the prompt is more than their model holds
            remedy = "ask again, or set RAG_PASSAGES lower, in case it was sent too much"
        return ModelError(f"{self.address.host} wrote no answer{only}.", remedy)

    def broken_off(self, error: Exception) -> ModelError:
        """Return the error of a connection that ended in the middle of an answer."""
        return ModelError(f"{self.address.host} broke off its answer: {self._reason(error)}.", "ask again")

    def unreached(self, error: Exception) -> ModelError:
        """Return the error of a server that did not answer, as it is where it says all that already."""
        if isinstance(error, ModelError):
            return error
        reason = self._reason(error)
        if "CERTIFICATE_VERIFY_FAILED" in reason:
            return self._distrusted(reason.rpartition("] ")[2])
        if _NO_TLS.search(reason):
            plain = self.address.shown.replace("https:", "http:", 1)
            return ModelError(f"{self.address.place} does not speak HTTPS: {reason}.", f"set RAG_SERVER={plain}")
        if "[SSL" in reason:
            return ModelError(
                f"{self.address.place} broke off the greeting of HTTPS: {reason}.",
                "see which certificates and which versions of TLS the server wants",
            )
        return ModelError(
            f"The server {self.address.host}:{self.address.port} did not answer: {reason}.",
            "start it, or unset RAG_SERVER to answer on this machine",
        )

    def _distrusted(self, reason: str) -> ModelError:
        remedy = "set SSL_CERT_FILE to the certificate of who signed it"
        if "mismatch" in reason.lower():
            remedy = "set RAG_SERVER to the name that the certificate is made out to"
        elif "expired" in reason.lower():
            remedy = "renew the certificate on the server, or see whether this machine's clock is right"
        return ModelError(f"The certificate of {self.address.host} is not trusted: {reason}.", remedy)

    def _reason(self, error: Exception) -> str:
        return self._without_key(str(error).rstrip(".") or type(error).__name__)

    def _without_key(self, words: str) -> str:
        return words.replace(self.key, "…") if self.key else words
