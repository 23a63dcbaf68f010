"""What went wrong with a server, in one sentence with what to do next; pure."""

from __future__ import annotations

from dataclasses import dataclass

from rag.errors import ContextTooSmall, ModelError
from rag.llm.reply import Reply


@dataclass(frozen=True, slots=True)
class ServerErrors:
    """The errors of one server, which show its key nowhere, not even where the server repeats it."""

    host: str
    port: int
    key: str

    def refused(self, words: str, status: int = 0, others: tuple[str, ...] = ()) -> ModelError:
        """Return the error of what the server said in refusing.

        Args:
            words: of the server.
            status: of its response; 0 where it refuses in the middle of an answer.
            others: models it has besides the one that was asked.
        """
        words = self._without_key(words)
        if status in {401, 403}:
            what = "does not accept the key" if self.key else "wants a key"
            return ModelError(f"{self.host} {what}: {words}", "set RAG_SERVER_KEY to the server's key")
        if "context" in words.lower() and status in {0, 400, 413, 422}:
            return ContextTooSmall(f"{self.host} says: {words}", "set RAG_CONTEXT_WINDOW to what its model holds")
        if not status:
            return ModelError(f"{self.host} reports an error: {words}", "ask again, or see what the server wrote")
        remedy = "ask again later" if status in {429, 503} else "see what the server wrote, then ask again"
        if status in {400, 404}:
            such_as = f", such as {', '.join(others[:3])}" if others else ""
            remedy = f"set RAG_MODEL to a model the server has{such_as}, or RAG_SERVER to another address"
        return ModelError(f"{self.host} refused to answer (status {status}): {words}", remedy)

    def unanswered(self, reply: Reply, *, thought: bool, written: bool) -> ModelError:
        """Return the error of an answer that ended without text, or that a filter ended.

        Args:
            reply: that ended.
            thought: whether there were thoughts in its text.
            written: whether there was text besides.
        """
        if reply.filtered:
            kept = "the rest of its answer" if written else "its answer"
            return ModelError(f"{self.host} kept back {kept}: a content filter stopped it.", "ask in other words")
        if reply.called:
            return ModelError(f"{self.host} called a tool and wrote no answer.", "set RAG_MODEL to another model")
        only = ", only thoughts" if thought or reply.thought else ""
        return ModelError(f"{self.host} wrote no answer{only}.", "ask again, or set RAG_ANSWER_TOKENS higher")

    def broken_off(self, error: Exception) -> ModelError:
        """Return the error of a connection that ended in the middle of an answer."""
        return ModelError(f"{self.host} broke off its answer: {self._reason(error)}.", "ask again")

    def unreached(self, error: Exception) -> ModelError:
        """Return the error of a server that did not answer, as it is where it says all that already."""
        if isinstance(error, ModelError):
            return error
        reason = self._reason(error)
        if "CERTIFICATE_VERIFY_FAILED" in reason:
            return ModelError(
                f"The certificate of {self.host} is not trusted: {reason.rpartition('] ')[2]}.",
                "set SSL_CERT_FILE to the certificate of who signed it",
            )
        if "SSL" in reason:
            return ModelError(
                f"{self.host}:{self.port} does not speak HTTPS: {reason}.", f"set RAG_SERVER=http://{self.host}:PORT"
            )
        return ModelError(
            f"The server {self.host}:{self.port} did not answer: {reason}.",
            "start it, or unset RAG_SERVER to answer on this machine",
        )

    def _reason(self, error: Exception) -> str:
        return self._without_key(str(error).rstrip(".") or type(error).__name__)

    def _without_key(self, words: str) -> str:
        return words.replace(self.key, "…") if self.key else words
