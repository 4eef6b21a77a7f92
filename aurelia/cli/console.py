"""Where output goes: results on stdout, everything else on stderr."""

import os
import sys
from dataclasses import dataclass

from rich.console import Console

from aurelia.evaluators.marks import Mark


class QuietWhenClosed(Console):
    """A console that falls silent when its reader goes away, as with `aurelia reason … | head`.

    Rich would leave the process with SystemExit, from whichever thread prints: a run that has been
    paid for would be lost, or wait for ever.
    """

    def on_broken_pipe(self) -> None:
        """Print nothing any more, and let what is buffered go nowhere."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)


def open_console(stderr: bool = False) -> Console:
    """A console that reads no markup. Rich itself honours `NO_COLOR`, `TERM` and `FORCE_COLOR`."""
    return QuietWhenClosed(stderr=stderr, markup=False, highlight=False, emoji=False)


@dataclass(frozen=True, slots=True)
class Signs:
    """The signs beside steps. No meaning is in colour alone."""

    supported: str
    contradicted: str
    unverifiable: str
    unchecked: str

    def of(self, mark: Mark) -> str:
        """The sign of a mark."""
        return {
            "supported": self.supported,
            "contradicted": self.contradicted,
            "unverifiable": self.unverifiable,
            "unchecked": self.unchecked,
        }[mark]

    @property
    def legend(self) -> str:
        """What the signs mean, on one line."""
        return (
            f"{self.supported} supported  {self.contradicted} contradicted  "
            f"{self.unverifiable} unverifiable  {self.unchecked} not checked"
        )


UNICODE_SIGNS = Signs("✓", "✗", "?", "·")
ASCII_SIGNS = Signs("+", "x", "?", "-")

STYLES: dict[Mark, str] = {
    "supported": "green",
    "contradicted": "bold red",
    "unverifiable": "yellow",
    "unchecked": "dim",
}


def signs_for(console: Console) -> Signs:
    """Check marks where the output can carry them, ASCII elsewhere."""
    return UNICODE_SIGNS if console.encoding.startswith("utf") else ASCII_SIGNS


def write_result(text: str) -> None:
    """Write a result to stdout, alone and unaltered."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()
