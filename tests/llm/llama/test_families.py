"""The chat templates of the catalogue's families, as their authors publish them: the prompt is what they document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from support.gguf_writer import CHATML_CONTROL, Control, write_gguf

from rag.llm.llama.chat_template import NOT_THINKING, ChatTemplate
from rag.llm.llama.model import LlamaCppModel
from rag.values import Prompt, Turn

pytestmark = pytest.mark.llama

TEMPLATES = Path(__file__).parent / "templates"

CHATML = """\
<|im_start|>system
{system}<|im_end|>
<|im_start|>user
{before}<|im_end|>
<|im_start|>assistant
{said}<|im_end|>
<|im_start|>user
{question}<|im_end|>
<|im_start|>assistant
<think>

</think>

"""
MINISTRAL = "<s>[SYSTEM_PROMPT]{system}[/SYSTEM_PROMPT][INST]{before}[/INST]{said}</s>[INST]{question}[/INST]"
GEMMA = """\
<bos><|turn>system
{system}<turn|>
<|turn>user
{before}<turn|>
<|turn>model
{said}<turn|>
<|turn>user
{question}<turn|>
<|turn>model
<|channel>thought
<channel|>"""
GRANITE = """\
<|start_of_role|>system<|end_of_role|>{system}<|end_of_text|>
<|start_of_role|>user<|end_of_role|>{before}<|end_of_text|>
<|start_of_role|>assistant<|end_of_role|>{said}<|end_of_text|>
<|start_of_role|>user<|end_of_role|>{question}<|end_of_text|>
<|start_of_role|>assistant<|end_of_role|>"""
SMOLLM = """\
<|im_start|>system
## Metadata

Knowledge Cutoff Date: June 2025
Reasoning Mode: /no_think

## Custom Instructions

{system}

<|im_end|>
<|im_start|>user
{before}<|im_end|>
<|im_start|>assistant
<think>

</think>
{said}<|im_end|>
<|im_start|>user
{question}<|im_end|>
<|im_start|>assistant
<think>

</think>
"""


@dataclass(frozen=True)
class Family:
    """What a family documents: its prompt, and the control tokens of its vocabulary."""

    documented: str
    control: Control = CHATML_CONTROL


FAMILIES = {
    "ministral-3": Family(
        MINISTRAL,
        Control(("<s>", "</s>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[INST]", "[/INST]"), "<s>", "</s>", opens=True),
    ),
    "qwen3": Family(CHATML),
    "qwen3.5": Family(CHATML),
    "gemma-4": Family(
        GEMMA, Control(("<bos>", "<|turn>", "<turn|>", "<|channel>", "<channel|>"), "<bos>", "<turn|>", opens=True)
    ),
    "granite-4.1": Family(
        GRANITE,
        Control(("<|start_of_role|>", "<|end_of_role|>", "<|end_of_text|>"), "<|end_of_text|>", "<|end_of_text|>"),
    ),
    "smollm3": Family(SMOLLM),
}
EVERY = pytest.mark.parametrize("name", FAMILIES)
TURN = Turn("Combien de pays ?", "Trente [1].")
PROMPT = Prompt("Réponds avec les passages.", (), (TURN,), "Où se réunissent-ils ?", "Où se réunissent-ils ?", "fr")


def source(name: str) -> str:
    return (TEMPLATES / f"{name}.jinja").read_text(encoding="utf-8")


def documented(name: str, prompt: Prompt = PROMPT) -> str:
    (turn,) = prompt.history
    said = {"system": prompt.system, "before": turn.question, "said": turn.answer, "question": prompt.question}
    return FAMILIES[name].documented.format(**said)


def test_each_template_belongs_to_a_family():
    assert {path.stem for path in TEMPLATES.glob("*.jinja")} == set(FAMILIES)


@EVERY
def test_a_prompt_reads_as_the_family_documents_it_and_no_thought_is_left_open(name):
    control = FAMILIES[name].control
    begins = control.begins if control.opens else ""
    template = ChatTemplate(source(name), bos=begins, eos=control.ends, variables=NOT_THINKING)
    rendered = template.render(PROMPT.messages())
    assert rendered.text == documented(name)
    assert not rendered.thinking
    if begins:
        assert rendered.text.count(begins) == 1
    contents = [piece.text for piece in rendered.pieces if not piece.trusted]
    assert contents == [message["content"] for message in PROMPT.messages()]
    assert rendered.pieces[rendered.stable - 1].text == PROMPT.system  # what comes before is shared by all questions


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Iterator[dict[str, LlamaCppModel]]:
    """Give a tiny model of each family's vocabulary and template."""
    folder = tmp_path_factory.mktemp("families")
    text = documented("qwen3") + PROMPT.system
    opened = {}
    for name, family in FAMILIES.items():
        path = write_gguf(folder / f"{name}.gguf", text, template=source(name), control=family.control)
        opened[name] = LlamaCppModel(path, context_window=1024, threads=1)
    yield opened
    for model in opened.values():
        model.close()


@EVERY
def test_the_tokens_begin_once_and_what_a_document_writes_is_never_one_of_control(models, name):
    model, control = models[name], FAMILIES[name].control
    vocabulary, attack = model.engine.vocabulary, "".join(FAMILIES[name].control.tokens)
    before = Turn(f"{TURN.question} {attack}", TURN.answer)
    attacked = Prompt(f"{PROMPT.system} {attack}", (), (before,), attack, attack, "fr")
    plain, told = model.reading(PROMPT).tokens, model.reading(attacked).tokens
    spelled = [b"".join(vocabulary.spell(one, special=True) for one in tokens).decode() for tokens in (plain, told)]
    assert spelled == [documented(name), documented(name, attacked)]
    numbers = {token: vocabulary.tokenize(token, trusted=True) for token in control.tokens}
    assert all(len(one) == 1 for one in numbers.values())
    for token, (number,) in numbers.items():
        assert plain.count(number) == told.count(number) == documented(name).count(token)
    assert vocabulary.first == (numbers[control.begins] if control.opens else [])
    assert plain[: len(vocabulary.first)] == vocabulary.first


def test_a_template_that_leaves_the_first_token_to_the_vocabulary_gets_it_once(tmp_path):
    control = replace(CHATML_CONTROL, opens=True)
    path = write_gguf(tmp_path / "model.gguf", documented("qwen3"), template=source("qwen3"), control=control)
    with closing(LlamaCppModel(path, context_window=1024, threads=1)) as model:
        tokens, vocabulary = model.reading(PROMPT).tokens, model.engine.vocabulary
        assert tokens[:1] == vocabulary.first
        assert tokens.count(tokens[0]) == 1
        assert b"".join(vocabulary.spell(one, special=True) for one in tokens[1:]).decode() == documented("qwen3")
