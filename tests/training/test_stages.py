"""The training in stages: each rate rises and falls once, and the weights of their ends are averaged."""

from __future__ import annotations

import pytest
import torch

from training.averaging import average
from training.reader.__main__ import ended_stage, stage_at
from training.reader.sources import STAGES


def test_a_step_belongs_to_one_stage_and_the_last_holds_for_ever():
    first, last = STAGES[0], STAGES[-1]
    total = sum(stage.steps for stage in STAGES)
    assert stage_at(0) == (first, 0.0)
    assert stage_at(first.steps)[1] == 0.0
    assert stage_at(first.steps)[0] is STAGES[1]
    assert stage_at(total + 7) == (last, 1.0)
    assert [ended_stage(step) for step in (1, first.steps, total)] == [0, 1, len(STAGES)]


@pytest.mark.parametrize("learned", ["reader", "answerer"])
def test_averaged_weights_lie_between(tmp_path, learned):
    for name, value in (("one.pt", 1.0), ("two.pt", 3.0)):
        torch.save({learned: {"up": torch.full((2, 2), value)}, "step": int(value)}, tmp_path / name)
    average([tmp_path / "one.pt", tmp_path / "two.pt"], [3, 1], tmp_path / "average.pt")
    made = torch.load(tmp_path / "average.pt", weights_only=True)
    assert {name: values["up"].tolist() for name, values in made.items()} == {learned: [[1.5, 1.5], [1.5, 1.5]]}
