"""Probes of a clip: one thing is changed, by measurement, and nothing else is."""

import wave
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.errors import InputError
from aurelia.media.altered import PROBES, Altered, ProbeName, alter, lacks
from aurelia.media.altered_shift import flipping_shift
from aurelia.media.decode import read_sound, video_frames
from aurelia.media.measure import hear, see
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from aurelia.types.clip import Clip
from tests import clips

SOUND_PROBES: tuple[ProbeName, ...] = ("muted", "other_audio", "shifted")


@pytest.fixture
def ordinary(tmp_path: Path) -> Clip:
    """4 s: the block moves 0.5-1.5 s, a tone 2.0-2.5 s, a cut at 3.0 s."""
    return open_clip(clips.ordinary(tmp_path))


@pytest.fixture
def donor(tmp_path: Path) -> Clip:
    """1 s of it is used: a low tone 0.2-0.4 s."""
    path = clips.make_clip(tmp_path / "donor.mp4", 3.0, sounds=[(1.2, 1.4)], hertz=300.0)
    return open_clip(path, start_s=1.0, end_s=2.0)


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Altered]:
    def make(clip: Clip, name: ProbeName, **options: object) -> Altered:
        return alter(clip, name, cache_dir=tmp_path / "cache", **options)  # type: ignore[arg-type]

    return make


def tones_of(clip: Clip) -> list[tuple[float, float]]:
    heard = hear(clip)
    assert heard
    return [(round(s.start_s, 1), round(s.end_s, 1)) for s in heard.sounding]


def pictures(clip: Clip) -> list[tuple[float, bytes]]:
    return [
        (round(time, 3), frame.reformat(width=32, height=18, format="gray").to_ndarray().tobytes())
        for time, frame in video_frames(clip, threads=1)
    ]


def shape(clip: Clip) -> tuple[object, ...]:
    facts = (clip.has_video, clip.has_audio, clip.width, clip.height, clip.start_s, clip.end_s)
    return (*facts, clip.audio is not None, round(clip.duration_s, 1), clip.candidates)


def test_muted_has_a_sound_stream_of_silence(ordinary: Clip, made: Callable[..., Altered]) -> None:
    muted = made(ordinary, "muted").clip
    assert muted.has_audio
    assert not read_sound(muted).samples.any()
    assert tones_of(ordinary) == [(2.0, 2.5)]
    assert tones_of(muted) == []
    assert prepare_media(muted).wav is not None  # a target is sent silence, not nothing


def test_shifted_turns_the_order_of_sound_and_sight(
    ordinary: Clip, made: Callable[..., Altered]
) -> None:
    probe = made(ordinary, "shifted")
    seen = see(probe.clip)
    assert seen
    assert seen.moving[0].start_s == pytest.approx(0.5, abs=0.15)
    (before,), (after,) = tones_of(ordinary), tones_of(probe.clip)
    shift = probe.parameters["shift_s"]
    assert after[0] == pytest.approx((before[0] + shift) % 4.0, abs=0.1)
    sights = (0.5, 3.0)  # the movement and the cut
    assert any((before[0] < sight) is not (after[0] < sight) for sight in sights)
    assert probe.parameters["chosen"] == "measured"


def test_a_shift_that_is_given_is_kept_and_named(
    ordinary: Clip, made: Callable[..., Altered]
) -> None:
    probe = made(ordinary, "shifted", shift_s=1.25)
    assert tones_of(probe.clip) == [(3.2, 3.8)]
    assert (probe.parameters["shift_s"], probe.parameters["chosen"]) == (1.25, "given")
    wrapped = made(ordinary, "shifted", shift_s=2.5)  # 2.0 + 2.5 goes round to 0.5
    assert tones_of(wrapped.clip) == [(0.5, 1.0)]


def test_another_sound_is_repeated_to_the_length(
    ordinary: Clip, donor: Clip, made: Callable[..., Altered]
) -> None:
    probe = made(ordinary, "other_audio", donor=donor)
    assert tones_of(probe.clip) == [(n + 0.2, n + 0.4) for n in range(4)]
    sound = read_sound(probe.clip).samples
    pitch = np.fft.rfftfreq(len(sound), 1 / 16_000)[np.argmax(np.abs(np.fft.rfft(sound)))]
    assert pitch == pytest.approx(300.0, abs=5)
    assert probe.parameters["donor_sha256"] == donor.sha256


def test_frozen_stands_still_and_sounds_as_before(
    ordinary: Clip, made: Callable[..., Altered]
) -> None:
    probe = made(ordinary, "frozen")
    seen = see(probe.clip)
    assert seen
    assert (seen.moving, seen.cuts, seen.light_steps) == ((), (), ())
    assert tones_of(probe.clip) == [(2.0, 2.5)]
    assert probe.parameters["at_s"] == 2.0
    middle = dict(pictures(ordinary))[2.0]
    frozen = pictures(probe.clip)[0][1]
    apart = np.frombuffer(middle, np.uint8).astype(int) - np.frombuffer(frozen, np.uint8)
    assert np.abs(apart).mean() < 3


