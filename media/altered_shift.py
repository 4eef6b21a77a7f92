"""By how much to move a sound so that what came before a sight comes after it."""

from collections.abc import Sequence

from aurelia.media.measure import hear, see
from aurelia.types.clip import Clip

_STEPS = 20
_APART_S = 0.3
"""A sound and a sight that are nearer than this pass for simultaneous."""


def flipping_shift(
    sounds: Sequence[float], sights: Sequence[float], window: tuple[float, float]
) -> float:
    """The shift that turns the order of most pairs of a sound and a sight, seconds.

    Shifts go round within the window: what passes its end comes in at its start. Tried are
    twentieths of the window; of equals the one next to half of it stands, which is also the answer
    where there is nothing to tell by.

    Args:
        sounds: when sounds set in.
        sights: when something is to be seen.
        window: start and end, seconds.
    """
    start, end = window
    length = end - start
    steps = [length * n / _STEPS for n in range(1, _STEPS)]

    def turned(shift: float) -> int:
        moved = [start + (time - start + shift) % length for time in sounds]
        return sum(
            _order(before, sight) * _order(after, sight) == -1
            for before, after in zip(sounds, moved, strict=True)
            for sight in sights
        )

    best = max(steps, key=lambda shift: (turned(shift), -abs(shift - length / 2)))
    return round(best, 3)


def measured_shift(clip: Clip) -> float:
    """`flipping_shift` by what is measured: rises of the sound, cuts, and where movement begins."""
    heard, seen = hear(clip), see(clip)
    sounds = [s.start_s for s in heard.sounding] + list(heard.jumps) if heard else []
    sights = [s.start_s for s in seen.moving] + list(seen.cuts) if seen else []
    inside = [time for time in sounds if clip.window[0] <= time < clip.window[1]]
    return flipping_shift(inside, sights, clip.window)


def _order(sound: float, sight: float) -> int:
    if abs(sound - sight) < _APART_S:
        return 0
    return 1 if sound > sight else -1
