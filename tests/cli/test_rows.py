"""Rows keep within the width, lose no word, and are one line each where nobody looks."""

from io import StringIO

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from aurelia.cli.rows import command_row, lay_out, row, show

TEXTS = st.text(alphabet="abc ✓漢é-", min_size=0, max_size=200)


@given(TEXTS, st.text(alphabet="xy ", max_size=40), st.integers(40, 120))
def test_lines_keep_within_the_width(body: str, gutter: str, width: int) -> None:
    console = Console(file=StringIO(), width=width)
    lines = lay_out([row(body, gutter)], console, width)
    assert all(line.cell_len <= width for line in lines)
    shown = "".join("".join(line.plain.split()) for line in lines)
    assert shown == "".join((gutter + body).split())


def test_continuation_lines_hang_below_the_body() -> None:
    console = Console(file=StringIO(), width=40)
    lines = lay_out([row("word " * 12, "  ✓ s1  ")], console, 40)
    assert len(lines) > 1
    assert all(line.plain.startswith(" " * 8 + "word") for line in lines[1:])


def test_a_command_is_never_broken() -> None:
    console = Console(file=StringIO(), width=40)
    (line,) = lay_out([command_row("Next", "aurelia show " + "x" * 60)], console, 40)
    assert line.plain.endswith("x" * 60)


def test_without_a_terminal_each_row_is_one_line() -> None:
    out = StringIO()
    show(Console(file=out, width=40), [row("word " * 30, "  - "), row("[b]not markup[/b]")])
    assert out.getvalue().splitlines() == ["  - " + ("word " * 30).rstrip(), "[b]not markup[/b]"]
