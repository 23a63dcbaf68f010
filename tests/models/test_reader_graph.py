"""The reader's graphs are made once for each adapter, whole, and are no part of the embedder they lie beside."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import onnx
import pytest
from support.adapter_writer import write_adapter
from support.packed_writer import packed_bytes
from support.places import ROOT

from rag.errors import DownloadError, ModelError
from rag.index.embedding import fingerprint
from rag.models import reader_graph
from rag.models.reader_graph import FOLDER, reader_graphs


@pytest.fixture(autouse=True)
def room(monkeypatch):
    monkeypatch.setattr("rag.models.fetching.SPARE_BYTES", 0)


@pytest.fixture
def packed(tmp_path):
    path = tmp_path / "e5-tiny" / "weights.bin"
    path.parent.mkdir()
    path.write_bytes(packed_bytes())
    return path


@pytest.fixture
def adapter(packed, tmp_path):
    return write_adapter(tmp_path / "one.safetensors", packed, split=1)


def test_they_are_made_once(packed, adapter, monkeypatch):
    graphs = reader_graphs(packed, adapter)
    for path in (graphs.lower, graphs.upper):
        onnx.checker.check_model(str(path))
    monkeypatch.setattr(reader_graph, "write_reader", lambda *_: pytest.fail("made again"))
    assert reader_graphs(packed, adapter) == graphs
    assert set((packed.parent / FOLDER).iterdir()) == {graphs.lower, graphs.upper}


def test_another_adapter_makes_them_anew_and_the_old_ones_go(packed, adapter, tmp_path):
    before = reader_graphs(packed, adapter)
    after = reader_graphs(packed, write_adapter(tmp_path / "two.safetensors", packed, split=1, seed=2))
    assert before != after
    assert set((packed.parent / FOLDER).iterdir()) == {after.lower, after.upper}


def test_one_that_is_missing_is_made_anew(packed, adapter):
    graphs = reader_graphs(packed, adapter)
    content = graphs.upper.read_bytes()
    graphs.upper.unlink()
    assert reader_graphs(packed, adapter) == graphs
    assert graphs.upper.read_bytes() == content


def test_the_embedder_stays_the_same_to_its_libraries(packed, adapter):
    before = fingerprint(packed.parent, {})
    reader_graphs(packed, adapter)
    assert fingerprint(packed.parent, {}) == before


def test_an_adapter_of_another_embedder_is_refused(packed, adapter):
    packed.write_bytes(packed_bytes(seed=1))
    with pytest.raises(ModelError, match="is not what the reader was trained on") as caught:
        reader_graphs(packed, adapter)
    assert caught.value.remedy == "rag models remove e5-tiny, then rag models pull e5-tiny"
    assert not (packed.parent / FOLDER).exists()


def test_a_folder_that_cannot_be_written_is_one_sentence(packed, adapter):
    (packed.parent / FOLDER).write_bytes(b"a file in its place")
    with pytest.raises(ModelError, match="The reader could not be written") as caught:
        reader_graphs(packed, adapter)
    assert "\n" not in str(caught.value)


def test_a_full_disk_is_said_so(packed, adapter, monkeypatch):
    monkeypatch.setattr("rag.models.fetching.SPARE_BYTES", 10**18)
    with pytest.raises(DownloadError, match="disk is too full for the reader"):
        reader_graphs(packed, adapter)


def test_any_number_may_make_them_at_once(packed, adapter):
    with ThreadPoolExecutor(4) as pool:
        (graphs,) = set(pool.map(lambda _: reader_graphs(packed, adapter), range(8)))
    program = (
        "from pathlib import Path; from rag.models import fetching; fetching.SPARE_BYTES = 0\n"
        "from rag.models.reader_graph import reader_graphs\n"
        f"reader_graphs(Path({str(packed)!r}), Path({str(adapter)!r}))"
    )
    content = graphs.upper.read_bytes()
    graphs.upper.unlink()
    running = [subprocess.Popen([sys.executable, "-c", program], cwd=ROOT) for _ in range(2)]
    assert [one.wait() for one in running] == [0, 0]
    assert graphs.upper.read_bytes() == content
    assert set((packed.parent / FOLDER).iterdir()) == {graphs.lower, graphs.upper}
