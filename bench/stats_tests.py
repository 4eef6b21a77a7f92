"""Tests beside the primary one, correction for many tests, and what a sample is too small for."""

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from scipy.stats import binomtest

from aurelia.bench.stats import MOST_PATTERNS, Interval
from aurelia.errors import InputError

ALPHA = 0.05
WIDEST = 0.20
"""An interval of a share that is wider than this settles little; the warning says so."""

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class McNemar:
    """Exact McNemar's test, on the samples that only one of two conditions got right.

    Attributes:
        gained: right under the second condition alone.
        lost: right under the first alone.
        p: two-sided.
    """

    gained: int
    lost: int
    p: float


def mcnemar(first: Sequence[float], second: Sequence[float], videos: Sequence[Hashable]) -> McNemar:
    """Exact McNemar's test of paired right-or-wrong scores.

    Raises:
        InputError: a video has more than one sample, or a score is neither 0 nor 1: then the test's
            assumptions don't hold, and the permutation test by video is the one to use.
        ValueError: lengths that differ.
    """
    if not len(first) == len(second) == len(videos):
        raise ValueError(f"{len(first)}, {len(second)} and {len(videos)} entries do not match.")
    name, most = next(iter(Counter(videos).most_common(1)), ("", 0))
    if most > 1:
        raise InputError(
            f"McNemar's test takes one sample a video, and {name!r} has {most}; use the "
            "permutation test by video."
        )
    if odd := next((score for score in (*first, *second) if score not in (0, 1)), None):
        raise InputError(
            f"McNemar's test takes scores of 0 and 1, and one is {odd:g}; use the permutation "
            "test by video."
        )
    pairs = Counter(zip(first, second, strict=True))
    gained, lost = pairs[0, 1], pairs[1, 0]
    p = float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0
    return McNemar(gained, lost, p)


def holm(p_values: Mapping[Key, float]) -> dict[Key, float]:
    """Holm's (1979) adjusted p values of a family of tests, each at most 1, in the given order.

    Raises:
        ValueError: a value is no probability.
    """
    if wrong := [p for p in p_values.values() if not 0 <= p <= 1]:
        raise ValueError(f"{wrong[0]} is no probability.")
    adjusted, worst = dict[Key, float](), 0.0
    for rank, (key, p) in enumerate(sorted(p_values.items(), key=lambda pair: pair[1])):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p))
        adjusted[key] = worst
    return {key: adjusted[key] for key in p_values}


def smallest_p(differing: int, draws: int = 20_000) -> float:
    """The smallest p that the permutation test can give where so many videos differ.

    All differences must point one way; the pattern and its mirror image count: 2 / 2^k.
    """
    if 2**differing <= MOST_PATTERNS:
        return min(1.0, 2.0 ** (1 - differing))
    return 1 / (draws + 1)


def too_small(
    videos: int, differing: int, tests: int, interval: Interval | None = None
) -> list[str]:
    """What so few videos can't say, each in a sentence; empty where there are enough.

    Args:
        videos: in all.
        differing: of them, on how many the two conditions score otherwise.
        tests: how many tests are corrected for; the smallest p counts that many times.
        interval: of a share of 0 to 1; None for metrics on another scale.
    """
    found = []
    best = min(1.0, smallest_p(videos) * tests)
    if best > ALPHA:
        among = f" among {tests} tests" if tests > 1 else ""
        found.append(
            f"With {_videos(videos)}{among} no difference, however large, can reach p < {ALPHA:g} "
            f"(the smallest is {best:.2g})."
        )
    elif (now := min(1.0, smallest_p(differing) * tests)) > ALPHA:
        found.append(
            f"The conditions differ on {differing} of {_videos(videos)}: too few for p < {ALPHA:g} "
            f"(the smallest is {now:.2g})."
        )
    if interval and interval.high - interval.low > WIDEST:
        found.append(
            f"With {_videos(videos)} the 95 % interval is wider than {100 * WIDEST:.0f} points: "
            "read no ranking from it."
        )
    return found


def _videos(count: int) -> str:
    return f"{count} video{'' if count == 1 else 's'}"
