"""Which model of a server is asked where none was named: one that can chat."""

import pytest

from rag.llm.offered_models import chat_models


def listed(*models: dict[str, object]) -> dict[str, object]:
    return {"object": "list", "data": list(models)}


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        (listed({"id": "text-embedding-nomic"}, {"id": "gemma-3-4b-it"}), ("gemma-3-4b-it",)),
        (listed({"id": "bge-reranker-v2"}, {"id": "whisper-1"}, {"id": "tts-1"}, {"id": "mistral"}), ("mistral",)),
        (listed({"id": "a", "capabilities": {"completion_chat": False}}, {"id": "b"}), ("b",)),
        (listed({"id": "a", "type": "embeddings"}, {"id": "image-expert", "type": "llm"}), ("image-expert",)),
        ({"models": [{"name": "a", "capabilities": ["embedding"]}, {"model": "b", "capabilities": ["chat"]}]}, ("b",)),
        ([{"id": "a", "type": "chat"}, {"id": "b", "type": "moderation"}], ("a",)),
        (listed({"id": "un"}, {"id": "deux", "object": "model"}), ("un", "deux")),
        (listed({"id": "text-embedding-3-small"}), ()),
        (listed({"id": "*"}, {"id": "openai/*"}, {"id": "mistral/petit"}), ("mistral/petit",)),
    ],
)  # fmt: skip
def test_models_that_do_not_chat_are_left_out(answer, names):
    assert chat_models(answer) == names


@pytest.mark.parametrize("answer", [None, [], {}, {"data": None}, {"data": "oops"}, ["oops"], [{}], "oops", 3])
def test_what_is_no_list_of_models_offers_none(answer):
    assert chat_models(answer) == ()
