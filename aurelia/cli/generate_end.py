"""What `aurelia generate` says at its end, and its exit code."""

import json
from pathlib import Path

from aurelia.bench.generate.order import Order
from aurelia.bench.generate.run import Ended
from aurelia.bench.generate.tally import OUTCOMES, Tally
from aurelia.bench.rollouts import TRAJECTORIES
from aurelia.cli.generate_view import progress_of
from aurelia.cli.plain import clean, count
from aurelia.cli.rows import Row, blank, command_row, field_row


def exit_of(ended: Ended) -> bool:
    """Whether a run did what it was told: all is recorded, and not all of it failed."""
    return not ended.missing and ended.tally.outcomes["failed"] < ended.tally.done


def rows_of(ended: Ended, order: Order, folder: Path, failures: int) -> list[Row]:
    """How a run ended.

    Args:
        ended: see there.
        order: what was to be generated.
        folder: where it is.
        failures: rollouts of this run that failed.
    """
    tally = ended.tally
    rows = [
        blank(),
        field_row("Rollouts", clean(f"{tally.done:,} of {len(order):,} in {folder}")),
        field_row("Ended", progress_of(tally)),
    ]
    if tally.calls:
        served = f", {tally.cached:,} of them served from what was paid for" if tally.cached else ""
        rows.append(field_row("Calls", f"{tally.calls:,}{served}"))
    if tally.worth:
        cost = (
            f"{tally.paid} paid by the rollouts that are kept; {tally.worth}, "
            "replies that were paid for before (a kill, or in another folder) included"
        )
        rows.append(field_row("Cost", cost))
    if tally.unscored_passes:
        share = f"{tally.unscored_passes:,} of {tally.passes:,} passes had no usable score"
        rows.append(field_row("Unscored", share))
    if ended.why == "budget":
        rows.append(
            field_row("Stopped", f"--max-cost is spent; {ended.missing:,} were not begun", "yellow")
        )
    if ended.why == "failures":
        rows.append(
            field_row(
                "Stopped",
                f"the models failed for too many rollouts in a row; {ended.missing:,} are "
                "missing. See what failed, and give the same command, with --retry-failed for "
                "those as well",
                "yellow",
            )
        )
    elif failed := tally.outcomes["failed"]:
        again = (
            f"{count(failed, 'rollout')} failed; the same command with --retry-failed asks again"
        )
        rows.append(field_row("Failed", again, "yellow"))
    if not ended.missing:
        file = clean(str(folder))
        rows.append(command_row("Next", f"aurelia bench export r-star {file} -o r_star.jsonl"))
    return rows


def interrupted_rows(tally: Tally, wanted: int, folder: Path) -> list[Row]:
    """What is there after Ctrl-C, and how to go on."""
    return [
        blank(),
        field_row(
            "Stopped",
            clean(
                f"{tally.done:,} of {wanted:,} rollouts are in {folder / TRAJECTORIES}; the same "
                "command goes on, and pays for no reply again that was recorded"
            ),
            "yellow",
        ),
    ]


def as_summary(ended: Ended, order: Order, folder: Path) -> str:
    """The end as JSON."""
    tally = ended.tally
    return json.dumps(
        {
            "folder": str(folder),
            "wanted": len(order),
            "done": tally.done,
            "why": ended.why,
            "begun": ended.begun,
            "outcomes": {name: tally.outcomes[name] for name in OUTCOMES},
            "passes": tally.passes,
            "unscored_passes": tally.unscored_passes,
            "calls": tally.calls,
            "cached": tally.cached,
            "paid_usd": round(tally.paid_usd, 6),
            "unpriced_calls": tally.unpriced,
            "worth_usd": round(tally.worth_usd, 6),
            "unlisted_calls": tally.unlisted,
            "lost_calls": ended.lost_calls,
        },
        indent=2,
    )
