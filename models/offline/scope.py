"""What a question asks beyond its intent: words that the intent does not use."""

import re
from collections.abc import Sequence
from typing import Protocol

from aurelia.models.offline.lexicon import subjects
from aurelia.models.offline.qualifiers import narrowing, turning

_NOUN = r"(?:sounds?|noises?|movements?|motions?|cuts?|stretch(?:es)?|bursts?|half|shots?|scenes?)"
_TIME = r"\d+(?:\.\d+)? s\b"
_WHEN = (
    r"\bwhen\b|\bat what (?:time|moment|second|point)\b|\bwhat time\b|\bat which\b"
    r"|\bwhich (?:second|moment|part)\b|\bhow (?:late|early)\b|\bwhere\b|\bfrom when\b"
    r"|\bduring which\b|\b(?:during |in )?which half\b"
)
_COUNT = r"\bhow many\b|\bhow often\b|\bhow much times\b"
_START = r"\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|began)\b"
_STOP = r"\b(?:stop(?:s|ped|ping)?|end(?:s|ed)?|ceases?|finish(?:es|ed)?|disappears?|dies|fades?)\b"
_FIRST = rf"\bfirst\b(?! (?:\w+ )?{_NOUN}\b)(?! \d)"
_LAST = r"(?<!the )\blast\b(?! half)"
_WHOLE = (
    r"\b(?:in|of|during|over|throughout|for) the (?:whole |entire )?"
    r"(?:clip|video|recording|film|footage|file)\b|\bin all\b"
)
_NTH = rf"\b(?:first|second|third|fourth|fifth|last) (?:\w+ )?{_NOUN}\b"
_PART = (
    r"\b(?:first|second|last) half\b|\bat the (?:very )?(?:start|beginning|end)\b"
    r"|\bin the beginning\b"
)
_STRETCH = (
    rf"\b(?:between|from) {_TIME} (?:and|to|until|till) {_TIME}"
    rf"|\b(?:at|until|before|after|since|from|in the first|during the first) {_TIME}"
)
_OVER_TIME = (
    r"\b(?:towards?|at|to|by) the (?:very )?end\b|\bfrom (?:the )?(?:start|beginning) to\b"
    r"|\bover time\b|\bthan (?:at|in|before)?(?: the)?(?: (?:very )?(?:start|beginning))?"
    r"|\bat the (?:start|beginning|end)\b|\btowards its end\b"
)
_HALVES = r"\b(?:first|second|last|other|which|what|1) half\b|\bhalves\b|\bbetween the halves\b"
_LOUDER = r"\b(?:louder|quieter|softer)\b"
_LIGHTER = r"\b(?:brighter|darker|lighter|dimmer)\b"
_BEFORE = (
    r"\b(?:before|after|earlier|sooner|later|precedes?|preceded|follow(?:s|ed)?|prior|then"
    r"|second|last)\b"
)
_AT_ONCE = r"\btogether\b|\bboth\b|\bwhile\b|\bwhilst\b|\bduring\b|\bwhenever\b|\bwhen\b|\bwith\b"

