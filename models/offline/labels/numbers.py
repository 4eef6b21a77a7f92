"""Numbers in a sentence about labels: how many are heard or shown, how fast, which track."""

import itertools
import re
from dataclasses import dataclass

from aurelia.models.offline.labels.words import COUNTED, HEARD, SHOWN

_MANY = {"single": "1", "lone": "1", "sole": "1", "solo": "1", "pair of": "2", "couple of": "2"}
_MANY |= {"duo": "2", "trio": "3", "quartet": "4", "quintet": "5"}
_COUNT = re.compile(
    r"(?<![\d.\w-])(\d{1,2}|"
    + "|".join(_MANY)
    + r")\b(?!\.\d| ?(?:s|ms|bpm|beats?|times?|per|%|x)\b)"
)
_RATE = re.compile(
    r"(\d+(?:\.\d+)?)\s*(?:bpm\b|(?:\w+ ){0,2}?(?:per|a|each|every) minute|times|beats|cycles"
    r"|repeats)"
)
_TRACK = re.compile(
    r"\b(?:track|candidate|audio|clip|music|recording)s?:? (?:track )?\(?([a-h])\b\)?"
)
_BARE_TRACK = re.compile(
    r"(?:^|[,;:] ?|\band )([a-h]) (?=(?:at|has|is|runs?|keeps?|with|beats|goes)\b)"
)
_JOINT = re.compile(r"[,;:]|\b(?:and|but|while|whereas|though|yet|against)\b")
_MOVES = re.compile(
    r"\b(?:movements?|motions?|dances?|dancers?|dancing|figures?|sway\w*|swing\w*|gestures?|arms?"
    r"|body|choreography|bounc\w+|repeats?|moves)\b"
)
_NUMBER = re.compile(r"(?<![\d.])(\d{2,3}(?:\.\d+)?)\b(?! s\b)")


@dataclass(frozen=True, slots=True)
class Number:
    """A number with what it counts, and where it stands."""

    kind: str
    value: float | None
    other: str | None
    start: int
    end: int


def counts(text: str) -> list[Number]:
    """How many instruments (players, things) are heard or shown."""
    if not COUNTED.search(text) or tracks(text) or _RATE.search(text):
        return []
    found = list(_COUNT.finditer(text))
    edges = [0]
    for one, two in itertools.pairwise(found):
        joints = list(_JOINT.finditer(text, one.end(), two.start()))
        edges.append(joints[-1].start() if joints else two.start())
    edges.append(len(text))
    numbers = []
    for place, match in enumerate(found):
        kind = _sense(text[match.end() : edges[place + 1]], text[edges[place] : match.start()])
        if kind:
            value = float(_MANY.get(match[1], match[1]))
            numbers.append(Number(kind, value, None, match.start(), match.end()))
    return numbers


def _sense(after: str, before: str) -> str | None:
    """Heard or shown: by the words behind a number, else by those before it."""
    for part, last in ((after, False), (before, True)):
        part = re.sub(r"\bsounds? (?=sources?\b)|\bsound(?=-)", "", part)
        heard, shown = list(HEARD.finditer(part)), list(SHOWN.finditer(part))
        if heard or shown:
            if not (heard and shown):
                return "sources.count" if heard else "shown.count"
            end = -1 if last else 0
            first = heard[end].start() < shown[end].start()
            return "sources.count" if first is not last else "shown.count"
    return "sources.count" if re.search(r"\bsources?\b", after) else None


def tracks(text: str) -> list[Number]:
    """The tempo of each candidate track, in beats per minute."""
    named = {m.start(): m for m in _TRACK.finditer(text)}
    if named:
        named |= {m.start(1): m for m in _BARE_TRACK.finditer(text)}
    found = []
    places = sorted(named)
    for place, start in enumerate(places):
        past = places[place + 1] if place + 1 < len(places) else len(text)
        label = named[start][1].upper()
        part = text[named[start].end() : past]
        if re.search(r"\bno (?:clear |regular )?(?:beat|tempo)\b", part):
            found.append(Number("candidate.none", 0.0, label, start, named[start].end()))
        elif number := _NUMBER.search(part):
            found.append(
                Number("candidate.tempo", float(number[1]), label, start, named[start].end())
            )
    if named and not found and len(named) == 1 and (number := _NUMBER.search(text)):
        only = next(iter(named.values()))
        return [Number("candidate.tempo", float(number[1]), only[1].upper(), *only.span())]
    return found


def paces(text: str) -> list[Number]:
    """How often a movement repeats, per minute."""
    if tracks(text) or not _MOVES.search(text):
        return []
    rate = _RATE.search(text)
    if rate is None:
        return []
    return [Number("pace.picture", float(rate[1]), None, rate.start(), rate.end())]
