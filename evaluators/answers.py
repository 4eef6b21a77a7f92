"""What did the target answer? The last explicit answer counts; none found is said, not guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aurelia.models.structured import strip_thinking

_EXPLICIT = re.compile(
    r"(?:final\s+|correct\s+)?\banswer\b\s*(?:is\b|:|=)+\s*\**\s*(?P<answer>[^\n]+)", re.I
)
_LETTER = re.compile(r"^\W*(?:option\s+)?\(?([A-Z])\)?(?=$|[\s).:,;*\"'-])")
_MARKS = " \t*_`\"'.()[]"


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An answer as read from free text.

    Attributes:
        text: the answer's words; the whole reply where no explicit answer was found.
        option: the chosen letter, None without options or where none was chosen.
        parsed: whether the answer was explicit.
    """

    text: str
    option: str | None
    parsed: bool


def parse_answer(reply: str, options: Mapping[str, str] | None = None) -> ParsedAnswer:
    """Read the last explicit answer of a reply.

    With options, an explicit answer is a letter of theirs or one option's text; without, it is
    what follows the last "Answer:". "Answer: D" is D: no letter elsewhere is looked at.
    """
    clean = strip_thinking(reply)
    explicit = [match.group("answer").strip(_MARKS) for match in _EXPLICIT.finditer(clean)]
    if not options:
        last = explicit[-1] if explicit else ""
        return ParsedAnswer(text=last or clean, option=None, parsed=bool(last))
    whole = clean if len(clean) <= 200 else ""
    for candidate in (*reversed(explicit), whole):
        letter = _option_of(candidate, options)
        if letter:
            return ParsedAnswer(text=options[letter], option=letter, parsed=True)
    return ParsedAnswer(text=clean, option=None, parsed=False)


def _option_of(text: str, options: Mapping[str, str]) -> str | None:
    if not text:
        return None
    same = [k for k, v in options.items() if _plain(v) == _plain(text)]
    if len(same) == 1:
        return same[0]
    match = _LETTER.match(text)
    if match and match.group(1) in options:
        return match.group(1)
    named = [k for k, v in options.items() if _plain(v) and f" {_plain(v)} " in f" {_plain(text)} "]
    return named[0] if len(named) == 1 else None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
