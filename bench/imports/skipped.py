"""The rows that gave no sample, listed beside the samples file."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from aurelia.bench.imports.manifest import beside
from aurelia.bench.imports.rows import Skipped
from aurelia.errors import InputError


def write_skipped(samples: Path, skipped: Sequence[Skipped]) -> Path | None:
    """Write `samples.skipped.jsonl`, or remove an old one where nothing was skipped."""
    path = beside(samples, ".skipped.jsonl")
    try:
        if not skipped:
            path.unlink(missing_ok=True)
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = (json.dumps(asdict(skip), ensure_ascii=False) + "\n" for skip in skipped)
        path.write_text("".join(lines), "utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error
    return path