@pytest.mark.parametrize("name", PROBES)
def test_streams_and_length_stay(
    name: ProbeName, ordinary: Clip, donor: Clip, made: Callable[..., Altered]
) -> None:
    options = {"donor": donor} if name == "other_audio" else {}
    probe = made(ordinary, name, **options)
    assert shape(probe.clip) == shape(ordinary)
    if name != "frozen":
        assert pictures(probe.clip) == pictures(ordinary)


@pytest.mark.parametrize(
    "odd",
    [
        clips.rotated,
        clips.wide_pixels,
        clips.odd_size,
        clips.variable_rate,
        clips.late_start,
        clips.late_sound,
        clips.edit_list,
        clips.truncated,
        clips.damaged,
        clips.audio_only,
    ],
)
def test_odd_files_keep_their_shape(
    odd: Callable[[Path], Path], tmp_path: Path, made: Callable[..., Altered]
) -> None:
    clip = open_clip(odd(tmp_path))
    names = [name for name in ("muted", "frozen") if not lacks(clip, name)]
    assert names
    for name in names:
        probe = made(clip, name).clip
        assert (probe.has_video, probe.has_audio) == (clip.has_video, clip.has_audio)
        assert probe.duration_s == pytest.approx(clip.duration_s, abs=0.2)
        if clip.has_video and clip.width and clip.height:
            assert probe.width
            assert probe.height
            assert 0 <= clip.width - probe.width <= 1
            assert 0 <= clip.height - probe.height <= 1


def test_web_files_stay_web_files(tmp_path: Path, made: Callable[..., Altered]) -> None:
    frames = [clips.picture(n / 25, moves=[(0.5, 1.5)]) for n in range(50)]
    sound = clips.tones(2.0, [(0.2, 0.7)], rate=48_000)
    path = clips.write_clip(
        tmp_path / "clip.webm",
        frames,
        sound,
        rate=48_000,
        codec="libvpx-vp9",
        audio_codec="libopus",
    )
    clip = open_clip(path)
    probe = made(clip, "shifted", shift_s=1.0).clip
    assert probe.path.endswith(".webm")
    assert (probe.video_codec, probe.audio_codec) == (clip.video_codec, clip.audio_codec)
    assert tones_of(probe) == [(1.2, 1.7)]


@pytest.mark.parametrize("name", ["clip.avi", "clip.mkv", "clip.mov"])
def test_no_picture_is_lost_on_the_way(
    name: str, tmp_path: Path, made: Callable[..., Altered]
) -> None:
    frames = [clips.picture(n / 25, moves=[(0.2, 1.8)]) for n in range(50)]
    path = tmp_path / name
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.codec_context.max_b_frames = 2
        sound = out.add_stream("aac", rate=16_000, layout="mono")
        for pixels in frames:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        out.mux(stream.encode())
        for start in range(0, 32_000, 1000):
            piece = av.AudioFrame.from_ndarray(
                np.full((1, 1000), 0.3, np.float32), format="fltp", layout="mono"
            )
            piece.sample_rate, piece.pts = 16_000, start
            out.mux(sound.encode(piece))
        out.mux(sound.encode())
    clip = open_clip(path)
    probe = made(clip, "muted").clip
    before, after = pictures(clip), pictures(probe)
    assert len(before) == len(after) == 50
    apart = [
        np.abs(np.frombuffer(a, np.uint8).astype(int) - np.frombuffer(b, np.uint8)).mean()
        for (_, a), (_, b) in zip(before, after, strict=True)
    ]
    assert max(apart) < 4
    assert [t for t, _ in after] == pytest.approx([t for t, _ in before], abs=0.05)


def test_what_cannot_be_copied_is_encoded_anew(
    tmp_path: Path, made: Callable[..., Altered]
) -> None:
    path = clips.make_clip(
        tmp_path / "clip.avi", 2.0, moves=[(0.5, 1.5)], sounds=[(0.2, 0.7)], codec="wmv2"
    )
    probe = made(open_clip(path), "muted").clip
    assert probe.video_codec == "h264"
    seen = see(probe)
    assert seen
    assert seen.moving[0].start_s == pytest.approx(0.5, abs=0.15)


