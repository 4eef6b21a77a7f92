"""Where things go on the timeline: plain geometry, in the units of its SVG."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from aurelia.evaluators.marks import step_mark
from aurelia.pages.run import SIGNS, Run

WIDTH = 1000.0
SOUND_HEIGHT = 90.0
LANE = 22.0
_COLUMNS = 500
_FLOOR = 0.02  # full scale is drawn for sounds that are louder; quieter clips stay quiet


@dataclass(frozen=True, slots=True)
class Bar:
    """A step's window.

    Attributes:
        status: what the critic found of it.
        modality: `visual`, `audio`, `both`, or empty.
    """

    step_id: str
    x: float
    y: float
    width: float
    status: str
    sign: str
    modality: str
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """Everything on one axis.

    Attributes:
        path: outline of the waveform; empty without sound.
        ticks: `(x, label)` of seconds.
        frames: x of each frame that models are shown.
        onsets: x of each sound that sets in.
        cuts: x of each cut.
        bars: windows of the steps of pass `index`.
        elsewhere: ids of steps without a window.
    """

    height: float
    path: str
    ticks: tuple[tuple[float, str], ...]
    frames: tuple[float, ...]
    onsets: tuple[float, ...]
    cuts: tuple[float, ...]
    bars: tuple[Bar, ...]
    index: int | None
    elsewhere: tuple[str, ...]
    width: float = WIDTH
    sound_height: float = SOUND_HEIGHT
    lane: float = LANE


def draw(
    run: Run,
    start_s: float,
    end_s: float,
    *,
    peaks: Sequence[float] = (),
    frames: Sequence[float] = (),
    onsets: Sequence[float] = (),
    cuts: Sequence[float] = (),
) -> Timeline:
    """Lay out a clip's window from `start_s` to `end_s`, clip time in seconds."""
    length = max(end_s - start_s, 1e-3)

    def x(time_s: float) -> float:
        return round(min(1.0, max(0.0, (time_s - start_s) / length)) * WIDTH, 1)

    bars, elsewhere = _bars(run, start_s, end_s, x)
    lanes = len(bars)
    return Timeline(
        height=SOUND_HEIGHT + 26 + lanes * LANE,
        path=_outline(peaks),
        ticks=tuple((x(t), f"{t:g} s") for t in _seconds(start_s, end_s)),
        frames=tuple(map(x, frames)),
        onsets=tuple(map(x, onsets)),
        cuts=tuple(map(x, cuts)),
        bars=bars,
        index=run.latest.index if run.latest else None,
        elsewhere=elsewhere,
    )


def peaks_of(samples: bytes, columns: int = _COLUMNS) -> tuple[float, ...]:
    """The loudest sample of each of some columns, 0 to 1; of 16-bit mono sound."""
    values = np.abs(np.frombuffer(samples, dtype="<i2").astype(np.float64)) / 32768
    if not len(values):
        return ()
    edges = np.linspace(0, len(values), min(columns, len(values)) + 1).astype(int)[:-1]
    return tuple(float(peak) for peak in np.maximum.reduceat(values, edges))


def _outline(peaks: Sequence[float]) -> str:
    """A closed path about the middle line."""
    if not peaks:
        return ""
    middle, top = SOUND_HEIGHT / 2, max(max(peaks), _FLOOR)
    step = WIDTH / len(peaks)
    reach = [max(0.5, peak / top * (middle - 4)) for peak in peaks]
    upper = [f"{(i + 0.5) * step:.1f},{middle - r:.1f}" for i, r in enumerate(reach)]
    lower = [f"{(i + 0.5) * step:.1f},{middle + r:.1f}" for i, r in enumerate(reach)]
    return f"M{' L'.join([*upper, *reversed(lower)])} Z"


def _bars(
    run: Run, start_s: float, end_s: float, x: Callable[[float], float]
) -> tuple[tuple[Bar, ...], tuple[str, ...]]:
    """One lane a step, in their order; and steps without a window."""
    latest = run.latest
    steps = latest.reasoning.steps if latest and latest.reasoning else []
    bars: list[Bar] = []
    elsewhere: list[str] = []
    for step in steps:
        if latest is None or (step.start_s is None and step.end_s is None):
            elsewhere.append(step.id)
            continue
        left = x(start_s if step.start_s is None else step.start_s)
        right = x(end_s if step.end_s is None else step.end_s)
        status = step_mark(step.id, latest.verdict)
        bars.append(
            Bar(
                step_id=step.id,
                x=min(left, WIDTH - 6),
                y=SOUND_HEIGHT + 26 + len(bars) * LANE,
                width=max(6.0, right - left),
                status=status,
                sign=SIGNS[status],
                modality=step.modality or "",
                text=step.text,
            )
        )
    return tuple(bars), tuple(elsewhere)


def _seconds(start_s: float, end_s: float) -> list[float]:
    """At most eleven round times."""
    length = end_s - start_s
    steps = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600)
    step = next((s for s in steps if length / s <= 10), 7200)
    first = int(np.ceil(start_s / step - 1e-9))
    return [round(n * step, 3) for n in range(first, int(end_s / step + 1e-9) + 1)]
