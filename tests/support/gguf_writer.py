"""Writes GGUF files that real llama.cpp runs: everything but the meaning of the text is real.

No model weights can be fetched where the tests run, so they write their own: random weights (or weights that recite a
given reply), a byte-level BPE vocabulary trained on the text at hand, ChatML control tokens and chat template. A tiny
one takes a fraction of a second; ``QWEN3_06B`` has the shape and the vocabulary size of a real model, for benchmarks.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

VISIBLE = ("<think>", "</think>")  # special to the vocabulary, but shown when they are written, as in Qwen3

CHATML = """\
{%- for message in messages -%}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
{% endfor -%}
{%- if add_generation_prompt -%}
<|im_start|>assistant
{% if enable_thinking is defined and not enable_thinking -%}
<think>

</think>

{% endif -%}
{%- endif -%}
"""


@dataclass(frozen=True)
class Control:
    """The control tokens of a vocabulary, and which of them begins a sequence and ends a turn.

    ``opens`` tells whether every sequence has to begin with that token.
    """

    tokens: tuple[str, ...] = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
    begins: str = "<|endoftext|>"
    ends: str = "<|im_end|>"
    opens: bool = False


@dataclass(frozen=True)
class Shape:
    """The sizes of a model. ``vocabulary`` pads the trained vocabulary with tokens no text produces."""

    architecture: str = "qwen3"
    layers: int = 2
    width: int = 64
    heads: int = 4
    kv_heads: int = 2
    head_width: int = 16
    feed_forward: int = 128
    context: int = 4096
    vocabulary: int = 0


SLIDING_WINDOW = 16  # tokens, where an architecture has one

CHATML_CONTROL = Control()
TINY = Shape()
TINY_MAMBA = Shape(architecture="mamba")
TINY_GEMMA = Shape("gemma3", layers=6, kv_heads=1, head_width=32)  # the sixth layer is the first to look back over all
QWEN3_06B = Shape("qwen3", 28, 1024, 16, 8, 128, 3072, 40960, 151_936)


def write_gguf(
    path: Path,
    text: str,
    *,
    shape: Shape = TINY,
    weights: str = "F32",
    seed: int = 0,
    template: str = CHATML,
    reply: Sequence[bytes] = (),
    tokens: int = 600,
    control: Control = CHATML_CONTROL,
) -> Path:
    """Write a GGUF file and return its path.

    Args:
        path: where to write it.
        text: what the vocabulary is trained on.
        shape: the model's sizes; ``architecture`` is ``qwen3``, ``llama``, ``gemma3`` or ``mamba``.
        weights: ``F32``, ``Q4_0`` or ``Q8_0``, for the matrices.
        seed: of the weights; the same arguments give the same bytes.
        template: the chat template.
        reply: pieces, each one token, all different, that the model recites after a line break whatever it is asked.
        tokens: size of the trained vocabulary, before the pieces of ``reply`` and the padding.
        control: the control tokens.
    """
    words, merges = _vocabulary(text, tokens)
    special = [*control.tokens, *VISIBLE]
    words += [piece for piece in map(_byte_level, reply) if piece not in {*words, *special}]
    padding = max(0, shape.vocabulary - len(words) - len(special))
    everything = [*words, *special, *(f"<|padding_{number}|>" for number in range(padding))]
    writer = gguf.GGUFWriter(path, shape.architecture)
    _write_shape(writer, shape)
    _write_vocabulary(writer, words, merges, everything, control)
    writer.add_chat_template(template)
    random = np.random.default_rng(seed)
    tensors = _mamba if shape.architecture == "mamba" else _attention
    for name, values in tensors(shape, len(everything), random):
        recited = bool(reply) and name.endswith(("attn_output.weight", "ffn_down.weight"))
        _add(writer, name, np.zeros_like(values) if recited else values, weights)
    embedding = random.standard_normal((len(everything), shape.width), dtype=np.float32) * np.float32(0.02)
    if reply:
        _write_reply(writer, embedding, everything, [*map(_byte_level, reply), control.ends])
    _add(writer, "token_embd.weight", embedding, "F32" if reply else weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_low_rank(path: Path, *, shape: Shape = TINY, rank: int = 4, seed: int = 0) -> Path:
    """Write an adapter (LoRA) for the query matrix of each layer of a model of this shape, and return its path."""
    writer = gguf.GGUFWriter(path, shape.architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(rank))
    random = np.random.default_rng(seed)
    for layer in range(shape.layers):
        outputs = shape.heads * shape.head_width
        for part, size in (("lora_a", (rank, shape.width)), ("lora_b", (outputs, rank))):
            values = random.standard_normal(size, dtype=np.float32)
            writer.add_tensor(f"blk.{layer}.attn_q.weight.{part}", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary(text: str, tokens: int) -> tuple[list[str], list[str]]:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=tokens, initial_alphabet=sorted(alphabet), show_progress=False)
    tokenizer.train_from_iterator([text], trainer)
    numbers = tokenizer.get_vocab()
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return sorted(numbers, key=lambda word: numbers[word]), [" ".join(pair) for pair in merges]


def _byte_level(piece: bytes) -> str:
    """Spell bytes with the printable stand-ins of byte-level BPE (as GPT-2 defined them)."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    spelling = {byte: chr(byte) for byte in plain} | {byte: chr(256 + i) for i, byte in enumerate(others)}
    return "".join(spelling[byte] for byte in piece)


