"""Which commands have worked on a folder of rollouts, and what a kill may have cost.

`sessions.jsonl` has a line where a command begins and one where it ends. One without an end was
cut off: the requests that were sent and not answered since it began are what it may have cost. The
ledger of replies is shared, so that what other commands have under way at that moment counts too.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurelia.bench.journal import Journal
from aurelia.bench.lines import Lines
from aurelia.models.ledger import open_ledger
from aurelia.settings import load_settings

SESSIONS = "sessions.jsonl"
_KEY = ("session", "event")
_HEAD = ("ledger", "unanswered", "lost_calls")


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that has begun.

    Attributes:
        number: from 1.
        cut_off: whether the one before was cut off.
        lost_calls: requests that were under way then.
    """

    number: int
    cut_off: bool
    lost_calls: int


class Sessions:
    """The sessions of a folder; to be used by the process that holds its lock.

    Args:
        folder: of the rollouts.
    """

    def __init__(self, folder: Path) -> None:
        self._journal = Journal(folder / SESSIONS, _KEY, _HEAD)
        self._path = load_settings().cache_dir / "ledger.jsonl"
        self._number = 0
        self._before = 0

    def begin(self, **about: Any) -> Begun:
        """Note that a command begins; see what became of the one before."""
        number = sum(event == "begin" for _, event in self._journal.done)
        self._before = open_ledger(self._path).in_flight()
        cut_off = number > 0 and (number, "end") not in self._journal
        lost = 0
        if cut_off:
            last = self._journal.head((number, "begin"))
            if last["ledger"] == str(self._path):
                lost = max(0, self._before - int(last["unanswered"] or 0))
        self._number = number + 1
        self._note("begin", unanswered=self._before, lost_calls=lost, **about)
        return Begun(self._number, cut_off, lost)

    def end(self, **about: Any) -> int:
        """Note that the command ends; how many of its requests were sent and not answered."""
        unanswered = open_ledger(self._path).in_flight()
        lost = max(0, unanswered - self._before)
        self._note("end", unanswered=unanswered, lost_calls=lost, **about)
        return lost

    def _note(self, event: str, **about: Any) -> None:
        now = round(time.time(), 3)
        entry = {"session": self._number, "event": event, "ledger": str(self._path)}
        self._journal.append(entry | about | {"at": now})

    def close(self) -> None:
        """Close the file."""
        self._journal.close()


def lost_calls(folder: Path) -> int:
    """Requests that were sent and never answered, over all sessions of a folder."""
    path = folder / SESSIONS
    if not path.is_file():
        return 0
    lines = Lines(path, _KEY, _HEAD)
    return sum(int(lines.head(key)["lost_calls"] or 0) for key in lines.done)
