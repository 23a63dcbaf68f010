"""The catalogue is complete and coherent, and ``models.md`` says what it says."""

from __future__ import annotations

import re

import pytest
from support.places import ROOT

from rag.errors import ModelError
from rag.llm.sampling import Sampling
from rag.models.catalogue import CATALOGUE, STANDARD_LLM, KnownModel, did_you_mean, known_model

MODELS_MD = ROOT / "models.md"
OPEN_LICENCES = {"Apache-2.0", "MIT", "Gemma terms"}


def exact(model: KnownModel) -> bool:
    return model.bytes % 1_000_000 != 0


def size(model: KnownModel) -> str:
    return f"{'' if exact(model) else '≈ '}{model.bytes / 1e9:.2f} GB"


def manner(sampling: Sampling) -> str:
    parts = [f"{sampling.temperature:g}", f"{sampling.top_p:g}", f"{sampling.top_k}"]
    return " / ".join(parts) + (f", presence {sampling.presence_penalty:g}" if sampling.presence_penalty else "")


def llm_row(model: KnownModel) -> str:
    known = "yes" if model.sha256 else "from the hub"
    prefix = "yes" if model.reuses_prefix else "only from disk"
    sampled = manner(model.sampling)
    return (
        f"| `{model.name}` | {model.repository} | {size(model)} | {model.licence} | {prefix} | {sampled} |"
        f" {known} | {model.note} |"
    )


def embedder_row(model: KnownModel) -> str:
    return (
        f"| `{model.name}` | {model.repository} | {size(model)} | {model.licence} | {model.dimensions} |"
        f" {model.context} | {model.french} | {model.note} |"
    )


def reranker_row(model: KnownModel) -> str:
    return f"| `{model.name}` | {model.repository} | {size(model)} | {model.licence} | {model.context} | {model.note} |"


ROWS = {"llm": llm_row, "embedder": embedder_row, "reranker": reranker_row}


@pytest.mark.parametrize("name", CATALOGUE)
def test_models_md_has_the_row_of_each_model(name):
    model = CATALOGUE[name]
    assert ROWS[model.kind](model) in MODELS_MD.read_text(encoding="utf-8").splitlines()


def test_models_md_names_no_other_model():
    named = re.findall(r"^\| `([^`]+)` \|", MODELS_MD.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(CATALOGUE)


@pytest.mark.parametrize("model", CATALOGUE.values(), ids=list(CATALOGUE))
def test_an_entry_says_what_a_download_and_a_run_need(model):
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.repository)
    assert re.fullmatch(r"[0-9a-f]{40}|", model.revision)
    assert re.fullmatch(r"[0-9a-f]{64}|", model.sha256)
    assert model.licence in OPEN_LICENCES
    assert model.bytes > 50_000_000
    assert bool(model.file) == (model.kind == "llm")
    assert model.kind != "embedder" or (model.dimensions and model.context and model.french)
    assert not model.sha256 or exact(model)


def test_the_standard_model_exists_whatever_its_case():
    assert known_model(STANDARD_LLM.upper()).kind == "llm"


def test_an_unknown_name_is_refused():
    with pytest.raises(ModelError, match=r"'gpt-5'\. Next"):
        known_model("gpt-5")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("ministral-3b", "ministral-3-3b"), ("Qwen3-4", "qwen3-4b"), ("camembert", "camembert-reranker")],
)
def test_a_name_that_is_nearly_known_is_offered_and_a_known_one_is_not(typed, meant):
    assert f" {meant}" in did_you_mean(typed, CATALOGUE)
    assert did_you_mean(meant, CATALOGUE) == ""
