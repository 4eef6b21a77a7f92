"""Results and tables once more from the replies, compared with what stands in the files."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aurelia.bench.lines import named
from aurelia.bench.run.grids import whole_table
from aurelia.bench.run.score import RESULTS, ScoredRun
from aurelia.bench.tables.results import Result, read_results
from aurelia.bench.tables.table import ResultTable
from aurelia.bench.tables.written import CSV_HEAD, as_csv
from aurelia.bench.verify.findings import Finding, finding, some
from aurelia.bench.verify.printed import check_printed
from aurelia.errors import InputError

TABLES = ("table.md", "table.tex")
CELL = CSV_HEAD[:4]
_DRAWN = {"low", "high", "gain_low", "gain_high", "relative_low", "relative_high", "p", "p_holm"}
_CLOSE = 1e-9


def check_results(run: ScoredRun) -> list[Finding]:
    """`results.jsonl` against the replies scored again; each line that differs is named."""
    path = run.folder / RESULTS
    if not path.is_file():
        return [finding("result", True, f"There is no {RESULTS}; score the run first.", ["-"])]
    try:
        stored = {result.key: result for result in read_results(path)}
    except InputError as error:
        return [finding("result", True, str(error), [RESULTS])]
    fresh = {result.key: result for result in run.results}
    differing = [
        f"{named(key)}: {_differences(stored[key], result)}"
        for key, result in fresh.items()
        if key in stored and _plain(stored[key]) != _plain(result)
    ]
    return [
        *some(
            "result", True, f"{{n}} lines of {RESULTS} are not what the replies score.", differing
        ),
        *some(
            "result",
            True,
            f"{{n}} lines of {RESULTS} have no reply.",
            [named(key) for key in stored if key not in fresh],
        ),
        *some(
            "result",
            True,
            f"{{n}} replies have no line in {RESULTS}.",
            [named(key) for key in fresh if key not in stored],
        ),
    ]


def check_tables(run: ScoredRun, seed: int) -> tuple[list[Finding], int, list[str]]:
    """Each cell of `table.csv`, and each line of the printed tables.

    Returns:
        What differs, how many cells were computed again, and which printed tables were compared.
    """
    table = whole_table(run, seed)
    found, cells = _check_csv(run.folder / "table.csv", table)
    compared = []
    for name in TABLES:
        path = run.folder / name
        if not path.is_file():
            found.append(finding("cell", True, f"There is no {name}; score the run first.", [name]))
            continue
        compared.append(name)
        found += check_printed(path, run, table, seed)
    return found, cells, compared


def _check_csv(path: Path, table: ResultTable) -> tuple[list[Finding], int]:
    if not path.is_file():
        return [
            finding("cell", True, f"There is no {path.name}; score the run first.", [path.name])
        ], 0
    stored = _cells(path.read_text("utf-8"))
    # Whether published figures stand beside closed questions is how it was printed, not a result.
    versions = [_cells(as_csv(table, assume_accuracy=assume)) for assume in (False, True)]
    differing = min((_compared(stored, fresh) for fresh in versions), key=len)
    rows = versions[0].values()
    count = sum(bool(value) for row in rows for name, value in row.items() if name not in CELL)
    drawn = all(place.rpartition(": ")[0].rpartition(" ")[2] in _DRAWN for place in differing)
    hint = " All of them are drawn numbers: another --seed may have been used." if drawn else ""
    text = f"{{n}} cells of {path.name} are not what the replies give.{hint}"
    if not differing:
        return [], count
    made = some("cell", True, text, differing)[0]
    made.where = differing  # each cell by its name, however many
    return [made], count


def _cells(text: str) -> dict[tuple[str, ...], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text))
    return {tuple(str(row.get(name, "")) for name in CELL): dict(row) for row in rows}


def _compared(
    stored: Mapping[tuple[str, ...], Mapping[str, str]],
    fresh: Mapping[tuple[str, ...], Mapping[str, str]],
) -> list[str]:
    """`target, column, metric, condition value: 0.5 stands there, 0.4 comes out`, by cell."""
    differing = []
    for place, row in fresh.items():
        there = stored.get(place)
        if there is None:
            differing.append(f"{', '.join(place)} row: missing")
            continue
        for name, value in row.items():
            if name not in CELL and not _same(there.get(name) or "", value):
                differing.append(
                    f"{', '.join(place)} {name}: {there.get(name) or 'nothing'} stands there, "
                    f"{value or 'nothing'} comes out"
                )
    strange = sorted(stored.keys() - fresh.keys())
    return [*differing, *(f"{', '.join(place)} row: no reply stands for it" for place in strange)]


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    try:
        return abs(float(one) - float(other)) <= _CLOSE * max(1.0, abs(float(other)))
    except ValueError:
        return False


def _plain(result: Result) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(result.model_dump_json())
    values["score"] = round(result.score, 9)
    return values


def _differences(stored: Result, fresh: Result) -> str:
    one, other = _plain(stored), _plain(fresh)
    return "; ".join(
        f"{name} {one[name]!r} stands there, {other[name]!r} comes out"
        for name in one
        if one[name] != other[name]
    )
