"""What this program is made of as it lies on this machine, in the shape of CycloneDX 1.6 (ECMA-424).

In come the metadata of the installed distributions, the manifests of the models folder, and the weights that come with
the program; out comes one JSON object, which tools that look for known faults can read. Nothing is asked of anybody.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator
from datetime import datetime, timezone
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any
from urllib.parse import quote

from rag.models import installed_models
from rag.models.installed import Installed

PROGRAM = "ask-the-article"
WEIGHTS = frozenset({".safetensors", ".gguf"})
_PACKAGE = Path(__file__).parent
_LONGEST_LICENCE = 60  # characters of the field of a licence; some hold all of its text

Component = dict[str, Any]


def bill_of_materials(models: Path) -> dict[str, Any]:
    """Return the bill of what is installed.

    Args:
        models: the models folder.

    Raises:
        ModelError: a folder in it holds no manifest of ours.
    """
    installed = {_plain(one.metadata["Name"]): one for one in reversed(list(distributions())) if one.metadata["Name"]}
    program = installed.pop(PROGRAM, None)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid4()}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.now(timezone.utc).isoformat(timespec="seconds"),
            "component": {**(_library(PROGRAM, program) if program else {"name": PROGRAM}), "type": "application"},
        },
        "components": [
            *(_library(name, installed[name]) for name in sorted(installed)),
            *map(_model, installed_models(models)),
            *_own_weights(),
        ],
    }


def _library(name: str, distribution: Distribution) -> Component:
    purl = f"pkg:pypi/{name}@{quote(distribution.version, safe='.-_~!')}"
    version = distribution.version
    component: Component = {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}
    if licences := list(_licences(distribution)):
        component["licenses"] = licences
    return component


def _licences(distribution: Distribution) -> Iterator[dict[str, Any]]:
    """Yield what a distribution says of its licence: an SPDX expression, else its classifiers, else its own words."""
    stated = distribution.metadata
    if "License-Expression" in stated:
        yield {"expression": stated["License-Expression"]}
        return
    named = [one.rpartition(" :: ")[2] for one in stated.get_all("Classifier", []) if one.startswith("License :: ")]
    own = " ".join(stated["License"].split()) if "License" in stated else ""
    for name in dict.fromkeys(named) or ([own] if 0 < len(own) <= _LONGEST_LICENCE else []):
        yield {"license": {"name": name}}


def _model(model: Installed) -> Component:
    return _weights(model.name, model.licence, model.origin, model.hashes)


def _own_weights() -> Iterator[Component]:
    """Yield the weights that come with the program."""
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in WEIGHTS:
            name = path.relative_to(_PACKAGE.parent).as_posix()
            yield _weights(name, "", PROGRAM, {path.name: hashlib.sha256(path.read_bytes()).hexdigest()})


def _weights(name: str, licence: str, origin: str, hashes: dict[str, str]) -> Component:
    files = [
        {"type": "file", "name": file, "hashes": [{"alg": "SHA-256", "content": digest}]}
        for file, digest in sorted(hashes.items())
    ]
    component: Component = {"type": "machine-learning-model", "bom-ref": f"model:{name}", "name": name}
    if licence:
        component["licenses"] = [{"license": {"name": licence}}]
    if origin:
        component["properties"] = [{"name": f"{PROGRAM}:origin", "value": origin}]
    return {**component, "components": files}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
