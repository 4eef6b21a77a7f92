"""An analysis as lines of a table: one number a line, for whoever plots it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from aurelia.bench.analysis.report import Analysis

HEAD = ("section", "row", "measure", "value")
_SECTIONS = (
    *("critic", "by_threshold", "benefit", "replays", "rules", "passes", "repeats"),
    *("compared", "against"),
)
_NAMES = {
    *("variant", "critic", "where", "target", "condition", "rule", "what", "sample_id"),
    *("threshold", "index", "repeat", "score"),
}
"""Fields that say which row it is; `passes` does too where it stands beside a threshold."""


def as_csv(analysis: Analysis) -> str:
    """Section, which row, which figure, and its value unrounded; what is unknown has no line."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEAD)
    plain = analysis.model_dump(mode="json")
    for name in ("rollouts", "samples", "videos"):
        writer.writerow(("all", "", name, plain[name]))
    for section in _SECTIONS:
        rows = plain[section]["cells"] if section == "replays" else plain[section]
        for row in rows:
            for place, measure, value in _lines(row, "", ""):
                writer.writerow((section, place, measure, value))
    return out.getvalue()


def _lines(row: dict[str, Any], above: str, prefix: str) -> Iterator[tuple[str, str, Any]]:
    named = [name for name in row if name in _NAMES or (name == "passes" and "threshold" in row)]
    compared = isinstance(row.get("first"), str)
    named += ["first", "second"] if compared else []
    place = "; ".join([*([above] if above else []), *(f"{n}={row[n]}" for n in named)])
    for name, value in row.items():
        if name in named or value is None:
            continue
        yield from _measures(name, value, place, prefix)


def _measures(name: str, value: Any, place: str, prefix: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, dict):
        yield from _lines(value, place, f"{prefix}{name}.")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            if isinstance(each, dict):
                yield from _lines(each, place, f"{prefix}{name}.")
            else:
                yield place, f"{prefix}{name}.{number}", each
    elif value is not None and value != "":
        yield place, f"{prefix}{name}", value
