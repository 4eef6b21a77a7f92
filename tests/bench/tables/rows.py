"""Results made by hand."""

import json
from pathlib import Path
from typing import Any

from aurelia.bench.tables.results import Result

REFERENCES = [["a dog barks twice"], ["a bell rings in a church"], ["rain falls on the roof"]]


def make_result(number: int = 0, right: bool = True, **changes: Any) -> Result:
    """A reply about a video of its own."""
    fields: dict[str, Any] = {
        "target": "vita-7b",
        "column": "dm_match",
        "condition": "zero_shot",
        "sample_id": f"s{number}",
        "video": f"v{number}",
        "category": "Dance Performances",
        "score": float(right),
        "outcome": "right" if right else "wrong",
    }
    return Result.model_validate({**fields, **changes})


def make_pairs(before: str, after: str, **changes: Any) -> list[Result]:
    """Samples under both conditions, each `1` (right), `0` (wrong), `u` or `f`."""
    results = []
    for condition, marks in (("zero_shot", before), ("distilled", after)):
        for number, mark in enumerate(marks):
            outcome = {"1": "right", "0": "wrong", "u": "unparsed", "f": "failed"}[mark]
            given = {"condition": condition, "outcome": outcome, **changes}
            results.append(make_result(number, mark == "1", **given))
    return results


def make_captions(condition: str, captions: list[str]) -> list[Result]:
    """Captions of three clips."""
    return [
        make_result(
            number,
            column="av_captioning",
            condition=condition,
            category="Indoor/Kitchen Scenarios",
            score=0.0,
            outcome="graded" if text else "failed",
            caption=text,
            references=REFERENCES[number],
        )
        for number, text in enumerate(captions)
    ]


def write(path: Path, results: list[Result]) -> Path:
    """The results as a file."""
    lines = (json.dumps(r.model_dump(exclude_defaults=True)) for r in results)
    path.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    return path
