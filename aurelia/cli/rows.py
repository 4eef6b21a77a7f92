"""Lines with a gutter: a hanging indent on a terminal, one plain line each elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

MAX_WIDTH = 110
"""Longer lines are hard to read, however wide the terminal is."""

NARROWEST_BODY = 24


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: `gutter` stands before the first line, the rest is indented below `body`.

    A row that is to be copied, such as a command, is not wrapped: the terminal breaks it.
    """

    body: Text = field(default_factory=Text)
    gutter: Text = field(default_factory=Text)
    wrap: bool = True


def row(body: str | Text = "", gutter: str | Text = "", style: str = "") -> Row:
    """A row from plain strings; `style` is for the body."""
    return Row(
        Text(body, style=style) if isinstance(body, str) else body,
        Text(gutter) if isinstance(gutter, str) else gutter,
    )


def blank() -> Row:
    """An empty line."""
    return Row()


def heading(text: str) -> Row:
    """A heading within a block."""
    return row(text, style="bold")


def note_row(label: str, body: str | Text, style: str = "") -> Row:
    """An entry below an iteration's steps, labels in one column."""
    return row(body, Text(f"  {label:<9}", style="dim"), style)


def command_row(name: str, command: str) -> Row:
    """A command to copy."""
    return Row(Text(command, style="cyan"), Text(f"{name:<11}", style="dim"), wrap=False)


def field_row(name: str, body: str | Text, style: str = "") -> Row:
    """A named value, names in one column."""
    return row(body, Text(f"{name:<11}", style="dim"), style)


def lay_out(rows: Iterable[Row], console: Console, width: int | None) -> list[Text]:
    """Rows as lines no wider than `width` cells; None keeps each row on one line."""
    lines: list[Text] = []
    for entry in rows:
        if width is None or not entry.wrap:
            lines.append(Text.assemble(entry.gutter, entry.body))
            continue
        indent = entry.gutter.cell_len
        if width - indent < NARROWEST_BODY:
            indent = min(indent, 4)
            lines.extend(entry.gutter.wrap(console, width) if entry.gutter.plain.strip() else [])
            first = Text(" " * indent)
        else:
            first = entry.gutter
        wrapped = entry.body.wrap(console, width - indent, overflow="fold")
        for number, line in enumerate(wrapped or [Text()]):
            lines.append(Text.assemble(first if number == 0 else " " * indent, line))
    for line in lines:
        line.rstrip()
    return lines


def text_width(console: Console) -> int | None:
    """Columns to lay out for; None where nobody looks at a terminal."""
    return min(console.width, MAX_WIDTH) if console.is_terminal else None


def show(console: Console, rows: Iterable[Row]) -> None:
    """Print rows in one go, without any markup in them being read."""
    lines = lay_out(rows, console, text_width(console))
    if lines:
        text = Text("\n").join(lines)
        console.print(text, soft_wrap=True, markup=False, highlight=False, emoji=False)
