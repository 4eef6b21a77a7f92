"""What `open_clip` measures, and what it refuses in one sentence."""

import math
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest

from aurelia.errors import InputError, MediaError
from aurelia.media.open import open_clip
from tests import clips as make


def test_facts_of_an_ordinary_clip(clips: Path) -> None:
    clip = open_clip(make.ordinary(clips))
    assert (clip.width, clip.height, clip.fps) == (320, 180, 25.0)
    assert (clip.video_codec, clip.audio_codec) == ("h264", "aac")
    assert clip.duration_s == pytest.approx(4.0, abs=0.05)
    assert clip.window == (0.0, clip.duration_s)
    assert clip.warnings == ()


@pytest.mark.parametrize(
    ("factory", "video", "audio", "size", "duration"),
    [
        (make.no_audio, True, False, (320, 180), 3.0),
        (make.audio_only, False, True, (None, None), 2.0),
        (make.wav, False, True, (None, None), 2.0),
        (make.attached_picture, False, True, (None, None), 2.0),
        (make.one_frame, True, False, (320, 180), 0.04),
        (make.still_picture, True, False, (320, 180), 0.04),
        (make.rotated, True, False, (180, 320), 1.0),
        (make.wide_pixels, True, False, (640, 180), 1.0),
        (make.odd_size, True, True, (321, 181), 1.0),
        (make.variable_rate, True, True, (320, 180), 3.0),
        (make.late_start, True, True, (320, 180), 3.0),
        (make.late_sound, True, True, (320, 180), 3.0),
        (make.edit_list, True, True, (320, 180), 3.0),
        (make.truncated, True, True, (320, 180), 2.05),
        (make.damaged, True, True, (320, 180), 4.0),
    ],
)
def test_facts_of_odd_clips(
    clips: Path,
    factory: Callable[[Path], Path],
    video: bool,
    audio: bool,
    size: tuple[int | None, int | None],
    duration: float,
) -> None:
    clip = open_clip(factory(clips))
    assert (clip.has_video, clip.has_audio) == (video, audio)
    assert (clip.width, clip.height) == size
    assert clip.duration_s == pytest.approx(duration, abs=0.1)


def test_what_is_missing_is_said(clips: Path) -> None:
    assert "The clip has no sound." in open_clip(make.no_audio(clips)).warnings
    assert any("no picture" in w for w in open_clip(make.audio_only(clips)).warnings)
    assert any("cut off" in w for w in open_clip(make.truncated(clips)).warnings)


@pytest.mark.parametrize(
    ("factory", "word"),
    [
        (make.empty_file, "empty"),
        (make.text_file, "no media file"),
        (make.no_index, "cut off"),
        (make.playlist, "can't be read"),
        (lambda directory: directory, "is a directory"),
        (lambda directory: directory / "absent.mp4", "There is no file"),
    ],
)
def test_refusals_are_one_sentence(
    tmp_path: Path, factory: Callable[[Path], Path], word: str
) -> None:
    with pytest.raises(MediaError, match=word) as caught:
        open_clip(factory(tmp_path))
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message


def test_what_is_no_regular_file_is_refused_without_reading_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    with pytest.raises(MediaError, match="no regular file"):
        open_clip(pipe)


@pytest.mark.parametrize("path", ["", "http://192.0.2.1/a.mp4", "a\0b", "bad\udcff.mp4"])
def test_impossible_paths(path: str) -> None:
    with pytest.raises(MediaError):
        open_clip(path)


@pytest.mark.parametrize(
    "name", ["-i.mp4", "concat:a|b.mp4", "http:a.mp4", "frame%03d.jpg", "žluť 音.mp4", "noext"]
)
def test_names_mean_nothing(
    clips: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    plain = make.one_frame(clips)
    shutil.copy(plain, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    renamed = open_clip(name)
    assert renamed.model_dump(exclude={"path"}) == open_clip(plain).model_dump(exclude={"path"})


def test_too_large_a_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    with av.open(str(path), "w", format="image2", container_options={"update": "1"}) as out:
        stream: Any = out.add_stream("png", rate=25)
        stream.width, stream.height, stream.pix_fmt = 9000, 9000, "gray"
        out.mux(stream.encode(av.VideoFrame(9000, 9000, "gray")))
        out.mux(stream.encode())
    with pytest.raises(MediaError, match="megapixels"):
        open_clip(path)


@pytest.mark.parametrize(
    ("start", "end"),
    [(-1.0, None), (4.5, None), (2.0, 2.0), (3.0, 1.0), (math.nan, None), (None, math.inf)],
)
def test_windows_that_hold_nothing(clips: Path, start: float | None, end: float | None) -> None:
    with pytest.raises(InputError, match=r"start_s|end_s"):
        open_clip(make.ordinary(clips), start_s=start, end_s=end)


def test_a_window_past_the_end_is_a_warning(clips: Path) -> None:
    clip = open_clip(make.ordinary(clips), start_s=1.0, end_s=9.0)
    assert clip.window == (1.0, clip.duration_s)
    assert any("past the clip's end" in w for w in clip.warnings)


def test_separate_sound_counts_as_sound(clips: Path) -> None:
    silent, sound = make.no_audio(clips), make.wav(clips)
    clip = open_clip(silent, audio=sound)
    assert clip.has_audio
    assert clip.audio == str(sound)
    assert clip.audio_codec == "pcm_s16le"
    with pytest.raises(MediaError, match="holds no sound"):
        open_clip(silent, audio=silent)


def test_candidates_need_labels_and_sound(clips: Path) -> None:
    video, sound = make.no_audio(clips), make.wav(clips)
    clip = open_clip(video, candidates={"A": sound, "B": make.audio_only(clips)})
    assert [c.label for c in clip.candidates] == ["A", "B"]
    assert clip.candidates[0].duration_s == pytest.approx(2.0)
    for wrong, word in (({" ": sound}, "no label"), ({"A": sound, "A ": sound}, "twice")):
        with pytest.raises(InputError, match=word):
            open_clip(video, candidates=wrong)
    with pytest.raises(MediaError, match="candidate A"):
        open_clip(video, candidates={"A": video})
