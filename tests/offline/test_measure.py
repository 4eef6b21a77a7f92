"""The two sets of measurements on arrays with known content, and against FFmpeg's own filters."""

import itertools
from typing import Any

import av
import av.filter
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurelia.media.measure import hear, see
from aurelia.media.measure_sound import Hearing, measure_sound
from aurelia.media.measure_spans import Span, complement, overlap, tidy, total_s
from aurelia.media.recheck import see_again
from aurelia.media.recheck_sound import recheck_sound, sound_spans
from aurelia.types.clip import Clip
from tests.clips import RATE, tones


@settings(deadline=None, max_examples=25)
@given(st.floats(0.3, 1.5), st.floats(0.4, 2.0), st.floats(0.01, 0.9))
def test_both_methods_find_the_same_tone(start: float, length: float, level: float) -> None:
    samples = tones(4.0, [(start, start + length)], level=level)
    (actor,) = measure_sound(samples, RATE, 0.0, Hearing()).sounding
    (critic,) = sound_spans(recheck_sound(samples, RATE, 0.0))
    for found in (actor.span, critic):
        assert found.start_s == pytest.approx(start, abs=0.06)
        assert found.end_s == pytest.approx(start + length, abs=0.06)


@pytest.mark.parametrize("level_db", [-50, -30, -6])
def test_levels_are_those_of_the_mean_square(level_db: float) -> None:
    noise = np.random.default_rng(1).standard_normal(RATE * 3)
    samples = (noise * 10 ** (level_db / 20) / 4).clip(-1, 1).astype(np.float32)
    expected = 10 * np.log10(float((samples.astype(np.float64) ** 2).mean()))
    assert measure_sound(samples, RATE, 0.0, Hearing()).mean_dbfs == pytest.approx(
        expected, abs=0.1
    )
    assert recheck_sound(samples, RATE, 0.0).spectral_dbfs == pytest.approx(expected, abs=0.1)


def test_a_clear_beat_has_a_tempo_and_noise_has_none() -> None:
    beats = [(t, t + 0.05) for t in np.arange(0.25, 9.5, 0.5)]
    clicks = tones(10.0, beats, hertz=200)
    tempo = measure_sound(clicks, RATE, 0.0, Hearing()).tempo
    assert tempo is not None
    assert tempo.bpm == pytest.approx(120, abs=2)
    assert any(abs(t / 120 - 1) < 0.03 for t in recheck_sound(clicks, RATE, 0.0).tempos)
    noise = (0.1 * np.random.default_rng(2).standard_normal(RATE * 10)).astype(np.float32)
    assert measure_sound(noise, RATE, 0.0, Hearing()).tempo is None


@pytest.mark.parametrize("count", [0, 1, 7, 100, 3000])
def test_very_short_sounds_are_measured(count: int) -> None:
    samples = np.full(count, 0.2, np.float32)
    measured = measure_sound(samples, RATE, 0.0, Hearing())
    recheck_sound(samples, RATE, 0.0)
    assert measured.window.length_s == count / RATE


@given(st.lists(st.tuples(st.floats(0, 10), st.floats(0, 3)), max_size=6))
def test_spans_and_their_complement_fill_the_window(pairs: list[tuple[float, float]]) -> None:
    window = Span(0.0, 13.0)
    spans = tidy(sorted(Span(a, a + b) for a, b in pairs), 1e-6, 1e-3)
    rest = complement(spans, window)
    assert total_s(spans) + total_s(rest) == pytest.approx(13.0)
    assert total_s(overlap(spans, rest)) == pytest.approx(0.0, abs=1e-6)


def test_picture_and_sound_of_a_rendered_clip(known: Clip) -> None:
    seen, heard = (
        see(
            known,
        ),
        hear(known),
    )
    assert seen is not None
    assert heard is not None
    assert seen.cuts == pytest.approx([3.4], abs=0.05)
    (moving,) = seen.moving
    assert moving == pytest.approx((2.8, 4.5), abs=0.12)
    assert [s[:2] for s in heard.sounding] == [
        pytest.approx((1.0, 2.2), abs=0.05),
        pytest.approx((4.0, 5.0), abs=0.05),
    ]
    again = see_again(known)
    assert again is not None
    assert [t for t, _ in again.cuts] == pytest.approx([3.4], abs=0.05)


def filtered(path: str, kind: str, chain: list[tuple[str, str]]) -> list[dict[str, str]]:
    """Metadata that FFmpeg's filters leave on the frames of a file."""
    notes: list[dict[str, str]] = []
    with av.open(path) as container:
        graph = av.filter.Graph()
        stream: Any = container.streams.video[0] if kind == "video" else container.streams.audio[0]
        source = (
            graph.add_buffer(template=stream)
            if kind == "video"
            else graph.add_abuffer(template=stream)
        )
        nodes = [source, *(graph.add(name, options) for name, options in chain)]
        nodes.append(graph.add("buffersink" if kind == "video" else "abuffersink"))
        for first, second in itertools.pairwise(nodes):
            first.link_to(second)
        graph.configure()
        for decoded in container.decode(stream):
            frame: Any = decoded
            graph.push(frame)
            while True:
                try:
                    notes.append(dict(graph.pull().metadata))
                except (av.BlockingIOError, av.EOFError):
                    break
    return notes


def test_ffmpeg_finds_the_same_silence(known: Clip) -> None:
    notes = filtered(known.path, "audio", [("silencedetect", "noise=-60dB:duration=0.3")])
    ends = [float(n["lavfi.silence_end"]) for n in notes if "lavfi.silence_end" in n]
    heard = hear(known)
    assert heard is not None
    assert [s.start_s for s in heard.sounding] == pytest.approx(ends, abs=0.1)


def test_ffmpeg_finds_the_same_cut(known: Clip) -> None:
    notes = filtered(known.path, "video", [("scdet", "threshold=10")])
    times = [float(n["lavfi.scd.time"]) for n in notes if "lavfi.scd.time" in n]
    seen = see(known)
    assert seen is not None
    assert list(seen.cuts) == pytest.approx(times, abs=0.05)


def test_ffmpeg_measures_the_same_level(known: Clip) -> None:
    notes = filtered(known.path, "audio", [("astats", "metadata=1:reset=0")])
    level = float(notes[-1]["lavfi.astats.Overall.RMS_level"])
    heard = hear(known)
    assert heard is not None
    assert heard.mean_dbfs == pytest.approx(level, abs=0.5)
