"""What facts say can be found in the encoded clip by simple means."""

from itertools import product

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage
from scipy.io import wavfile

from aurelia.bench.rendered.render import Difficulty, Split
from aurelia.bench.sample import Fact, Sample
from tests.bench.rendered.conftest import Clip
from tests.bench.rendered.decoded import FPS, standing_out

SETS: list[tuple[Split, Difficulty]] = [("dev", "clean"), ("held_out", "noisy")]
BOTH = pytest.mark.parametrize(("split", "difficulty"), SETS)

RED, GREEN, BLUE = 0, 1, 2
# Which channels are high (1) and low (0) in a colour, roughly; None: in between.
COLOURS: dict[str, tuple[int | None, int | None, int | None]] = {
    "red": (1, 0, 0), "orange": (1, None, 0), "yellow": (1, 1, 0), "green": (None, 1, None),
    "blue": (0, None, 1), "purple": (None, 0, 1), "white": (1, 1, 1), "black": (0, 0, 0),
}  # fmt: skip


def looks(pixel: NDArray[np.float64], colour: str) -> bool:
    high, low = pixel.max() * 0.8, pixel.max() * 0.68
    if colour in ("white", "black"):
        return bool(pixel.min() > 180) if colour == "white" else bool(pixel.max() < 70)
    fits = zip(pixel, COLOURS[colour], strict=True)
    return all(want is None or (v >= high if want else v <= low) for v, want in fits)


def of_kind(sample: Sample, kind: str) -> list[Fact]:
    return [fact for fact in sample.true_facts if fact.kind == kind]


def span(fact: Fact) -> tuple[float, float]:
    assert fact.start_s is not None
    assert fact.end_s is not None
    return fact.start_s, fact.end_s


@BOTH
@pytest.mark.parametrize("family", ["av_compositional", "av_geoiq", "av_captioning"])
def test_sound_sets_in_when_the_facts_say(
    clip: Clip, family: str, split: Split, difficulty: Difficulty
) -> None:
    for index in (0, 2):
        sample, media = clip(family, index, split, difficulty)
        events = [span(fact) for fact in of_kind(sample, "event.heard")]
        assert events
        for start, _ in events:
            if any(other < start < end + 0.2 for other, end in events if other != start):
                continue
            before = media.level_db(start - 0.15, start - 0.04)
            assert media.level_db(start + 0.01, start + 0.12) > before + 6


def test_sound_has_decayed_when_the_facts_say(clip: Clip) -> None:
    for split, index in product(("dev", "held_out"), (0, 2)):
        sample, media = clip("av_geoiq", index, split)
        for start, end in map(span, of_kind(sample, "event.heard")):
            loudest = max(
                media.level_db(at, at + 0.03)
                for at in np.arange(start, max(end, start + 0.1), 0.02)
            )
            assert media.level_db(end + 0.05, end + 0.15) < loudest - 25
            assert media.level_db(end - 0.12, end) > loudest - 36


@BOTH
@pytest.mark.parametrize("family", ["av_compositional", "av_captioning"])
def test_shapes_have_their_colour_and_move_when_the_facts_say(
    clip: Clip, family: str, split: Split, difficulty: Difficulty
) -> None:
    for index in (0, 2):
        sample, media = clip(family, index, split, difficulty)
        (fact,) = of_kind(sample, "object.moves")
        start, end = span(fact)
        colour = str(fact.value).split()[0]
        spots = []
        for share in (0.3, 0.7):
            there = standing_out(media, start + share * (end - start))
            labels, _ = ndimage.label(there)
            sizes = np.bincount(labels.ravel())[1:]
            rows, columns = np.nonzero(labels == 1 + int(sizes.argmax()))
            assert sizes.max() > 350
            spots.append((columns.mean(), rows.mean()))
            pixel = np.median(media.at(start + share * (end - start))[rows, columns], axis=0)
            assert looks(pixel, colour), (colour, pixel)
        across, down = np.subtract(spots[1], spots[0])
        way = {"left to right": across, "right to left": -across, "downwards": down,
               "upwards": -down}[str(fact.other)]  # fmt: skip
        assert way > 0.8 * max(abs(across), abs(down)) > 40
        # Before it starts and after it ends, whatever it is stays where it is.
        for one, two in ((start - 0.5, start - 0.1), (end + 0.1, end + 0.5)):
            moved = np.abs(media.at(one) - media.at(two)).max(-1) > 60
            assert ndimage.binary_opening(moved, np.ones((5, 5))).sum() < 120


@BOTH
def test_flags_have_their_middle_colour_and_signs_their_letters(
    clip: Clip, split: Split, difficulty: Difficulty
) -> None:
    from aurelia.bench.rendered.looks import look_of

    flags = {flag.country: flag for flag in look_of(split).flags}
    for index in (0, 2):
        sample, media = clip("av_geoiq", index, split, difficulty)
        for fact in of_kind(sample, "flag.shown"):
            colours = flags[str(fact.value)].colours
            start, end = span(fact)
            frame = media.at((start + end) / 2)
            if flags[str(fact.value)].layout == "disc" or len(colours) == 3:
                pixel = np.median(frame[118:123, 158:163].reshape(-1, 3), axis=0)
                assert looks(pixel, colours[1]), (fact.value, pixel)
        cuts = [fact.start_s or 0 for fact in of_kind(sample, "flag.shown")][1:]
        for cut in cuts:
            assert np.abs(media.at(cut) - media.at(cut - 1 / FPS)).mean() > 8
            assert np.abs(media.at(cut) - media.at(cut + 1 / FPS)).mean() < 6


