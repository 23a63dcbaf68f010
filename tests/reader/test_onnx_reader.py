"""The reader says what a second, independent implementation computes; what it keeps changes nothing it says."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support.adapter_writer import write_adapter
from support.packed_writer import packed_bytes
from support.plain_reader import PlainReader, best_words

from rag.errors import ModelError
from rag.index.onnx_embedding import open_tokenizer
from rag.models.packed import read_packed
from rag.models.reader_graph import reader_graphs, write_reader
from rag.models.unpacking import unpack
from rag.reader import Readable
from rag.reader.adapter import ADAPTER, read_adapter
from rag.reader.heads import LONGEST_ANSWER
from rag.reader.meeting import meet
from rag.reader.onnx_reader import LONGEST_TEXT, OnnxReader, ReaderGraphs

pytestmark = pytest.mark.embedder

PROMPTS = {"query": "query: ", "document": "passage: "}
ASKED = (
    (
        "Combien de pays devraient rejoindre la coalition ?",
        "Défense",
        (
            "Le sommet s’est ouvert lundi à Paris.",
            "Plus de trente pays devraient rejoindre la coalition, a annoncé le ministre.",
            "Le port, lui, rouvre en juin.",
        ),
    ),
    (
        "When did the harbour reopen?",
        "",
        ("Nobody came to the ceremony.", "The harbour reopened in June, after two years of works."),
    ),
)


def readable(title: str, sentences: tuple[str, ...]) -> Readable:
    places, start = [], 0
    for sentence in sentences:
        places.append((start, start + len(sentence)))
        start += len(sentence) + 1
    return Readable(title, " ".join(sentences), tuple(places))


# ── A reader of random weights ──────────────────────────────────────────────────────────────────────────────────────

TEXTS = [
    readable("le port", ("le port rouvre", "le port")),
    readable("", ("port rouvre", "rouvre le port", "le")),
    readable("rouvre", ("le le port",)),
]
QUESTIONS = ("le port rouvre", "port", "rouvre le port le port")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Give the folder of a small embedder, and an adapter for it."""
    folder = tmp_path_factory.mktemp("tiny")
    packed = folder / "weights.bin"
    packed.write_bytes(packed_bytes(("query:", "passage:", "le", "port", "rouvre"), positions=LONGEST_TEXT + 64))
    unpack(read_packed(packed), folder, PROMPTS)
    return packed, write_adapter(folder.parent / "tiny.safetensors", packed, split=1)


@pytest.fixture
def opened(tiny, monkeypatch):
    """Open readers of the small embedder."""
    monkeypatch.setattr("rag.models.fetching.SPARE_BYTES", 0)
    packed, adapter = tiny
    return lambda **options: OnnxReader(packed.parent, reader_graphs(packed, adapter), adapter, **options)


def test_what_is_kept_changes_nothing_that_is_said(opened, monkeypatch):
    reader, forgetful = opened(), opened(cache_bytes=0)
    first = [reader.read(question, TEXTS) for question in QUESTIONS]
    assert first == [forgetful.read(question, TEXTS) for question in QUESTIONS]
    texts: list[str] = []
    alone = reader._alone
    monkeypatch.setattr(reader, "_alone", lambda text, *rest: texts.append(text) or alone(text, *rest))
    assert [reader.read(question, TEXTS) for question in QUESTIONS] == first
    assert texts == [f"query: {question}" for question in QUESTIONS]


def test_what_is_said_of_a_text_does_not_depend_on_those_beside_it(opened):
    reader = opened()
    together = reader.read(QUESTIONS[0], TEXTS)
    assert [reader.read(QUESTIONS[0], [text])[0].words for text in TEXTS] == [said.words for said in together]
    for text, said in zip(TEXTS, together, strict=True):
        assert reader.read(QUESTIONS[0], [text])[0].answers == pytest.approx(said.answers, abs=1e-5)


def test_any_number_of_threads_may_ask(opened):
    alone, reader = opened(), opened(cache_bytes=4000)
    premises = [text.text for text in TEXTS]
    with ThreadPoolExecutor(6) as pool:
        read = list(pool.map(lambda number: reader.read(QUESTIONS[number % 3], TEXTS), range(12)))
        said = list(pool.map(lambda number: reader.entail(QUESTIONS[number % 3], premises), range(12)))
    assert read == [alone.read(QUESTIONS[number % 3], TEXTS) for number in range(12)]
    assert said == [alone.entail(QUESTIONS[number % 3], premises) for number in range(12)]


def test_the_title_is_read_but_no_words_of_it_are_given(opened):
    reader = opened()
    (with_title,), (without,) = (
        reader.read(QUESTIONS[0], [Readable(title, "le port rouvre", ((0, 14),))]) for title in ("port", "")
    )
    assert with_title.answers != without.answers
    assert 0 <= with_title.words[0][0] < with_title.words[0][1] <= 14
    assert reader.read(QUESTIONS[0], [Readable("port\n", "le port rouvre", ((0, 14),))]) == [with_title]


