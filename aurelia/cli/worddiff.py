"""What changed, word by word, between the steps of two iterations."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Op = Literal["same", "removed", "added"]

SIMILAR_ENOUGH = 0.4
"""Two steps are one step reworded when at least this share of their words agrees."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of words with one fate."""

    op: Op
    words: str


@dataclass(frozen=True, slots=True)
class StepChange:
    """One step's change: `old` and `new` are 0-based positions, None where there is none."""

    old: int | None
    new: int | None
    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        """Whether any word differs."""
        return any(run.op != "same" for run in self.runs)


def diff_words(old: str, new: str) -> tuple[Run, ...]:
    """Word runs that turn `old` into `new`. White space is not compared.

    The words of all but the `added` runs are those of `old`, all but `removed` those of `new`.
    """
    before, after = old.split(), new.split()
    runs: list[Run] = []

    def add(op: Op, words: list[str]) -> None:
        if words:
            runs.append(Run(op, " ".join(words)))

    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            add("same", before[i1:i2])
        else:
            add("removed", before[i1:i2])
            add("added", after[j1:j2])
    return tuple(runs)


def similarity(old: str, new: str) -> float:
    """Share of words in common and in order, 0 to 1."""
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def pair_steps(old: Sequence[str], new: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Align two lists of steps in order so that the summed similarity is greatest.

    Returns pairs of positions in reading order; None marks a step that was removed or added.
    """
    scores = [[similarity(a, b) for b in new] for a in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            apart = max(best[i + 1][j], best[i][j + 1])
            paired = scores[i][j] + best[i + 1][j + 1] if scores[i][j] >= SIMILAR_ENOUGH else -1.0
            best[i][j] = max(apart, paired)
    pairs: list[tuple[int | None, int | None]] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if (
            i < len(old)
            and j < len(new)
            and scores[i][j] >= SIMILAR_ENOUGH
            and (best[i][j] == scores[i][j] + best[i + 1][j + 1])
        ):
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif i < len(old) and best[i][j] == best[i + 1][j]:
            pairs.append((i, None))
            i += 1
        else:
            pairs.append((None, j))
            j += 1
    return pairs


def diff_steps(old: Sequence[str], new: Sequence[str]) -> list[StepChange]:
    """Changes of every step, in reading order; unchanged steps are among them."""
    changes = []
    for i, j in pair_steps(old, new):
        before = old[i] if i is not None else ""
        after = new[j] if j is not None else ""
        changes.append(StepChange(i, j, diff_words(before, after)))
    return changes
