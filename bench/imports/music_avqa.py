"""Music-AVQA: `avqa-test.json` of both releases (9,185 items, or 9,129 in `json_update`).

Items: `video_id, question_id, type, question_content, templ_values, question_deleted, anser`;
`type` and `templ_values` are JSON inside strings, and the answer's field is spelt `anser`.
"""

import ast
import json
import re
from typing import Any

from aurelia.bench.imports import fields
from aurelia.bench.imports.annotation import one_each
from aurelia.bench.imports.rows import Format, Media, Row, Wish
from aurelia.errors import InputError

PLACEHOLDER = re.compile(r"<[^<>]*>")


def filled(template: str, values: list[str]) -> str:
    """A question with its placeholders filled, left to right, in one pass.

    Values left over are ignored, as the authors' loader does: the question is whole without them.

    Raises:
        InputError: a placeholder has no value.
    """
    wanted = PLACEHOLDER.findall(template)
    if len(wanted) > len(values):
        raise InputError(
            f"the question has {len(wanted)} placeholders ({', '.join(wanted)}) and "
            f"`templ_values` {len(values)} values"
        )
    given = iter(values)
    return PLACEHOLDER.sub(lambda _: next(given), template)


def tidied(question: str) -> str:
    """White space joined, the full-width question mark made plain, none of it before the mark."""
    question = " ".join(question.replace("？", "?").split())
    return re.sub(r"\s+\?", "?", question)


def _listed(item: dict[str, Any], name: str) -> list[str]:
    """A list of texts that is written as JSON inside a string (or, rarely, as a list)."""
    value = item.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value or "[]")
        except json.JSONDecodeError:
            try:
                value = ast.literal_eval(value)  # single quotes
            except (ValueError, SyntaxError):
                raise InputError(f"`{name}` holds no list: {item[name]!r}") from None
    if not isinstance(value, list) or not all(isinstance(v, str | int) for v in value):
        raise InputError(f"`{name}` is {fields.kind_of(value)}; it should be a list of texts")
    return [str(v).strip() for v in value]


def _row(entry: Any, where: str, wish: Wish) -> Row:
    item = fields.item(entry)
    if item.get("question_deleted") not in (0, None, "0", False):
        raise InputError("its authors marked it as deleted (`question_deleted`)")
    kinds = _listed(item, "type")
    if len(kinds) != 2:
        raise InputError(f"`type` names {len(kinds)} things; it should be modality and kind")
    video = fields.text(item, "video_id")
    answer = "anser" if "anser" in item else "answer"
    template = fields.text(item, "question_content")
    return Row(
        where=where,
        key=fields.text(item, "question_id"),
        clips=(Media((video,)),),
        fields={
            "task": "music_avqa",
            "category": "Musical Performances",
            "question_type": "/".join(kinds),
            "video_id": video,
            "question": tidied(filled(template, _listed(item, "templ_values"))),
            "answer_type": "short",
            "ground_truth": [fields.text(item, answer)],
            "split": wish.split or "test",
        },
    )


FORMAT = Format(
    name="music-avqa",
    title="Music-AVQA",
    licence="terms of the data set's authors; clips are from YouTube",
    needs="video_id, question_id, question_content, templ_values, anser",
    fits=lambda data: fields.has(data, "question_content", "templ_values"),
    rows=one_each(_row),
)
