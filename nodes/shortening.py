"""r* within a text budget: what is left out first, and never the middle of a sentence.

Pure decisions: who counts, and what becomes of the rest, is decided elsewhere.
"""

import re
from collections.abc import Callable, Iterator
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


def first_fitting(candidates: Iterator[Shortened], fits: Callable[[str], bool]) -> Shortened | None:
    """The longest of `candidates` that fits; None where not even the shortest does."""
    return next((each for each in candidates if fits(each.text)), None)
