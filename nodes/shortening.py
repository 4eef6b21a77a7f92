"""r* within a text budget: what is left out first, and never the middle of a sentence.

Pure decisions: who counts, and what becomes of the rest, is decided elsewhere.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from aurelia.types.reasoning import RStarForm

FINDINGS = "Findings: "
_ITEM = re.compile(r"(?:\d+[.)]|[-*•])\s")


@dataclass(frozen=True, slots=True)
class Shortened:
    """r*, or its beginning.

    Attributes:
        text: whole steps, in their order.
        left_out: what is not in it, in the order in which it stood; empty where all is.
    """

    text: str
    left_out: tuple[str, ...] = ()


def shortenings(r_star: str, form: RStarForm | None = None) -> Iterator[Shortened]:
    """r* as it is, then with ever more left out: the findings first, then step after step, from
    the last on. The first step is the least there is.

    Args:
        r_star: its text, a step a line or an item of a list; lines that begin no item belong to
            the step before. Without items each line is a step.
        form: of it; findings stand in `plan_and_findings` alone.
    """
    steps, findings = parts(r_star, form)
    yield Shortened(r_star)
    if findings and steps:
        yield Shortened("\n".join(steps), (findings,))
    for kept in range(len(steps) - 1, 0, -1):
        left = (*steps[kept:], *((findings,) if findings else ()))
        yield Shortened("\n".join(steps[:kept]), left)


def parts(r_star: str, form: RStarForm | None = None) -> tuple[list[str], str]:
    """The steps of r*, each whole, and its findings; joined by line ends they are r* again."""
    lines = r_star.split("\n")
    findings = ""
    if form == "plan_and_findings":
        starts = [n for n, line in enumerate(lines) if line.startswith(FINDINGS)]
        if starts:
            findings = "\n".join(lines[starts[0] :])
            lines = lines[: starts[0]]
    itemised = any(_ITEM.match(line) for line in lines)
    steps: list[str] = []
    for line in lines:
        if steps and (not line.strip() or (itemised and not _ITEM.match(line))):
            steps[-1] += f"\n{line}"
        else:
            steps.append(line)
    return steps, findings


async def longest_fitting(
    candidates: Sequence[Shortened],
    tokens: Callable[[Shortened], Awaitable[int | None]],
    budget: int,
) -> tuple[Shortened, int] | None:
    """The longest candidate that fits, and its tokens; where none does, the shortest and its own.

    Few are counted: all of it, the least there is, then by halves between them.

    Args:
        candidates: each shorter than the one before; at least one.
        tokens: of a candidate; None where they can't be counted.
        budget: most tokens.

    Returns:
        None where a candidate can't be counted.
    """
    too_long, last = -1, len(candidates) - 1
    known: dict[int, int] = {}
    for place in (0, last):
        if place not in known:
            counted = await tokens(candidates[place])
            if counted is None:
                return None
            known[place] = counted
        if known[place] <= budget:
            break
        too_long = place
    else:
        return candidates[last], known[last]
    fits = place
    while fits - too_long > 1:
        middle = (too_long + fits) // 2
        counted = await tokens(candidates[middle])
        if counted is None:
            return None
        known[middle] = counted
        if counted <= budget:
            fits = middle
        else:
            too_long = middle
    return candidates[fits], known[fits]
