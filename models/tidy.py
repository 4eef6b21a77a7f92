"""What a model means by an object where it is plain, though it is not what the schema says."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from aurelia.errors import ReplyError
from aurelia.models.stated import bare_number
from aurelia.types.replies import (
    SCHEMAS,
    ClaimReply,
    ComplaintReply,
    SentenceReply,
    StepReply,
)

_HUGE = 1e6  # an integer of hundreds of digits is JSON, and no float
_WRAPPERS = frozenset(
    (
        "verdict",
        "evaluation",
        "assessment",
        "judgement",
        "judgment",
        "review",
        "critique",
        "caption",
        "reasoning",
        "reply",
        "response",
        "result",
        "output",
        "answer",
        "final",
        "final_answer",
        "final_verdict",
        "data",
        "json",
        "score",
    )
)
"""Keys under which a whole reply is taken for the reply, where it is the only one."""
_SCHEMAS: tuple[type[BaseModel], ...] = (
    *SCHEMAS.values(),
    StepReply,
    SentenceReply,
    ClaimReply,
    ComplaintReply,
)
_PLAIN = frozenset(name for schema in _SCHEMAS for name in schema.model_fields)
"""Keys as the schemas write them: most objects have no others."""
_MODALITIES = {
    **dict.fromkeys(("audio", "sound", "auditory", "hearing", "acoustic"), "audio"),
    **dict.fromkeys(("visual", "video", "picture", "image", "vision", "sight"), "visual"),
    **dict.fromkeys(
        ("both", "audio-visual", "audiovisual", "audio and visual", "visual and audio"), "both"
    ),
}
_SECONDS = re.compile(
    r"\s*(?:at\s+|t\s*=\s*)?(-?\d+(?:[.,]\d+)?)\s*(ms|milliseconds?|s|secs?|seconds?)?\.?\s*", re.I
)
_CLOCK = re.compile(r"\s*(?:(\d+):)?(\d{1,3}):([0-5]\d(?:[.,]\d+)?)\s*")
_SHARE = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*(%?)\s*")


def settled(value: Mapping[str, Any], marks: Collection[str]) -> dict[str, Any]:
    """An object with its keys in small letters, out of one object around it.

    Args:
        value: the object.
        marks: keys of which a reply has at least one.

    Raises:
        ReplyError: two of its keys are one but for their case, and have different values.
    """
    plain = _small(value)
    if not plain.keys() & set(marks) or isinstance(plain.get("score"), dict):
        inner = list(plain.items())
        if len(inner) == 1 and inner[0][0] in _WRAPPERS and isinstance(inner[0][1], dict):
            return _small(inner[0][1])
    return plain


def marked(value: Mapping[str, Any], marks: Collection[str]) -> bool:
    """Whether an object may be a reply: it has a key of one, in any case, or wraps it."""
    around = [value, *(item for item in value.values() if isinstance(item, dict))]
    return any(key.strip().casefold() in marks for each in around[:2] for key in each)


def scores_in(value: Mapping[str, Any]) -> Iterator[float]:
    """The scores that an object has, or one just below it."""
    for each in (value, *(item for item in value.values() if isinstance(item, dict))):
        for key, item in each.items():
            if key.strip().casefold() == "score" and (score := score_of(item)) is not None:
                yield score


def score_of(value: Any) -> float | None:
    """A score as models write it: 7, "7", "7/10"; None for anything else."""
    if isinstance(value, str):
        return bare_number(value)
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if number and abs(value) < _HUGE else None


def tidied(value: dict[str, Any], *, nulls: bool = True) -> dict[str, Any]:
    """An object with what is meant where it is plain: no nulls, numbers without their units.

    Args:
        value: the object.
        nulls: whether there may be any in it.

    Raises:
        ReplyError: the score is true or false, or two keys differ in case alone.
    """
    tidy: dict[str, Any] = _without_nulls(value) if nulls else value.copy()
    if isinstance(tidy.get("score"), bool):
        raise ReplyError("score: true and false are no numbers")
    if isinstance(tidy.get("score"), str) and (score := score_of(tidy["score"])) is not None:
        tidy["score"] = score
    for key in ("claims", "complaints", "steps", "sentences"):
        if isinstance(items := tidy.get(key), list):
            tidy[key] = [_tidied_item(item, key) for item in items]
    return tidy


def _tidied_item(item: Any, key: str) -> Any:
    if isinstance(item, str) and key in ("steps", "sentences"):
        return {"text": item}
    if not isinstance(item, dict):
        return item
    tidy = _small(item)
    if isinstance(modality := tidy.get("modality"), str):
        tidy["modality"] = _MODALITIES.get(modality.strip().lower(), modality)
    for name in ("start_s", "end_s"):
        if isinstance(text := tidy.get(name), str):
            tidy[name] = _seconds(text)
    if isinstance(text := tidy.get("confidence"), str) and (share := _SHARE.fullmatch(text)):
        tidy["confidence"] = _float(share[1]) / (100 if share[2] else 1)
    return tidy


def _seconds(text: str) -> float | str:
    """`1.2s`, `300 ms` and `0:01.2` as seconds; anything else as it is, for the schema."""
    if match := _SECONDS.fullmatch(text):
        return _float(match[1]) / (1000 if (match[2] or "").lower().startswith("m") else 1)
    if match := _CLOCK.fullmatch(text):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + _float(match[3])
    return text


def _float(text: str) -> float:
    return float(text.replace(",", "."))


def _small(value: Mapping[str, Any]) -> dict[str, Any]:
    if value.keys() <= _PLAIN:
        return dict(value)
    small: dict[str, Any] = {}
    for key, item in value.items():
        name = key.strip().casefold()
        if name in small and small[name] != item:
            raise ReplyError(f"`{name}` stands twice with different values")
        small[name] = item
    return small


def _without_nulls(value: Any) -> Any:
    """What is null has its default: models write out what they leave open."""
    if isinstance(value, dict):
        return {
            key: _without_nulls(item) if isinstance(item, (dict, list)) else item
            for key, item in value.items()
            if item is not None
        }
    if isinstance(value, list):
        return [
            _without_nulls(item) if isinstance(item, (dict, list)) else item
            for item in value
            if item is not None
        ]
    return value
