"""The bill of materials names what is installed, what models, and the weights that come with the program."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from datetime import datetime
from uuid import UUID

from rag.bill_of_materials import bill_of_materials
from rag.models.installed import MANIFEST

DIGEST = hashlib.sha256(b"weights").hexdigest()


def install(folder):
    """Put a model into a models folder, as an installation leaves it."""
    place = folder / "petit"
    place.mkdir(parents=True)
    (place / "petit.gguf").write_bytes(b"weights")
    manifest = {
        "kind": "llm", "origin": "auteur/petit@1", "licence": "Apache-2.0", "bytes": 7, "hashes": {"petit.gguf": DIGEST}
    }  # fmt: skip
    (place / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def test_every_distribution_is_named_with_its_version_and_address(tmp_path):
    bill = bill_of_materials(tmp_path)
    libraries = {one["name"]: one for one in bill["components"] if one["type"] == "library"}
    assert libraries["numpy"]["version"] == importlib.metadata.version("numpy")
    assert libraries["huggingface-hub"]["purl"].startswith("pkg:pypi/huggingface-hub@")
    assert all("+" not in one["purl"] for one in libraries.values())
    assert sum("licenses" in one for one in libraries.values()) > len(libraries) // 2
    assert bill["metadata"]["component"]["name"] == "ask-the-article"
    assert "ask-the-article" not in libraries


def test_models_and_weights_are_named_with_their_checksums(tmp_path):
    install(tmp_path)
    weights = {one["name"]: one for one in bill_of_materials(tmp_path)["components"] if "model" in one["type"]}
    (file,) = weights["petit"]["components"]
    assert (file["name"], file["hashes"]) == ("petit.gguf", [{"alg": "SHA-256", "content": DIGEST}])
    assert weights["petit"]["licenses"] == [{"license": {"name": "Apache-2.0"}}]
    assert "rag/reader/data/adapter.safetensors" in weights


def test_it_has_the_shape_of_the_standard(tmp_path):
    bill = bill_of_materials(tmp_path)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert UUID(bill["serialNumber"].removeprefix("urn:uuid:")).version == 4
    assert datetime.fromisoformat(bill["metadata"]["timestamp"]).tzinfo
    references = [one["bom-ref"] for one in bill["components"]]
    assert len(references) == len(set(references))


def test_the_command_prints_it(rag):
    ran = rag("sbom")
    assert ran.code == 0
    assert json.loads(ran.out)["bomFormat"] == "CycloneDX"
