"""What `aurelia bench run` shows meanwhile and at its end; as `aurelia generate` does."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aurelia.cli.console import open_console
from aurelia.cli.exits import INTERRUPTED
from aurelia.cli.generate_view import SHOWN_FAILURES, duration
from aurelia.cli.plain import clean, count
from aurelia.cli.rows import Row, blank, command_row, field_row, show

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from aurelia.bench.run.reply import Reply
    from aurelia.bench.run.run import OpenRun, RunEnded
    from aurelia.bench.run.work import Work

_LINES = 20
_LINE_EVERY_S = 60.0
_NAMES = {"given": "known without asking", "stands": "stand for another", "missing": "left out"}


class RunView:
    """Shows a run on stderr; a context manager.

    Args:
        folder: where replies are kept.

    Attributes:
        console: where it shows.
    """

    def __init__(self, folder: Path) -> None:
        self.console = open_console(stderr=True)
        self._folder = folder
        self._work: Work | None = None
        self._made = self._to_make = self._failures = 0
        self._began = self._said = time.monotonic()
        self._lock = threading.Lock()
        self._bar = Progress(
            TextColumn("replies", markup=False),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("{task.description}", markup=False),
            TextColumn("left", markup=False),
            TimeRemainingColumn(),
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

    def on_start(self, opened: OpenRun) -> None:
        """What is there, and what is to be asked."""
        self._work, self._to_make = opened.work, opened.to_make
        show(self.console, self._opening(opened))
        if opened.to_make:
            self._bar.start()
            self._task = self._bar.add_task("", total=opened.to_make)

    def on_reply(self, reply: Reply) -> None:
        """A reply is on disk."""
        if self._work is None:
            return
        with self._lock:
            self._made = min(self._made + 1, self._to_make)
            if reply.status == "failed" and reply.stands_for is None:
                self._tell_failure(reply)
            said = progress_of(self._work.tally, self._work.cost)
            self._bar.update(self._task, completed=self._made, description=said)
            now = time.monotonic()
            share = max(1, self._to_make // _LINES)
            due = self._made % share == 0 or now - self._said >= _LINE_EVERY_S
            if self._bar.disable and due:
                self._said = now
                left = duration((now - self._began) / self._made * (self._to_make - self._made))
                self._say(f"{self._made:,} of {self._to_make:,} replies: {said}; about {left} left")

    def _tell_failure(self, reply: Reply) -> None:
        self._failures += 1
        if self._failures <= SHOWN_FAILURES:
            self._say(clean(f"failed: {', '.join(map(str, reply.key))}: {reply.why}"))
        if self._failures == SHOWN_FAILURES:
            self._say("Further failures are not shown; replies.jsonl has them all.")

    def _say(self, text: str) -> None:
        self.console.print(text, soft_wrap=True, markup=False, highlight=False)

    def _opening(self, opened: OpenRun) -> list[Row]:
        work, session = opened.work, opened.session
        parts = [
            count(len(work.hall.samples), "sample"),
            count(len(work.targets), "target"),
            count(len(work.conditions), "condition"),
        ]
        if work.hall.settings.repeats > 1:
            parts.append(count(work.hall.settings.repeats, "repeat"))
        product = f"{opened.total:,} ({' × '.join(parts)}) in {self._folder}"
        names = ", ".join(condition.name for condition in work.conditions)
        rows = [field_row("Replies", clean(product)), field_row("Conditions", clean(names))]
        if there := work.tally.total():
            said = progress_of(work.tally, work.cost)
            goes_on = f"{there:,} are there already ({said}), {opened.to_make:,} to ask for"
            rows.append(field_row("Goes on", goes_on))
        if session.cut_off:
            lost = count(session.lost_calls, "call")
            cut = (
                f"the command before did not end; {lost} without a reply may have been paid for, "
                "and will be made again"
            )
            rows.append(field_row("Cut off", cut, "yellow"))
        if opened.torn:
            torn = "the last line was half written and is taken out; it is made again"
            rows.append(field_row("Cut off", torn, "yellow"))
        return [*rows, *(field_row("Note", clean(note), "yellow") for note in opened.notes)]


def progress_of(tally: Counter[str], cost: str) -> str:
    """How replies came about and what they cost: `12 answered, 1 failed; $0.20`."""
    listed = [
        f"{tally[name]:,} {_NAMES.get(name, name)}"
        for name in ("answered", "given", "stands", "missing", "failed")
        if tally[name] or name in ("answered", "failed")
    ]
    return f"{', '.join(listed)}; {cost}"


def ended_rows(ended: RunEnded, folder: Path) -> list[Row]:
    """How a run ended."""
    rows = [
        blank(),
        field_row("Replies", clean(f"{ended.tally.total():,} in {folder}")),
        field_row("Of them", progress_of(ended.tally, ended.cost)),
    ]
    if ended.why == "budget":
        spent = f"--max-cost is spent; {ended.missing:,} replies were not asked for"
        rows.append(field_row("Stopped", spent, "yellow"))
    if ended.why == "failures":
        stopped = (
            f"too many in a row failed; {ended.missing:,} are missing. See what failed, and give "
            "the same command, with --retry-failed for those as well"
        )
        rows.append(field_row("Stopped", stopped, "yellow"))
    elif failed := ended.tally["failed"]:
        many = "1 reply" if failed == 1 else f"{failed:,} replies"
        again = f"{many} failed; the same command with --retry-failed asks again"
        rows.append(field_row("Failed", again, "yellow"))
    return [*rows, command_row("Again", f"aurelia bench score {clean(str(folder))}"), blank()]


@contextmanager
def interruptible(folder: Path) -> Iterator[None]:
    """Ctrl-C in this block ends the command with how to go on; SIGTERM, which ends a job on a
    cluster, does as well."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    except KeyboardInterrupt:
        said = (
            f"what there is so far stands in {folder}; the same command goes on, and pays for no "
            "reply again that was recorded"
        )
        show(open_console(stderr=True), [blank(), field_row("Stopped", clean(said), "yellow")])
        raise typer.Exit(INTERRUPTED) from None
    finally:
        signal.signal(signal.SIGTERM, before)
