"""From a model's free text to a validated reply.

Models wrap JSON in prose, code fences and thinking blocks, write it as Python would, and quote
what they were given. The last object that fits the schema counts: what a model settles on comes
last. What it quotes is not its own.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from aurelia.errors import ReplyError
from aurelia.models.lenient import decode_strict
from aurelia.models.quoting import fragments, masked, occurs, restored
from aurelia.models.spoken import Found, Spoken, spoken
from aurelia.models.stated import bare_number, prose_score
from aurelia.models.tidy import score_of, scores_in, settled, tidied
from aurelia.types.replies import (
    SCHEMAS,
    CaptionReply,
    ReasoningReply,
    Reply,
    ScoreReply,
    SentenceReply,
    VerdictReply,
)

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")
_PAIR = re.compile(r"[\"'“]?\bscore[\"'”]?\s*:\s*[\"'“]?(-?[\d.]+)", re.I)
_REFUSAL = re.compile(
    r"""\W*
    (?: (?:i['’]?m|i\ am)\ (?:\w+\ )?(?:sorry|afraid)\b | (?:sorry|apologies)\b
      | i\ (?:can(?:not|['’]t)|won['’]t|will\ not|am\ (?:unable|not\ able)\ to|must\ decline)\b
      | as\ an?\ (?:ai|language\ model)\b )
    .{0,120}? \b (?: help|assist|comply|fulfil\w*|provide|process|view|watch|access|caption|describe
      | summari[sz]e|continue|do\ that|decline )\b
    """,
    re.I | re.X | re.S,
)
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
    return spoken(text).text


def json_objects(text: str) -> list[dict[str, Any]]:
    """Every outermost JSON object in `text`, in order."""
    return [found.value for found in spoken(text).objects]


def read_reply(text: str, output: str, quoted: Sequence[str] = ()) -> tuple[Reply, str]:
    """Validate a reply against the schema named `output`.

    Args:
        text: the reply as received.
        output: `reasoning`, `caption`, `verdict` or `score`.
        quoted: texts that the model was given and that we did not write (caption, question …). A
            score or an object that stands in one of them is a quotation, and not the reply's own.

    Returns:
        The reply and how it was read: `json`, `lenient json`, `cut-off json`, `score pattern` or
        `plain sentences`.

    Raises:
        ReplyError: nothing in the text fits; the message says what is wrong, `raw` holds the text.
    """
    schema = SCHEMAS[output]
    pieces = fragments(quoted)
    own_text = masked(text, pieces)
    if own_text == text:  # nothing of them is in it, and nothing will have to be put back
        pieces = []
    said = spoken(own_text, _MARKS[schema])
    if not said.text:
        raise ReplyError("the reply is empty", raw=text)
    own = _own(said, quoted)
    problem = said.doubled
    if not problem and not _breaks_off(said, schema):
        for found in reversed(own):
            try:
                value = settled(found.value, _MARKS[schema])
                if not _MARKS[schema] & value.keys():
                    continue
                nulls = "null" in found.source or "None" in found.source
                reply = schema.model_validate(tidied(restored(value, pieces), nulls=nulls))
            except (ValidationError, ReplyError) as error:
                problem = problem or _first_problem(error)
            else:
                return reply, "json" if found.strict else "lenient json"
    if schema is ScoreReply and not problem:
        score, how = _bare_score(said, quoted)
        if score is not None:
            return ScoreReply(score=score, rationale=restored(said.text, pieces)), how
    if schema is CaptionReply and "{" not in said.text and not _REFUSAL.match(said.text):
        parts = _SENTENCE.split(restored(said.text, pieces))
        sentences = [SentenceReply(text=part.strip()) for part in parts if part.strip()]
        return CaptionReply(sentences=sentences), "plain sentences"
    problem = problem or _broken(said, schema, quotes=len(own) < len(said.objects))
    raise ReplyError(f"the reply can't be read as `{output}`: {problem}", raw=text)


def _breaks_off(said: Spoken, schema: type[Reply]) -> bool:
    """Whether what comes last is a reply that breaks off: an earlier one was not the last word."""
    rest = said.rest.casefold()
    return any(f"{mark}{q}" in rest for mark in _MARKS[schema] for q in "\"'”")


def _own(said: Spoken, quoted: Sequence[str]) -> list[Found]:
    """The objects that a reply does not quote."""
    given = [value for text in quoted for value in _values(text)]
    return [
        found
        for found in said.objects
        if found.alone
        and found.value not in given
        and not occurs(found.source, quoted)
        and not _score_is_quoted(found.source, found.value, quoted)
    ]


def _score_is_quoted(source: str, value: dict[str, Any], quoted: Sequence[str]) -> bool:
    """Whether a given text holds the very key and score: part of it may have been run into."""
    telling = [text for text in quoted if "score" in text.casefold()]
    scores = list(scores_in(value)) if telling else []
    return bool(scores) and any(
        score_of(pair[1]) in scores and occurs(pair[0], telling) for pair in _PAIR.finditer(source)
    )


def _values(text: str) -> list[dict[str, Any]]:
    """Objects of a text that may be quoted: as it is, and with its escapes undone."""
    if "{" not in text:
        return []
    plain = text.replace('\\"', '"')
    return json_objects(text) + (json_objects(plain) if plain != text else [])


def _bare_score(said: Spoken, quoted: Sequence[str]) -> tuple[float | None, str]:
    """A score outside any whole object."""
    if said.cut and (scores := set(scores_in(said.cut))):
        own = len(scores) == 1 and not _score_is_quoted(said.rest, said.cut, quoted)
        return (scores.pop() if own else None), "cut-off json"
    if (score := bare_number(said.text)) is not None:
        return score, "score pattern"
    return prose_score(said.prose, quoted), "score pattern"


def _first_problem(error: ValidationError | ReplyError) -> str:
    if isinstance(error, ReplyError):
        return str(error)
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the object"
    return f"{where}: {first['msg'].lower()}"


def _broken(said: Spoken, schema: type[Reply], *, quotes: bool) -> str:
    """Why nothing of the text can be the reply."""
    start = said.text.find("{")
    if start < 0:
        return "the model refused" if _REFUSAL.match(said.text) else "it holds no JSON object"
    if quotes:
        return "it only quotes what it was given"
    try:
        decode_strict(said.text, start)
    except json.JSONDecodeError as error:
        at = f"line {error.lineno}, column {error.colno}"
        return f"its JSON is broken or cut off ({error.msg.lower()}, {at})"
    except (ValueError, RecursionError):
        return "its JSON is nested too deeply, or holds a number that is none"
    wanted = " or ".join(f"`{key}`" for key in sorted(_MARKS[schema]))
    return f"its JSON object has no {wanted}"
