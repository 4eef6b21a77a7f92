"""Pictures and sound come at their times, in the window, and survive damage."""

from pathlib import Path

import numpy as np
import pytest

from aurelia.media.decode import Damage, frames_at, read_sound, video_frames
from aurelia.media.open import open_clip
from aurelia.media.picture import to_rgb
from aurelia.media.render import render_clip
from tests import clips as make


def _loud(clip_path: Path, **window: float) -> tuple[float, float]:
    """First and last time at which the sound is loud."""
    sound = read_sound(open_clip(clip_path, **window))  # type: ignore[arg-type]
    assert sound.samples.dtype == np.float32
    at = np.flatnonzero(np.abs(sound.samples) > 0.1) / sound.sample_rate + sound.start_s
    return float(at[0]), float(at[-1])


def test_every_picture_at_its_time(clips: Path) -> None:
    times = [t for t, _ in video_frames(open_clip(make.ordinary(clips)))]
    assert times == pytest.approx([i / 25 for i in range(100)])


@pytest.mark.parametrize("start", [0.5, 1.5, 2.5])
def test_a_window_cuts_exactly(clips: Path, start: float) -> None:
    clip = open_clip(make.ordinary(clips), start_s=start, end_s=start + 0.5)
    times = [t for t, _ in video_frames(clip)]
    assert min(times) >= start
    assert max(times) < start + 0.5
    assert len(times) in (12, 13)
    assert read_sound(clip).samples.shape == (8000,)


def test_a_window_within_one_long_picture_shows_it(tmp_path: Path) -> None:
    frames = [make.picture(0.0), make.picture(9.0, cuts=[1.0]), make.picture(0.0)]
    path = make.write_clip(tmp_path / "slow.mkv", frames, times=[0.0, 1.0, 6.0])
    clip = open_clip(path, start_s=3.0, end_s=4.0)
    found = list(video_frames(clip))
    assert [t for t, _ in found] == [3.0]
    assert np.abs(to_rgb(found[0][1]).astype(int) - frames[1]).mean() < 12


def test_a_clock_that_starts_anywhere_counts_from_the_first_instant(clips: Path) -> None:
    path = make.late_start(clips)
    times = [t for t, _ in video_frames(open_clip(path))]
    assert times[0] == pytest.approx(0.0, abs=0.1)
    assert _loud(path) == pytest.approx((1.0, 1.5), abs=0.1)


@pytest.mark.parametrize("factory", [make.ordinary, make.variable_rate, make.late_start])
def test_pictures_at_asked_times(clips: Path, factory: object) -> None:
    clip = open_clip(factory(clips))  # type: ignore[operator]
    every = [t for t, _ in video_frames(clip)]
    asked = [0.1, 0.3, 1.4, 1.45, 2.6]
    found = [t for t, _ in frames_at(clip, asked)]
    assert found == pytest.approx([min(t for t in every if t >= a - 1e-6) for a in asked])


def test_late_sound_is_preceded_by_silence(clips: Path) -> None:
    assert _loud(make.late_sound(clips)) == pytest.approx((1.5, 2.0), abs=0.03)
    assert _loud(make.edit_list(clips)) == pytest.approx((2.0, 2.5), abs=0.03)
    assert _loud(make.ordinary(clips), start_s=1.0) == pytest.approx((2.0, 2.5), abs=0.03)


def test_rotation_is_applied(clips: Path) -> None:
    upright = make.picture(0.0)
    for degrees, turns in ((90, 1), (180, 2), (270, 3)):
        _, frame = next(video_frames(open_clip(make.rotated(clips, degrees))))
        assert np.abs(to_rgb(frame).astype(int) - np.rot90(upright, turns)).mean() < 12


def test_keyframes_alone(clips: Path) -> None:
    clip = open_clip(make.ordinary(clips))
    times = [t for t, _ in video_frames(clip, keyframes_only=True)]
    assert times == pytest.approx([0.0, 2.0])
    sparse = [t for t, _ in video_frames(clip, keyframes_only=True, min_gap_s=3.0)]
    assert sparse == [0.0]


def test_keyframes_keep_their_times_among_reordered_pictures(tmp_path: Path) -> None:
    path = tmp_path / "reordered.mp4"
    render_clip(
        path,
        lambda t: make.picture(t, moves=[(0, 3), (3, 6)]),
        6.0,
        preset="medium",
        keyframe_every=33,
    )
    clip = open_clip(path)
    every = {t: to_rgb(f) for t, f in video_frames(clip)}
    found = [(t, to_rgb(f)) for t, f in video_frames(clip, keyframes_only=True)]
    assert len(found) >= 4
    assert all(np.array_equal(every[t], pixels) for t, pixels in found)


def test_damage_is_counted_and_survived_the_same_way_twice(clips: Path) -> None:
    clip = open_clip(make.damaged(clips))
    seen = []
    for _ in range(2):
        damage = Damage()
        pictures = [to_rgb(f).tobytes() for _, f in video_frames(clip, threads=1, damage=damage)]
        assert damage.packets > 0
        assert "damaged" in damage.warning("picture")
        assert len(pictures) > 80
        seen.append(pictures)
    assert seen[0] == seen[1]


def test_no_sound_and_no_picture_are_empty(clips: Path) -> None:
    assert read_sound(open_clip(make.no_audio(clips))).samples.shape == (0,)
    assert list(video_frames(open_clip(make.audio_only(clips)))) == []
