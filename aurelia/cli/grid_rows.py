"""A table of results as rows: groups below a line of their own, in panels that fit the width."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aurelia.cli.plain import clean
from aurelia.cli.rows import Row, blank, row

if TYPE_CHECKING:
    from aurelia.bench.tables.grid import Grid, GridRow

_GAP = 2
_STYLES = {"published": "cyan", "interval": "dim", "gain": "bold", "total": "bold"}


def grid_rows(grid: Grid, width: int) -> list[Row]:
    """Title, panels and notes. Columns that don't fit beside the others go into a further panel."""
    labels = max((len(clean(r.label)) + _indent(r) for r in grid.rows), default=0)
    widths = [
        max([len(clean(head)), *(len(clean(r.cells[n])) for r in grid.rows)])
        for n, head in enumerate(grid.head)
    ]
    rows = [row(clean(grid.title), style="bold")]
    for panel in _panels(widths, width - labels):
        head = [clean(grid.head[n]).rjust(widths[n] + _GAP) for n in panel]
        rows.append(row(" " * labels + "".join(head), style="dim"))
        for group in grid.groups:
            rows.append(row(clean(group), style="bold"))
            rows += [
                _line(entry, panel, labels, widths)
                for entry in grid.rows
                if entry.group == group and any(entry.cells[n] for n in panel)
            ]
        rows.append(blank())
    return [*rows, *(row(clean(note), "· ") for note in grid.notes)]


def _line(entry: GridRow, panel: list[int], labels: int, widths: list[int]) -> Row:
    label = " " * _indent(entry) + clean(entry.label)
    cells = "".join(clean(entry.cells[n]).rjust(widths[n] + _GAP) for n in panel)
    return row((label.ljust(labels) + cells).rstrip(), style=_STYLES.get(entry.kind, ""))


def _indent(entry: GridRow) -> int:
    return len(entry.label) - len(entry.label.lstrip())


def _panels(widths: list[int], room: int) -> list[list[int]]:
    """Column numbers by panel; a column wider than the room has a panel of its own."""
    panels: list[list[int]] = [[]]
    taken = 0
    for number, width in enumerate(widths):
        if panels[-1] and taken + width + _GAP > room:
            panels.append([])
            taken = 0
        panels[-1].append(number)
        taken += width + _GAP
    return panels
