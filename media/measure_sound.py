"""What the actor measures in a sound: levels from the mean square, in decibels of full scale."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aurelia.media.measure_spans import Span, complement, held, runs, tidy
from aurelia.media.measure_tempo import Tempo, tempo_by_autocorrelation

Samples = NDArray[np.float32]
Levels = NDArray[np.float64]

LOWEST_DBFS = -96.0
"""Level given to digital silence: below the last bit of a 16-bit sample."""
HEARD_DBFS = -60.0
"""Sound above this counts as heard; the boundary FFmpeg's silencedetect uses too."""
SILENT_DBFS = -72.0
"""Below this it is silent. What lies between is neither: too faint to call."""
PAUSE_S = 0.2
"""A shorter silence is a pause inside one stretch of sound."""
_DIP_S, _EDGE_DIP_S = 1.0, 0.3  # a dip this short, and no deeper, is part of the sound
_DIP_DB = 5.0
_MOMENT_S = 0.4  # the "momentary" window of EBU R 128
_JUMP_FROM_DBFS = -60.0  # a rise from one inaudible level to another is no jump


@dataclass(frozen=True, slots=True)
class Hearing:
    """How closely to listen.

    Attributes:
        hop_s: time between two levels.
        window_s: length of sound behind one level.
        margin_db: hysteresis around `HEARD_DBFS`: on at plus, off at minus this margin.
        jump_db: smallest rise within 50 ms that counts as a jump.
    """

    hop_s: float = 0.01
    window_s: float = 0.02
    margin_db: float = 3.0
    jump_db: float = 10.0


