"""What `aurelia generate` shows meanwhile: a bar on a terminal, plain lines elsewhere."""

import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aurelia.bench.generate.order import Order
from aurelia.bench.generate.run import Started
from aurelia.bench.generate.tally import OUTCOMES, Tally
from aurelia.bench.lines import named
from aurelia.bench.rollouts import RolloutLine
from aurelia.cli.console import open_console
from aurelia.cli.plain import clean, count
from aurelia.cli.rows import Row, field_row, show

SHOWN_FAILURES = 10
"""Failures printed as they happen; the file has them all."""
_LINES = 20
_LINE_EVERY_S = 60.0


class GenerateView:
    """Shows a run on stderr; a context manager.

    Args:
        order: what is generated.
        folder: where it is kept.

    Attributes:
        console: where it shows.
        tally: what is recorded so far.
        failures: rollouts of this run that failed.
    """

    def __init__(self, order: Order, folder: Path) -> None:
        self.console = open_console(stderr=True)
        self.tally = Tally()
        self.failures = 0
        self._order = order
        self._folder = folder
        self._made = 0
        self._to_make = 0
        self._began = self._said = time.monotonic()
        self._lock = threading.Lock()
        self._bar = Progress(
            TextColumn("rollouts", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            TextColumn("left  {task.description}", markup=False),
            console=self.console,
            # FORCE_COLOR makes a pipe look like a terminal.
            disable=not self.console.file.isatty(),
            transient=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def on_start(self, started: Started) -> None:
        """What is there, and what is to be made."""
        self.tally = started.tally
        self._to_make = started.to_make
        show(self.console, self._opening(started))
        if started.to_make:
            self._bar.start()
            self._task = self._bar.add_task("", total=started.to_make)

    def on_rollout(self, line: RolloutLine) -> None:
        """A rollout has ended, and is on disk."""
        with self._lock:
            self._made += 1
            if line.stop_reason == "failed":
                self._tell_failure(line)
            self._bar.update(self._task, completed=self._made, description=progress_of(self.tally))
            now = time.monotonic()
            share = max(1, self._to_make // _LINES)
            due = self._made % share == 0 or now - self._said >= _LINE_EVERY_S
            if self._bar.disable and due:
                self._said = now
                left = duration((now - self._began) / self._made * (self._to_make - self._made))
                self._say(
                    f"{self._made:,} of {self._to_make:,} rollouts: {progress_of(self.tally)}; "
                    f"about {left} left"
                )

    def _tell_failure(self, line: RolloutLine) -> None:
        self.failures += 1
        if self.failures <= SHOWN_FAILURES:
            self._say(clean(f"failed: {named(line.key)}: {line.error}"))
        if self.failures == SHOWN_FAILURES:
            self._say("Further failures are not shown; trajectories.jsonl has them all.")

    def _say(self, text: str) -> None:
        self.console.print(text, soft_wrap=True, markup=False, highlight=False)

    def _opening(self, started: Started) -> list[Row]:
        order, tally, session = self._order, started.tally, started.session
        names = ", ".join(variant.name for variant in order.variants)
        several = len(order.variants) > 1
        rows = [
            field_row("Rollouts", self._product()),
            field_row("Variants" if several else "Variant", clean(names)),
        ]
        if started.reconstruction:
            rows.append(field_row("Samples", "imported: a reconstruction, not the published set"))
        if started.to_make:
            from aurelia.cli.session import offline_prompts_note  # it brings the whole graph along

            note = offline_prompts_note(order.variants[0].context)
            rows += [field_row("Note", note, "yellow")] if note else []
        if tally.done:
            rows.append(
                field_row(
                    "Goes on",
                    f"{tally.done:,} are there already ({progress_of(tally)}), "
                    f"{started.to_make:,} to make",
                )
            )
        if session.cut_off:
            lost = count(session.lost_calls, "call")
            rows.append(
                field_row(
                    "Cut off",
                    f"the command before did not end; {lost} without a reply may have been paid "
                    "for, and will be made again",
                    "yellow",
                )
            )
        if started.torn:
            rows.append(
                field_row(
                    "Cut off",
                    "the last line was half written and is taken out; its rollout is made again, "
                    "from recorded replies",
                    "yellow",
                )
            )
        return rows

    def _product(self) -> str:
        order = self._order
        parts = [count(len(order.samples), "sample")]
        if len(order.variants) > 1:
            parts.append(count(len(order.variants), "variant"))
        if order.repeats > 1:
            parts.append(count(order.repeats, "repeat"))
        return clean(f"{len(order):,} ({' × '.join(parts)}) in {self._folder}")


def progress_of(tally: Tally) -> str:
    """How rollouts ended and what they cost: `12 accepted, 3 exhausted, 0 failed; $1.20`."""
    always = ("accepted", "exhausted", "unscored", "failed")
    listed = [
        f"{tally.outcomes[name]:,} {name.replace('_', ' ')}"
        for name in OUTCOMES
        if name in always or tally.outcomes[name]
    ]
    return f"{', '.join(listed)}; {tally.cost}"


def duration(seconds: float) -> str:
    """A time in words: `40 s`, `12 min`, `3 h 20 min`."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
