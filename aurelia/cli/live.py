"""The loop while it runs, driven by nothing but its events.

Each finished iteration is printed once and stays. On a terminal, what is under way stands below it
and moves: the steps not yet checked, and who is at work.
"""

import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from types import TracebackType
from typing import Self

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from aurelia.cli.blocks import iteration_rows, step_rows
from aurelia.cli.console import signs_for
from aurelia.cli.plain import clean
from aurelia.cli.rows import lay_out, row, show, text_width
from aurelia.types.events import (
    AnyEvent,
    CaptionWritten,
    FeedbackGiven,
    IterationStarted,
    Reviewed,
    StepsProposed,
    Stopped,
    TokenStreamed,
    VerdictGiven,
)
from aurelia.types.reasoning import Reasoning
from aurelia.types.trajectory import Iteration

PREPARING = "preparing the clip"
REFRESH_HZ = 8
_TAIL = 400  # characters of a growing reply that are kept to be shown
NO_STEPS = "the actor's reply held no steps that could be read"


class LoopView(AbstractContextManager["LoopView"]):
    """Shows a loop from its events. Use as a context manager around the run.

    Args:
        console: where to print.
        has_target: whether a target answers once the loop has stopped.
        previous: the iteration that a fork goes on from.
        moving: whether to show what is under way; None: where the console is a terminal.
    """

    def __init__(
        self,
        console: Console,
        has_target: bool = False,
        previous: Iteration | None = None,
        moving: bool | None = None,
    ) -> None:
        self._console = console
        self._signs = signs_for(console)
        self._has_target = has_target
        able = console.is_terminal and not console.is_dumb_terminal
        self._moving = able if moving is None else able and moving
        self._live: Live | None = None
        self._phase = PREPARING
        self._since = time.monotonic()
        self._threshold = 0.0
        self._max_iterations: int | None = None
        self._current: Iteration | None = None
        self._previous = previous
        self._shown = False
        self._writing: tuple[tuple[str, int], str] | None = None  # call and attempt; its text

    def __enter__(self) -> Self:
        if self._moving:
            self._live = Live(
                get_renderable=self.under_way,
                console=self._console,
                refresh_per_second=REFRESH_HZ,
                transient=True,
            )
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
        self._finish_iteration()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Nothing moves meanwhile, so that a person can be asked."""
        if self._live is not None:
            self._live.stop()
        try:
            yield
        finally:
            if self._live is not None:
                self._live.start()

    def has_shown(self, index: int) -> bool:
        """Whether this pass was the last to be printed, with its verdict."""
        current = self._current
        return self._shown and current is not None and current.index == index

    def on_event(self, event: AnyEvent) -> None:
        """Take one event in."""
        match event:
            case IterationStarted():
                self._start_iteration(event)
            case TokenStreamed():
                self._write(event)
            case StepsProposed():
                self._amend(event.index, reasoning=event.reasoning)
                self._enter("the summarizer writes the caption")
            case CaptionWritten():
                self._amend(event.index, caption=event.text)
                self._enter("the critic checks the caption against the clip")
            case VerdictGiven():
                self._amend(event.index, verdict=event.verdict)
                self._finish_iteration()
                self._enter("feedback for the actor")
            case FeedbackGiven():
                if self._current is not None and self._current.index == event.index:
                    self._amend(event.index, feedback=event.feedback)
            case Reviewed():
                self._enter("going on")
            case Stopped():
                self._finish_iteration()
                answering = self._has_target and event.stop_reason in ("accepted", "exhausted")
                self._enter("the target answers" if answering else "writing the record")

    def _write(self, event: TokenStreamed) -> None:
        """Of several replies that grow at once, the one that began last is shown."""
        which = (event.call, event.attempt)
        before = self._writing[1] if self._writing and self._writing[0] == which else ""
        self._writing = (which, (before + event.text)[-_TAIL:])

    def _start_iteration(self, event: IterationStarted) -> None:
        if self._current is not None and self._current.reasoning is None:
            self._amend(self._current.index, error=NO_STEPS)
        self._finish_iteration()
        if self._current is not None and self._current.reasoning is not None:
            self._previous = self._current
        self._threshold = event.threshold
        self._max_iterations = event.max_iterations
        self._current = Iteration(index=event.index)
        self._shown = False
        self._enter("the actor looks and listens")

    def _amend(self, index: int, **fields: object) -> None:
        if self._current is None or self._current.index != index:
            self._current = Iteration(index=index)
            self._shown = False
        self._current = self._current.model_copy(update=fields)

    def _enter(self, phase: str) -> None:
        self._phase = phase
        self._writing = None
        self._since = time.monotonic()
        self._refresh()

    def _finish_iteration(self) -> None:
        """Print the current iteration for good, once, if there is anything to say about it."""
        current = self._current
        if current is None or self._shown:
            return
        if current.reasoning is None and current.error is None:
            return
        self._shown = True
        self._refresh()
        rows = iteration_rows(
            current, self._previous, self._signs, self._threshold, self._max_iterations
        )
        show(self._console, rows)

    def _refresh(self) -> None:
        if self._live is not None:
            self._live.refresh()

    def under_way(self) -> RenderableType:
        """What is going on, for the moving part at the foot of a terminal."""
        current, width = self._current, text_width(self._console)
        lines: list[Text] = []
        name = ""
        if current is not None:
            of = f" of {self._max_iterations}" if self._max_iterations else ""
            if current.reasoning is not None and not self._shown:
                lines = self._pending_lines(current.index, of, current.reasoning, width)
            elif not self._shown:
                name = f"iteration {current.index}{of}: "
        seconds = int(time.monotonic() - self._since)
        elapsed = f"  {seconds} s" if seconds else ""
        status = Text.assemble((f"{name}{self._phase}", "dim"), (elapsed, "dim"))
        spinner = Spinner("dots" if self._console.encoding.startswith("utf") else "line", status)
        spinner.start_time = self._since
        written = self._written(width or self._console.width)
        return Group(*lines, spinner, *([written] if written else []))

    def _written(self, width: int) -> Text | None:
        """The end of the reply that is being written, on one line."""
        text = clean(" ".join(self._writing[1].split())) if self._writing else ""
        return Text(f"  {text[-(width - 4) :]}", "dim", no_wrap=True) if text else None

    def _pending_lines(
        self, index: int, of: str, reasoning: Reasoning, width: int | None
    ) -> list[Text]:
        """The steps that no critic has checked yet, as many lines as the screen has room for."""
        rows = [row(f"Iteration {index}{of}", style="bold cyan")]
        rows += step_rows(reasoning.steps, None, self._signs, pending=True)
        lines = lay_out(rows, self._console, width)
        return lines[: max(1, self._console.height - 3)]
