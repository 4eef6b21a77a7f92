"""VALOR-32K: `desc_test.json`, `[{"video_id": "<YouTube id>_<start>_<end>", "desc": "…"}]`.

Clips are `<video_id>.mp4`. A whole YouTube video `<YouTube id>.…` serves too: the window within it
stands in the name. The id may hold underscores, so the name is split from its end.
"""

from typing import Any

from aurelia.bench.imports import fields
from aurelia.bench.imports.annotation import place_of
from aurelia.bench.imports.rows import Annotation, Format, Media, Row, Rows, Wish, guarded
from aurelia.errors import InputError

QUESTION = "Describe in one sentence what is seen and what is heard in this clip."
"""The data set has captions and no question; this wording is ours."""


def parted(video_id: str) -> tuple[str, float, float] | None:
    """YouTube id, start and end in seconds; None where a name holds no window."""
    parts = video_id.rsplit("_", 2)
    try:
        name, start, end = parts[0], float(parts[1]), float(parts[2])
    except (IndexError, ValueError):
        return None
    return (name, start, end) if name and 0 <= start < end < float("inf") else None


def _described(item: dict[str, Any]) -> list[str]:
    if isinstance(item.get("desc"), list):
        return fields.texts(item, "desc")
    return [fields.text(item, "desc")]


def _row(video: str, items: list[dict[str, Any]], where: str, wish: Wish) -> Row:
    described = [caption for item in items for caption in _described(item)]
    if not described:
        raise InputError("`desc` is empty")
    clips = [Media((video,))]
    whole = parted(video)
    if whole:
        clips.append(Media((whole[0],), window=whole[1:]))
    return Row(
        where=where,
        key=video,
        clips=tuple(clips),
        fields={
            "task": "av_captioning",
            "category": "Indoor/Kitchen Scenarios",
            "question_type": "caption",
            "video_id": video,
            "question": QUESTION,
            "answer_type": "caption",
            "ground_truth": list(dict.fromkeys(described)),
            "split": wish.split or "test",
        },
    )


def _nameless(entry: Any) -> Row:
    """Say what is wrong with an item that names no clip."""
    fields.text(fields.item(entry), "video_id")
    raise InputError("`video_id` is a number; it should be text")


def rows(annotation: Annotation, wish: Wish) -> Rows:
    """One row a clip; captions of one clip become its several ground truths."""
    clips: dict[str, tuple[str, list[dict[str, Any]]]] = {}
    for number, entry in enumerate(annotation.data):
        where = place_of(annotation, number, entry)
        if isinstance(entry, dict) and isinstance(entry.get("video_id"), str):
            clips.setdefault(entry["video_id"].strip(), (where, []))[1].append(entry)
        else:
            yield guarded(where, _nameless, entry)
    for video, (where, items) in clips.items():
        yield guarded(where, _row, video, items, where, wish)


FORMAT = Format(
    name="valor32k",
    title="VALOR-32K",
    licence="terms of the data set's authors; clips are from YouTube (AudioSet)",
    needs="video_id, desc",
    fits=lambda data: fields.has(data, "video_id", "desc"),
    rows=rows,
)
