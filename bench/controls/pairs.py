"""Conditions paired with both modes, and p values over all pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aurelia.bench.controls.contrast import Contrast, Scores, contrast
from aurelia.bench.stats_tests import holm, too_small

MODES = ("zero_shot", "distilled")
Pair = tuple[str, str, str]
"""Target, condition, and the mode that it is paired with."""


@dataclass(slots=True)
class Paired:
    """Conditions by themselves, and their differences from both modes.

    Attributes:
        alone: by target and condition.
        pairs: what a condition gains on `zero_shot`, and what `distilled` gains on it.
    """

    alone: dict[tuple[str, str], Contrast] = field(default_factory=dict)
    pairs: dict[Pair, Contrast] = field(default_factory=dict)

    def families(self) -> list[list[Pair]]:
        """Tests that are corrected together: r* on zero-shot, the controls on it, r* on those."""
        return [
            [key for key in self.pairs if key[1] == MODES[1]],
            [key for key in self.pairs if key[1] != MODES[1] and key[2] == MODES[0]],
            [key for key in self.pairs if key[2] == MODES[1]],
        ]

    def adjusted(self) -> dict[Pair, float]:
        """p after Holm within each family."""
        ps: dict[Pair, float] = {}
        for family in self.families():
            ps |= holm({key: self.pairs[key].p for key in family})
        return ps

    def sizes(self) -> str:
        """How many tests p is corrected for, in words."""
        one, two, three = (len(family) for family in self.families())
        return (
            f"p of the permutation test by video, after Holm over so many: r* on zero-shot ({one}),"
            f" controls on zero-shot ({two}), r* on controls ({three})"
        )

    def too_small(self) -> list[str]:
        """What so few videos can't say: of the largest family, and its pair with most videos."""
        largest = max(self.families(), key=len)
        if not largest:
            return []
        videos = max(self.pairs[key].videos for key in largest)
        return too_small(videos, videos, len(largest))


def paired(
    scores: Mapping[tuple[str, str], Scores],
    targets: Sequence[str],
    conditions: Sequence[str],
    seed: int = 0,
) -> Paired:
    """Each condition of each target, alone and against both modes.

    Args:
        scores: by target and condition; nothing where there are none.
        targets: in order.
        conditions: in order.
        seed: of bootstrap and permutations.
    """
    found = Paired()
    for target in targets:
        zero, helped = (scores.get((target, mode), {}) for mode in MODES)
        for condition in conditions:
            own = scores.get((target, condition), {})
            alone = contrast((1, own), seed=seed)
            if alone is None:
                continue
            found.alone[target, condition] = alone
            gains = {
                MODES[0]: contrast((1, own), (-1, zero), seed=seed)
                if condition != MODES[0]
                else None,
                MODES[1]: contrast((1, helped), (-1, own), seed=seed)
                if condition not in MODES
                else None,
            }
            found.pairs |= {(target, condition, mode): g for mode, g in gains.items() if g}
    return found