class Stretch(NamedTuple):
    """A stretch of sound, or of none; `tolerance_s` bounds how far off either end may be."""

    start_s: float
    end_s: float
    tolerance_s: float
    silent: bool = False

    @property
    def span(self) -> Span:
        """Without the tolerance."""
        return Span(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class SoundMeasures:
    """What was heard in one window; times are clip times, levels dBFS of the 16 kHz mono mix.

    Attributes:
        window: the time that was listened to.
        sounding: where there is sound, above -60 dBFS.
        rests: what is left: silent below -72 dBFS, else too faint to call.
        mean_dbfs: level over the whole window.
        peak_dbfs: highest level over 0.4 s.
        loudest: middles of the loudest 0.4 s and of others within 1 dB, loudest first.
        quiet_dbfs: level that a tenth of the window stays below.
        louder: where it is 12 dB or more above `quiet_dbfs`, if it is never silent for long.
        halves_dbfs: levels of the first and of the second half.
        jumps: when the level rises by `Hearing.jump_db` or more within 50 ms.
        tempo: beats per minute if a beat is clear.
    """

    window: Span
    sounding: tuple[Stretch, ...]
    rests: tuple[Stretch, ...]
    mean_dbfs: float
    peak_dbfs: float
    loudest: tuple[float, ...]
    quiet_dbfs: float
    louder: tuple[Span, ...]
    halves_dbfs: tuple[float, float]
    jumps: tuple[float, ...]
    tempo: Tempo | None


def dbfs(power: NDArray[np.float64] | float) -> Levels:
    """Mean square to decibels of full scale (a full-scale sine is -3), never below -96."""
    return np.asarray(10 * np.log10(np.maximum(power, 10 ** (LOWEST_DBFS / 10))), np.float64)


def levels(samples: Samples, rate: int, hop_s: float, window_s: float) -> Levels:
    """Level around the middle of each cell of `hop_s`, shape `(cells,)`, at least one, dBFS.

    The window is cut at both ends of the sound, so nothing is padded in.
    """
    hop, half = max(1, round(hop_s * rate)), max(1, round(window_s * rate / 2))
    energy = np.concatenate(([0.0], np.cumsum(samples.astype(np.float64) ** 2)))
    cells = max(1, -(-(len(samples) - hop // 2) // hop))
    middles = np.minimum(hop // 2 + hop * np.arange(cells), len(samples))
    first = np.clip(middles - half, 0, len(samples))
    past = np.clip(middles + half, 0, len(samples))
    return dbfs((energy[past] - energy[first]) / np.maximum(past - first, 1))


def _edge(db: Levels, at: int, step: int) -> int:
    """Cells between a clear level inside a stretch and silence outside of it, at one end.

    `at` is the first cell inside, `step` points outwards. A fade is long, a clap short; a faint
    background that never falls silent is no fade.
    """
    limit = 60  # cells; beyond, what follows is a stretch of its own
    outside = db[at + step : at + step * (limit + 1) : step] if at + step >= 0 else db[:0]
    inside = db[at : at - step * limit if at - step * limit >= 0 else None : -step]
    fallen, risen = np.flatnonzero(outside < SILENT_DBFS), np.flatnonzero(inside >= HEARD_DBFS + 6)
    outward = int(fallen[0]) if len(fallen) else 0
    return max(outward, int(risen[0]) if len(risen) else 0)


def _through_dips(cells: list[Span], db: Levels, hop: float, length_s: float) -> list[Span]:
    """Carry sound on through dips that hardly leave the range of what is heard."""
    joined: list[Span] = []
    for gap in complement(cells, Span(0.0, length_s)):
        at_edge = gap.start_s == 0.0 or gap.end_s == length_s
        first = round(gap.start_s / hop)
        inner = db[first : max(round(gap.end_s / hop), first + 1)]
        if gap.length_s > (_EDGE_DIP_S if at_edge else _DIP_S) or not len(inner):
            continue
        if inner.min() >= SILENT_DBFS and np.median(inner) >= HEARD_DBFS - _DIP_DB:
            joined.append(gap)
    return tidy(sorted([*cells, *joined]), 1e-6, 0.0) if cells else []


def stretches(
    db: Levels, look: Hearing, window: Span, threshold: float = HEARD_DBFS
) -> tuple[list[Stretch], list[Stretch]]:
    """Where the level is above `threshold`, and what is left of the window.

    Pauses below `PAUSE_S` are bridged, blips below 30 ms dropped.
    """
    hop = look.hop_s
    on = held(db >= threshold + look.margin_db, db >= threshold - look.margin_db)
    cells = [Span(a * hop, b * hop) for a, b in runs(on)]
    cells = _through_dips(tidy(cells, PAUSE_S, 0.03), db, hop, window.length_s)
    sounding = []
    for cell in cells:
        first, last = round(cell.start_s / hop), round(cell.end_s / hop) - 1
        slack = max(_edge(db, first, -1) if first else 0, _edge(db, min(last, len(db) - 1), 1))
        sounding.append(
            Stretch(
                window.start_s + cell.start_s,
                min(window.start_s + cell.end_s, window.end_s),
                max(0.05, slack * hop + look.window_s),
            )
        )
    rests = []
    for gap in complement((s.span for s in sounding), window, 0.05):
        beside = [s for s in sounding if gap.start_s == s.end_s or gap.end_s == s.start_s]
        tolerance = max((s.tolerance_s for s in beside), default=0.05)
        begin = round((gap.start_s - window.start_s + tolerance) / hop)
        inner = db[begin : round((gap.end_s - window.start_s - tolerance) / hop)]
        silent = bool(len(inner)) and float(np.percentile(inner, 98)) < SILENT_DBFS
        rests.append(Stretch(gap.start_s, gap.end_s, tolerance, silent))
    return sounding, rests


def jumps(db: Levels, hop_s: float, start_s: float, least_db: float) -> list[float]:
    """When the level rises by `least_db` within 50 ms over all of the 100 ms before it."""
    db = np.maximum(db, _JUMP_FROM_DBFS)
    before, after = max(1, round(0.1 / hop_s)), max(1, round(0.05 / hop_s))
    if len(db) < before + after + 1:
        return []
    past = np.lib.stride_tricks.sliding_window_view(db, before).max(axis=1)[: -after - 1]
    ahead = np.lib.stride_tricks.sliding_window_view(db[before:], after + 1).max(axis=1)
    rise = ahead[: len(past)] - past[: len(ahead)]
    found: list[float] = []
    for first, stop in runs(rise >= least_db):
        best = first + int(np.argmax(rise[first:stop]))
        steps = np.diff(db[before + best - 1 : before + best + after + 1])
        found.append(start_s + (before + best + int(np.argmax(steps))) * hop_s)
    return found


def loudest(moments: Levels, hop_s: float, start_s: float, within_db: float = 1.0) -> list[float]:
    """Times of the highest level and of rivals within `within_db`, at least 0.4 s apart."""
    order = np.argsort(-moments, kind="stable")
    times: list[float] = []
    for index in order[moments[order] >= moments.max() - within_db]:
        time = start_s + (int(index) + 0.5) * hop_s
        if all(abs(time - t) >= _MOMENT_S for t in times):
            times.append(time)
    return times


def _moments(samples: Samples, rate: int, hop_s: float) -> tuple[Levels, float]:
    """Levels over 0.4 s (whole windows only, if the sound is long enough); the first middle."""
    db = levels(samples, rate, hop_s, _MOMENT_S)
    edge = round(_MOMENT_S / 2 / hop_s)
    return (db[edge:-edge], edge * hop_s) if len(db) > 2 * edge + 1 else (db, 0.0)


def _louder(samples: Samples, rate: int, start_s: float) -> tuple[float, list[Span]]:
    """The quiet level, and the stretches that stand out from it by 12 dB."""
    hop_s = 0.05
    db = levels(samples, rate, hop_s, 0.1)
    quiet = float(np.percentile(db, 10))
    if quiet < HEARD_DBFS - 6:
        return quiet, []
    on = held(db >= quiet + 13.0, db >= quiet + 11.0)
    spans = (Span(start_s + a * hop_s, start_s + b * hop_s) for a, b in runs(on))
    return quiet, tidy(spans, 0.3, 0.2)


def measure_sound(samples: Samples, rate: int, start_s: float, look: Hearing) -> SoundMeasures:
    """Measure a sound. An empty array counts as digital silence of no length."""
    window = Span(start_s, start_s + len(samples) / rate)
    db = levels(samples, rate, look.hop_s, look.window_s)
    moments, first_s = _moments(samples, rate, look.hop_s)
    quiet, louder = _louder(samples, rate, start_s)
    half = len(samples) // 2
    power = samples.astype(np.float64) ** 2
    halves = [float(dbfs(float(p.mean()) if len(p) else 0.0)) for p in (power[:half], power[half:])]
    sounding, rests = stretches(db, look, window)
    return SoundMeasures(
        window=window,
        sounding=tuple(sounding),
        rests=tuple(rests),
        mean_dbfs=float(dbfs(float(power.mean()) if len(power) else 0.0)),
        peak_dbfs=float(moments.max()),
        loudest=tuple(loudest(moments, look.hop_s, start_s + first_s)),
        quiet_dbfs=quiet,
        louder=tuple(louder),
        halves_dbfs=(halves[0], halves[1]),
        jumps=tuple(jumps(db, look.hop_s, start_s, look.jump_db)),
        tempo=tempo_by_autocorrelation(samples, rate),
    )
