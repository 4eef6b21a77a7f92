"""Macaw-LLM, whose frames are files that the adapter makes."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from tests.clips import make_clip
from tests.models.worker.adapters.stubbing import IMAGE, SOUND, TEXT, Stub

Make = Callable[[str], Stub]


def test_six_frames_from_the_whole_clip(stub: Make, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", duration_s=3.0, cuts=(0.8, 1.7)).read_bytes()
    asked = stub("macaw_llm").load("macaw")
    assert asked.ask(video=clip, audio=SOUND) == "Three times."
    told = asked.told("question")
    assert (told["audio"], told["image"]) == (SOUND, None)
    assert told["instruction"].endswith(f"### Instruction:\n{TEXT}\n\n### Response:")
    frames = [cv2.imdecode(np.frombuffer(f, np.uint8), cv2.IMREAD_COLOR) for f in told["frames"]]
    assert len(frames) == 6
    levels = [round(float(np.mean(frame))) for frame in frames if frame is not None]
    assert len(set(levels)) == 3, "two of each of the clip's three scenes"
    assert levels[0] == levels[1] != levels[2] == levels[3] != levels[4] == levels[5]


def test_it_is_loaded_with_the_inference_script_s_numbers(stub: Make) -> None:
    asked = stub("macaw_llm").load("macaw")
    told = asked.told("config")
    assert (told["n_frames"], told["attention_heads"]) == (6, 220)
    assert told["llm_config"] == "AutoConfig of trained_models/llama_model"
    assert asked.told("from_pretrained")["name"] == "macaw"


def test_the_reply_s_length_is_set_and_the_model_is_left_as_it_was(stub: Make) -> None:
    asked = stub("macaw_llm").load()
    asked.ask(images=(IMAGE,), max_tokens=30, temperature=0)
    told = asked.told("llm.generate")
    assert (told["max_new_tokens"], told["do_sample"], told["temperature"]) == (30, False, 1.0)
    assert asked.told("question")["image"] == IMAGE
    model = asked.adapter.model[0]
    assert "generate" not in vars(model.llm)
    assert list((asked.folder / "eval_outputs").iterdir()) == []


def test_a_failure_that_its_script_passes_over_is_raised(stub: Make) -> None:
    asked = stub("macaw_llm").load()
    with pytest.raises(RuntimeError, match="The model failed"):
        asked.ask("Does it break?")


def test_a_video_that_can_t_be_read_fails(stub: Make) -> None:
    with pytest.raises(ValueError, match="Frame 0 of 120"):
        stub("macaw_llm").load().ask(video=b"\0\0\0\x18ftypmp42 no frames")
