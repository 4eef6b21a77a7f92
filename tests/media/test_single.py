"""A clip as one file: as it is where it can be, else its window with its sound."""

from pathlib import Path

import numpy as np
import pytest

from aurelia.errors import MediaError
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from aurelia.media.single import single_file
from tests.clips import audio_only, make_clip, no_audio, ordinary, wav


def _loud_at(path: Path) -> list[float]:
    """Tenths of a second that hold sound."""
    prepared = prepare_media(open_clip(path))
    assert prepared.wav is not None
    samples = np.frombuffer(prepared.wav.read_bytes()[44:], np.int16).astype(float)
    blocks = samples[: len(samples) // 1600 * 1600].reshape(-1, 1600)
    return [n / 10 for n, block in enumerate(blocks) if np.abs(block).max() > 1000]


def test_a_whole_file_is_copied_byte_for_byte(tmp_path: Path) -> None:
    source = ordinary(tmp_path)
    made = single_file(open_clip(source), tmp_path / "copy")
    assert made == tmp_path / "copy.mp4"
    assert made.read_bytes() == source.read_bytes()


def test_a_window_begins_at_zero_with_its_sound(tmp_path: Path) -> None:
    clip = open_clip(ordinary(tmp_path), start_s=1.5, end_s=3.5)  # its tone: 2.0 to 2.5 s
    made = single_file(clip, tmp_path / "cut")
    found = open_clip(made)
    assert found.duration_s == pytest.approx(2.0, abs=0.15)
    assert (found.width, found.height) == (clip.width, clip.height)
    loud = _loud_at(made)
    assert loud[0] == pytest.approx(0.5, abs=0.11)
    assert loud[-1] == pytest.approx(0.9, abs=0.11)


def test_a_separate_sound_takes_the_place_of_the_clips_own(tmp_path: Path) -> None:
    sound = wav(tmp_path, spans=[(0.5, 1.0)])
    made = single_file(open_clip(ordinary(tmp_path), audio=sound), tmp_path / "whole")
    loud = _loud_at(made)
    assert loud[0] == pytest.approx(0.5, abs=0.11)
    assert max(loud) < 1.3  # the clip's own tone began at 2.0 s
    assert open_clip(made).duration_s == pytest.approx(4.0, abs=0.15)


def test_a_file_of_an_unusual_ending_becomes_mp4(tmp_path: Path) -> None:
    made = make_clip(tmp_path / "odd.mkv", 1.0, moves=[(0.2, 0.6)], sounds=[(0.1, 0.3)])
    assert single_file(open_clip(made), tmp_path / "out").suffix == ".mp4"


def test_a_clip_without_sound_stays_silent(tmp_path: Path) -> None:
    clip = open_clip(no_audio(tmp_path), start_s=0.5, end_s=1.5)
    assert not open_clip(single_file(clip, tmp_path / "cut")).has_audio


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="has no picture"):
        single_file(open_clip(audio_only(tmp_path)), tmp_path / "x")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="can't be written"):
        single_file(open_clip(ordinary(tmp_path)), tmp_path / "gone" / "x")
