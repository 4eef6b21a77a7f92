"""Adapters of models made on LAVIS, and of Video-LLaMA, which is made like them."""

from collections.abc import Callable
from pathlib import Path

import av
import imageio_ffmpeg
import pytest

from aurelia.models.worker import worker
from tests.clips import make_clip
from tests.models.worker.adapters.stubbing import PLAN, SOUND, TEXT, VIDEO, Stub, sound

Make = Callable[[str], Stub]

BROKEN = SOUND + b"broken"


@pytest.mark.parametrize("name", ["x_instructblip", "crema"])
def test_both_media_and_the_text_go_into_one_sample(name: str, stub: Make) -> None:
    asked = stub(name).load("weights")
    assert asked.ask(video=VIDEO, audio=SOUND, max_tokens=12).lower().startswith("three")
    told = asked.told("generate")
    kinds = ("video", "audio") if name == "x_instructblip" else ("rgb", "audio")
    assert [told["samples"][kind].of for kind in kinds] == [VIDEO, SOUND]
    assert told["samples"]["audio"].steps[-2:] == [("unsqueeze", 0), ("to", "cuda:0")]
    assert (told["num_beams"], told["max_length"]) == (5, 12)
    assert (asked.told("sees")["n_frms"], asked.told("hears")["n_frames"]) == (4, 2)


@pytest.mark.parametrize("name", ["x_instructblip", "crema"])
def test_a_sound_that_would_be_silence_fails(name: str, stub: Make) -> None:
    asked = stub(name).load()
    with pytest.raises(RuntimeError, match="would have been silence"):
        asked.ask(video=VIDEO, audio=BROKEN)
    assert asked.all_told("generate") == []


@pytest.mark.parametrize(("name", "budget"), [("x_instructblip", 126), ("crema", 76)])
def test_their_texts_are_counted_as_they_cut_them(name: str, budget: int, stub: Make) -> None:
    asked = stub(name).load()
    assert asked.adapter.budget == budget
    assert asked.count("three small words") == 3


def test_x_instructblip_reads_the_text_in_both_places(stub: Make) -> None:
    asked = stub("x_instructblip").load()
    asked.ask(audio=SOUND, temperature=0.5)
    told = asked.told("generate")
    assert told["samples"]["prompt"] == told["qformer"] == TEXT
    assert "video" not in told["samples"]
    assert (told["use_nucleus_sampling"], told["temperature"], told["num_beams"]) == (True, 0.5, 1)


def test_crema_is_set_for_the_media_that_it_was_loaded_for(stub: Make) -> None:
    asked = stub("crema").load("crema.pth", modalities="rgb-skip")
    assert asked.told("config")["options"] == [
        "model.finetuned=crema.pth", "model.frame_num=4", "model.downstream_task=oeqa",
        "model.modalities=rgb-skip",
    ]  # fmt: skip
    asked.ask(video=VIDEO)
    with pytest.raises(worker.Problem, match="at most 1 video; this question has 1 video, 1 audio"):
        asked.ask(video=VIDEO, audio=SOUND)
    with pytest.raises(asked.refused, match="beam search"):
        asked.ask(video=VIDEO, temperature=1)


def test_crema_needs_all_that_it_was_loaded_for(stub: Make) -> None:
    asked = stub("crema").load()
    with pytest.raises(asked.refused, match=r"has no .'audio'"):
        asked.ask(video=VIDEO)


@pytest.fixture
def ffmpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program of that name, as the repositories need it."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=":")


@pytest.fixture
def clip(tmp_path: Path) -> bytes:
    """One that has no sound of its own."""
    return make_clip(tmp_path / "clip.mp4", duration_s=1.0, sounds=None).read_bytes()


@pytest.mark.usefixtures("ffmpeg")
@pytest.mark.parametrize("name", ["video_llama", "video_salmonn_2"])
def test_the_sound_that_was_sent_is_in_the_file_that_they_hear(
    name: str, stub: Make, clip: bytes
) -> None:
    asked = stub(name).load()
    asked.ask(video=clip, audio=sound(0.7), max_tokens=50)
    with av.open(str(asked.folder / "seen.mkv")) as seen:
        heard = sum(frame.samples for frame in seen.decode(audio=0))
        assert heard == round(0.7 * 16_000)
    with av.open(str(asked.folder / "seen.mkv")) as seen:
        assert seen.streams.video[0].codec_context.width == 320


@pytest.mark.usefixtures("ffmpeg")
def test_video_llama_that_went_on_without_the_sound_fails(stub: Make, clip: bytes) -> None:
    asked = stub("video_llama").load()
    asked.adapter.model[0].deaf = True
    with pytest.raises(RuntimeError, match="sound was not read"):
        asked.ask(video=clip, audio=SOUND)
    assert asked.all_told("answer") == []


@pytest.mark.usefixtures("ffmpeg")
def test_video_salmonn_2_whose_data_set_dropped_the_sound_fails(stub: Make, clip: bytes) -> None:
    asked = stub("video_salmonn_2").load()
    asked.ask(video=clip, audio=sound(0.7))
    assert asked.told("generate")["audio_feature"].of == "sound"
    asked.adapter.model[2].deaf = True
    with pytest.raises(RuntimeError, match="could not read the sound"):
        asked.ask(video=clip, audio=sound(0.7))
    assert len(asked.all_told("generate")) == 1


def test_video_llama_without_a_sound_hears_none(stub: Make) -> None:
    asked = stub("video_llama").load("eval_configs/withaudio.yaml", "cuda:1")
    assert asked.told("config")["cfg_path"] == "eval_configs/withaudio.yaml"
    assert asked.told("config")["gpu_id"] == asked.told("from_config")["device_8bit"] == 1
    assert asked.ask(video=VIDEO, temperature=0, max_tokens=50) == "Three times."
    told = asked.told("answer")
    assert asked.all_told("upload_video") == []
    assert told["messages"][0][1].endswith(TEXT)
    assert (told["max_new_tokens"], told["max_length"], told["top_p"]) == (50, 2000, 1e-6)


def test_video_llama_begins_each_question_anew(stub: Make) -> None:
    for kind in ("vicuna", "llama_v2"):
        asked = stub("video_llama").load(model_type=kind)
        for question in ("First?", "Second?"):
            asked.ask(question, video=VIDEO)
        last = asked.all_told("answer")[-1]["messages"]
        assert [text for _, text in last] == ["<ImageHere> Second?"]


def test_video_llama_refuses_what_would_cut_its_clip_away(stub: Make) -> None:
    asked = stub("video_llama").load()
    for wanted, most in ((64, 64), (1024, 65)):
        asked.ask("word " * 1934, video=VIDEO, max_tokens=wanted)
        assert asked.all_told("answer")[-1]["max_new_tokens"] == most
        assert asked.ended == "stop"
    asked.adapter.model[0].answer = lambda **given: ("so " * given["max_new_tokens"], [])
    asked.ask("word " * 1967, video=VIDEO)
    assert asked.ended == "length"
    with pytest.raises(asked.refused, match=r"1969 tokens, too many of Video-LLaMA's 2000"):
        asked.ask("word " * 1968, video=VIDEO)
    with pytest.raises(asked.refused, match="no video"):
        asked.ask(PLAN, audio=SOUND)
