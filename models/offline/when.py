"""Times in a clause that `lexicon.plain` has normalised: ranges, instants, open ends."""

import re
from dataclasses import dataclass, field

_T = r"(\d+(?:\.\d+)?) s\b"
_ABOUT = r"(?:about |around |roughly |approximately |nearly |almost |exactly |just |the )*"
_TOLERANCE = re.compile(r"\(?±\s?" + _T + r"\)?")
_JOINED_RANGE = re.compile(
    rf"\b(?:from|between) {_ABOUT}{_T} (?:to|and|until|till|through) {_ABOUT}{_T}"
)
_TO_RANGE = re.compile(rf"{_T} (?:to|until|till|through) {_ABOUT}{_T}")
_UNTIL = re.compile(rf"\b(?:until|till|up to|before|by) {_ABOUT}{_T}")
_SINCE = re.compile(rf"\b(?:after|from|since|past) {_ABOUT}{_T}")
_FIRST = re.compile(rf"\b(?:for|during|in) the first {_T}")
_AT = re.compile(rf"{_T}")
_LENGTH = re.compile(
    rf"\b(?:for|lasts?|lasting|over|within) {_ABOUT}{_T}"
    rf"|{_T} (?:later|earlier|long|before|afterwards)\b"
)
_LASTS = re.compile(rf"\b(?:for|lasts?|lasting) {_ABOUT}{_T}|{_T} long\b")
_TO_END = re.compile(r"\b(?:until|till|to|up to) (?:the )?(?:very )?end\b")
_ALL = re.compile(
    r"\b(throughout|always|continuous(?:ly)?|constant(?:ly)?|all the time|all along|"
    r"(?:for |during )?the (?:whole|entire) (?:clip|video|time|recording|film|footage|duration)|"
    r"from (?:the )?(?:start|beginning) to (?:the )?(?:end|finish)|the whole time)\b"
)


@dataclass(frozen=True, slots=True)
class When:
    """The times a clause gives.

    Attributes:
        ranges: stretches with both ends.
        at_s: instants.
        start_s: an open end: "after 3 s".
        end_s: an open start: "until 3 s".
        tolerance_s: what stands behind ±.
        onwards: an open end reaches to the end of the clip.
        throughout: the whole clip is named.
        length_s: how long it is said to last.
    """

    ranges: list[tuple[float, float]] = field(default_factory=list)
    at_s: list[float] = field(default_factory=list)
    start_s: float | None = None
    end_s: float | None = None
    tolerance_s: float = 0.0
    throughout: bool = False
    onwards: bool = False
    length_s: float | None = None

    @property
    def empty(self) -> bool:
        """Whether no time is given."""
        one_sided = self.start_s is not None or self.end_s is not None
        return not (self.ranges or self.at_s or one_sided or self.throughout)


def read_when(clause: str) -> When:
    """Read the times of a clause."""
    tolerances = [float(v) for v in _TOLERANCE.findall(clause)]
    rest = re.sub(r"\s+", " ", _TOLERANCE.sub("", clause))
    throughout = bool(_ALL.search(rest))
    ranges: list[tuple[float, float]] = []
    for pattern in (_JOINED_RANGE, _TO_RANGE):
        for match in pattern.finditer(rest):
            first, second = float(match[1]), float(match[2])
            ranges.append((min(first, second), max(first, second)))
        rest = pattern.sub("", rest)
    start = end = None
    if found := _FIRST.search(rest):
        start, end = 0.0, float(found[1])
        rest = _FIRST.sub("", rest)
    lasts = _LASTS.search(rest)
    length = float(lasts[1] or lasts[2]) if lasts else None
    rest = _LENGTH.sub("", rest)
    if found := _UNTIL.search(rest):
        end = float(found[1])
        rest = _UNTIL.sub("", rest)
    if found := _SINCE.search(rest):
        start = float(found[1])
        rest = _SINCE.sub("", rest)
    if start is not None and end is not None:
        ranges.append((min(start, end), max(start, end)))
        start = end = None
    if not throughout and end is None and not ranges and _TO_END.search(rest):
        end = float("inf")
    onwards = start is not None and bool(re.search(r"\b(?:after|past|onwards?|on)\b", clause))
    at = [float(m) for m in _AT.findall(rest)]
    return When(ranges, at, start, end, max(tolerances, default=0.0), throughout, onwards, length)
