"""Where a server is that a person names: its base, and what is asked for below it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from rag.errors import SettingsError

CHAT = "/chat/completions"
MODELS = "/models"


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """The address of an OpenAI-compatible endpoint.

    Attributes:
        base: the address without its query, as ``http://127.0.0.1:8080/v1``; a password may stand in it.
        query: what some servers want behind every address, such as ``api-version=1``; empty for most.
        host: its name or address.
        port: as it is written, or that of the scheme.
        place: host and port as a person wrote them, without a password.
    """

    base: str
    query: str
    host: str
    port: int
    place: str

    @classmethod
    def of(cls, url: str) -> ServerAddress:
        """Return the address that a person wrote.

        ``/v1`` is added to a bare host, and ``/chat/completions`` may stand at its end, where a server that knows no
        ``/v1`` has it.

        Raises:
            SettingsError: it is not an HTTP address.
        """
        parts = _split(url.strip())
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
            spelled = _split(f"http://{url.strip()}") if "://" not in url else None
            example = spelled.geturl() if spelled and spelled.hostname else "http://127.0.0.1:8080/v1"
            raise SettingsError(f"{url!r} is not the address of a server.", f"set RAG_SERVER={example}")
        path = parts.path.rstrip("/").removesuffix(CHAT) if parts.path.strip("/") else "/v1"
        return cls(
            base=parts._replace(path=path, query="", fragment="").geturl(),
            query=parts.query,
            host=parts.hostname,
            port=parts.port or (443 if parts.scheme == "https" else 80),
            place=parts.netloc.rpartition("@")[2],
        )

    @property
    def shown(self) -> str:
        """The base as a person may read it."""
        parts = urlsplit(self.base)
        return parts._replace(netloc=self.place).geturl()

    def to(self, path: str) -> str:
        """Return the full address of what stands at ``path`` below the base."""
        return f"{self.base}{path}?{self.query}" if self.query else f"{self.base}{path}"

    def moved(self, path: str, location: str) -> tuple[str, bool]:
        """Return where a request for ``path`` is sent on to, and whether that is the base of the same thing."""
        parts = _split(location, relative_to=f"{self.shown}{path}")
        if parts is None or not parts.hostname:
            return location, False
        shown = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="")
        if shown.path.rstrip("/").endswith(path):
            return shown._replace(path=shown.path.rstrip("/").removesuffix(path)).geturl(), True
        return shown.geturl(), False


def _split(url: str, relative_to: str = "") -> SplitResult | None:
    """Return the parts of an address; None where it has none, or a port that is no number."""
    try:
        parts = urlsplit(urljoin(relative_to, url))
        _ = parts.port
    except ValueError:
        return None
    return parts