def test_a_window_keeps_its_times(tmp_path: Path, made: Callable[..., Altered]) -> None:
    path = clips.make_clip(
        tmp_path / "long.mp4", 6.0, moves=[(3.0, 3.5)], sounds=[(0.5, 1.0), (2.2, 2.6)]
    )
    clip = open_clip(path, start_s=2.0, end_s=4.0)
    probe = made(clip, "shifted", shift_s=1.0)
    assert probe.clip.window == (2.0, 4.0)
    assert tones_of(probe.clip) == [(3.2, 3.6)]
    outside = open_clip(probe.clip.path, end_s=2.0)
    assert tones_of(outside) == [(0.5, 1.0)]
    frozen = made(clip, "frozen")
    assert frozen.clip.window == (2.0, 4.0)
    assert frozen.parameters["at_s"] == 3.0


def test_a_sound_beside_the_picture_stays_beside_it(
    ordinary: Clip, tmp_path: Path, made: Callable[..., Altered]
) -> None:
    beside = clips.wav(tmp_path, "beside.wav")
    clip = open_clip(ordinary.path, audio=beside)
    assert tones_of(clip) == [(0.5, 1.0)]
    muted = made(clip, "muted").clip
    assert (muted.path, muted.audio == clip.audio) == (clip.path, False)
    assert tones_of(muted) == []
    frozen = made(clip, "frozen").clip
    assert frozen.audio == clip.audio
    assert tones_of(frozen) == [(0.5, 1.0)]
    # The picture's own sound stays below the other: what is sent natively depends on it.
    assert tones_of(open_clip(frozen.path)) == [(2.0, 2.5)]


def test_stereo_and_rate_stay(tmp_path: Path, made: Callable[..., Altered]) -> None:
    with wave.open(str(tmp_path / "stereo.wav"), "wb") as out:
        out.setnchannels(2)
        out.setsampwidth(2)
        out.setframerate(44_100)
        both = np.stack([clips.tones(1.0, [(0.1, 0.3)], rate=44_100), np.zeros(44_100)], axis=1)
        out.writeframes((both * 32767).astype("<i2").tobytes())
    picture = clips.make_clip(tmp_path / "p.mp4", 1.0, sounds=None)
    clip = open_clip(picture, audio=tmp_path / "stereo.wav")
    audio = made(clip, "shifted", shift_s=0.5).clip.audio
    assert audio
    with wave.open(audio, "rb") as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 44_100)
        samples = np.frombuffer(file.readframes(44_100), "<i2").reshape(-1, 2)
    assert not samples[:, 1].any()
    assert samples[round(0.65 * 44_100) : round(0.75 * 44_100), 0].any()


def test_what_is_not_there_is_not_changed(tmp_path: Path) -> None:
    mute = open_clip(clips.no_audio(tmp_path))
    blind = open_clip(clips.audio_only(tmp_path))
    assert all("no sound" in lacks(mute, name) for name in SOUND_PROBES)
    assert "no picture" in lacks(blind, "frozen")
    assert not lacks(mute, "frozen")
    with pytest.raises(InputError, match="no sound that could be changed"):
        alter(mute, "muted")
    with pytest.raises(InputError, match="no picture"):
        alter(blind, "frozen")


def test_wrong_parameters_are_refused(ordinary: Clip, donor: Clip, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="other_audio"):
        alter(ordinary, "other_audio")
    with pytest.raises(InputError, match="other_audio"):
        alter(ordinary, "muted", donor=donor)
    with pytest.raises(InputError, match="shift_s is 4"):
        alter(ordinary, "shifted", shift_s=4.0)
    with pytest.raises(InputError, match="no sound to put"):
        alter(ordinary, "other_audio", donor=open_clip(clips.no_audio(tmp_path)))


def test_it_is_rendered_once_and_from_content(
    ordinary: Clip, tmp_path: Path, made: Callable[..., Altered]
) -> None:
    first = made(ordinary, "muted").clip
    stamp = Path(first.path).stat().st_mtime_ns
    renamed = tmp_path / "renamed.mp4"
    renamed.write_bytes(Path(ordinary.path).read_bytes())
    again = made(open_clip(renamed), "muted").clip
    assert (again.path, Path(again.path).stat().st_mtime_ns) == (first.path, stamp)
    windowed = made(open_clip(renamed, end_s=2.0), "muted").clip
    assert windowed.path != first.path


@given(
    length=st.floats(4.0, 60.0),
    sound=st.floats(0.0, 0.999),
    sight=st.floats(0.15, 0.85),
    start=st.floats(0.0, 100.0),
)
def test_one_sound_and_one_sight_always_change_places(
    length: float, sound: float, sight: float, start: float
) -> None:
    window = (start, start + length)
    heard, seen = start + sound * length, start + sight * length
    if abs(heard - seen) < 0.3:
        return
    shift = flipping_shift([heard], [seen], window)
    assert 0 < shift < length
    moved = start + (heard - start + shift) % length
    assert (heard < seen) is not (moved < seen)


def test_where_nothing_tells_it_is_half_of_the_window() -> None:
    assert flipping_shift([], [], (2.0, 12.0)) == 5.0
    assert flipping_shift([3.0], [], (0.0, 8.0)) == 4.0
