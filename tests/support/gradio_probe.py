"""A reader without a browser: speaks to the page's server as its script does, and remembers what it was shown."""

from __future__ import annotations

import json
import re
import secrets
from typing import Any
from urllib.parse import urlsplit

import httpx
from gradio_client.utils import apply_diff


class Reader:
    """One tab: opens the page, asks, keeps the latest value of each component by its ``elem_id``."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=address, timeout=60)
        html = self.client.get("/", headers={"accept-language": "fr"}).text
        config = json.loads(re.search(r"window\.gradio_config = (\{.*?\});</script>", html)[1])  # type: ignore[index]
        self.api = f"{urlsplit(config['root']).path}/gradio_api"
        self.names = {c["id"]: c["props"].get("elem_id", "") for c in config["components"]}
        self.acts = config["dependencies"]
        self.session = secrets.token_hex(6)
        self.shown: dict[str, Any] = {}
        self.updates = 0
        self._send(self._act("load"), [None, "", ""])

    @property
    def past(self) -> str:
        """The finished turns."""
        return str(self.shown["past"])

    @property
    def conversation(self) -> str:
        """The identifier of the conversation."""
        return re.search(r'data-conversation="(\w*)"', str(self.shown["header"]))[1]  # type: ignore[index]

    def ask(self, question: str) -> None:
        """Ask a question and wait for the whole answer."""
        self._send(self._act("submit"), [None, question])

    def act(self, event: str, data: list[Any]) -> None:
        """Raise an event of a component and wait until what it does is done."""
        self._send(self._act(event), data)

    def _act(self, event: str) -> dict[str, Any]:
        return next(act for act in self.acts if event in {target[1] for target in act["targets"]})

    def _send(self, act: dict[str, Any], data: list[Any]) -> None:
        body = {"data": data, "event_data": None, "fn_index": act["id"], "session_hash": self.session}
        told = {"content": json.dumps(body).encode(), "headers": {"content-type": "application/json"}}
        self.client.post(f"{self.api}/queue/join", **told).raise_for_status()
        values: list[Any] = []
        with self.client.stream("GET", f"{self.api}/queue/data", params={"session_hash": self.session}) as stream:
            for line in stream.iter_lines():
                message = json.loads(line[6:]) if line.startswith("data: ") else {"msg": ""}
                if message["msg"] == "process_generating" and message["success"]:
                    values = self._take(act, values, message["output"]["data"])
                if message["msg"] == "process_completed":
                    assert message["success"], message
                    return

    def _take(self, act: dict[str, Any], values: list[Any], data: list[Any]) -> list[Any]:
        self.updates += 1
        values = [apply_diff(old, edits) for old, edits in zip(values, data, strict=True)] if values else data
        for identifier, value in zip(act["outputs"], values, strict=True):
            changed = value.get("value") if isinstance(value, dict) else value
            if not isinstance(value, dict) or "value" in value:
                self.shown[self.names[identifier]] = changed
        return values
