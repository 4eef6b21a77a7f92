"""An analysis as tables of texts."""

from collections.abc import Sequence

from aurelia.bench.analysis.critic import EVERY_PASS
from aurelia.bench.analysis.estimates import Estimate, Share
from aurelia.bench.analysis.grid import ReplayCell, TargetThere
from aurelia.bench.analysis.grids_compared import compared_grids, ends
from aurelia.bench.analysis.report import Analysis
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import p_text, percent


def grids(analysis: Analysis) -> list[Grid]:
    """Every table that has rows; shares and accuracies in percent, AUROC from 0 to 1."""
    made = [
        _critic(analysis),
        _scores(analysis),
        _benefit(analysis),
        _by_threshold(analysis),
        _by_bound(analysis),
        _rules(analysis),
        _passes(analysis),
        _repeats(analysis),
        *(grid for one in (*analysis.compared, *analysis.against) for grid in compared_grids(one)),
    ]
    found = [grid for grid in made if grid.rows or grid.notes]
    if found:
        found[-1].notes += analysis.notes
    return found


def _critic(analysis: Analysis) -> Grid:
    head = (
        *("n", "right", "wrong", "not read", "unscored"),
        *("AUROC", "95 %", "false accept", "false reject"),
    )
    rows = [
        GridRow(
            f"{row.variant}, critic {row.critic}",
            row.where,
            (
                *(str(n) for n in (row.n, row.right, row.wrong, row.unread, row.unscored)),
                *_plain(row.auroc),
                _share(row.false_accept),
                _share(row.false_reject),
            ),
            "total" if row.where == EVERY_PASS else "value",
        )
        for row in analysis.critic
    ]
    return Grid("The critic's score against the actor's answer", head, rows)


def _scores(analysis: Analysis) -> Grid:
    rows = []
    for row in analysis.critic:
        if row.where == EVERY_PASS:
            rows += [
                GridRow(
                    row.variant,
                    f"{c.score:g}",
                    tuple(str(n) for n in (c.right, c.wrong, c.unread, c.neither)),
                )
                for c in row.scores
            ]
    return Grid("Scores of all passes", ("right", "wrong", "not read", "neither"), rows)


def _benefit(analysis: Analysis) -> Grid:
    rows, notes = list[GridRow](), list[str]()
    for row in analysis.benefit:
        counts = (str(n) for n in (row.helped, row.harmed, row.same, row.unscored, row.left_out))
        label = f"{row.condition}, {row.variant}"
        rows.append(GridRow(row.target, label, (*counts, *_plain(row.auroc))))
        if row.note:
            notes.append(f"{row.target}, {label}: {row.note}")
    head = ("helped", "harmed", "same", "unscored", "left out", "AUROC", "95 %")
    return Grid("The critic's score against what the steps did", head, rows, notes)


def _by_threshold(analysis: Analysis) -> Grid:
    cells = [cell for cell in analysis.replays.cells if cell.passes == _deepest(analysis, cell)]
    return _replayed(
        "Other thresholds, with all passes",
        [(f"{cell.threshold:g}", cell) for cell in cells],
        analysis.replays.refused,
    )


def _by_bound(analysis: Analysis) -> Grid:
    logged = analysis.thresholds_logged
    cells = [
        cell
        for cell in analysis.replays.cells
        if len(logged[cell.variant]) == 1 and cell.threshold == logged[cell.variant][0]
    ]
    return _replayed(
        "Fewer passes, at the logged threshold", [(str(cell.passes), cell) for cell in cells], []
    )


def _deepest(analysis: Analysis, cell: ReplayCell) -> int:
    return max(c.passes for c in analysis.replays.cells if c.variant == cell.variant)


