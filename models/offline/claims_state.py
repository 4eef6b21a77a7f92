"""Statements about sound, silence, movement and standstill: at all, throughout, or at some time."""

import re
from dataclasses import replace

from aurelia.models.offline.said import Said, SaidKind
from aurelia.models.offline.when import When

_NUMBER = r"(\d+(?:\.\d+)?)"
_STARTS = re.compile(
    r"\b(start|starts|starting|started|begin|begins|beginning|began|set in|sets in|"
    r"kicks? in|returns?|comes? in|appears?|resumes?|onset)\b"
)
_STOPS = re.compile(
    r"\b(stop|stops|stopped|end|ends|ended|cease|ceases|finish|finishes|dies|fades? (?:out|away)|"
    r"cuts? out|disappears?|goes away)\b"
)
_BECOMES = re.compile(r"\b(goes|falls?|becomes?|turns?|gets?|freezes|comes to)\b")
_SOME: dict[str, SaidKind] = {
    "sound": "sound.some",
    "motion": "motion.some",
    "silence": "silence.some",
    "still": "still.some",
}
_NONE: dict[str, SaidKind] = {
    "sound": "sound.none",
    "motion": "motion.none",
    "silence": "sound.all",
    "still": "motion.all",
}
_ALL: dict[str, SaidKind] = {
    "sound": "sound.all",
    "motion": "motion.all",
    "silence": "sound.none",
    "still": "motion.none",
}
_SPAN: dict[str, SaidKind] = {
    "sound": "sound.span",
    "motion": "motion.span",
    "silence": "silence.span",
    "still": "still.span",
}
_AT: dict[str, SaidKind] = {
    "sound": "sound.at",
    "motion": "motion.at",
    "silence": "silence.at",
    "still": "still.at",
}


_NTH = re.compile(
    r"\b(first|second|third|fourth|fifth|last) (?:\w+ )?"
    r"(?:sound|noise|movement|motion|stretch|burst)\b"
)
_PLACE = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}
_PARTS: tuple[tuple[str, tuple[float, float]], ...] = (
    (r"\bfirst half\b", (0.0, 0.5)),
    (r"\b(?:second|last) half\b", (0.5, 1.0)),
    (r"\bat first\b|\binitially\b|\b(?:at|in) the (?:very )?(?:start|beginning)\b", (0.0, 0.1)),
    (r"\bat the (?:very )?end\b", (0.9, 1.0)),
)


def read_state(
    state: str, opposite: str, clause: str, sentence: str, when: When, negated: bool
) -> list[Said]:
    """Sound, silence, movement or standstill, of one stretch or in a part of the clip if named."""
    found = _read_state(state, opposite, clause, sentence, when, negated)
    ordinals = _NTH.findall(clause)
    nth = _PLACE[ordinals[0]] if len(ordinals) == 1 and state in ("sound", "motion") else None
    parts = [part for pattern, part in _PARTS if re.search(pattern, clause)]
    if nth is not None and not negated:
        found = [
            replace(s, nth=nth) if s.kind.endswith((".span", ".at", ".length")) else s
            for s in found
        ]
    if len(parts) == 1:
        bare = (".some", ".none", ".all")
        found = [replace(s, part=parts[0]) if s.kind.endswith(bare) else s for s in found]
    return found