def test_sentences_beyond_what_is_read_say_nothing(opened):
    text = readable("le port", ("le port " * 100, "rouvre le " * 100, "port"))
    (said,) = opened().read(QUESTIONS[0], [text])
    assert all(map(math.isfinite, (said.answers, *said.sentences[:2], *said.spans[:2])))
    assert (said.sentences[2], said.spans[2]) == (-math.inf, -math.inf)
    assert said.words[2] == (text.sentences[2][0],) * 2


def test_a_question_and_a_claim_of_any_length_are_read(opened):
    reader = opened()
    assert math.isfinite(reader.read("le port " * 400, TEXTS)[0].answers)
    assert sum(reader.read("", TEXTS)[0].sentences) != 0
    (said,) = reader.entail("le port " * 400, ["rouvre " * 400])
    assert said.entailed + said.contradicted + said.unsaid == pytest.approx(1.0)


def test_nothing_is_loaded_for_nothing(tmp_path, tiny):
    nowhere = OnnxReader(tmp_path, ReaderGraphs(tmp_path / "lower", tmp_path / "upper"), tiny[1])
    assert nowhere.read("?", []) == []
    assert nowhere.entail("?", []) == []
    with pytest.raises(ModelError, match="could not be opened") as caught:
        nowhere.read("?", TEXTS)
    assert "rag models pull" in caught.value.remedy


def test_embedder_and_reader_share_a_tokenizer(tiny):
    assert open_tokenizer(tiny[0].parent) is open_tokenizer(tiny[0].parent)


# ── The standard embedder ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module", params=["as it comes", "random"])
def both(request, bundled, tmp_path_factory):
    """Give the reader of the standard embedder, and the second implementation."""
    folder = tmp_path_factory.mktemp("reader")
    (packed,) = bundled.folder.glob("*-q4.bin")
    random = request.param == "random"
    path = write_adapter(folder / "random.safetensors", packed, split=6, rank=64) if random else ADAPTER
    adapter, graphs = read_adapter(path), ReaderGraphs(folder / "lower.onnx", folder / "upper.onnx")
    write_reader(read_packed(packed), adapter, graphs)
    return OnnxReader(bundled.folder, graphs, path), PlainReader(packed, path, adapter.split)


@pytest.mark.parametrize(("question", "title", "sentences"), ASKED, ids=["French", "English"])
def test_it_stays_close_to_a_second_implementation_in_64_bits(both, question, title, sentences):
    reader, plain = both
    text = readable(title, sentences)
    before = f"passage: {title}\n" if title else "passage: "
    first, passage = plain.tokens("query: " + question), plain.tokens(before + text.text)
    state = plain.together(0, first, passage)
    alone = reader._kept(before + text.text, len(before))
    asked = reader._alone("query: " + question, 64, 0)
    ours, given = reader._together(0, asked, alone, meet(asked, alone))
    assert len(alone.offsets) == len(passage)
    assert cosines(ours, state[len(first) :]).mean() >= 0.99
    assert cosines(given[:-3].reshape(2, -1), state[[0, len(first)]]).min() >= 0.99
    assert given[-3:] == pytest.approx(plain.summed, abs=0.15)
    (said,) = reader.read(question, [text])
    logits = plain.tokens_said(state[len(first) :])
    means, words = [], []
    for start, end in text.sentences:
        inside = [n for n, (left, right) in enumerate(alone.offsets) if left >= start and right <= end and right > left]
        means.append(logits[inside, 2].mean())
        words.append(best_words(logits, inside, LONGEST_ANSWER))
    assert np.argmax(said.sentences) == np.argmax(means)
    assert said.sentences == pytest.approx(means, abs=0.3)
    (answers,) = plain.both_said("answer_head", state[0], state[len(first)])
    assert said.answers == pytest.approx(answers, abs=0.3)


def test_a_claim_stays_close_to_a_second_implementation(both):
    reader, plain = both
    claim, premise = "La coalition compte trente pays.", ASKED[0][2][1]
    first, passage = plain.tokens("passage: " + claim), plain.tokens("passage: " + premise)
    state = plain.together(2, first, passage)
    logits = plain.both_said("verdict_head", state[0], state[len(first)])
    expected = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    (said,) = reader.entail(claim, [premise])
    assert [said.entailed, said.contradicted, said.unsaid] == pytest.approx(list(expected), abs=0.05)


def cosines(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """Return the cosine of each row with the same row of the other."""
    products = (ours * theirs).sum(axis=1)
    return products / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1)
