"""From a model's free text to a validated reply.

Models wrap JSON in prose, code fences and thinking blocks. The last object in the text that fits
the schema counts: what a model settles on comes last.
"""

import json
import re
from typing import Any

from pydantic import ValidationError

from aurelia.errors import ReplyError
from aurelia.types.replies import SCHEMAS, CaptionReply, Reply, ScoreReply, SentenceReply

_THINKING = re.compile(r"<(think|thinking|thought)>.*?(?:</\1>|\Z)", re.S | re.I)
_SCORE = re.compile(
    r"\bscore\b[\s\"'*:=is]{0,8}(-?\d+(?:\.\d+)?)(?:\s*/\s*10|\s+out\s+of\s+10)?(?!\s*-\s*\d)", re.I
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")
_decoder = json.JSONDecoder()


def strip_thinking(text: str) -> str:
    """`text` without thinking blocks; an unclosed block swallows the rest, as it should."""
    return _THINKING.sub("", text).strip()


def json_objects(text: str) -> list[dict[str, Any]]:
    """Every outermost JSON object in `text`, in order."""
    found: list[dict[str, Any]] = []
    position = text.find("{")
    while position >= 0:
        try:
            value, end = _decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            end = position + 1
        else:
            if isinstance(value, dict):
                found.append(value)
        position = text.find("{", end)
    return found


def read_reply(text: str, output: str) -> tuple[Reply, str]:
    """Validate a reply against the schema named `output`.

    Returns:
        The reply and how it was read: `json`, `score pattern` or `plain sentences`.

    Raises:
        ReplyError: nothing in the text fits; the message says what is wrong, `raw` holds the text.
    """
    schema = SCHEMAS[output]
    clean = strip_thinking(text)
    if not clean:
        raise ReplyError("the reply is empty", raw=text)
    problem = "it holds no JSON object"
    for candidate in reversed(json_objects(clean)):
        try:
            return schema.model_validate(candidate), "json"
        except ValidationError as error:
            problem = _first_problem(error)
    if schema is ScoreReply and (scores := _SCORE.findall(clean)):
        return ScoreReply(score=float(scores[-1]), rationale=clean), "score pattern"
    if schema is CaptionReply and "{" not in clean:
        sentences = [SentenceReply(text=s.strip()) for s in _SENTENCE.split(clean) if s.strip()]
        return CaptionReply(sentences=sentences), "plain sentences"
    raise ReplyError(f"the reply can't be read as `{output}`: {problem}", raw=text)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the object"
    return f"{where}: {first['msg'].lower()}"
