"""What did the target answer? The last explicit answer counts; none found is said, not guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aurelia.models.structured import strip_thinking

_MARKUP = r"[\s*_`#]*+"
_EXPLICIT = re.compile(
    rf"""
    \b (?: answer | (?:correct|right|best|final|chosen)\ (?:option|choice) ) \b {_MARKUP}
    (?: : | = | [-–—]\s | \b(?:is|(?:would|must|should)\ be)\b )++ {_MARKUP} :?
    """,
    re.I | re.X,
)
_BOXED = re.compile(r"\\boxed\{(?:\\text\{)?([^{}]*)\}+")
_LETTER = re.compile(r"\W*+(?:(?i:option|choice|letter)\s+)?\(?([A-Z])\b")
_BARE = re.compile(r"\W*+(?:(?:option|choice|letter)\s+)?([A-Za-z])\W*", re.I)
_HEDGE = re.compile(r"[\s)]*(?:,|/|&|or\b|and\b)\s*(?:option\s+)?\(?[A-Z]\b(?!\w)")
_NEGATION = re.compile(r"\b(?:not?|never|neither|nor|without|cannot|\w+n t)\b")  # in plain words
_EDGES = " \t*_`\"'.()[]$"
_SHORT = 200


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

    With options, an explicit answer is a letter of theirs or one option's text; a short reply that
    is nothing but that counts as well. Without options, it is what follows the last "Answer:".
    "Answer: D" is D: no letter elsewhere is looked at. What a reply quotes is not its answer.
    """
    clean = _BOXED.sub(r"\1", strip_thinking(reply))
    explicit = _explicit(clean)
    if not options:
        last = explicit[-1].strip(_EDGES) if explicit else ""
        return ParsedAnswer(text=last or clean, option=None, parsed=bool(last))
    candidates = list(reversed(explicit)) or ([clean] if len(clean) <= _SHORT else [])
    for candidate in candidates:
        letter = _option_of(candidate.strip(), options, bare=not explicit)
        if letter:
            return ParsedAnswer(text=options[letter], option=letter, parsed=True)
    return ParsedAnswer(text=clean, option=None, parsed=False)


def explicit_answers(reply: str) -> list[str]:
    """Every explicit answer of a reply in order, thinking and quotations left out; may be none."""
    clean = _BOXED.sub(r"\1", strip_thinking(reply))
    return [words for answer in _explicit(clean) if (words := answer.strip(_EDGES))]


def _explicit(text: str) -> list[str]:
    """What follows each "Answer:", up to the next one or the end of the line."""
    starts = [match for match in _EXPLICIT.finditer(text) if not _quoted(text, match.start())]
    ends = [*(match.start() for match in starts[1:]), len(text)]
    answers = [
        text[match.end() : end].partition("\n")[0] for match, end in zip(starts, ends, strict=False)
    ]
    return [answer for answer in answers if re.search(r"\w", answer)]


def _quoted(text: str, position: int) -> bool:
    """Whether a position stands in quotation marks, or on a line that is quoted."""
    before = text[:position].rpartition("\n")[2]
    return (
        before.lstrip().startswith(">")
        or before.count('"') % 2 == 1
        or before.count("“") > before.count("”")
    )


def _option_of(text: str, options: Mapping[str, str], *, bare: bool) -> str | None:
    """The option that `text` chooses; `bare` where it is a whole reply, in which "A" may begin a
    sentence."""
    same = [letter for letter, option in options.items() if _plain(option) == _plain(text)]
    if len(same) == 1:
        return same[0]
    if (alone := _BARE.fullmatch(text)) and alone[1].upper() in options:
        return alone[1].upper()
    match = _LETTER.match(text)
    letter = match[1] if match and match[1] in options else None
    if match and letter and not _HEDGE.match(text, match.end()):
        rest = text[match.end() :]
        if re.match(r"[^\w\s'’]", rest) or _plain(rest) == _plain(options[letter]):
            return letter
        if letter not in "AI" and not bare:
            return letter
    elif letter:
        return None
    return _named(text, options) or (None if bare else letter)


def _named(text: str, options: Mapping[str, str]) -> str | None:
    """The one option whose words occur in `text`; "bell and drum" is not also "bell"."""
    plain = f" {_plain(text)} "
    found = {
        letter: _plain(option)
        for letter, option in options.items()
        if _plain(option) and f" {_plain(option)} " in plain
    }
    widest = [
        letter
        for letter, words in found.items()
        if all(f" {other} " in f" {words} " for other in found.values())
    ]
    if len(widest) != 1 or _NEGATION.search(plain.replace(found[widest[0]], " ")):
        return None
    return widest[0]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
