"""Where a gain comes from, as tables: controls at what they took, clip against r*, the leak."""

from collections.abc import Sequence

from aurelia.bench.controls.contrast import Contrast, Scores, contrast, scores_by
from aurelia.bench.controls.leak import leak_grid
from aurelia.bench.controls.media import ROWS, media_grid
from aurelia.bench.controls.written import change, share
from aurelia.bench.run.conditions import titles
from aurelia.bench.run.score import ScoredRun
from aurelia.bench.stats_tests import holm, too_small
from aurelia.bench.tables.grid import Grid, GridRow

MODES = ("zero_shot", "distilled")
MATCHED = 0.1
"""Calls that differ from those of `distilled` by a larger share are called unmatched."""
_Pair = tuple[str, str, str]
"""Target, condition, and the mode that it is paired with."""


def control_grids(run: ScoredRun, seed: int = 0) -> list[Grid]:
    """All tables that a run's controls allow; none where no control ran, or nothing is right or
    wrong.

    Args:
        run: scored.
        seed: of bootstrap and permutations.
    """
    if not any(condition not in MODES for condition in run.conditions):
        return []
    grids = (origin_grid(run, seed), media_grid(run, seed), leak_grid(run, seed))
    return [grid for grid in grids if grid.rows]


def origin_grid(run: ScoredRun, seed: int = 0) -> Grid:
    """The modes and the controls over all tasks, paired with both modes, with what a reply took.

    Clips that were taken away or altered stand in tables of their own.
    """
    head = ("n", "accuracy (95 %)", "on zero-shot (p)", "r* ahead by (p)", "calls", "x r*", "USD")
    grid = Grid("Where a gain comes from", head)
    shown = [c for c in run.conditions if c.removesuffix("_r_star") not in ROWS]
    if all(condition in MODES for condition in shown):
        return grid
    pairs: dict[_Pair, Contrast] = {}
    cells: dict[tuple[str, str], Contrast] = {}
    every = scores_by(run)
    for target in run.targets:
        scores = {c: every[target, c] for c in run.conditions}
        for condition in shown:
            if own := contrast((1, scores[condition]), seed=seed):
                cells[target, condition] = own
                pairs |= _paired(target, condition, scores, seed)
    ps = _adjusted(pairs)
    for (target, condition), own in cells.items():
        on, ahead = (target, condition, MODES[0]), (target, condition, MODES[1])
        row = (
            str(own.n),
            share(own),
            change(pairs.get(on), ps.get(on)),
            change(pairs.get(ahead), ps.get(ahead)),
            *_took(run, target, condition),
        )
        grid.rows.append(GridRow(target, titles().get(condition, condition), row))
    grid.notes += _notes(run, pairs, shown)
    return grid


def _paired(
    target: str, condition: str, scores: dict[str, Scores], seed: int
) -> dict[_Pair, Contrast]:
    """What a condition gains on zero-shot, and what r* gains on it."""
    zero, helped = (scores.get(mode, {}) for mode in MODES)
    own = scores[condition]
    found = {
        MODES[0]: contrast((1, own), (-1, zero), seed=seed) if condition != MODES[0] else None,
        MODES[1]: contrast((1, helped), (-1, own), seed=seed) if condition not in MODES else None,
    }
    return {(target, condition, mode): pair for mode, pair in found.items() if pair}


def _adjusted(pairs: dict[_Pair, Contrast]) -> dict[_Pair, float]:
    """p after Holm, in three families: r* on zero-shot, the controls on it, and r* on those."""
    ps: dict[_Pair, float] = {}
    for family in _families(pairs):
        ps |= holm({key: pairs[key].p for key in family})
    return ps


def _families(pairs: dict[_Pair, Contrast]) -> list[list[_Pair]]:
    return [
        [key for key in pairs if key[1] == MODES[1]],
        [key for key in pairs if key[1] != MODES[1] and key[2] == MODES[0]],
        [key for key in pairs if key[2] == MODES[1]],
    ]


def _took(run: ScoredRun, target: str, condition: str) -> tuple[str, str, str]:
    """Calls a reply, those as a multiple of `distilled`'s, and USD."""
    calls, usd = _calls(run, target, condition), _usd(run, target, condition)
    helped = _calls(run, target, MODES[1])
    ratio = f"{calls / helped:.2f}" if helped else "-"
    return f"{calls:.1f}", ratio, "?" if usd is None else f"{usd:.5f}"


def _count(run: ScoredRun, target: str, condition: str) -> int:
    return sum((r.target, r.condition) == (target, condition) for r in run.results)


def _calls(run: ScoredRun, target: str, condition: str) -> float:
    taken, count = run.taken.get((target, condition)), _count(run, target, condition)
    return taken.calls / count if taken and count else 0.0


def _usd(run: ScoredRun, target: str, condition: str) -> float | None:
    taken, count = run.taken.get((target, condition)), _count(run, target, condition)
    return taken.worth_usd / count if taken and count and taken.worth_usd is not None else None


def _notes(run: ScoredRun, pairs: dict[_Pair, Contrast], shown: Sequence[str]) -> list[str]:
    sizes = [len(family) for family in _families(pairs)]
    notes = [
        "Answers that are right or wrong, over all tasks; captions are no part of it. Differences "
        "in points, on the samples that both conditions have; p of the permutation test by video, "
        f"after Holm over so many: r* on zero-shot ({sizes[0]}), controls on zero-shot "
        f"({sizes[1]}), r* on controls ({sizes[2]}). Calls and USD (list price) a reply, the "
        "loop's included where its steps are used."
    ]
    notes += [
        f"{target}: not at the same number of calls as with r*, and so no comparison at equal "
        f"cost: {', '.join(unmatched)}."
        for target in run.targets
        if (unmatched := _unmatched(run, target, shown))
    ]
    return [*notes, *_too_small(pairs)]


def _unmatched(run: ScoredRun, target: str, shown: Sequence[str]) -> list[str]:
    helped = _calls(run, target, MODES[1])
    if not helped:
        return []
    found = []
    for condition in shown:
        ratio = _calls(run, target, condition) / helped
        if condition not in MODES and ratio and abs(ratio - 1) > MATCHED:
            found.append(f"{titles().get(condition, condition)} ({ratio:.2f} times)")
    return found


def _too_small(pairs: dict[_Pair, Contrast]) -> list[str]:
    """What so few videos can't say: of the largest family, and its pair with most videos."""
    largest = max(_families(pairs), key=len)
    if not largest:
        return []
    videos = max(pairs[key].videos for key in largest)
    return too_small(videos, videos, len(largest))
