"""The tables that are shown around: each cell of the Markdown, each line of the LaTeX."""

import re
from collections.abc import Callable, Mapping
from itertools import zip_longest
from pathlib import Path

from aurelia.bench.run.grids import all_grids
from aurelia.bench.run.score import ScoredRun
from aurelia.bench.tables.grid import Grid
from aurelia.bench.tables.table import ResultTable
from aurelia.bench.tables.written import as_latex, as_markdown
from aurelia.bench.verify.findings import Finding, some

_CELLS = re.compile(r"(?<!\\)\|")


def check_printed(path: Path, run: ScoredRun, table: ResultTable, seed: int) -> list[Finding]:
    """A printed table against the one that the replies give.

    Args:
        path: `table.md` or `table.tex`.
        run: scored again.
        table: its numbers.
        seed: of the resampling.
    """
    stored = path.read_text("utf-8")
    write: Callable[[Grid], str] = as_markdown if path.suffix == ".md" else as_latex
    # Whether published figures stand beside closed questions is how it was printed.
    versions = [
        "\n".join(map(write, all_grids(run, table, seed=seed, assume_accuracy=assume)))
        for assume in (False, True)
    ]
    if stored in versions:
        return []
    compared = _by_cell if path.suffix == ".md" else _by_line
    differing = min((compared(stored, fresh) for fresh in versions), key=len)
    what = "cells" if path.suffix == ".md" else "lines"
    text = f"{{n}} {what} of {path.name} are not what the replies give."
    found = some("cell", True, text, differing or ["white space or order of lines"])
    found[0].where = differing or found[0].where  # each of them, however many
    return found


def _by_cell(stored: str, fresh: str) -> list[str]:
    one, other = markdown_cells(stored), markdown_cells(fresh)
    return [
        f"{place}: {_shown(one, place)} stands there, {_shown(other, place)} comes out"
        for place in dict.fromkeys([*other, *one])
        if one.get(place) != other.get(place)
    ]


def _shown(cells: Mapping[str, str], place: str) -> str:
    return repr(cells[place]) if place in cells else "nothing"


def markdown_cells(text: str) -> dict[str, str]:
    """Cells by table, row and column; notes by their number."""
    cells: dict[str, str] = {}
    title, group, head = "", "", list[str]()
    label, notes = "", 0
    for line in text.splitlines():
        if line.startswith("**"):
            title, group, head, notes = line.strip("*"), "", [], 0
        elif line.startswith("- "):
            notes += 1
            cells[f"{title}, note {notes}"] = line[2:]
        elif line.startswith("|"):
            parts = [part.strip() for part in _CELLS.split(line)[1:-1]]
            if not head:
                head = parts
            elif set(parts[0]) <= {"-", ":"} and parts[0]:
                continue
            else:
                group = parts[0] or group
                # "95 %" and the like say which only below the row that they belong to.
                label = (
                    parts[1]
                    if not _belongs(parts[1])
                    else f"{label.partition(' > ')[0]} > {parts[1]}"
                )
                for column, part in zip(head[2:], parts[2:], strict=False):
                    cells[_free(cells, f"{title}, {group}, {label}, {column}")] = part
    return cells


def _belongs(label: str) -> bool:
    return label in ("95 %", "n") or label.startswith("p (")


def _free(cells: Mapping[str, str], place: str) -> str:
    """A name of its own for each cell."""
    number, name = 1, place
    while name in cells:
        number += 1
        name = f"{place} ({number})"
    return name


def _by_line(stored: str, fresh: str) -> list[str]:
    pairs = zip_longest(stored.splitlines(), fresh.splitlines())
    return [
        f"line {number}: {one!r} stands there, {other!r} comes out"
        for number, (one, other) in enumerate(pairs, start=1)
        if one != other
    ]