_SHARED = {
    "sound": {"sound", "silence"},
    "motion": {"motion", "still"},
    "cuts": {"cut"},
    "light": {"light"},
    "level": {"sound", "loud"},
    "loudest": {"sound", "loud"},
    "loudness": {"sound", "silence", "loud"},
    "jumps": {"sound", "loud"},
    "tempo": {"beat", "sound"},
}
_USED: dict[str, tuple[str, ...]] = {
    "sound_when": (_WHEN,),
    "motion_when": (_WHEN,),
    "sound_count": (_COUNT, _START, _WHOLE),
    "motion_count": (_COUNT, _START, _WHOLE),
    "sound_length": (r"\bhow long\b|\bhow many (?:seconds|s)\b|\bhow much time\b", _LAST, _WHOLE),
    "motion_length": (r"\bhow long\b|\bhow many (?:seconds|s)\b|\bhow much time\b", _LAST, _WHOLE),
    "level": (r"\bhow loud\b", r"\bhow high\b", _WHOLE),
    "loudest_when": (_WHEN, r"\bloudest\b"),
    "loudness_trend": (_LOUDER, _HALVES, _OVER_TIME, r"\b(?:the )?(?:first|second)(?= than|$)"),
    "light_mean": (r"\bhow\b", _WHOLE),
    "light_change": (_LIGHTER, _OVER_TIME, r"\bhow\b"),
    "light_when": (_WHEN, _LIGHTER),
    "cuts_count": (_COUNT, _WHOLE),
    "cuts_when": (_WHEN,),
    "cuts_present": (),
    "jumps_count": (_COUNT, _WHOLE, r"\bsudden(?:ly)?\b"),
    "jumps_when": (_WHEN, r"\bsudden(?:ly)?\b"),
    "tempo": (r"\bhow (?:fast|many)\b", r"\bbpm\b"),
    "together": (_AT_ONCE,),
    "order": (_FIRST, r"\bboth\b", r"\btogether\b", r"\b(?:before the other|earlier|sooner)\b"),
    "gap": (
        r"\bhow (?:long|much|many s(?:econds)?)\b",
        r"\b(?:before|after|later|earlier|between|until)\b",
        _START,
    ),
    "description": (_WHEN, _WHOLE, r"\bwhole\b", r"\bboth\b"),
}


class Asked(Protocol):
    """What an intent tells about itself."""

    @property
    def kind(self) -> str: ...
    @property
    def subjects(self) -> tuple[str, ...]: ...
    @property
    def edge(self) -> str | None: ...
    @property
    def start_s(self) -> float | None: ...
    @property
    def part(self) -> tuple[float, float] | None: ...
    @property
    def nth(self) -> int | None: ...


def left_over(normal: str, intent: Asked) -> list[str]:
    """Qualifying words of a normalised question that the intent does not use, each once."""
    used = _used(normal, intent)
    left = narrowing(normal, used) + turning(normal, used)
    if "?" in normal:
        left.append("a second question")
    return list(dict.fromkeys([*left, *_other_things(normal, intent)]))


def _used(normal: str, intent: Asked) -> Sequence[str]:
    kind = intent.kind
    used = [r"\bat all\b", r"\b(?:which|what) 1\b", r"\bin total\b", *_USED.get(kind, ())]
    if intent.nth is not None:
        used.append(_NTH)
    elif kind.endswith("_when"):
        used += [_FIRST, _LAST] if intent.edge else []
    if kind.endswith("_present"):
        if intent.part is not None:
            used.append(_PART)
        elif intent.start_s is not None:
            used.append(_STRETCH)
    if kind.startswith(("sound_", "motion_")):
        calm = {"silence", "still"} & set(subjects(normal))
        used.append(
            r"\bno\b|\bnot\b|\bnever\b"
            if calm
            else r"\bno (?=sound|audio|movement|motion|noise)|\bnothing\b"
        )
    edges = {"start": [_START], "stop": [_STOP], "both": [_START, _STOP]}
    used += edges.get(intent.edge or "", [])
    if kind == "order":
        yes_no = re.match(r"(?:is|are|was|were|does|do|did|has|have|will)\b", normal)
        used += [_BEFORE] if yes_no else []
        used += [_START] if intent.edge is None else []
    return used


def _other_things(normal: str, intent: Asked) -> list[str]:
    """Measurable things that the question names and the intent leaves aside."""
    prefix = intent.kind.partition("_")[0]
    shared = _SHARED.get(intent.kind, _SHARED.get(prefix))
    if shared is None:
        return []
    names = {"motion": "movement", "still": "standstill", "loud": "loudness", "light": "brightness"}
    return [f"{names.get(n, n)} too" for n in subjects(normal) if n not in shared]
