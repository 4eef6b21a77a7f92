"""A scored run as tables: the modes, the accepted subset, further conditions, what each took."""

from collections.abc import Iterable
from dataclasses import replace

from aurelia.bench.controls.report import control_grids
from aurelia.bench.run.conditions import titles
from aurelia.bench.run.further import MODES, cost_grid, further_grid, in_order
from aurelia.bench.run.manifest import PLUMBING, RENDERED
from aurelia.bench.run.score import ScoredRun
from aurelia.bench.tables.categories import category_grid
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import condition_text, p_text, percent, signed
from aurelia.bench.tables.outcomes import outcome_grid
from aurelia.bench.tables.poster import column_title, poster_grid
from aurelia.bench.tables.table import ResultTable, make_table
from aurelia.bench.tasks import CATEGORY_NAMES

_Column = tuple[str, str]


def title_of(run: ScoredRun) -> str:
    """What stands above every table of a run: what its samples are, and whether it is whole."""
    title = titled(str(run.manifest.get("title", "Results")), run.targets)
    return f"{title} - UNFINISHED" if run.unfinished else title


def titled(samples: str, targets: Iterable[str]) -> str:
    """A title that says where results are plumbing.

    Args:
        samples: what they are, as a manifest has it.
        targets: model strings.
    """
    plumbing = samples == RENDERED or any(map(_computes, targets))
    return f"{samples}: {PLUMBING}" if plumbing else samples


def _computes(target: str) -> bool:
    """Whether a target measures or recites instead of reasoning."""
    return target.startswith(("offline:", "scripted:", "replay:"))


def whole_table(run: ScoredRun, seed: int = 0) -> ResultTable:
    """All conditions as numbers; gains are of r* over zero-shot, where the run has both.

    Args:
        run: scored.
        seed: of bootstrap and permutations.
    """
    return make_table(run.results, seed=seed)


def all_grids(
    run: ScoredRun, table: ResultTable, *, seed: int = 0, assume_accuracy: bool = False
) -> list[Grid]:
    """Every table of a run, in order. What has nothing to say is left out.

    Args:
        run: scored.
        table: its `whole_table`.
        seed: of bootstrap and permutations.
        assume_accuracy: as of `poster_grid`.
    """
    title = title_of(run)
    modes = [c for c in table.conditions if c in MODES] or table.conditions
    head = poster_grid(replace(table, conditions=modes), title, assume_accuracy=assume_accuracy)
    head.notes += [f"Open answers: compared by {run.compared_by}."] if run.compared_by else []
    head.notes += _unfinished(run)
    every = outcome_grid(
        replace(table, cells={k: c for k, c in table.cells.items() if k[1] in modes})
    )
    every.notes += _stood(run) + _shortened(run)
    grids = [
        head,
        *accepted_grid(run, table, seed),
        *control_grids(run, seed),
        *further_grid(run, seed),
        every,
        cost_grid(run),
    ]
    if any(r.category in CATEGORY_NAMES for r in run.results):
        grids.append(category_grid(run.results))
    for grid in grids[1:]:
        grid.title = f"{title}: {grid.title[:1].lower()}{grid.title[1:]}"
    return grids


def accepted_grid(run: ScoredRun, whole: ResultTable, seed: int = 0) -> list[Grid]:
    """Both modes on the samples that have accepted steps, with their share of all."""
    if not set(MODES) <= set(run.conditions):
        return []
    modes = [r for r in run.results if r.condition in MODES]
    chosen = [r for r in modes if (r.target, r.sample_id, r.repeat) in run.accepted]
    part = make_table(chosen, seed=seed) if chosen else None
    columns = in_order(whole.columns)
    grid = Grid("The accepted subset", tuple(column_title(*column) for column in columns))
    for target in whole.targets:
        grid.rows += _accepted_rows(whole, part, target, columns)
    grid.notes.append(
        "Samples whose steps were accepted, of all samples; zero-shot on the same ones. They are "
        "chosen by the critic: the first table, where the zero-shot reply stands for the others, "
        "is the one that answers whether distillation helps."
    )
    if part:
        grid.notes += [note for note in part.notes if note not in grid.notes]
    return [grid]


def _accepted_rows(
    whole: ResultTable, part: ResultTable | None, target: str, columns: list[_Column]
) -> list[GridRow]:
    coverage, zero, helped, gains, ps = [], [], [], [], []
    for column in columns:
        everything = whole.cells.get(((target, *column), MODES[1]))
        first = part.cells.get(((target, *column), MODES[0])) if part else None
        second = part.cells.get(((target, *column), MODES[1])) if part else None
        compared = part.comparisons.get((target, *column)) if part else None
        total = everything.n if everything else 0
        accepted = second.n if second else 0
        coverage.append(f"{accepted}/{total} ({100 * accepted / total:.0f} %)" if total else "-")
        zero.append(percent(first.value if first else None))
        helped.append(percent(second.value if second else None))
        gains.append(signed(compared.gain.relative) if compared else "-")
        ps.append(p_text(compared.adjusted) if compared else "")
    return [
        GridRow(target, "accepted", tuple(coverage)),
        GridRow(target, f"{condition_text(MODES[0])}, there", tuple(zero)),
        GridRow(target, f"{condition_text(MODES[1])}, there", tuple(helped)),
        GridRow(target, "gain %", tuple(gains), "gain"),
        GridRow(target, "  p (Holm)", tuple(ps), "interval"),
    ]


def _unfinished(run: ScoredRun) -> list[str]:
    return [
        f"{target}, {condition_text(condition)}: {count} of {run.expected} replies are still to "
        "come; run the same command again."
        for (target, condition), count in run.unfinished.items()
    ]


def _shortened(run: ScoredRun) -> list[str]:
    """Where a target was sent less than all of r*."""
    return [
        f"{target}, {titles().get(condition, condition)}: r* was shortened for {count} replies, to "
        "what the target takes; each reply names what was left out."
        for (target, condition), count in run.shortened.items()
    ]


def _stood(run: ScoredRun) -> list[str]:
    """Where another condition's reply stands, and why."""
    return [
        f"{target}, {titles().get(condition, condition)}: another condition's reply stands for "
        + "; ".join(f"{count} ({why})" for why, count in reasons.most_common())
        for (target, condition), reasons in run.stood.items()
    ]
