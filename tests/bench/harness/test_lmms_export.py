"""What lmms-eval is given: two conditions that differ by the r* block, whole clips, no truth."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import yaml

from aurelia.bench.harness.lmms_export import export_lmms_eval, task_name
from aurelia.errors import InputError
from aurelia.media.open import open_clip
from aurelia.prompts.loader import load_prompts
from tests.bench.harness.folder import ACCEPTED, NOT_ACCEPTED, TRUTH, Case, clip, exported, sample
from tests.clips import wav


def _functions(case: Case) -> ModuleType:
    """The functions of the folder, loaded as lmms-eval does."""
    spec = importlib.util.spec_from_file_location("utils", case.folder / "utils.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _docs(case: Case, condition: str) -> list[dict[str, Any]]:
    lines = (case.folder / f"{condition}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """A sample with accepted steps and one without."""
    clip(tmp_path / "one.mp4")
    clip(tmp_path / "two.mp4")
    return exported(tmp_path, [sample("one"), sample("two")], [ACCEPTED, NOT_ACCEPTED])


def test_the_second_task_asks_where_there_are_accepted_steps(case: Case) -> None:
    assert [doc["sample_id"] for doc in _docs(case, "zero_shot")] == ["one", "two"]
    assert [doc["sample_id"] for doc in _docs(case, "distilled")] == ["one"]
    assert (case.done.samples, case.done.accepted) == (2, 1)


def test_both_conditions_differ_by_the_r_star_block_alone(case: Case) -> None:
    plain, helped = _docs(case, "zero_shot")[0], _docs(case, "distilled")[0]
    text = _functions(case).doc_to_text
    block = load_prompts("default").get("target_distilled")
    assert helped["r_star"]
    assert helped["r_star"] in text(helped)
    before, after = _around(text(plain), text(helped))
    added = text(helped)[len(before) : len(text(helped)) - len(after)]
    assert helped["r_star"] in added
    assert len(added) < len(block.text)
    assert plain["video"] == helped["video"]


def _around(plain: str, helped: str) -> tuple[str, str]:
    """What two texts have in common at their beginning and, of the rest, at their end."""
    start = next(n for n, pair in enumerate(zip(plain, helped, strict=False)) if len(set(pair)) > 1)
    rest = plain[start:]
    assert helped.endswith(rest), "the zero-shot text must be the distilled one without a block"
    return plain[:start], rest


def test_the_truth_is_nowhere_in_the_folder(case: Case) -> None:
    read = [p.read_bytes() for p in case.folder.rglob("*") if p.is_file()]
    assert read
    assert not any(TRUTH.encode() in content for content in read)
    assert _functions(case).doc_to_target(_docs(case, "zero_shot")[0]) == ""


def test_the_tasks_name_functions_and_data_that_are_there(case: Case) -> None:
    functions = _functions(case)
    for task in case.done.tasks:
        text = (case.folder / f"{task}.yaml").read_text()
        named = yaml.load(text, Loader=_loader())
        assert named["task"] == task
        assert Path(named["dataset_kwargs"]["data_files"]["test"]).is_file()
        used = [value for key, value in named.items() if key.startswith(("doc_to", "process"))]
        used.append(named["metric_list"][0]["aggregation"])
        assert len(used) == 6
        assert all(callable(getattr(functions, name.removeprefix("utils."))) for name in used)


def _loader() -> type[yaml.SafeLoader]:
    class Loader(yaml.SafeLoader):
        """Reads `!function` as a name."""

    Loader.add_constructor("!function", lambda loader, node: str(node.value))
    return Loader


def test_a_clip_goes_as_it_is_and_once(tmp_path: Path) -> None:
    made = clip(tmp_path / "one.mp4")
    two = [sample("one"), sample("again", clip="one.mp4", question="What moves?")]
    case = exported(tmp_path, two, [ACCEPTED, ACCEPTED])
    first, second = _docs(case, "zero_shot")
    assert first["video"] == second["video"]
    assert (case.folder / first["video"]).read_bytes() == made.read_bytes()
    assert _functions(case).doc_to_visual(first) == [str(case.folder / first["video"])]


def test_a_window_and_a_separate_sound_become_one_file(tmp_path: Path) -> None:
    clip(tmp_path / "one.mp4")
    wav(tmp_path, "other.wav")
    item = sample("one", audio="other.wav", start_s=0.5, end_s=1.5)
    case = exported(tmp_path, [item], [ACCEPTED])
    made = open_clip(case.folder / _docs(case, "zero_shot")[0]["video"])
    assert made.has_video
    assert made.has_audio
    assert made.duration_s == pytest.approx(1.0, abs=0.15)


def test_candidate_tracks_go_with_their_labels(tmp_path: Path) -> None:
    clip(tmp_path / "one.mp4")
    for name in "AB":
        wav(tmp_path, f"{name}.wav")
    item = sample("one", candidates={"A": "A.wav", "B": "B.wav"})
    case = exported(tmp_path, [item], [ACCEPTED])
    doc, functions = _docs(case, "zero_shot")[0], _functions(case)
    video, first, second = functions.doc_to_visual(doc)
    assert video.endswith(".mp4")
    assert first["sampling_rate"] == 16_000
    assert first["array"].dtype == np.float32
    assert 0.02 < np.abs(second["array"]).max() <= 1
    text = functions.doc_to_text(doc)
    assert "in this order: the clip; Candidate audio A; Candidate audio B." in text
    content = functions.doc_to_messages(doc)[-1]["content"]
    kinds = [part["type"] for part in content]
    assert kinds[kinds.index("video") :][:5] == ["video", "text", "audio", "text", "audio"]
    assert content[kinds.index("audio") - 1]["text"] == "Candidate audio A:"


def test_messages_hold_the_same_text_with_the_system_part_apart(case: Case) -> None:
    functions, doc = _functions(case), _docs(case, "distilled")[0]
    system, user = functions.doc_to_messages(doc)
    assert system["role"] == "system"
    texts = [p["text"] for m in (system, user) for p in m["content"] if p["type"] == "text"]
    assert "\n\n".join(t for t in texts if t != "The clip:") == functions.doc_to_text(doc)


def test_a_reply_keeps_the_name_of_its_sample(case: Case) -> None:
    functions, doc = _functions(case), _docs(case, "distilled")[0]
    said = functions.process_results(doc, ["Answer: it"])["replied"]
    assert said == {"sample_id": "one", "condition": "distilled", "replied": True}
    nothing = functions.process_results(doc, [" "])["replied"]
    assert functions.share([said, nothing]) == 0.5


def test_a_missing_clip_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    clip(tmp_path / "one.mp4")
    case = exported(tmp_path, [sample("one"), sample("gone")], [ACCEPTED, ACCEPTED])
    assert list(case.done.skipped) == ["gone"]
    assert "gone.mp4" in case.done.skipped["gone"]
    assert case.done.samples == 1


def test_a_folder_with_files_is_left_alone(case: Case) -> None:
    with pytest.raises(InputError, match="holds files already"):
        export_lmms_eval([], case.rollouts, case.folder, prompts=load_prompts("default"))


@pytest.mark.parametrize(
    ("text", "name"),
    [("My set", "aurelia_my_set"), ("../x", "aurelia_x"), ("…", "aurelia_task")],
)
def test_names_of_tasks_are_plain(text: str, name: str) -> None:
    assert task_name(text) == name
