"""Samples of both schemas, and what makes one unusable."""

import json
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.sample import SCHEMA_VERSION, faults, read_samples, write_samples
from aurelia.bench.tasks import (
    CATEGORIES,
    FURTHER_TASKS,
    PUBLISHED_TOTAL,
    TASKS,
    is_task,
    published_range,
)
from aurelia.errors import InputError
from tests.bench.samples import make_sample

OLD = {
    "schema_version": 1,
    "id": "one",
    "task": "av_compositional",
    "category": "order",
    "clip": "one.mp4",
    "question": "Which first?",
    "options": {"A": "The sound", "B": "The movement"},
    "answer_type": "option",
    "ground_truth": ["B"],
    "true_facts": [{"kind": "event.heard", "modality": "audio", "value": "bell"}],
}


def write(path: Path, *lines: Any) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    return path


def test_files_of_the_first_schema_are_read(tmp_path: Path) -> None:
    (sample,) = read_samples(write(tmp_path / "s.jsonl", OLD))
    assert (sample.schema_version, SCHEMA_VERSION) == (2, 2)
    assert (sample.dataset, sample.use_context, sample.reference_reasoning) == ("", True, [])
    assert sample.clip == str(tmp_path / "one.mp4")


def test_a_later_schema_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "s.jsonl", OLD | {"schema_version": 3})
    with pytest.raises(InputError, match=r"line 1: it has schema version 3; .* update it"):
        read_samples(path)


def test_line_breaks_of_other_kinds_are_part_of_a_text(tmp_path: Path) -> None:
    sample = make_sample(question="One\u2028two\x85three\x1cfour?")
    write_samples(tmp_path / "s.jsonl", [sample])
    assert read_samples(tmp_path / "s.jsonl")[0].question == sample.question


def test_context_is_asked_where_it_is_to_be_used() -> None:
    sample = make_sample(context="Q: x\nA: y", question="And?")
    assert sample.asked == "Q: x\nA: y\n\nAnd?"
    assert sample.model_copy(update={"use_context": False}).asked == "And?"


def test_samples_of_one_video_belong_together() -> None:
    assert make_sample(clip="a.mp4").video == "a.mp4"
    named = {make_sample(clip=c, video_id="v", dataset="d").video for c in ("a.mp4", "b.mp4")}
    assert len(named) == 1


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"ground_truth": ["C"]}, "'C' is none of the options A, B"),
        ({"options": None}, "has 0 options"),
        ({"answer_type": "yes_no", "ground_truth": ["Yes"]}, "neither `yes` nor `no`"),
        ({"answer_type": "open", "ground_truth": [" "]}, "a ground truth is empty"),
        ({"question": " "}, "the question is empty"),
        ({"start_s": 5.0, "end_s": 5.0}, "not after its start"),
    ],
)
def test_a_run_does_not_start_on_an_unusable_sample(
    tmp_path: Path, changes: dict[str, Any], fault: str
) -> None:
    sample = make_sample(**changes)
    assert any(fault in found for found in faults(sample))
    write_samples(tmp_path / "s.jsonl", [make_sample(id="sound"), sample])
    with pytest.raises(InputError, match=r"s\.jsonl, line 2 \(one\).*aurelia bench check"):
        read_samples(tmp_path / "s.jsonl")


def test_a_sound_sample_has_no_fault() -> None:
    assert faults(make_sample()) == []


def test_published_counts_add_up() -> None:
    assert (len(CATEGORIES), PUBLISHED_TOTAL, len(TASKS)) == (17, 4504, 7)
    assert published_range("avsd") == (931, 1090)
    assert published_range("av_compositional") == (968, 968)
    assert published_range("daily_omni") is None
    least = sum((published_range(task) or (0, 0))[0] for task in TASKS)
    shared = sum(c.samples for c in CATEGORIES if len(c.tasks) > 1)
    assert least + shared == PUBLISHED_TOTAL


def test_tasks_of_your_own_are_marked_as_such() -> None:
    assert all(is_task(name) for name in (*TASKS, *FURTHER_TASKS, "own", "own_first_try"))
    assert not any(is_task(name) for name in ("", "mine", "own_", "own_a b", "av_memes"))
