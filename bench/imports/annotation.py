"""The authors' files, read: JSON, JSONL, CSV and parquet.

A JSON file that ends too early gives nothing: what is missing can't be told from what is there. In
a JSONL or CSV file each line stands for itself: a bad one is named, the others are read.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from aurelia.bench.imports.rows import Annotation, Row, Rows, Skipped, Wish, guarded
from aurelia.errors import InputError, MissingExtra

ENDINGS = (".json", ".jsonl", ".csv", ".tsv", ".parquet")


def files_of(paths: Iterable[Path]) -> list[Path]:
    """The files given; a folder stands for the annotation files in it.

    Raises:
        InputError: a path is missing, or a folder holds none.
    """
    found: list[Path] = []
    for path in paths:
        if not path.is_dir():
            found.append(path)
            continue
        inside = sorted(
            p for p in path.iterdir() if p.suffix.lower() in ENDINGS and p.name[0] != "."
        )
        if not inside:
            raise InputError(f"{path} holds no annotation file ({', '.join(ENDINGS)}).")
        found += inside
    return list(dict.fromkeys(found))


def load(path: Path) -> Annotation:
    """Read one annotation file.

    Raises:
        InputError: it can't be read, or its content is broken as a whole; names line and column.
        MissingExtra: it is a parquet file, and pyarrow is not installed.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    if not content.strip():
        raise InputError(f"{path} is empty; get it again.")
    hashed = sha256(content).hexdigest()
    if path.suffix.lower() == ".parquet" or content[:4] == b"PAR1":
        return Annotation(path, hashed, _parquet(path, content))
    try:
        words = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is no UTF-8 text (byte {error.start}); it is another kind of file, or damaged."
        ) from None
    if words.lstrip()[:1] == "<":
        raise InputError(f"{path} holds a web page, not data; download the file itself.")
    if words.startswith("version https://git-lfs"):
        raise InputError(f"{path} is a Git LFS pointer; fetch the file itself: git lfs pull.")
    if path.suffix.lower() in (".csv", ".tsv"):
        data, broken = _table(path, words)
    elif path.suffix.lower() == ".jsonl":
        data, broken = _lines(path, words)
    else:
        data, broken = _json(path, words), []
    return Annotation(path, hashed, data, tuple(broken))


def _json(path: Path, words: str) -> Any:
    try:
        return json.loads(words)
    except json.JSONDecodeError as error:
        rest = words[error.pos :].strip()
        if not rest or error.msg.startswith("Unterminated string"):
            raise InputError(
                f"{path}, line {error.lineno}, column {error.colno}: the file ends too early; "
                "get it again (nothing was imported: what is missing can't be told)."
            ) from None
        if error.msg == "Extra data":
            raise InputError(
                f"{path}, line {error.lineno}: a second JSON value begins here; if each line is "
                "one item, name the file .jsonl."
            ) from None
        raise InputError(
            f"{path}, line {error.lineno}, column {error.colno}: no JSON ({error.msg.lower()})."
        ) from None
    except RecursionError:
        raise InputError(f"{path} is nested too deeply to be an annotation file.") from None
    except ValueError as error:  # a number of thousands of digits
        raise InputError(f"{path} holds what can't be read: {error}.") from None


def _lines(path: Path, words: str) -> tuple[list[Any], list[Skipped]]:
    data: list[Any] = []
    broken: list[Skipped] = []
    for number, line in enumerate(words.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            why = f" ({error.msg.lower()})" if isinstance(error, json.JSONDecodeError) else ""
            broken.append(
                Skipped(f"{path.name}, line {number}", f"the line is no whole JSON value{why}")
            )
            continue
        if isinstance(value, dict):
            data.append(value | {"__line__": number})
        else:
            broken.append(Skipped(f"{path.name}, line {number}", "the line holds no object"))
    return data, broken


def _table(path: Path, words: str) -> tuple[list[Any], list[Skipped]]:
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, strict=True)
    data: list[Any] = []
    broken: list[Skipped] = []
    try:
        names = [name.strip() for name in next(reader, [])]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise InputError(f"{path}: the column {min(doubled)!r} stands there twice.")
        for cells in reader:
            if not any(cells):
                continue
            where = f"{path.name}, line {reader.line_num}"
            if len(cells) != len(names):
                broken.append(
                    Skipped(where, f"it has {len(cells)} cells; the header has {len(names)}")
                )
                continue
            data.append(dict(zip(names, cells, strict=True)) | {"__line__": reader.line_num})
    except csv.Error as error:
        broken.append(
            Skipped(f"{path.name}, line {reader.line_num}", f"the table breaks off here ({error})")
        )
    return data, broken


def _parquet(path: Path, content: bytes) -> list[dict[str, Any]]:
    if find_spec("pyarrow") is None:
        raise MissingExtra(
            f"{path} is a parquet file, which takes the bench extra: pip install 'aurelia[bench]'."
        )
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(pa.BufferReader(content))
        names = [name for name in file.schema_arrow.names if not name.startswith("image_")]
        table = file.read(columns=names)  # pictures may stand in the file itself
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError(
            f"{path} is no whole parquet file ({str(error).splitlines()[0]}); get it again."
        ) from None
    rows: list[dict[str, Any]] = table.to_pylist()
    return rows


def place_of(annotation: Annotation, number: int, entry: Any) -> str:
    """Where an item stands: its line in a file of lines, else its number (from 1)."""
    if isinstance(entry, dict) and "__line__" in entry:
        return f"{annotation.path.name}, line {entry['__line__']}"
    return f"{annotation.path.name}, item {number + 1}"


def one_each(make: Callable[[Any, str, Wish], Row]) -> Callable[[Annotation, Wish], Rows]:
    """The rows of a format whose items are samples: what `make` gives for each, or why not."""

    def rows(annotation: Annotation, wish: Wish) -> Rows:
        for number, entry in enumerate(annotation.data):
            where = place_of(annotation, number, entry)
            yield guarded(where, make, entry, where, wish)

    return rows
