"""WorldSense: `worldsense_qa.json`, `{video: {…, "task1": {question, candidates, answer, …}, …}}`.

The caption of a video (`video_caption`) tells what is in it, so it is not imported.
"""

from typing import Any

from aurelia.bench.imports import fields
from aurelia.bench.imports.rows import Annotation, Format, Media, Row, Rows, Wish, guarded


def _tasks(entry: Any) -> list[str]:
    if not isinstance(entry, dict):
        return []
    return [n for n in entry if n.startswith("task") and n.removeprefix("task").isdigit()]


def _row(video: str, name: str, entry: Any, where: str, wish: Wish) -> Row:
    item = fields.item(fields.item(entry).get(name))
    options = fields.lettered(fields.texts(item, "candidates"))
    return Row(
        where=where,
        key=f"{video}-{name}",
        clips=(Media((video,)),),
        fields={
            "task": "worldsense",
            "question_type": fields.optional(item, "task_type"),
            "video_id": video,
            "question": fields.text(item, "question"),
            "options": options,
            "answer_type": "option",
            "ground_truth": [fields.chosen(options, fields.text(item, "answer"))],
            "split": wish.split or "test",
        },
    )


def rows(annotation: Annotation, wish: Wish) -> Rows:
    """One row a task of a video."""
    for video, entry in annotation.data.items():
        for name in _tasks(entry) or ["task1"]:
            where = f"{annotation.path.name}, {video!r}, {name}"
            yield guarded(where, _row, video, name, entry, where, wish)


def _fits(data: Any) -> bool:
    if not isinstance(data, dict):
        return False
    return any(
        isinstance(entry.get(name), dict) and "candidates" in entry[name]
        for entry in list(data.values())[:5]
        for name in _tasks(entry)
    )


FORMAT = Format(
    name="worldsense",
    title="WorldSense",
    licence="terms of the data set's authors",
    needs="an object by video, each with task1 … that hold question, candidates, answer",
    fits=_fits,
    rows=rows,
)
