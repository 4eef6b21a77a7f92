"""What VLMEvalKit wrote: `<model>_<dataset>.xlsx`, or `.tsv`, `.json` as its PRED_FORMAT asks.

A row has the data set's own columns (`index`, `question`, `answer`, the options `A`, `B` …) and
`prediction`. A `.pkl` is what it falls back to; reading one would run what is in it, so it is
refused.
"""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from aurelia.bench.harness.logged import Logged, as_text, text_of
from aurelia.errors import InputError, MissingExtra

PREDICTION = "prediction"
_CELL = 2**20  # characters of a cell: replies are longer than the csv module expects


def read_vlmeval(path: Path, id_field: str = "") -> Iterator[Logged]:
    """Replies of one file.

    Args:
        path: of the file.
        id_field: the column that holds our sample's id; empty: `index`.

    Raises:
        InputError: it can't be read, or lacks a column; says which.
        MissingExtra: it is a workbook, and nothing here reads those.
    """
    column = id_field or "index"
    for where, row in _rows(path):
        missing = [name for name in (column, PREDICTION) if name not in row]
        if missing or row[column] is None:
            raise InputError(
                f"{where} has no {[*missing, column][0]!r}; a file of VLMEvalKit has the columns "
                f"'index' and {PREDICTION!r}, and --id names another one with the samples' ids."
            )
        yield Logged(_id(row[column]), "", (_reply(path, row[PREDICTION]),), where)


def _reply(path: Path, value: Any) -> str | None:
    """None where there is none: in a table an empty cell, for none other can be written there."""
    absent = value is None or (value == "" and path.suffix.lower() != ".json")
    return None if absent else as_text(value)


def _id(value: Any) -> str:
    # A workbook keeps whole numbers as they please.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    match path.suffix.lower():
        case ".xlsx":
            rows = _workbook(path)
        case ".tsv" | ".csv":
            rows = _table(path, "\t" if path.suffix.lower() == ".tsv" else ",")
        case ".json":
            rows = _json(path)
        case _:
            raise InputError(
                f"{path.name} can't be read: give VLMEvalKit's .xlsx, .tsv, .csv or .json. A .pkl "
                "may run code when it is read; convert it where it was made."
            )
    for number, row in enumerate(rows, start=1):
        yield f"{path.name}, row {number}", row


def _table(path: Path, delimiter: str) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(_CELL)
    try:
        for row in csv.DictReader(io.StringIO(text_of(path), newline=""), delimiter=delimiter):
            # A row that ends early was cut off: what it lacks is not there, rather than empty.
            yield {name: value for name, value in row.items() if value is not None}
    except csv.Error as error:
        raise InputError(f"{path.name} is no whole table: {error}.") from None


def _json(path: Path) -> Iterator[dict[str, Any]]:
    """A list of rows, or pandas' columns of values by row."""
    try:
        value = json.loads(text_of(path))
    except (json.JSONDecodeError, RecursionError):
        raise InputError(f"{path.name} is no whole JSON; it may have been cut off.") from None
    if isinstance(value, dict) and all(isinstance(column, dict) for column in value.values()):
        numbers = list(next(iter(value.values()), {}))
        value = [{name: value[name].get(number) for name in value} for number in numbers]
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise InputError(f"{path.name} holds no rows; is it VLMEvalKit's?")
    yield from value


def _workbook(path: Path) -> Iterator[dict[str, Any]]:
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError:
        raise MissingExtra(
            f"{path.name} is a workbook, which takes the bench extra: pip install 'aurelia[bench]'."
        ) from None
    try:
        sheet = load_workbook(path, read_only=True, data_only=True).active
        rows = sheet.iter_rows(values_only=True) if sheet is not None else iter(())
        head = [str(name) for name in next(rows, ())]
        yield from (dict(zip(head, row, strict=False)) for row in rows)
    except (OSError, ValueError, KeyError, BadZipFile, InvalidFileException) as error:
        raise InputError(f"{path.name} is no workbook that can be read: {error}.") from None
