"""Two sets of rollouts beside each other, as tables of texts."""

from aurelia.bench.analysis.auroc import AurocGain
from aurelia.bench.analysis.compare import Compared
from aurelia.bench.analysis.estimates import Share
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import p_text, percent

MOST_NAMED = 20
"""Disagreements that are listed; JSON and CSV have all."""


def compared_grids(one: Compared) -> list[Grid]:
    """What was paired, and where the critics agree."""
    head = ("n", "alone", "first", "second", "difference", "95 %", "p", "p (Holm)")
    title = f"Second, {one.second}, against first, {one.first}"
    rows = []
    for pair in one.pairs:
        scale = 1.0 if pair.what == "mean score" else 100.0
        numbers = [
            "-" if value is None else f"{scale * value:.2f}" for value in (pair.first, pair.second)
        ]
        between = [f"{scale * value:+.2f}" for value in (pair.low, pair.high) if value is not None]
        moved = "-" if pair.difference is None else f"{scale * pair.difference:+.2f}"
        ps = ("-" if p is None else p_text(p) for p in (pair.p, pair.p_holm))
        cells = (str(pair.n), str(pair.alone), *numbers, moved, "…".join(between) or "-", *ps)
        rows.append(GridRow("", pair.what, cells))
    warnings = [f"{pair.what}: {text}" for pair in one.pairs for text in pair.warnings]
    return [Grid(title, head, rows, list(dict.fromkeys(warnings))), _critics(one)]


def _critics(one: Compared) -> Grid:
    found = one.critics
    rows = [
        GridRow("", "passes with the same steps and answer", (str(found.n), "")),
        GridRow("", "  scored by both", (str(found.scored), "")),
        GridRow("", "  unscored by the first", (str(found.unscored_first), "")),
        GridRow("", "  unscored by the second", (str(found.unscored_second), "")),
        GridRow("", "same score", (percent(found.same_score.value), ends(found.same_score))),
        GridRow(
            "", "same decision", (percent(found.same_decision.value), ends(found.same_decision))
        ),
        *_auroc_rows(found.auroc),
    ]
    notes = []
    if found.other_answers:
        notes.append(
            f"{found.other_answers} passes have other steps or answers; they are left out."
        )
    for n, each in enumerate(found.disagreements):
        if n == MOST_NAMED:
            notes.append(f"{len(found.disagreements) - n} more; --format json lists all.")
            break
        truth = {True: "right", False: "wrong", None: "graded"}[each.right]
        truth = "not read" if each.unread else truth
        scores = " and ".join("none" if s is None else f"{s:g}" for s in (each.first, each.second))
        again = f", repeat {each.repeat}" if each.repeat else ""
        where = f"{each.sample_id}{again}, pass {each.index}"
        notes.append(f"not agreed: {where}, scores {scores}; the answer is {truth}.")
    return Grid("The two critics on the same passes", ("", "95 %"), rows, notes)


def _auroc_rows(found: AurocGain) -> list[GridRow]:
    shown = [
        "-" if value is None else f"{value:.3f}"
        for value in (found.first, found.second, found.difference)
    ]
    between = "-" if found.low is None else f"{found.low:+.3f}…{found.high:+.3f}"
    return [
        GridRow("", "AUROC of the first", (shown[0], "")),
        GridRow("", "AUROC of the second", (shown[1], "")),
        GridRow("", "  difference", (shown[2], between)),
    ]


def ends(found: Share) -> str:
    """Both ends of a share's interval, in percent."""
    return f"{percent(found.low)}–{percent(found.high)}" if found.n else "-"
