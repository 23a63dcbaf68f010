"""What answers, what searches and what sorts, opened as the settings and the models folder say.

The only place that names concrete embedders, rerankers and language models: everything else is handed what it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rag.errors import ModelError
from rag.index import Embedder
from rag.index.embedding import SentenceTransformerEmbedder
from rag.index.onnx_embedding import ENCODER, OnnxEmbedder
from rag.llm import ChatModel, QuotingModel, ServerModel
from rag.llm.llama import LlamaCppModel
from rag.models import CATALOGUE
from rag.models.catalogue import STANDARD_EMBEDDER
from rag.models.installed import NONE, ListedModel, choices, in_use, list_models, resolve_llm
from rag.models.reader_graph import reader_graphs
from rag.offline import guard
from rag.reader import Reader
from rag.reader.adapter import ADAPTER
from rag.reader.onnx_reader import OnnxReader
from rag.search import Reranker
from rag.search.reranking import CrossEncoderReranker
from rag.settings import Settings, home
from rag.values import QUOTES_MODEL


def open_model(settings: Settings) -> ChatModel:
    """Return what answers: the server or the model that was named, else the installed one, else quotes.

    Raises:
        ModelError: the model that was named is missing or is not a model.
    """
    if settings.server:
        return ServerModel(
            settings.server,
            model=settings.model,
            context_window=settings.context_window,
            seed=settings.seed,
            key=settings.server_key.get_secret_value(),
        )
    if settings.model == QUOTES_MODEL:
        return QuotingModel()
    dropped = None if choices(settings.models).get("llm") == NONE else dropped_model(settings.models)
    model = resolve_llm(settings.models, settings.model or str(dropped or ""))
    if model is None:
        return QuotingModel()
    return LlamaCppModel(
        model.path,
        context_window=settings.context_window,
        threads=settings.threads,
        gpu_layers=settings.gpu_layers,
        seed=settings.seed,
        state_folder=settings.models / "states",
        state_megabytes=settings.state_megabytes,
        sampling=model.sampling,
        name=model.name,
        adapter=model.adapter,
        reads_evidence=model.reads_evidence,
    )


def dropped_model(folder: Path) -> Path | None:
    """Return the GGUF file that a person put into the models folder by hand, when it is the only model there."""
    files = sorted(folder.glob("*.gguf")) if folder.is_dir() else []
    return files[0] if len(files) == 1 and in_use(folder, "llm") is None else None


def list_language_models(settings: Settings) -> tuple[ListedModel, ...]:
    """Return the language models known by name and those installed, with what each needs, and a file put by hand."""
    rows = tuple(row for row in list_models(settings.models, settings.context_window) if row.kind == "llm")
    dropped = dropped_model(settings.models)
    if dropped is None:
        return rows
    size = dropped.stat().st_size
    by_hand = ListedModel(
        dropped.stem, "llm", size, size, fits=True, installed=True, in_use=False, licence="", reuses_prefix=True,
        note="",
    )  # fmt: skip
    return (*rows, by_hand)


def open_embedder(settings: Settings) -> Embedder:
    """Return the embedder named, else the installed one in use, else the standard one; offline from here on.

    Raises:
        ModelError: the folder named holds no embedder, or the standard one is not installed.
    """
    guard()
    if settings.embedder:
        return embedder_in(settings.embedder, {})
    chosen = in_use(settings.models, "embedder")
    folder = chosen.path if chosen else standard_embedder(settings.models)
    known = CATALOGUE.get(folder.name)
    try:
        return embedder_in(folder, known.prompts if known else {})
    except ModelError:
        raise ModelError(
            f"The embedder {folder.name}, by which articles are searched, is not installed.",
            f"make setup, or rag models pull {folder.name}",
        ) from None


def embedder_in(folder: Path, prompts: Mapping[str, str]) -> Embedder:
    """Return the embedder in a folder, with the ``prompts`` it wants where its files do not say so."""
    if (folder / ENCODER).is_file():
        return OnnxEmbedder(folder)
    return SentenceTransformerEmbedder(folder, prompts=prompts)


def standard_embedder(models: Path) -> Path:
    """Return the folder of the embedder that ``make setup`` brings: in ``models``, else where it is put by itself."""
    places = (models / STANDARD_EMBEDDER, home() / "models" / STANDARD_EMBEDDER)
    return next((place for place in places if place.is_dir()), places[0])


def open_reader(settings: Settings) -> Reader:
    """Return what reads passages closely; it stands on the standard embedder, whichever is in use.

    Raises:
        ModelError: the standard embedder is not installed.
        DownloadError: the disk is too full for what is made of it at the first opening.
    """
    guard()
    return reader_in(standard_embedder(settings.models))


def reader_in(folder: Path) -> Reader:
    """Return the reader that stands on the embedder in a folder; what it runs on is made there where it is missing.

    Raises:
        ModelError: the folder does not hold the standard embedder.
        DownloadError: the disk is too full for what is made.
    """
    known = CATALOGUE[STANDARD_EMBEDDER]
    packed = folder / known.packed_file
    if not packed.is_file():
        raise ModelError(
            f"The embedder {known.name}, by which passages are read, is not installed.", f"rag models pull {known.name}"
        )
    return OnnxReader(folder, reader_graphs(packed, ADAPTER), ADAPTER)


def open_reranker(settings: Settings) -> Reranker | None:
    """Return the installed reranker in use; None where none is, which is how it is unless a person chose one."""
    chosen = in_use(settings.models, "reranker")
    if chosen is None:
        return None
    known = CATALOGUE.get(chosen.name)
    return CrossEncoderReranker(chosen.path, max_tokens=known.context if known else 0)
