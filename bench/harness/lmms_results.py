"""What lmms-eval wrote with `--log_samples`: `<date>_samples_<task>.jsonl`, one document a line.

A line holds `doc_id`, `target`, `input` (the text that was asked), `filtered_resps` (the reply, or
a list of replies), `resps` where the reply was filtered (as received, thinking included), and what
the task's own function gave back: in our tasks `replied`, which names sample and condition. Older
versions also log `doc`, and keep each reply in a list of its own.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aurelia.bench.harness.logged import Logged, as_text, json_lines
from aurelia.errors import InputError


def read_lmms(path: Path, id_field: str = "") -> Iterator[Logged]:
    """Replies of one file.

    Args:
        path: of the file.
        id_field: for a task that is not ours: where a line holds our sample's id, names joined by
            dots, such as `doc.question_id`.

    Raises:
        InputError: it can't be read, or a line is none of lmms-eval's; names the line.
    """
    for where, entry in json_lines(path):
        sample_id, condition = _named(entry, where, id_field)
        replies = _replies(entry, where)
        tokens = _tokens(entry)
        yield Logged(
            sample_id,
            condition,
            replies,
            where,
            prompt=as_text(entry.get("input")),
            input_tokens=tokens.get("input_tokens"),
            output_tokens=tokens.get("output_tokens"),
        )


def _named(entry: dict[str, Any], where: str, id_field: str) -> tuple[str, str]:
    ours = entry.get("replied")
    if not id_field and isinstance(ours, dict) and isinstance(ours.get("sample_id"), str):
        return ours["sample_id"], str(ours.get("condition", ""))
    if not id_field:
        raise InputError(
            f"{where} names no sample of ours: it is of a task that `aurelia bench export "
            "lmms-eval` did not write. Say with --id which field holds the sample's id."
        )
    value: Any = entry
    for name in id_field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise InputError(f"{where} has no {id_field!r} that could be an id; look at its fields.")
    return str(value), ""


def _replies(entry: dict[str, Any], where: str) -> tuple[str | None, ...]:
    """As received where the log has that; what a filter of the harness left, elsewhere."""
    if "resps" not in entry and "filtered_resps" not in entry:
        raise InputError(f"{where} has neither 'resps' nor 'filtered_resps'; is it lmms-eval's?")
    value = entry.get("resps", entry.get("filtered_resps"))
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        value = value[0]
    listed = value if isinstance(value, list) else [value]
    return tuple(None if v is None else as_text(v) for v in listed)


def _tokens(entry: dict[str, Any]) -> dict[str, int]:
    counts = entry.get("token_counts")
    first = counts[0] if isinstance(counts, list) and counts else None
    if not isinstance(first, dict):
        return {}
    return {k: v for k, v in first.items() if isinstance(v, int) and not isinstance(v, bool)}
