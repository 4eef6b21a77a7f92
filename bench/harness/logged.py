"""Replies as another harness logged them, whichever it was."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurelia.errors import InputError

_FAILURES = ("[LMMS_EVAL_REQUEST_FAILED", "Failed to obtain answer via API")


@dataclass(frozen=True, slots=True)
class Logged:
    """One sample's replies.

    Attributes:
        sample_id: ours.
        condition: `zero_shot` or `distilled`; empty: the log doesn't say.
        replies: as received; several where the harness drew several. None: there is none (null in
            the log), which is not the same as a model that said nothing (an empty text).
        where: file and line or row, for messages.
        prompt: the text that was asked, as far as the log has it.
        input_tokens: None: the log doesn't say.
        output_tokens: None: the log doesn't say.
    """

    sample_id: str
    condition: str
    replies: tuple[str | None, ...]
    where: str
    prompt: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Objects of a JSONL file, each with where it stands.

    Raises:
        InputError: the file can't be read, or a line is no object; names the line.
    """
    for number, line in enumerate(text_of(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path.name}, line {number}"
        try:
            entry = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            raise InputError(
                f"{where} is no whole JSON; the log was cut off there: run that harness again, or "
                "take the line out."
            ) from None
        if not isinstance(entry, dict):
            raise InputError(f"{where} is no JSON object.")
        yield where, entry


def text_of(path: Path) -> str:
    """The text of a file.

    Raises:
        InputError: it can't be read, or is no UTF-8 text.
    """
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror or error}.") from error
    except UnicodeDecodeError:
        raise InputError(f"{path} is no UTF-8 text; give a log of the harness.") from None


def failure(reply: str) -> str:
    """Why a reply is none of the model's, where a harness wrote an error in its place; else empty.

    lmms-eval 0.7.3 writes `[LMMS_EVAL_REQUEST_FAILED after 5 retries] …`, VLMEvalKit `Failed to
    obtain answer via API.`
    """
    return reply.strip() if reply.lstrip().startswith(_FAILURES) else ""


def as_text(value: Any) -> str:
    """A reply as text; what is no text is written as JSON, and nothing is left out."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