def _write_shape(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name(f"Random {shape.architecture}")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_layer_norm_rms_eps(1e-6)
    if shape.architecture == "mamba":
        writer.add_feed_forward_length(0)
        writer.add_head_count(0)
        writer.add_ssm_conv_kernel(4)
        writer.add_ssm_inner_size(2 * shape.width)
        writer.add_ssm_state_size(16)
        writer.add_ssm_time_step_rank(shape.heads)
    else:
        writer.add_feed_forward_length(shape.feed_forward)
        writer.add_head_count(shape.heads)
        writer.add_head_count_kv(shape.kv_heads)
        writer.add_key_length(shape.head_width)
        writer.add_value_length(shape.head_width)
        writer.add_rope_dimension_count(shape.head_width)
        writer.add_rope_freq_base(1_000_000.0)
    if shape.architecture == "gemma3":
        writer.add_sliding_window(SLIDING_WINDOW)


def _write_vocabulary(
    writer: gguf.GGUFWriter, words: list[str], merges: list[str], everything: list[str], control: Control
) -> None:
    kinds = [gguf.TokenType.NORMAL] * len(words)
    kinds += [gguf.TokenType.CONTROL] * len(control.tokens) + [gguf.TokenType.USER_DEFINED] * len(VISIBLE)
    kinds += [gguf.TokenType.NORMAL] * (len(everything) - len(kinds))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(everything)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_eos_token_id(everything.index(control.ends))
    writer.add_bos_token_id(everything.index(control.begins))
    writer.add_add_bos_token(value=control.opens)


def _attention(shape: Shape, _: int, random: np.random.Generator) -> Iterator[tuple[str, np.ndarray]]:
    queries, keys = shape.heads * shape.head_width, shape.kv_heads * shape.head_width
    sizes = {
        "attn_q": (queries, shape.width),
        "attn_k": (keys, shape.width),
        "attn_v": (keys, shape.width),
        "attn_output": (shape.width, queries),
        "ffn_gate": (shape.feed_forward, shape.width),
        "ffn_up": (shape.feed_forward, shape.width),
        "ffn_down": (shape.width, shape.feed_forward),
    }
    for layer in range(shape.layers):
        for name, size in sizes.items():
            scale = np.float32(0.6 / np.sqrt(size[1]))
            yield f"blk.{layer}.{name}.weight", random.standard_normal(size, dtype=np.float32) * scale
        yield f"blk.{layer}.attn_norm.weight", np.ones(shape.width, np.float32)
        yield f"blk.{layer}.ffn_norm.weight", np.ones(shape.width, np.float32)
        if shape.architecture == "gemma3":
            yield f"blk.{layer}.post_attention_norm.weight", np.ones(shape.width, np.float32)
            yield f"blk.{layer}.post_ffw_norm.weight", np.full(shape.width, 0.7, np.float32)
        if shape.architecture in {"qwen3", "gemma3"}:
            yield f"blk.{layer}.attn_q_norm.weight", np.ones(shape.head_width, np.float32)
            yield f"blk.{layer}.attn_k_norm.weight", np.ones(shape.head_width, np.float32)
    yield "output_norm.weight", np.ones(shape.width, np.float32)


def _mamba(shape: Shape, _: int, random: np.random.Generator) -> Iterator[tuple[str, np.ndarray]]:
    inner, state, rank = 2 * shape.width, 16, shape.heads
    sizes = {
        "ssm_in.weight": (2 * inner, shape.width),
        "ssm_conv1d.weight": (inner, 4),
        "ssm_conv1d.bias": (inner,),
        "ssm_x.weight": (rank + 2 * state, inner),
        "ssm_dt.weight": (inner, rank),
        "ssm_dt.bias": (inner,),
        "ssm_out.weight": (shape.width, inner),
    }
    for layer in range(shape.layers):
        for name, size in sizes.items():
            values = random.standard_normal(size, dtype=np.float32) * np.float32(1 / np.sqrt(size[-1]))
            yield f"blk.{layer}.{name}", values
        yield f"blk.{layer}.ssm_a", -np.tile(np.arange(1, state + 1, dtype=np.float32), (inner, 1))
        yield f"blk.{layer}.ssm_d", np.ones(inner, np.float32)
        yield f"blk.{layer}.attn_norm.weight", np.ones(shape.width, np.float32)
    yield "output_norm.weight", np.ones(shape.width, np.float32)


def _write_reply(writer: gguf.GGUFWriter, embedding: np.ndarray, everything: list[str], reply: Sequence[str]) -> None:
    """Write an output matrix in which each token calls the next one of ``reply``: a chain of one-token memory.

    The layers add nothing, so the last hidden state is the token's own embedding, and the row of the token to come
    points the same way.
    """
    chain = [everything.index(word) for word in (_byte_level(b"\n"), *reply)]
    if len(set(chain)) < len(chain):
        raise ValueError("The pieces of a reply must all differ, and none may be a line break.")
    output = np.zeros_like(embedding)
    for before, after in itertools.pairwise(chain):
        output[after] = 50 * embedding[before]
    _add(writer, "output.weight", output, "F32")


def _add(writer: gguf.GGUFWriter, name: str, values: np.ndarray, weights: str) -> None:
    if weights == "F32" or values.ndim < 2 or "ssm" in name:
        writer.add_tensor(name, values)
        return
    kind = Kind[weights]
    writer.add_tensor(name, gguf.quants.quantize(values, kind), raw_dtype=kind)
