"""AVHBench: `{video_id, task, text, label}` items, in one file or one file a video.

Questions are answered by `Yes` or `No`; the items of the captioning task hold a description.
A clip whose sound was swapped is named `<id>_swap`, as its `video_id` says.
"""

from typing import Any

from aurelia.bench.imports import fields
from aurelia.bench.imports.annotation import one_each
from aurelia.bench.imports.rows import Format, Media, Row, Wish
from aurelia.errors import InputError


def _row(entry: Any, where: str, wish: Wish) -> Row:
    item = fields.item(entry)
    video, task = fields.text(item, "video_id"), fields.text(item, "task")
    label = fields.text(item, "label")
    described = "caption" in task.casefold()
    answer = label if described else label.rstrip(".").casefold()
    if not described and answer not in ("yes", "no"):
        raise InputError(f"`label` is {label!r}; of {task!r} it should be Yes or No")
    return Row(
        where=where,
        key="",
        clips=(Media((video,)),),
        fields={
            "task": "avhbench",
            "question_type": task,
            "video_id": video,
            "question": fields.text(item, "text"),
            "answer_type": "caption" if described else "yes_no",
            "ground_truth": [answer],
            "split": wish.split or "test",
        },
    )


FORMAT = Format(
    name="avhbench",
    title="AVHBench",
    licence="terms of the data set's authors; clips are from VALOR and AudioCaps",
    needs="video_id, task, text, label",
    fits=lambda data: fields.has(data, "video_id", "task", "text", "label"),
    rows=one_each(_row),
)
