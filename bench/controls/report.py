"""Where a gain comes from, as tables: controls at what they took, clip against r*, the leak."""

from collections.abc import Sequence

from aurelia.bench.controls.contrast import Contrast, Scores, contrast, scores_of
from aurelia.bench.controls.leak import leak_grid
from aurelia.bench.controls.media import media_grid
from aurelia.bench.controls.written import change, share
from aurelia.bench.run.conditions import titles
from aurelia.bench.run.score import ScoredRun
from aurelia.bench.stats_tests import holm, too_small
from aurelia.bench.tables.grid import Grid, GridRow

MODES = ("zero_shot", "distilled")
MATCHED = 0.1
"""Calls that differ from those of `distilled` by a larger share are called unmatched."""


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
    """Every condition over all tasks, paired with both modes, with what a reply took."""
    head = ("n", "accuracy (95 %)", "on zero-shot (p)", "r* ahead by (p)", "calls", "x r*", "USD")
    grid = Grid("Where a gain comes from", head)
    pairs: dict[tuple[str, str, str], Contrast] = {}
    cells: dict[tuple[str, str], Contrast] = {}
    for target in run.targets:
        scores = {c: scores_of(run, target, c) for c in run.conditions}
        for condition in run.conditions:
            if own := contrast((1, scores[condition]), seed=seed):
                cells[target, condition] = own
                pairs |= _paired(target, condition, scores, seed)
    adjusted = holm({key: pair.p for key, pair in pairs.items()})
    for (target, condition), own in cells.items():
        on = pairs.get((target, condition, MODES[0]))
        ahead = pairs.get((target, condition, MODES[1]))
        row = (
            str(own.n),
            share(own),
            change(on, adjusted.get((target, condition, MODES[0]))),
            change(ahead, adjusted.get((target, condition, MODES[1]))),
            *_took(run, target, condition),
        )
        grid.rows.append(GridRow(target, titles().get(condition, condition), row))
    grid.notes += _notes(run, pairs)
    return grid


def _paired(
    target: str, condition: str, scores: dict[str, Scores], seed: int
) -> dict[tuple[str, str, str], Contrast]:
    """What a condition gains on zero-shot, and what r* gains on it."""
    zero, helped = (scores.get(mode, {}) for mode in MODES)
    own = scores[condition]
    found = {
        MODES[0]: contrast((1, own), (-1, zero), seed=seed) if condition != MODES[0] else None,
        MODES[1]: contrast((1, helped), (-1, own), seed=seed) if condition not in MODES else None,
    }
    return {(target, condition, mode): pair for mode, pair in found.items() if pair}


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


def _notes(run: ScoredRun, pairs: dict[tuple[str, str, str], Contrast]) -> list[str]:
    notes = [
        "Answers that are right or wrong, over all tasks; captions are no part of it. Differences "
        "in points, on the samples that both conditions have; p of the permutation test by video, "
        f"after Holm for {len(pairs)} tests. Calls and USD (list price) a reply, the loop's "
        "included where its steps are used."
    ]
    notes += [
        f"{target}: not at the same number of calls as with r*, and so no comparison at equal "
        f"cost: {', '.join(unmatched)}."
        for target in run.targets
        if (unmatched := _unmatched(run, target))
    ]
    return [*notes, *_too_small(pairs)]


def _unmatched(run: ScoredRun, target: str) -> list[str]:
    helped = _calls(run, target, MODES[1])
    if not helped:
        return []
    found = []
    for condition in run.conditions:
        ratio = _calls(run, target, condition) / helped
        if condition not in MODES and ratio and abs(ratio - 1) > MATCHED:
            found.append(f"{titles().get(condition, condition)} ({ratio:.2f} times)")
    return found


def _too_small(pairs: dict[tuple[str, str, str], Contrast]) -> Sequence[str]:
    """What so few videos can't say, once for all pairs: of the one that has most of them."""
    if not pairs:
        return []
    most = max(pairs.values(), key=lambda pair: pair.videos)
    return too_small(most.videos, most.videos, len(pairs))
