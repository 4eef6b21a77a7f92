"""AV-Odyssey's dance–music items (parquet): one video, four tracks, which one fits.

Columns `question_id, question_type_id, data_type, subfield, question, options[4], answer,
image_1..4, audio_1..4, video_1`; another release has `video_path` and `audio_path` lists instead.
Question and options name media as `[video1]`, `[audio1]` …
"""

import re
from typing import Any

from aurelia.bench.imports import fields
from aurelia.bench.imports.annotation import place_of
from aurelia.bench.imports.rows import Annotation, Format, Media, Row, Rows, Skipped, Wish, guarded
from aurelia.errors import InputError

_TAG = re.compile(r"<?\[(audio|video|img)(\d+)\]>?", re.IGNORECASE)
_DANCE = re.compile(r"danc", re.IGNORECASE)


def _path(value: Any, name: str) -> str | None:
    """A media column: a path, or a record of one; None where the column is empty."""
    if isinstance(value, dict):  # how a column of media may be stored
        if value.get("path") is None and value.get("bytes") is not None:
            raise InputError(f"`{name}` holds the medium itself; export the media to files first")
        value = value.get("path")
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise InputError(f"`{name}` is {fields.kind_of(value)}; it should be a path")
    return value


def _media(item: dict[str, Any], kind: str) -> list[str]:
    """The paths of one kind, in order, from numbered columns or from one list."""
    listed = item.get(f"{kind}_path")
    if isinstance(listed, list):
        found = [_path(value, f"{kind}_path") for value in listed]
    else:
        names = (name for name in item if re.fullmatch(rf"{kind}_\d+", name))
        ordered = sorted(names, key=lambda name: int(name.rpartition("_")[2]))
        found = [_path(item[name], name) for name in ordered]
    return [path for path in found if path]


def _labels(options: dict[str, str], tracks: int) -> list[str]:
    """A label for each track: the letter of the option that is nothing but that track, if any."""
    by_track: dict[int, str] = {}
    for letter, option in options.items():
        alone = _TAG.fullmatch(option.strip())
        if alone and alone[1].lower() == "audio":
            by_track[int(alone[2])] = letter
    if sorted(by_track) == list(range(1, tracks + 1)):
        return [by_track[number] for number in range(1, tracks + 1)]
    return [str(number) for number in range(1, tracks + 1)]


def _spoken(text: str, labels: list[str], where: str) -> str:
    """A text with its media tags as words."""

    def word(tag: re.Match[str]) -> str:
        kind, number = tag[1].lower(), int(tag[2])
        if kind == "video":
            return "the video"
        if kind == "img" or not 1 <= number <= len(labels):
            raise InputError(f"{where} names {tag[0]}, which the item does not have")
        return f"track {labels[number - 1]}"

    return " ".join(_TAG.sub(word, text).split())


def _row(entry: Any, where: str, wish: Wish) -> Row:
    item = fields.item(entry)
    videos, tracks = _media(item, "video"), _media(item, "audio")
    if len(videos) != 1 or len(tracks) < 2:
        raise InputError(
            f"it has {len(videos)} videos and {len(tracks)} tracks; this task has one and several"
        )
    choices = fields.lettered(fields.texts(item, "options"))
    answer = fields.chosen(choices, fields.text(item, "answer"))
    labels = _labels(choices, len(tracks))
    return Row(
        where=where,
        key=fields.text(item, "question_id"),
        clips=(Media((videos[0],)),),
        candidates={
            label: Media((track,), sound=True)
            for label, track in sorted(zip(labels, tracks, strict=True))
        },
        fields={
            "task": "dm_match",
            "category": "Dance Performances",
            "question_type": fields.optional(item, "subfield"),
            "video_id": videos[0],
            "question": _spoken(fields.text(item, "question"), labels, "the question"),
            "options": {k: _spoken(v, labels, f"option {k}") for k, v in choices.items()},
            "answer_type": "option",
            "ground_truth": [answer],
            "split": wish.split or "test",
        },
    )


def _is_wanted(item: dict[str, Any], wish: Wish) -> bool:
    if wish.kinds:
        return str(item.get("question_type_id")) in wish.kinds
    return bool(_DANCE.search(str(item.get("question", ""))))


def rows(annotation: Annotation, wish: Wish) -> Rows:
    """One row for each wanted item; the other tasks of the benchmark are counted, not named."""
    others = 0
    for number, entry in enumerate(annotation.data):
        where = place_of(annotation, number, entry)
        if isinstance(entry, dict) and not _is_wanted(entry, wish):
            others += 1
            continue
        yield guarded(where, _row, entry, where, wish)
    if others:
        asked = "of other `question_type_id`s" if wish.kinds else "that do not ask about dance"
        yield Skipped(annotation.path.name, f"{others} items {asked} (other tasks)", meant=True)


FORMAT = Format(
    name="av-odyssey",
    title="AV-Odyssey (dance and music matching)",
    licence="terms of the data set's authors",
    needs="question_id, question_type_id, data_type, options, answer, audio_1 … or audio_path",
    fits=lambda data: fields.has(data, "question_type_id", "data_type", "options"),
    rows=rows,
)
