"""Reports of the benchmark as tables of at most 80 columns, alike on a terminal and in a file."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from aurelia.cli.plain import clean
from aurelia.cli.rows import Row, blank, row

if TYPE_CHECKING:  # the records behind them take a while to import
    from aurelia.bench.critic import CriticReport
    from aurelia.bench.mechanism.report import Cell, CriticShares, MechanismReport
    from aurelia.bench.rejected import Rejected

Line = tuple[str, ...]
MOST_NAMED = 5  # failures that are told in full


def mechanism_rows(report: MechanismReport) -> list[Row]:
    """Each difficulty with three tables, then the critic."""
    rows: list[Row] = []
    for difficulty, everything in report.pooled.items():
        cells = {
            family: by[difficulty] for family, by in report.families.items() if difficulty in by
        }
        if len(cells) > 1:
            cells["all"] = everything
        head = f"{difficulty} clips, {report.split}, seed {report.seed}"
        rows += [row(report.note), blank(), row(head, style="bold")]
        rows += [*_answers(cells), blank(), *_other_help(cells), blank(), *_loop(cells), blank()]
        rows += _held(everything)
    rows += [row(report.note), blank(), *_critic(report.critic), blank()]
    rows.append(
        row(f"{report.seconds_per_clip:.1f} s a clip, {_many(report.workers, 'worker process')}")
    )
    for failure in report.failures[:MOST_NAMED]:
        rows.append(row(f"failed: {clean(failure)}", style="yellow"))
    if len(report.failures) > MOST_NAMED:
        rows.append(row(f"failed: {len(report.failures) - MOST_NAMED} more", style="yellow"))
    return rows


def critic_rows(report: CriticReport) -> list[Row]:
    """True captions, lies by kind, and calls that failed."""
    lines: list[Line] = [("captions", "n", "rejected", "95 %", "unscored", "failed")]
    lines += [_rejected("true", report.true), _rejected("lies", report.lies)]
    lines += [_rejected(f"  {clean(kind)}", each) for kind, each in report.by_kind.items()]
    members = [row(f"with {clean(name)} on its panel") for name in report.panel]
    rows = [
        row(f"Critic {clean(report.critic)}, threshold {report.threshold:g}"),
        *members,
        *_columns(lines),
    ]
    for case, why in list(report.failures.items())[:MOST_NAMED]:
        rows.append(row(f"failed: {clean(case)}: {clean(why)}", style="yellow"))
    if len(report.failures) > MOST_NAMED:
        rows.append(row(f"failed: {len(report.failures) - MOST_NAMED} more", style="yellow"))
    return rows


def _answers(cells: dict[str, Cell]) -> list[Row]:
    head = ("right answers", "n", "chance", "major", "zero", "r*", "lower", "gain", "lower", "p")
    lines: list[Line] = [head]
    for name, c in cells.items():
        shares = map(_share, (c.chance, c.majority, c.zero_shot, c.distilled, c.distilled_lower))
        gains = f"{c.gain:+.2f}", f"{c.gain_lower:+.2f}"
        lines.append((name, str(c.n), *shares, *gains, f"{c.p:.3f}"))
    return _columns(lines)


def _other_help(cells: dict[str, Cell]) -> list[Row]:
    head = ("other help", "other clip", "zero there", "of", "plan", "+findings", "first", "actor")
    lines: list[Line] = [head]
    for name, c in cells.items():
        others = map(_share, (c.plan_only, c.plan_and_findings, c.single_pass, c.actor_answer))
        there = _share(c.other_clip), _share(c.zero_shot_other), str(c.other_clip_n)
        lines.append((name, *there, *others))
    return _columns(lines)


def _loop(cells: dict[str, Cell]) -> list[Row]:
    lines: list[Line] = [
        ("the loop", "accepted", "r* there", "zero there", "passes", "failed", "unparsed")
    ]
    for name, c in cells.items():
        passes = "-" if c.mean_iterations is None else f"{c.mean_iterations:.1f}"
        shares = map(_share, (c.accepted, c.distilled_accepted, c.zero_shot_accepted))
        lines.append((name, *shares, passes, str(c.failed), str(sum(c.unparsed.values()))))
    return _columns(lines)


def _held(cell: Cell) -> list[Row]:
    """Where the target's text budget did not allow all of r*, by the JSON's names of arms."""
    rows = []
    for counts, what in (
        (cell.shortened, "less than all of r* was sent, as the target takes only so much text"),
        (cell.refused, "the target was not asked: the text is more than it takes (failed)"),
    ):
        if counts:
            said = ", ".join(f"{arm} {count}" for arm, count in counts.items())
            rows.append(row(f"of {cell.n}, {what}: {said}", style="yellow"))
    return [*rows, blank()] if rows else []


def _critic(critic: CriticShares) -> list[Row]:
    lines: list[Line] = [("the critic rejects", "n", "share", "95 %", "unscored", "failed")]
    lines.append(_rejected("true captions", critic.true))
    lines.append(_rejected("corrupted captions", critic.corrupted))
    lines += [_rejected(f"  {kind}", each) for kind, each in critic.kinds.items()]
    fooled = _of(
        "and accepts of the actor's false ones",
        critic.wrong_given_actor_wrong,
        critic.wrong_given_actor_wrong_n,
    )
    return _columns([*lines, (*fooled, "", "")])


def _of(name: str, share: float | None, count: int) -> Line:
    from aurelia.bench.stats import wilson

    if share is None:
        return name, str(count), "-", "-"
    interval = wilson(share * count, count)
    return name, str(count), _share(share), f"{interval.low:.2f} to {interval.high:.2f}"


def _rejected(name: str, each: Rejected) -> Line:
    interval = "-" if each.share is None else f"{each.low:.2f} to {each.high:.2f}"
    return name, str(each.n), _share(each.share), interval, str(each.unscored), str(each.failed)


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _columns(lines: Sequence[Line]) -> list[Row]:
    """The first column to the left, the others to the right; the first line is the head."""
    widths = [max(map(len, column)) for column in zip_longest(*lines, fillvalue="")]
    rows = []
    for number, line in enumerate(lines):
        cells = [line[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        rows.append(row("  ".join(cells).rstrip(), style="" if number else "dim"))
    return rows


def _many(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 'es'}"
