"""Rollouts are read by sample, variant and repeat, one at a time."""

import json
from pathlib import Path

import pytest

from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import HEAD, KEY, RolloutKey, RolloutLine, open_rollouts
from aurelia.bench.settled import settle
from aurelia.errors import InputError
from tests.cli.records import make_trajectory


def _line(key: RolloutKey, attempt: int = 0, stop_reason: str = "accepted") -> RolloutLine:
    run = make_trajectory().model_copy(update={"id": key.sample_id, "stop_reason": stop_reason})
    return RolloutLine.of(key, run, attempt)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two samples, one of them in two variants, the other asked for again."""
    settle(tmp_path, {"kind": "rollouts"})
    with Journal(tmp_path / "trajectories.jsonl", KEY, HEAD) as journal:
        journal.append(_line(RolloutKey("one")))
        journal.append(_line(RolloutKey("one", "terse", 1)))
        journal.append(_line(RolloutKey("two"), stop_reason="failed"))
        journal.append(_line(RolloutKey("two"), 1), again=True)
    return tmp_path


def test_a_rollout_is_found_by_its_key(folder: Path) -> None:
    rollouts = open_rollouts(folder)
    assert rollouts.keys == [("one", "default", 0), ("one", "terse", 1), ("two", "default", 0)]
    assert rollouts.variants == ["default", "terse"]
    assert rollouts.manifest == {"kind": "rollouts"}
    found = rollouts.get("one", "terse", 1)
    assert found == make_trajectory().model_copy(update={"id": "one"})
    assert rollouts.get("one", "terse") is None
    assert ("one", "terse", 1) in rollouts
    assert len(rollouts) == 3


def test_what_was_asked_for_again_stands(folder: Path) -> None:
    rollouts = open_rollouts(folder)
    assert rollouts.head(RolloutKey("two")) == {
        "attempt": 1,
        "stop_reason": "accepted",
        "passes": 2,
        "unscored": 0,
        "calls": 7,
        "cached": 0,
        "unpriced": 0,
        "paid_usd": 0.0,
        "worth_usd": 0.0,
        "unlisted": 7,  # the record names no cost of its calls
    }
    assert [line.attempt for line in rollouts] == [0, 0, 1]


def test_a_damaged_rollout_is_named(folder: Path) -> None:
    with (folder / "trajectories.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(dict(zip(KEY, ("three", "default", 0), strict=True))) + "\n")
    rollouts = open_rollouts(folder)
    with pytest.raises(InputError, match="the rollout three, default, 0 is damaged at stop_reason"):
        rollouts.get("three")
    assert rollouts.get("one") is not None


def test_a_folder_without_rollouts_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="aurelia generate SAMPLES"):
        open_rollouts(tmp_path)


def test_a_sample_that_could_not_be_looked_at_has_a_line_and_no_trajectory(folder: Path) -> None:
    with Journal(folder / "trajectories.jsonl", KEY, HEAD) as journal:
        journal.append(RolloutLine.failed(RolloutKey("three"), "There is no clip."))
    rollouts = open_rollouts(folder)
    assert rollouts.get("three") is None
    line = rollouts.line(RolloutKey("three"))
    assert line is not None
    assert (line.stop_reason, line.error) == ("failed", "There is no clip.")
