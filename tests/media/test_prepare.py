"""What `prepare_media` makes of clips whose content is known."""

import io
import wave
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from aurelia.errors import InputError
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from tests import clips as make


def test_an_ordinary_clip(clips: Path, cache: Path) -> None:
    media = prepare_media(open_clip(make.ordinary(clips)), 6, cache_dir=cache)
    times = [f.time_s for f in media.frames]
    assert times == sorted(set(times))
    assert len(times) <= 6
    assert any(
        2.0 <= t <= 2.5 and f.reason == "sound" for t, f in zip(times, media.frames, strict=True)
    )
    assert [s.start_s for s in media.shots] == pytest.approx([0.0, 3.0])
    assert any(t >= 3.0 for t in times)
    assert [o.time_s for o in media.onsets] == pytest.approx([2.0], abs=0.03)
    assert media.covered == pytest.approx((0.0, 4.0), abs=0.05)
    assert media.warnings == ()
    moving = media.signals.motion[(media.signals.times_s > 0.6) & (media.signals.times_s < 1.4)]
    still = media.signals.motion[(media.signals.times_s > 2.0) & (media.signals.times_s < 2.9)]
    assert moving.min() > 5 * still.max()
    assert media.signals.luma[-1] > media.signals.luma[0] + 50


def test_frames_are_upright_jpegs_of_their_moment(clips: Path, cache: Path) -> None:
    media = prepare_media(open_clip(make.rotated(clips)), 3, cache_dir=cache, max_side=160)
    for frame in media.frames:
        image = Image.open(io.BytesIO(frame.jpeg))
        assert image.size == (frame.width, frame.height) == (90, 160)
    first = np.asarray(Image.open(io.BytesIO(media.frames[0].jpeg)).resize((180, 320)))
    assert np.abs(first.astype(int) - np.rot90(make.picture(0.0))).mean() < 15


def test_pixel_aspect_is_applied(clips: Path, cache: Path) -> None:
    media = prepare_media(open_clip(make.wide_pixels(clips)), 1, cache_dir=cache)
    assert (media.frames[0].width, media.frames[0].height) == (640, 180)


def test_the_wav_is_16_khz_mono_of_the_window(clips: Path, cache: Path) -> None:
    clip = open_clip(make.ordinary(clips), start_s=1.5, end_s=3.5)
    media = prepare_media(clip, 2, cache_dir=cache)
    assert media.wav is not None
    with wave.open(str(media.wav)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16000, 1, 2)
        assert sound.getnframes() == 32000
    assert [o.time_s for o in media.onsets] == pytest.approx([2.0], abs=0.03)
    assert media.window == (1.5, 3.5)
    assert all(1.5 <= f.time_s < 3.5 for f in media.frames)


def test_stronger_onsets_are_kept_when_frames_are_few(tmp_path: Path, cache: Path) -> None:
    loud = make.tones(6.0, [(4.0, 4.4)], level=0.7)
    faint = make.tones(6.0, [(1.5, 1.9)], level=0.02)
    frames = [make.picture(i / 25) for i in range(150)]
    noise = make.tones(6.0, [], noise=0.003)
    path = make.write_clip(tmp_path / "two.mp4", frames, loud + faint + noise)
    media = prepare_media(open_clip(path), 1, cache_dir=cache)
    assert 4.0 <= media.frames[0].time_s <= 4.4


def test_a_flash_with_a_sound_is_caught_and_is_no_cut(tmp_path: Path, cache: Path) -> None:
    path = make.make_clip(
        tmp_path / "flash.mp4", 6.0, moves=[(0, 6)], flashes=[(3.3, 3.7)], sounds=[(3.3, 3.6)]
    )
    media = prepare_media(open_clip(path), 3, cache_dir=cache)
    caught = [f for f in media.frames if 3.3 <= f.time_s < 3.7]
    assert [f.reason for f in caught][:1] == ["sound and change"]
    assert len(media.shots) == 1


@pytest.mark.parametrize(
    "factory",
    [make.ordinary, make.variable_rate, make.late_start, make.damaged, make.truncated],
)
@pytest.mark.parametrize("rule", ["informative", "uniform", "published"])
def test_the_same_result_every_time(
    clips: Path, tmp_path: Path, factory: Callable[[Path], Path], rule: str
) -> None:
    clip = open_clip(factory(clips))
    first, second = (
        prepare_media(clip, 4, cache_dir=tmp_path / name, frame_rule=rule)  # type: ignore[arg-type]
        for name in ("a", "b")
    )
    assert first.manifest() == second.manifest()
    assert [f.jpeg for f in first.frames] == [f.jpeg for f in second.frames]
    assert first.frames


