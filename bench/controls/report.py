"""Where a gain comes from, as tables: controls at what they took, clip against r*, the leak."""

from collections.abc import Sequence

from aurelia.bench.controls.contrast import scores_by
from aurelia.bench.controls.leak import leak_grid
from aurelia.bench.controls.media import ROWS, media_grid
from aurelia.bench.controls.pairs import MODES, Paired, paired
from aurelia.bench.controls.written import change, share
from aurelia.bench.run.conditions import titles
from aurelia.bench.run.score import ScoredRun
from aurelia.bench.tables.grid import Grid, GridRow

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
    grids = (
        origin_grid(run, seed),
        accepted_origin_grid(run, seed),
        media_grid(run, seed),
        leak_grid(run, seed),
    )
    return [grid for grid in grids if grid.rows]


def origin_grid(run: ScoredRun, seed: int = 0) -> Grid:
    """The modes and the controls over all tasks, paired with both modes, with what a reply took.

    Clips that were taken away or altered stand in tables of their own.
    """
    head = ("n", "accuracy (95 %)", "on zero-shot (p)", "r* ahead by (p)", "calls", "x r*", "USD")
    grid = Grid("Where a gain comes from", head)
    shown = _shown(run)
    if all(condition in MODES for condition in shown):
        return grid
    found = paired(scores_by(run), run.targets, shown, seed)
    for (target, condition), cells in _cells(found).items():
        took = _took(run, target, condition)
        grid.rows.append(GridRow(target, titles().get(condition, condition), (*cells, *took)))
    grid.notes += _notes(run, found, shown)
    return grid


def accepted_origin_grid(run: ScoredRun, seed: int = 0) -> Grid:
    """The same on the samples that had accepted steps.

    Over all samples `distilled` hands steps over where the critic accepted, and some controls
    always do: a difference is one of what is handed over and of how often. Here it is the first.
    """
    head = ("n", "accuracy (95 %)", "on zero-shot (p)", "r* ahead by (p)")
    grid = Grid("Where a gain comes from, on the accepted subset", head)
    shown = _shown(run)
    if all(condition in MODES for condition in shown):
        return grid
    every = scores_by(run)
    kept = {
        (target, condition): {
            key: r for key, r in of.items() if (target, key[1], key[2]) in run.accepted
        }
        for (target, condition), of in every.items()
    }
    found = paired(kept, run.targets, shown, seed)
    for (target, condition), cells in _cells(found).items():
        grid.rows.append(GridRow(target, titles().get(condition, condition), cells))
    if not grid.rows:
        return grid
    covered = ", ".join(
        f"{target} {len(kept.get((target, MODES[1]), {}))} of {len(of)}"
        for target in run.targets
        if (of := every.get((target, MODES[1])))
    )
    grid.notes.append(
        "Samples whose steps were accepted, where r* and every control that hands over what it has "
        "do hand steps over: a difference is one of what is handed over, and not of how often. "
        "What the critic's choice is worth is read here, r* against a random pass. Chosen by the "
        f"critic, who may accept what is easy: {covered} replies. Corrected by itself: "
        f"{found.sizes()}."
    )
    grid.notes += found.too_small()
    return grid


def _shown(run: ScoredRun) -> list[str]:
    """The modes and controls on the clip as it is; those that lose of it stand by themselves."""
    return [c for c in run.conditions if c.removesuffix("_r_star") not in ROWS]


def _cells(found: Paired) -> dict[tuple[str, str], tuple[str, ...]]:
    """n, accuracy, what a condition gains on zero-shot, and what r* is ahead of it by."""
    ps = found.adjusted()
    return {
        place: (
            str(own.n),
            share(own),
            *(change(found.pairs.get(key), ps.get(key)) for key in ((*place, m) for m in MODES)),
        )
        for place, own in found.alone.items()
    }


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


def _notes(run: ScoredRun, found: Paired, shown: Sequence[str]) -> list[str]:
    notes = [
        "Answers that are right or wrong, over all tasks; captions are no part of it. Differences "
        f"in points, on the samples that both conditions have; {found.sizes()}. Some controls hand "
        "steps over for every sample and r* only where the critic accepted: what is handed over "
        "differs, and how often it is. Calls and USD (list price) a reply, the loop's included "
        "where its steps are used: those up to the accepted pass, all where none was accepted."
    ]
    notes += [
        f"{target}: not at the same number of calls as with r*, and so no comparison at equal "
        f"cost: {', '.join(unmatched)}."
        for target in run.targets
        if (unmatched := _unmatched(run, target, shown))
    ]
    return [*notes, *found.too_small()]


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