@BOTH
def test_instruments_shown_are_as_many_separate_things(
    clip: Clip, split: Split, difficulty: Difficulty
) -> None:
    sample, media = clip("music_avqa", 24, split, difficulty)
    (shown,) = of_kind(sample, "shown.count")
    smooth = ndimage.uniform_filter(media.at(4.0), (3, 3, 0))
    labels, count = ndimage.label(smooth.max(-1) > 100, np.ones((3, 3)))
    sizes = np.bincount(labels.ravel())[1:] if count else np.zeros(1)
    assert (sizes > 250).sum() == shown.value


@BOTH
def test_the_dance_repeats_at_its_pace_and_the_clip_is_silent(
    clip: Clip, split: Split, difficulty: Difficulty
) -> None:
    index = 0 if split == "dev" else 5  # another dancer
    sample, media = clip("dm_match", index, split, difficulty)
    assert not len(media.sound)
    rows = np.arange(media.frames.shape[1])
    counts = (media.frames.max(-1) > 120).sum(2)
    series = counts @ rows / counts.sum(1)
    series = (series - series.mean()) * np.hanning(len(series))
    size = np.abs(np.fft.rfft(series, 8192))
    per_minute = np.fft.rfftfreq(8192, 1 / FPS) * 60
    band = (per_minute > 50) & (per_minute < 200)
    (pace,) = of_kind(sample, "pace.picture")
    found = per_minute[band][size[band].argmax()]
    assert abs(found / float(pace.value) - 1) < 0.03


@BOTH
def test_tracks_beat_at_their_tempo_and_one_matches(
    clip: Clip, split: Split, difficulty: Difficulty
) -> None:
    sample, _ = clip("dm_match", 0, split, difficulty)
    tempos = {fact.other: float(fact.value) for fact in of_kind(sample, "candidate.tempo")}
    (pace,) = of_kind(sample, "pace.picture")
    assert tempos[(sample.options or {})[sample.ground_truth[0]].split()[1]] == pace.value
    for label, path in sample.candidates.items():
        rate, sound = wavfile.read(path)
        step = rate // 100
        low = ndimage.uniform_filter1d(sound.astype(float), rate // 300)
        power = np.log(np.add.reduceat(low**2, np.arange(0, len(low), step)) + 1)
        rises = np.maximum(np.diff(power), 0) - np.maximum(np.diff(power), 0).mean()
        strength = {
            tempo: sum(
                float(rises[k:] @ rises[: len(rises) - k])
                for k in [round(100 * 60 / tempo) + d for d in (-1, 0, 1)]
            )
            for tempo in tempos.values()
        }
        assert max(strength, key=lambda tempo: strength[tempo]) == tempos[str(label)]


@pytest.mark.parametrize("split", ["dev", "held_out"])
def test_bright_music_is_higher_and_busier(clip: Clip, split: Split) -> None:
    found = dict[str, tuple[float, float]]()
    for index in (0, 2):
        sample, media = clip("av_meme", index, split)
        size = np.abs(np.fft.rfft(media.sound)) ** 2
        hertz = np.fft.rfftfreq(len(media.sound), 1 / media.rate)
        centre = float(np.exp((size * np.log(hertz + 20)).sum() / size.sum()))
        step = media.rate // 50
        level = np.sqrt(np.add.reduceat(media.sound**2, np.arange(0, len(media.sound), step)))
        rises = np.diff(ndimage.gaussian_filter1d(level, 1.5))
        peaks = (rises[1:-1] > rises[:-2]) & (rises[1:-1] >= rises[2:])
        onsets = (peaks & (rises[1:-1] > 0.25 * rises.max())).sum() / 9
        (mood,) = of_kind(sample, "mood.is")
        found[str(mood.value)] = (centre, onsets)
    assert found["bright"][0] > 1.3 * found["dark"][0]
    assert found["bright"][1] > 1.5 * found["dark"][1]


@BOTH
def test_the_words_stay_on_screen(clip: Clip, split: Split, difficulty: Difficulty) -> None:
    _, media = clip("av_meme", 0, split, difficulty)
    for time in (0.5, 4.5, 8.5):
        frame = media.at(time).mean(-1)
        white = frame > 200
        near_black = ndimage.minimum_filter(frame, 7) < 60
        assert (white & near_black).sum() > 300


def test_noisy_clips_have_noise_behind_their_sounds(clip: Clip) -> None:
    for split in ("dev", "held_out"):
        sample, media = clip("av_captioning", 0, split, "noisy")
        events = [span(fact) for fact in of_kind(sample, "event.heard")]
        loudest = max(media.level_db(at, at + 0.1) for at in np.arange(0, 8.3, 0.05))
        quiet = [
            media.level_db(at, at + 0.2)
            for at in np.arange(0, 8.2, 0.1)
            if all(at + 0.2 < start or at > end + 0.1 for start, end in events)
        ]
        assert 9 < loudest - float(np.median(quiet)) < 20
