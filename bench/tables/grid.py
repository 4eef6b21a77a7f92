"""A table as texts in rows and columns, before anything says how it is drawn."""

from dataclasses import dataclass, field
from typing import Literal

RowKind = Literal["head", "value", "interval", "published", "gain", "total"]


@dataclass(frozen=True, slots=True)
class GridRow:
    """One line: its label and a text for each column, empty where there is nothing to say.

    `group` is what the line belongs to, such as a target; lines of one group stand together.
    """

    group: str
    label: str
    cells: tuple[str, ...]
    kind: RowKind = "value"


@dataclass(slots=True)
class Grid:
    """A titled table with notes below it."""

    title: str
    head: tuple[str, ...]
    rows: list[GridRow] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.head) for row in self.rows):
            raise ValueError("A row of the table has another number of cells than its head.")

    @property
    def groups(self) -> list[str]:
        """Groups in order of appearance."""
        return list(dict.fromkeys(row.group for row in self.rows))
