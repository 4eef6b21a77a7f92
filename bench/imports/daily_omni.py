"""Daily-Omni: `qa.json`, items `video_id, Type, Question, Choice[], Answer, video_category`.

Clips are `<video_id>/<video_id>_video.mp4`; the authors give the sound apart, as `…_audio.wav`,
and so does the sample where that file is there.
"""

from typing import Any

from aurelia.bench.imports import fields
from aurelia.bench.imports.annotation import one_each
from aurelia.bench.imports.rows import Format, Media, Row, Wish


def _row(entry: Any, where: str, wish: Wish) -> Row:
    item = fields.item(entry)
    video = fields.text(item, "video_id")
    options = fields.lettered(fields.texts(item, "Choice"))
    return Row(
        where=where,
        key="",
        clips=(Media((f"{video}/{video}_video.mp4", f"{video}_video.mp4", video)),),
        audio=Media(
            (f"{video}/{video}_audio.wav", f"{video}_audio.wav"), sound=True, optional=True
        ),
        fields={
            "task": "daily_omni",
            "question_type": fields.optional(item, "Type"),
            "video_id": video,
            "question": fields.text(item, "Question"),
            "options": options,
            "answer_type": "option",
            "ground_truth": [fields.chosen(options, fields.text(item, "Answer"))],
            "split": wish.split or "test",
        },
    )


FORMAT = Format(
    name="daily-omni",
    title="Daily-Omni",
    licence="terms of the data set's authors; clips are from YouTube",
    needs="video_id, Type, Question, Choice, Answer",
    fits=lambda data: fields.has(data, "video_id", "Question", "Choice"),
    rows=one_each(_row),
)
