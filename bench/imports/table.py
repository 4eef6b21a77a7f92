"""Samples of one's own, from CSV (or TSV) and JSONL: columns named as the fields of a `Sample`.

Needed: a clip (`clip`, `video` or `video_id`), `question`, an answer (`ground_truth` or `answer`;
in CSV several are parted by `|`). Options are `options` (a list, an object, or such JSON) or the
columns `A`, `B` …; tracks to choose from are columns `candidate_A` …. Unknown columns are ignored.
"""

import json
import re
from typing import Any, get_args

from aurelia.bench.imports import fields
from aurelia.bench.imports.annotation import place_of
from aurelia.bench.imports.rows import Annotation, Format, Media, Row, Rows, Skipped, Wish, guarded
from aurelia.bench.sample import AnswerType
from aurelia.errors import InputError

_CLIP = ("clip", "video", "video_id")
_ANSWER = ("ground_truth", "answer")
_CARRIED = ("category", "question_type", "context", "licence")


def _one_of(item: dict[str, Any], names: tuple[str, ...], what: str) -> str:
    name = next((n for n in names if item.get(n) not in (None, "")), None)
    if name is None:
        raise InputError(f"it names no {what}; give {' or '.join(f'`{n}`' for n in names)}")
    return name


def _options(item: dict[str, Any]) -> dict[str, str] | None:
    given = item.get("options")
    if isinstance(given, str) and given.strip():
        try:
            given = json.loads(given)
        except json.JSONDecodeError:
            raise InputError(f"`options` is no JSON: {given!r}") from None
    if isinstance(given, list):
        return fields.lettered(fields.texts({"options": given}, "options"))
    if isinstance(given, dict):
        return {str(k).strip(): fields.text(given, k) for k in given}
    if given not in (None, ""):
        raise InputError(f"`options` is {fields.kind_of(given)}; it should be a list or an object")
    letters = {n: fields.text(item, n) for n in item if re.fullmatch("[A-Z]", n) and item[n]}
    return letters or None


def _truths(item: dict[str, Any]) -> list[str]:
    name = _one_of(item, _ANSWER, "answer")
    if isinstance(item[name], list):
        return fields.texts(item, name)
    whole = fields.text(item, name)
    if "__csv__" in item and "|" in whole:
        return [part.strip() for part in whole.split("|") if part.strip()]
    return [whole]


def _answer_type(item: dict[str, Any], options: Any, truths: list[str]) -> str:
    given = fields.optional(item, "answer_type")
    if given:
        if given not in get_args(AnswerType):
            raise InputError(
                f"`answer_type` is {given!r}; it is one of {', '.join(get_args(AnswerType))}"
            )
        return given
    if options:
        return "option"
    return "yes_no" if {t.casefold() for t in truths} <= {"yes", "no"} else "open"


def _seconds(item: dict[str, Any], name: str) -> float | None:
    value = item.get(name)
    if value in (None, ""):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        raise InputError(f"`{name}` is {value!r}; it should be a number of seconds") from None


def _row(entry: Any, where: str, wish: Wish) -> Row:
    item = fields.item(entry)
    clip = fields.text(item, _one_of(item, _CLIP, "clip"))
    options, truths = _options(item), _truths(item)
    answer_type = _answer_type(item, options, truths)
    if answer_type == "option":
        truths = [fields.chosen(options or {}, truth) for truth in truths]
    if answer_type == "yes_no":
        truths = [truth.casefold() for truth in truths]
    task, split = fields.optional(item, "task"), fields.optional(item, "split")
    reasoning = item.get("reference_reasoning")
    window = {n: _seconds(item, n) for n in ("start_s", "end_s")}
    audio = fields.optional(item, "audio")
    return Row(
        where=where,
        key=fields.optional(item, "id"),
        clips=(Media((clip,)),),
        audio=Media((audio,), sound=True) if audio else None,
        candidates={
            name.removeprefix("candidate_"): Media((fields.text(item, name),), sound=True)
            for name in item
            if name.startswith("candidate_") and item[name]
        },
        fields={
            **{name: fields.optional(item, name) for name in _CARRIED},
            **{name: at for name, at in window.items() if at is not None},
            "task": task or wish.task or "own",
            "video_id": fields.optional(item, "video_id"),
            "question": fields.text(item, "question"),
            "options": options if answer_type == "option" else None,
            "answer_type": answer_type,
            "ground_truth": truths,
            "reference_reasoning": (
                fields.texts(item, "reference_reasoning") if isinstance(reasoning, list) else []
            ),
            "split": split or wish.split or "test",
        },
    )


def rows(annotation: Annotation, wish: Wish) -> Rows:
    """One row a line."""
    mark = {"__csv__": True} if annotation.path.suffix.lower() in (".csv", ".tsv") else {}
    for number, entry in enumerate(annotation.data):
        where = place_of(annotation, number, entry)
        split = entry.get("split") if isinstance(entry, dict) else None
        if wish.split and split and split != wish.split:
            yield Skipped(where, f"its split is {split!r}, not {wish.split!r}", meant=True)
            continue
        marked = entry | mark if isinstance(entry, dict) else entry
        yield guarded(where, _row, marked, where, wish)


def _fits(data: Any) -> bool:
    named = any(fields.has(data, clip, "question") for clip in _CLIP)
    return named and any(fields.has(data, answer) for answer in _ANSWER)


CSV = Format(
    name="csv",
    title="a table of your own",
    licence="",
    needs="clip, question, and ground_truth or answer",
    fits=_fits,
    rows=rows,
)
JSONL = Format(
    name="jsonl",
    title="a JSONL file of your own",
    licence="",
    needs="clip, question, and ground_truth or answer",
    fits=_fits,
    rows=rows,
)
