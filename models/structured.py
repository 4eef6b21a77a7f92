"""From a model's free text to a validated reply.

Models wrap JSON in prose, code fences and thinking blocks. The last object in the text that fits
the schema counts: what a model settles on comes last.
"""

import json
import math
import re
from typing import Any

from pydantic import ValidationError

from aurelia.errors import ReplyError
from aurelia.types.replies import (
    SCHEMAS,
    CaptionReply,
    ReasoningReply,
    Reply,
    ScoreReply,
    SentenceReply,
    VerdictReply,
)

_THINKING = re.compile(r"<(think|thinking|thought)>.*?(?:</\1>|\Z)", re.S | re.I)
# Chat templates that open the block in the prompt leave a closing tag alone in the reply.
_THOUGHT = re.compile(r"\A.*</(?:think|thinking|thought)>", re.S | re.I)
_SCORE = re.compile(
    r"""
    \bscore\b
    (?: \s* \( [^()\n]* \) )?                           # "score (1-10): 8"
    [\s"'`*_:=]*+ (?: (?:is|of|be) \b )?+ [\s"'`*_:=]*+
    (?P<score> -?\d{1,4}+ (?:\.\d++)?+ ) (?!\w)
    (?! \s* (?:-|–|—|to\b) \s* \d )                     # a range is no score
    (?! \s* (?:/|out\ of) \s* (?!10\b) \d )             # nor is 70/100 one of ten
    """,
    re.I | re.X,
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")
_MARKS: dict[type[Reply], frozenset[str]] = {
    ReasoningReply: frozenset({"steps", "cannot_answer"}),
    CaptionReply: frozenset({"sentences"}),
    VerdictReply: frozenset({"score", "claims"}),
    ScoreReply: frozenset({"score"}),
}
"""Keys of which a reply has at least one: the inner objects of a reply that was cut off lack them,
and would otherwise pass for a reply of nothing but defaults."""


def strip_thinking(text: str) -> str:
    """`text` without thinking blocks; an unclosed block swallows the rest, as it should."""
    return _THOUGHT.sub("", _THINKING.sub("", text)).strip()


def json_objects(text: str) -> list[dict[str, Any]]:
    """Every outermost JSON object in `text`, in order."""
    found: list[dict[str, Any]] = []
    position = text.find("{")
    while position >= 0:
        try:
            value, end = _decoder.raw_decode(text, position)
        except ValueError:
            end = position + 1
        except RecursionError:
            return found  # a model caught in a loop; what it goes on to say is no reply
        else:
            found.append(_storable(value))
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
    problem = ""
    for candidate in reversed(json_objects(clean)):
        if not _MARKS[schema] & candidate.keys():
            continue
        try:
            return schema.model_validate(candidate), "json"
        except ValidationError as error:
            problem = problem or _first_problem(error)
    if schema is ScoreReply and (scores := _SCORE.findall(clean)):
        return ScoreReply(score=float(scores[-1]), rationale=clean), "score pattern"
    if schema is CaptionReply and "{" not in clean:
        sentences = [SentenceReply(text=s.strip()) for s in _SENTENCE.split(clean) if s.strip()]
        return CaptionReply(sentences=sentences), "plain sentences"
    problem = problem or _broken(clean, schema)
    raise ReplyError(f"the reply can't be read as `{output}`: {problem}", raw=text)


def _first_problem(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the object"
    return f"{where}: {first['msg'].lower()}"


def _broken(text: str, schema: type[Reply]) -> str:
    """Why no object of the text can be the reply."""
    start = text.find("{")
    if start < 0:
        return "it holds no JSON object"
    try:
        _decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        return f"its JSON is broken or cut off ({error.msg.lower()}, {at})"
    except (ValueError, RecursionError):
        return "its JSON is nested too deeply, or holds a number that is none"
    wanted = " or ".join(f"`{key}`" for key in sorted(_MARKS[schema]))
    return f"its JSON object has no {wanted}"


def _storable(value: Any) -> Any:
    """`value` with "?" for halves of surrogate pairs: JSON escapes hold them, files can't."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is no finite number")
    return number


_decoder = json.JSONDecoder(parse_float=_finite, parse_constant=_finite)