def test_ordinary_lacks_have_their_own_words(clips: Path, cache: Path) -> None:
    deaf = prepare_media(open_clip(make.no_audio(clips)), cache_dir=cache)
    assert deaf.wav is None
    assert deaf.frames
    assert "The clip has no sound." in deaf.warnings
    blind = prepare_media(open_clip(make.audio_only(clips)), cache_dir=cache)
    assert (blind.frames, blind.shots, blind.tier) == ((), (), "sound alone")
    assert blind.wav is not None
    mute = prepare_media(open_clip(make.silent_audio(clips)), cache_dir=cache)
    assert "The sound is silent throughout." in mute.warnings
    assert mute.onsets == ()
    broken = prepare_media(open_clip(make.damaged(clips)), cache_dir=cache)
    assert any("picture is damaged" in w for w in broken.warnings)
    late = prepare_media(open_clip(make.edit_list(clips)), cache_dir=cache)
    assert late.covered[0] == pytest.approx(1.0)
    assert any("begins at 1.00 s" in w for w in late.warnings)


def test_one_picture_is_enough(clips: Path, cache: Path) -> None:
    media = prepare_media(open_clip(make.one_frame(clips)), cache_dir=cache)
    assert [f.time_s for f in media.frames] == [0.0]
    assert len(media.shots) == 1


def test_long_clips_go_by_keyframes_and_onsets(tmp_path: Path, cache: Path) -> None:
    path = make.make_clip(
        tmp_path / "long.mp4",
        12.0,
        moves=[(0, 12)],
        cuts=[6.0],
        flashes=[(8.6, 9.0)],
        sounds=[(8.6, 9.0)],
        noise=0.002,
    )
    clip = open_clip(path)
    media = prepare_media(clip, 4, cache_dir=cache, full_decode_s=5.0)
    assert media.tier == "keyframes"
    assert len(media.signals.times_s) < 20
    assert any("keyframes" in w for w in media.warnings)
    assert any(8.6 <= f.time_s < 9.0 for f in media.frames)
    assert [s.start_s for s in media.shots] == pytest.approx([0.0, 6.0])
    assert media.covered == (0.0, clip.duration_s)


def test_rare_keyframes_mean_a_full_look(tmp_path: Path, cache: Path) -> None:
    frames = [make.picture(i / 2) for i in range(140)]
    path = make.write_clip(tmp_path / "one_key.mp4", frames, fps=2, keyframe_every=1000)
    media = prepare_media(open_clip(path), 4, cache_dir=cache, full_decode_s=20.0)
    assert media.tier == "every frame"


def test_the_budget_grows_with_duration(clips: Path, cache: Path) -> None:
    clip = open_clip(make.ordinary(clips))
    media = prepare_media(clip, 1, cache_dir=cache, frames_per_minute=45.0, frame_rule="uniform")
    assert len(media.frames) == 1 + 3
    assert prepare_media(clip, 0, cache_dir=cache).frames == ()


def test_the_published_rule_keeps_what_differs_from_the_frame_before(
    clips: Path, cache: Path
) -> None:
    clip = open_clip(make.ordinary(clips))
    media = prepare_media(clip, 5, cache_dir=cache, frame_rule="published")
    assert [f.time_s for f in media.frames] == pytest.approx([3.0])
    assert media.frames[0].reason == "published"
    still = prepare_media(
        open_clip(make.no_audio(clips)), 5, cache_dir=cache, frame_rule="published"
    )
    assert len(still.frames) == 5
    assert any("published frame rule keeps no frame" in w for w in still.warnings)


def test_separate_sound_and_candidates(clips: Path, cache: Path) -> None:
    sound = make.wav(clips, "beside.wav", [(1.0, 1.4)])
    clip = open_clip(make.ordinary(clips), audio=sound, candidates={"A": make.wav(clips)})
    media = prepare_media(clip, 2, cache_dir=cache)
    assert [o.time_s for o in media.onsets] == pytest.approx([1.0], abs=0.03)
    assert list(media.candidates) == ["A"]
    with wave.open(str(media.candidates["A"])) as track:
        assert track.getnframes() == 32000


def test_more_than_six_hours_need_a_window(tmp_path: Path, cache: Path) -> None:
    frames = [make.picture(0.0)] * 50
    times = [i * 500.0 for i in range(50)]
    clip = open_clip(make.write_clip(tmp_path / "day.mkv", frames, times=times))
    with pytest.raises(InputError, match=r"6\.8 hours.*start_s"):
        prepare_media(clip, 2, cache_dir=cache)
    part = open_clip(clip.path, start_s=0.0, end_s=3600.0)
    assert len(prepare_media(part, 2, cache_dir=cache).frames) == 2


def test_the_manifest_holds_no_path(clips: Path, cache: Path) -> None:
    media = prepare_media(open_clip(make.ordinary(clips)), cache_dir=cache)
    assert str(clips) not in str(media.manifest())
    assert str(cache) not in str(media.manifest())


@pytest.mark.parametrize(
    "wrong",
    [
        {"max_frames": -1},
        {"max_frames": 10_000},
        {"max_side": 1},
        {"frame_rule": "best"},
        {"full_decode_s": float("nan")},
        {"frames_per_minute": float("inf")},
    ],
)
def test_parameters_that_make_no_sense(clips: Path, cache: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        prepare_media(open_clip(make.one_frame(clips)), cache_dir=cache, **wrong)  # type: ignore[arg-type]
