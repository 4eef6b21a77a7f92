"""Ways to tamper with a run: lines of a JSONL file, changed by hand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aurelia.bench.verify.findings import Finding, Verification

Edit = Callable[[dict[str, Any]], object]


def lines(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSONL file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def edit(path: Path, which: Callable[[dict[str, Any]], bool], how: Edit) -> int:
    """Change lines of a JSONL file; how many."""
    listed = lines(path)
    chosen = [line for line in listed if which(line)]
    for line in chosen:
        how(line)
    path.write_text("".join(json.dumps(line) + "\n" for line in listed), "utf-8")
    return len(chosen)


def of(condition: str, sample: str = "") -> Callable[[dict[str, Any]], bool]:
    """Replies of a condition, to one sample or to all."""
    return lambda line: line["condition"] == condition and sample in ("", line["sample_id"])


def edit_manifest(out: Path, how: Edit) -> None:
    """Change the manifest of a run."""
    path = out / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    how(manifest)
    path.write_text(json.dumps(manifest), "utf-8")


def wrong(found: Verification, kind: str = "") -> list[Finding]:
    """What is wrong, of one kind or of all."""
    return [f for f in found.findings if f.wrong and kind in ("", f.kind)]