def _replayed(title: str, cells: Sequence[tuple[str, ReplayCell]], notes: list[str]) -> Grid:
    targets = list(dict.fromkeys(t.target for _, cell in cells for t in cell.targets))
    head = (
        *("coverage", "actor", "95 %", "not read", "accepted"),
        *("passes", "calls", "tokens", "worth $"),
    )
    rows = []
    for label, cell in cells:
        there = {t.target: t for t in cell.targets}
        spent = cell.spent
        known = spent.input_tokens is not None and spent.output_tokens is not None
        tokens = (spent.input_tokens or 0) + (spent.output_tokens or 0)
        rows.append(
            GridRow(
                cell.variant,
                label,
                (
                    percent(cell.coverage.value),
                    *_percent(cell.accuracy),
                    _count(cell.unread),
                    percent(cell.accepted_accuracy),
                    f"{cell.mean_passes:.2f}",
                    f"{spent.calls:,}",
                    f"{tokens:,}" if known else "unknown",
                    "unknown" if spent.worth_usd is None else f"{spent.worth_usd:.4f}",
                    *(_target(there.get(name)) for name in targets),
                ),
            )
        )
    return Grid(title, (*head, *targets), rows, list(notes))


def _rules(analysis: Analysis) -> Grid:
    targets = list(dict.fromkeys(t.target for rule in analysis.rules for t in rule.targets))
    rows, notes = [], list[str]()
    for rule in analysis.rules:
        there = {t.target: t for t in rule.targets}
        cells = (
            *_percent(rule.accuracy),
            _count(rule.unread),
            f"{rule.calls:.2f}",
            *(_target(there.get(name)) for name in targets),
        )
        rows.append(GridRow(rule.variant, rule.rule, cells))
        if rule.note:
            notes.append(f"{rule.variant}, {rule.rule}: {rule.note}")
    head = ("actor", "95 %", "not read", "calls", *targets)
    return Grid("Other rules, on the same passes", head, rows, notes)


def _passes(analysis: Analysis) -> Grid:
    head = (
        *("known", "actor", "95 %", "not read", "gain", "95 %", "p"),
        *("score", "unscored", "calls"),
    )
    rows, notes = [], list[str]()
    for row in analysis.passes:
        between = _signed(row.gain_low), _signed(row.gain_high)
        rows.append(
            GridRow(
                row.variant,
                f"after pass {row.index}",
                (
                    str(row.known),
                    *_percent(row.accuracy),
                    _count(row.unread),
                    _signed(row.gain),
                    "-" if row.gain is None else "…".join(between),
                    "-" if row.p is None else p_text(row.p),
                    "-" if row.mean_score is None else f"{row.mean_score:.2f}",
                    str(row.unscored),
                    f"{row.calls:,}",
                ),
            )
        )
        if row.note:
            notes.append(f"{row.variant}, after pass {row.index}: {row.note}")
    return Grid("What each pass brings", head, rows, notes)


def _repeats(analysis: Analysis) -> Grid:
    head = ("repeats", "n", "mean", "sd", "expected", "changed", "video", "sample", "run")
    rows = [
        GridRow(
            "",
            row.what,
            (
                str(row.repeats),
                str(row.n),
                percent(row.mean),
                percent(row.sd, 2),
                percent(row.expected_sd, 2),
                percent(row.changed.value),
                *(
                    "-" if variance is None else f"{variance:.4f}"
                    for variance in (row.video_variance, row.sample_variance, row.run_variance)
                ),
            ),
        )
        for row in analysis.repeats
    ]
    notes = [
        "sd is of the accuracies, in points; video, sample and run are variances of one score."
    ]
    return Grid("The same run again", head, rows, notes if rows else [])


def _plain(found: Estimate) -> tuple[str, str]:
    value = "-" if found.value is None else f"{found.value:.3f}"
    return value, "-" if found.low is None else f"{found.low:.3f}–{found.high:.3f}"


def _percent(found: Estimate) -> tuple[str, str]:
    between = "-" if found.low is None else f"{percent(found.low)}–{percent(found.high)}"
    return percent(found.value), between


def _share(found: Share) -> str:
    if found.value is None:
        return "- (0)"
    return f"{percent(found.value)} ({ends(found)}, {found.n})"


def _target(found: TargetThere | None) -> str:
    if found is None or found.lowest is None:
        return "not known"
    if found.value is not None:
        return percent(found.value)
    return f"{percent(found.lowest)}–{percent(found.highest)} ({found.known} of {found.n} known)"


def _count(expected: float) -> str:
    return f"{round(expected, 1):g}"


def _signed(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:+.1f}"
