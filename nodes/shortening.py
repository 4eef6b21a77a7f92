"""r* within a text budget: what is left out first, and never the middle of a sentence.

Pure decisions: who counts, and what becomes of the rest, is decided elsewhere.
"""

import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aurelia.types.reasoning import RStarForm

FINDINGS = "Findings: "
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:(?P<number>\d{1,4})(?P<after>[.)])|(?P<bullet>[-*•]))\s")


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
        r_star: its text, a step an item of its outermost list; other lines, such as those of a
            list within a step, belong to the step before, and an introduction to the first. Without
            items each line is a step.
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
    starts = _starts(lines)
    edges = [0, *starts[1:], len(lines)]
    if lines:
        return ["\n".join(lines[begin:end]) for begin, end in pairwise(edges)], findings
    return [], findings


def _starts(lines: Sequence[str]) -> list[int]:
    """Where steps begin: at items of the outermost kind, or at lines where there are no items."""
    items = [(place, match) for place, line in enumerate(lines) if (match := _ITEM.match(line))]
    if not items:
        return _plain(lines)
    least = min(len(match["indent"]) for _, match in items)
    outer = [(place, match) for place, match in items if len(match["indent"]) == least]
    first, numbered = outer[0][1], [each for each in outer if each[1]["number"]]
    bullets = [(place, match) for place, match in outer if match["bullet"] == first["bullet"]]
    if not numbered:
        return [place for place, _ in bullets]
    sequence = _in_sequence(numbered)
    if first["number"]:
        return sequence
    if bullets[-1][0] > numbered[0][0]:  # numbers between bullets: a list within a step
        return [place for place, _ in bullets]
    # Bullets, then numbers, is what r* has where some of its steps have a plan; after other words,
    # the bullets are part of an introduction.
    return [*(place for place, _ in bullets if outer[0][0] == 0), *sequence]


def _in_sequence(numbered: Sequence[tuple[int, re.Match[str]]]) -> list[int]:
    """Those of the numbered lines that go on counting from the first."""
    places: list[int] = []
    wanted, after = int(numbered[0][1]["number"]), numbered[0][1]["after"]
    for place, match in numbered:
        if (int(match["number"]), match["after"]) == (wanted, after):
            places.append(place)
            wanted += 1
    return places


def _plain(lines: Sequence[str]) -> list[int]:
    """Lines that begin a step where there is no list: not what follows a colon, nor blank ones."""
    places = [0] if lines else []
    before = lines[0] if lines else ""
    for place, line in enumerate(lines[1:], start=1):
        if not line.strip():
            continue
        if before.strip() and not before.rstrip().endswith(":"):
            places.append(place)
        before = line
    return places


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