def _read_state(
    state: str, opposite: str, clause: str, sentence: str, when: When, negated: bool
) -> list[Said]:
    """At all, throughout, or at some time."""
    stops, starts = bool(_STOPS.search(clause)), bool(_STARTS.search(clause))
    if state in ("sound", "motion") and not negated:
        again = re.search(r"\b(once|twice)\b", clause)
        if again and when.empty:
            kind_: SaidKind = "sound.count" if state == "sound" else "motion.count"
            return [Said(kind_, sentence, value={"once": 1.0, "twice": 2.0}[again[1]])]
        counted = re.search(
            _NUMBER + r" (?:\w+ )?(?:separate |distinct |different )?"
            r"(?:stretch(?:es)?|bursts|times|sounds|movements|periods|intervals|parts)",
            clause,
        )
        if counted and re.search(r"stretch|bursts|times|separate|sounds|movements|periods", clause):
            kind: SaidKind = "sound.count" if state == "sound" else "motion.count"
            start, end = when.ranges[0] if when.ranges else (None, None)
            if len(when.ranges) > 1:
                spans = [
                    Said(_SPAN[state], sentence, a, b, when.tolerance_s) for a, b in when.ranges
                ]
                return [Said(kind, sentence, value=float(counted[1])), *spans]
            return [Said(kind, sentence, start, end, when.tolerance_s, float(counted[1]))]
    if negated and not (stops and re.search(r"never (stops|ends|ceases)", clause)):
        state, opposite = opposite, state
        negated_state = True
    else:
        negated_state = False
    if when.throughout or re.search(r"never (stops|ends|ceases)", clause):
        return [Said(_ALL[state], sentence)]
    if when.ranges:
        return [Said(_SPAN[state], sentence, a, b, when.tolerance_s) for a, b in when.ranges]
    at = when.at_s
    if when.length_s is not None and not negated:
        begin = at[0] if len(at) == 1 else when.start_s
        if begin is not None and not stops:
            end = round(begin + when.length_s, 3)
            return [Said(_SPAN[state], sentence, begin, end, when.tolerance_s)]
        if when.empty and state in ("sound", "motion"):
            long_: SaidKind = "sound.length" if state == "sound" else "motion.length"
            return [Said(long_, sentence, value=when.length_s)]
    first_stop, first_start = _STOPS.search(clause), _STARTS.search(clause)
    if len(at) == 2 and first_stop and first_start and first_stop.start() < first_start.start():
        ended = Said(_SPAN[state], sentence, None, at[0], when.tolerance_s)
        return [ended, Said(_SPAN[state], sentence, at[1], None, when.tolerance_s)]
    if len(at) > 2 and starts and stops:
        words = [m[0] for m in re.finditer(f"{_STARTS.pattern}|{_STOPS.pattern}", clause)]
        turns = [bool(_STARTS.fullmatch(w)) for w in words]
        if turns != [n % 2 == 0 for n in range(len(at))] or at != sorted(at):
            return []  # which instant is which is not clear
        pairs = zip(at[::2], [*at[1::2], None][: len(at[::2])], strict=True)
        return [Said(_SPAN[state], sentence, a, b, when.tolerance_s) for a, b in pairs]
    if len(at) == 2 and starts and stops and at[0] < at[1]:
        return [Said(_SPAN[state], sentence, at[0], at[1], when.tolerance_s)]
    if at:
        if stops and not negated_state:
            return [Said(_SPAN[state], sentence, None, t, when.tolerance_s) for t in at]
        becomes = starts or (state in ("silence", "still") and _BECOMES.search(clause))
        if becomes:
            return [Said(_SPAN[state], sentence, t, None, when.tolerance_s) for t in at]
        return [Said(_AT[state], sentence, t, t, when.tolerance_s) for t in at]
    if when.start_s is not None or when.end_s is not None:
        start, end = when.start_s, when.end_s
        if start is None and not stops and not _lasts(clause):
            start = 0.0  # "silent until 3 s": from the beginning
        if end is None and not starts and when.onwards:
            end = float("inf")
        return [Said(_SPAN[state], sentence, start, end, when.tolerance_s)]
    if re.search(r"at first|initially|in the beginning|at the (?:start|end|beginning)", clause):
        calm = state in ("silence", "still")
        return [Said((_ALL if calm else _SOME)[state], sentence)]
    if state in ("silence", "still"):
        bare = negated_state or re.search(
            r"\b(is|are|stays?|remains?|stands?|was|completely)\b", clause
        )
        return [Said(_ALL[state] if bare else _SOME[state], sentence)]
    return [Said(_SOME[state], sentence)]


def _lasts(clause: str) -> bool:
    return bool(re.search(r"\b(lasts?|continues?|goes on|keeps?)\b", clause))
