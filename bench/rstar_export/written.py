"""Rows into files: one at a time, and a file is there whole or not at all."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any, Literal

from aurelia.bench.rstar_export.avrt import Avrt
from aurelia.bench.rstar_export.rows import RStarRow
from aurelia.errors import InputError, MissingExtra

ExportFormat = Literal["jsonl", "parquet", "avrt"]
_BATCH = 500
_ENDINGS: dict[str, Literal["jsonl", "parquet"]] = {
    **dict.fromkeys((".jsonl", ".ndjson"), "jsonl"),
    **dict.fromkeys((".parquet", ".pq"), "parquet"),
}


def format_of(path: Path, chosen: ExportFormat | None = None) -> ExportFormat:
    """The format of a file to be written: the chosen one, or what its name's ending says.

    Raises:
        InputError: the ending says another one than was chosen, or none is told by either.
    """
    ending = path.suffix.lower()
    said = _ENDINGS.get(ending)
    if chosen is None and said is None:
        raise InputError(
            f"{path} doesn't tell a format by its ending; end it in .jsonl or .parquet, or give "
            "--format."
        )
    # The columns of `avrt` are written as either.
    if chosen not in (None, "avrt", said) and said is not None:
        raise InputError(
            f"{path} ends in {ending}, and --format says {chosen}; leave --format out, or change "
            "the ending."
        )
    return chosen or said or "jsonl"


def write_rows(path: Path, rows: Iterable[RStarRow], form: ExportFormat) -> int:
    """Write rows; how many there were.

    `avrt` is JSONL, or parquet where the file's name ends so (`.parquet`, `.pq`).

    Raises:
        InputError: the place can't be written.
        MissingExtra: parquet is asked for, and pyarrow is not installed.
    """
    parquet = form == "parquet" or (
        form == "avrt" and _ENDINGS.get(path.suffix.lower()) == "parquet"
    )
    shape: Callable[[RStarRow], Any] = Avrt() if form == "avrt" else _plain
    shaped = (shape(row) for row in rows)
    if parquet:
        require_pyarrow(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _whole(path) as file:
            return _parquet(file, shaped, form) if parquet else _jsonl(file, shaped)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error


def require_pyarrow(path: Path) -> None:
    """Refuse parquet where it can't be written.

    Raises:
        MissingExtra: pyarrow is not installed.
    """
    if find_spec("pyarrow") is None:
        raise MissingExtra(
            f"{path} is to be a parquet file, which takes the bench extra: "
            "pip install 'aurelia[bench]'."
        )


def _plain(row: RStarRow) -> dict[str, Any]:
    return row.model_dump(mode="json")


def _jsonl(file: IO[bytes], rows: Iterable[Any]) -> int:
    count = 0
    for row in rows:
        text = json.dumps(row, ensure_ascii=False)
        file.write(text.encode("utf-8", "backslashreplace") + b"\n")
        count += 1
    return count


def _parquet(file: IO[bytes], rows: Iterable[dict[str, Any]], form: ExportFormat) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = _avrt_schema() if form == "avrt" else _schema()
    count = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            made = [row if form == "avrt" else _columns(row) for row in batch]
            writer.write_table(pa.Table.from_pylist(made, schema=schema))
            count += len(batch)
    return count


def _columns(row: dict[str, Any]) -> dict[str, Any]:
    """Objects with keys of their own as lists of pairs: what parquet calls a map."""
    pairs = {name: list(row[name].items()) for name in ("models", "reported", "prompts")}
    options = None if row["options"] is None else list(row["options"].items())
    return {**row, **pairs, "options": options}


def _schema() -> Any:
    """Column types; they don't turn on what the first rows happen to hold."""
    import pyarrow as pa

    text, number, real, yes = pa.string(), pa.int64(), pa.float64(), pa.bool_()
    pairs = pa.map_(text, text)
    step = pa.struct(
        [
            *(("id", text), ("text", text), ("modality", text)),
            *(("start_s", real), ("end_s", real), ("leaks", yes)),
        ]
    )
    kinds = {
        **dict.fromkeys(("schema_version", "repeat", "iteration", "passes", "seed"), number),
        **dict.fromkeys(("leaks", "leaks_left_in"), number),
        **dict.fromkeys(("start_s", "end_s", "score", "threshold"), real),
        **dict.fromkeys(("options", "models", "reported", "prompts"), pairs),
        "accepted": yes,
        "steps": pa.list_(step),
    }
    return pa.schema([(name, kinds.get(name, text)) for name in RStarRow.model_fields])


def _avrt_schema() -> Any:
    import pyarrow as pa

    text, number = pa.string(), pa.int64()
    return pa.schema(
        [
            *(("id", number), ("video_name", text), ("video_id", number), ("question", text)),
            *(("choices", pa.list_(text)), ("answer", text), ("question_relation", text)),
            *(("question_type", text), ("av_reasoning", text)),
        ]
    )


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def _whole(path: Path) -> Iterator[IO[bytes]]:
    """A file beside the place, that takes it once it is whole."""
    scratch = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with scratch.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)
