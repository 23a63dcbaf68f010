"""Packed weights become an ordinary sentence-transformers folder, once: weights, tokenizer, and how they are used.

The weights are written in 16 bits, which holds what four bits and a scale can say. The tokenizer does what the model
was trained with: a text is normalised (NFKC, but for the characters the packed file lists otherwise), cut at blanks,
and each word into the pieces that are most probable together.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from rag.index.onnx_embedding import ENCODER
from rag.models.encoder_graph import write_encoder
from rag.models.fetching import disk_watched, require_space
from rag.models.packed import Packed, Shape
from rag.reader.word_table import TABLE

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS = "model.safetensors"
_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_TABLES = {"word": "word_embeddings", "pos": "position_embeddings", "type": "token_type_embeddings"}
_LIBRARY = "sentence_transformers.models"


def unpack(packed: Packed, folder: Path, prompts: Mapping[str, str]) -> None:
    """Write the folder of a sentence-transformers model.

    Raises:
        DownloadError: the disk is full.
    """
    from safetensors.numpy import save

    weights = save(_state(packed), metadata={"format": "pt"})
    require_space("the unpacked weights", folder, len(weights))
    with disk_watched("the unpacked weights", folder, len(weights)):
        (folder / WEIGHTS).write_bytes(weights)
        write_encoder(packed, folder / ENCODER, folder / WEIGHTS, TABLE)
        make_tokenizer(packed).save(str(folder / "tokenizer.json"))
        for name, values in _configurations(packed, prompts).items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def _state(packed: Packed) -> dict[str, npt.NDArray[np.float16]]:
    """Return the weights by the names BERT's implementation gives them."""
    shape, tensors = packed.shape, packed.tensors
    named = {}
    for short, name in _TABLES.items():
        rows = len(packed.pieces) if short == "word" else None  # some rows stand for no piece
        named[f"embeddings.{name}.weight"] = tensors[f"emb.{short}"].reshape(-1, shape.width)[:rows]
    named |= {f"embeddings.LayerNorm.{kind}": tensors[f"emb.ln.{kind[0]}"] for kind in ("weight", "bias")}
    for layer in range(shape.layers):
        for short, name in _PARTS.items():
            weight, bias = tensors[f"l{layer}.{short}.w"], tensors[f"l{layer}.{short}.b"]
            whole = f"encoder.layer.{layer}.{name}"
            named[f"{whole}.weight"] = weight if short.endswith("ln") else weight.reshape(len(bias), -1)
            named[f"{whole}.bias"] = bias
    return {name: weights.astype(np.float16) for name, weights in named.items()}


def make_tokenizer(packed: Packed) -> Tokenizer:
    """Return the tokenizer of the packed vocabulary."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    pieces, special = packed.pieces, packed.special
    names = {role: pieces[number] for role, number in special.items()}
    tokenizer = Tokenizer(models.Unigram(list(zip(pieces, packed.scores.tolist(), strict=True)), special["unk"]))
    dropped, blanks = _exceptions(packed.written)
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(dropped), ""),
            normalizers.Replace(Regex(blanks), " "),
            normalizers.NFKC(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{names['bos']} $A {names['eos']}",
        pair=f"{names['bos']} $A {names['eos']} {names['eos']} $B {names['eos']}",
        special_tokens=[(names[role], special[role]) for role in ("bos", "eos")],
    )
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens([*names.values(), pieces[-1]])
    return tokenizer


def _exceptions(written: Mapping[str, str]) -> tuple[str, str]:
    """Return the classes of characters that NFKC would keep: those that are dropped, and those that become blanks."""
    others = {
        character: text for character, text in written.items() if unicodedata.normalize("NFKC", character) != text
    }
    dropped = [character for character, text in others.items() if not text]
    blanks = [character for character, text in others.items() if text == " "]
    if len(dropped) + len(blanks) < len(others):
        raise ValueError("a character is written as NFKC does not write it")
    return tuple("[" + re.escape("".join(sorted(each))) + "]" for each in (dropped, blanks))  # type: ignore[return-value]


def _configurations(packed: Packed, prompts: Mapping[str, str]) -> dict[str, dict[str, Any] | list[Any]]:
    """Return file → content of what sentence-transformers reads beside the weights."""
    shape, special = packed.shape, {role: packed.pieces[number] for role, number in packed.special.items()}
    roles = {"bos": "bos_token", "eos": "eos_token", "unk": "unk_token", "pad": "pad_token"}
    return {
        "config.json": _bert(shape, packed),
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{_LIBRARY}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{_LIBRARY}.Pooling"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.width, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": dict(prompts), "similarity_fn_name": "cosine"},
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            **{role: special[short] for short, role in roles.items()},
            "cls_token": special["bos"],
            "sep_token": special["eos"],
            "mask_token": packed.pieces[-1],
            "model_max_length": shape.positions,
        },
    }


def _bert(shape: Shape, packed: Packed) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "vocab_size": len(packed.pieces),
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": shape.epsilon,
        "pad_token_id": packed.special["pad"],
        "bos_token_id": packed.special["bos"],
        "eos_token_id": packed.special["eos"],
        "dtype": "float16",
    }
