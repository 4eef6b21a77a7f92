"""Tables as people and programs read them."""

import csv
import io

import pytest

from aurelia.bench.tables.categories import category_grid
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.outcomes import outcome_grid
from aurelia.bench.tables.poster import poster_grid
from aurelia.bench.tables.table import ResultTable, make_table
from aurelia.bench.tables.written import as_csv, as_latex, as_markdown, latex_text, markdown_text
from aurelia.errors import InputError
from tests.bench.tables.rows import make_captions, make_pairs

NASTY = "a_b & 50% | $x$ #1 {y} ~^\\ <z> –"


@pytest.fixture(scope="module")
def table() -> ResultTable:
    results = make_pairs("1000100010", "1110100011")
    results += make_pairs("1000100010", "1110100011", column="avsd", category="Dynamic Scene")
    results += make_captions("zero_shot", ["a dog", "a bell", "rain"])
    results += make_captions("distilled", ["a dog barks", "a bell rings", "rain falls"])
    return make_table(results, draws=300)


def by_label(grid: Grid) -> dict[str, tuple[str, ...]]:
    return {f"{number}{row.label}": row.cells for number, row in enumerate(grid.rows)}


def test_published_figures_stand_in_lines_marked_so(table: ResultTable) -> None:
    grid = poster_grid(table, "T", assume_accuracy=True)
    assert grid.head[:2] == ("AVSD", "AV caption CIDEr-D")
    assert grid.head[-1] == "DM-Match"
    printed = [row.cells for row in grid.rows if row.kind == "published"]
    assert [cells[-1] for cells in printed] == ["29.2 / 27.5", "35.0", "+27.3"]
    assert all(not any(cells[:-1]) for cells in printed)  # no metric, or another
    assert any("assumed" in note for note in grid.notes)
    values = [row for row in grid.rows if row.label == "zero-shot"]
    assert values[0].cells[-1] == "30.0"


def test_no_published_figure_without_a_stated_metric(table: ResultTable) -> None:
    grid = poster_grid(table, "T")
    assert not [row for row in grid.rows if row.kind == "published"]
    assert any("left out" in note for note in grid.notes)


def test_another_name_can_be_given(table: ResultTable) -> None:
    grid = poster_grid(table, "T", same_as={"vita-7b": "bay-cat-7b"}, assume_accuracy=True)
    assert "29.8 / 27.5" in {row.cells[-1] for row in grid.rows}
    with pytest.raises(InputError, match="no published target"):
        poster_grid(table, "T", same_as={"vita-7b": "gpt-9"})
    with pytest.raises(InputError, match="no target 'other'"):
        poster_grid(table, "T", same_as={"other": "vita-7b"})


def test_a_published_gain_that_does_not_recompute_is_questioned() -> None:
    results = make_pairs("10", "11", target="bay-cat-7b", column="av_meme")
    grid = poster_grid(make_table(results, draws=100), "T", assume_accuracy=True)
    assert "+44.4?" in {row.cells[0] for row in grid.rows}
    assert any("`?`" in note for note in grid.notes)


def test_published_gains_do_not_stand_beside_another_comparison() -> None:
    results = [
        r.model_copy(update={"condition": {"zero_shot": "zero_shot"}.get(r.condition, "control")})
        for r in make_pairs("10", "11")
    ]
    made = make_table(results, second="control", draws=100)
    rows = poster_grid(made, "T", assume_accuracy=True).rows
    assert [row.cells[0] for row in rows if row.kind == "published"] == ["29.2 / 27.5"]


def test_unread_replies_have_a_column_by_mode() -> None:
    grid = outcome_grid(make_table(make_pairs("1u0f", "11u0"), draws=100))
    assert grid.head == ("n", "videos", "right", "wrong", "unparsed", "failed")
    assert [row.cells[2:] for row in grid.rows] == [("1", "1", "1", "1"), ("2", "1", "1", "0")]


def test_a_target_stands_in_one_place_however_the_file_is_ordered() -> None:
    both = [make_pairs("10", "11", target=target, column=c) for c in "xy" for target in ("a", "b")]
    table = make_table([result for pairs in both for result in pairs], draws=100)
    groups = [row.group for row in outcome_grid(table).rows]
    assert groups == ["a"] * 4 + ["b"] * 4


def test_captions_are_counted_once(table: ResultTable) -> None:
    labels = [row.label for row in outcome_grid(table).rows]
    assert labels.count("AV caption, zero-shot") == 1


def test_categories_stand_beside_their_published_counts() -> None:
    results = make_pairs("1000", "1100") + make_pairs("1", "1", column="x", category="mine")
    results += make_captions("zero_shot", ["a dog", "a bell", "rain"])
    rows = {row.label: row.cells for row in category_grid(results).rows}
    assert len(rows) == 17 + 2
    assert rows["Dance Performances"] == ("100", "-", "4", "25.0", "50.0", "+100.0")
    assert rows["Indoor/Kitchen Scenarios"] == ("945", "-", "3", "-", "-", "-")
    assert rows["Country Recognition"] == ("21", "17", "0", "-", "-", "-")
    assert rows["other"][2:] == ("1", "100.0", "100.0", "+0.0")
    assert rows["all"][:3] == ("4504", "-", "8")


def test_the_csv_is_unrounded_and_long(table: ResultTable) -> None:
    lines = list(csv.DictReader(io.StringIO(as_csv(table, assume_accuracy=True))))
    assert len(lines) == 2 * (2 + 3)
    (line,) = [x for x in lines if (x["column"], x["condition"]) == ("dm_match", "distilled")]
    assert float(line["value"]) == 0.6
    assert float(line["relative_gain"]) == pytest.approx(1.0)
    assert float(line["published_second"]) == 27.5
    assert float(line["p"]) == pytest.approx(0.25)
    (avsd,) = [x for x in lines if (x["column"], x["condition"]) == ("avsd", "zero_shot")]
    assert (avsd["published_first"], avsd["gain"]) == ("", "")


def test_latex_is_escaped() -> None:
    assert latex_text(NASTY) == (
        r"a\_b \& 50\% \textbar{} \$x\$ \#1 \{y\} \textasciitilde{}\textasciicircum{}"
        r"\textbackslash{} \textless{}z\textgreater{} --"
    )
    grid = Grid("50%\nof\\x", (NASTY,), [GridRow(NASTY, "  95 %", (NASTY,))], [NASTY])
    text = as_latex(grid)
    assert text.startswith("% 50% of\\x\n")  # a comment stays on one line
    body = [line for line in text.splitlines() if line.endswith("\\\\")]
    for line in body:
        assert line.replace(r"\&", "").count("&") == 2
        assert "%" not in line.replace(r"\%", "")


def test_markdown_cells_hold_their_text() -> None:
    grid = Grid("T*", (NASTY,), [GridRow("g|1", "x", (NASTY,)), GridRow("g|1", "y", ("1",))])
    lines = as_markdown(grid).splitlines()
    assert lines[0] == r"**T\***"
    table_lines = [line for line in lines if line.startswith("|")]
    assert all(line.replace(r"\|", "").count("|") == 4 for line in table_lines)
    assert table_lines[2].startswith(r"| g\|1 | x |")
    assert table_lines[3].startswith("|  | y |")
    assert markdown_text("a\nb") == "a b"


def test_a_grid_with_a_hole_is_a_bug() -> None:
    with pytest.raises(ValueError, match="another number of cells"):
        Grid("T", ("a", "b"), [GridRow("g", "x", ("1",))])
