"""The way of one question through the house: each thing is done once, and few files are entered."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from support.harbour import HARBOUR, HOW_MUCH, put
from support.places import ROOT
from support.word_reader import WordReader

from rag.answer.assistant import Assistant
from rag.events import Finished
from rag.llm.quoting import QuotingModel

MOST_FILES = 45
ONCE = (
    "detect_language", "analyse_question", "with_the_one_before", "spellings", "read_hits", "scores", "find", "judge",
    "compose_prompt",
)  # fmt: skip
"""Functions that must run once for a question, wherever they stand."""


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """Count the calls of each function of ``rag`` while one question is answered: (file, function) → times."""
    from support.fakes import HashedWords

    from rag.index import Library

    library = Library(tmp_path_factory.mktemp("walk") / "press", HashedWords())
    put(library, HARBOUR)
    assistant = Assistant(library, WordReader(), QuotingModel())
    list(assistant.answer(HOW_MUCH))  # tables are read the first time
    counted: Counter[tuple[str, str]] = Counter()
    inside = str(ROOT / "rag")

    def note(frame, event, _argument):
        if event == "call" and frame.f_code.co_filename.startswith(inside):
            path = Path(frame.f_code.co_filename).relative_to(ROOT)
            counted[str(path), frame.f_code.co_name] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        *_, last = assistant.answer("Combien mesure la digue du port ?")
    finally:
        sys.setprofile(before)
    library.close()
    assert isinstance(last, Finished)
    assert not last.answer.refused
    return counted


@pytest.mark.parametrize("function", ONCE)
def test_what_is_done_for_a_question_is_done_once(calls, function):
    assert sum(times for (_, name), times in calls.items() if name == function) == 1


def test_a_question_enters_few_files(calls, capsys):
    files = sorted({path for path, _ in calls})
    with capsys.disabled():
        sys.stdout.write("\n  ".join([f"\nOne question enters {len(files)} files of rag:", *files]) + "\n")
    assert len(files) <= MOST_FILES
