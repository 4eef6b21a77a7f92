"""From a question to its intent, or why measuring can't answer it: pure functions."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from aurelia.models.offline.intent import Intent, IntentKind, Outside
from aurelia.models.offline.labels.routing import route_labels
from aurelia.models.offline.lexicon import ORDER_WORDS, plain, subjects, unknown_words, words
from aurelia.models.offline.relations import read_relation, things
from aurelia.models.offline.scope import left_over
from aurelia.models.offline.when import read_when

_LANGUAGE_MODEL = "a model that recognises what is seen and heard (set `actor` to one)"
_IDENTIFY = re.compile(
    r"\bwho(?:se|m)?\b|\bwhy\b|\bhow does (?:it|the \w+) sound\b|\bsounds? (?:like|of)\b"
    r"|\bwhat (?:sounds?|noises?|audio|movements?|motion)\b"
    r"|\bwhich (?:sounds?|noises?|movements?)\b"
    r"|\bwhat (?:is|are|was|were|do|does|did) (?:the |that |this |these |those )?"
    r"(?:sounds?|noises?|audio|movements?|motion|picture|image|video|clip)"
    r"(?: about| of| like| show)?$"
    r"|\bwhat (?:makes|causes?|produces?|creates?|moves|changes)\b"
    r"|\bwhat (?:is|are|was|were) (?:it|moving|making|heard|seen|visible|shown|there)\b"
    r"|\bwhat (?:can|do|did|could) (?:you|we|i|be) (?:be )?(?:hear|see|heard|seen|notice)\w*"
    r"(?! and)\s*(?:in\b.*)?$"
    r"|\bcomes? from\b|\bfrom where\b|\bwhich (?:picture|image|frame|clip|video)\b"
)
_DESCRIBE = re.compile(
    r"^(?:please )?(?:describe|summari[sz]e|caption)\b|\bwhat happens\b|\bwhat is happening\b"
    r"|\b(?:see|seen) and (?:hear|heard)\b|\b(?:hear|heard) and (?:see|seen)\b"
    r"|\bwhat occurs\b|\bwhat takes place\b"
)
_WHEN = re.compile(
    r"\bwhen\b|\bat what (?:time|moment|second|point)\b|\bwhat time\b"
    r"|\bwhich (?:second|moment|part)\b"
    r"|\bhow (?:late|early)\b|\bat which\b|\bwhere\b|\bfrom when\b|\bduring which\b|\bwhich half\b"
)
_HOW_MANY = re.compile(r"\bhow many\b|\bhow often\b|\bnumber of\b|\bcount\b|\bhow much times\b")
_START = re.compile(
    r"\b(starts?|started|begins?|began|beginning|onset|sets? in|first|resumes?|appears?)\b"
)
_STOP = re.compile(
    r"\b(stops?|stopped|ends?|ended|ceases?|finish\w*|last|disappears?|dies|fades?)\b"
)
_PARTS = {
    r"first half": (0.0, 0.5),
    r"second half|last half": (0.5, 1.0),
    r"at the (?:very )?(?:start|beginning)|in the beginning": (0.0, 0.1),
    r"at the (?:very )?end": (0.9, 1.0),
}


def route(
    question: str, options: Mapping[str, str] | None = None, *, candidates: bool = False
) -> Intent | Outside:
    """The intent of a question, or why it lies outside.

    Args:
        question: what is asked.
        options: what there is to choose from.
        candidates: whether the clip brings candidate tracks.

    Every content word must stand for something measurable, and the sentence must have a form that
    asks for it: "Is there a sound?" is inside, "What is the sound?" and "Is there a dog?" are not.
    """
    normal = plain(question).strip().rstrip("?.! ")
    if not words(normal):
        return Outside(
            "The question is empty.", ("a question about sound, movement, cuts or light",)
        )
    named = route_labels(question, options, candidates=candidates)
    if named is not None:
        return named
    also = frozenset({"music", "song"}) if "beat" in subjects(normal) else frozenset({"describe"})
    odd = unknown_words(normal, also | frozenset({"caption", "summarize", "summarise", "please"}))
    if odd:
        return Outside(
            f"The question asks about {_quoted(odd)}, which measuring loudness, timing, movement, "
            "cuts and light can't tell.",
            (_LANGUAGE_MODEL,),
        )
    intent = _intent(normal, options)
    if intent is not None:
        intent = replace(intent, claim=_claim(normal, intent))
    if intent is None or intent.kind == "unclear_order" or _IDENTIFY.search(normal):
        return Outside(
            "The question asks what something is or means, not whether, when, how often, how loud "
            "or how bright; that can't be measured.",
            (_LANGUAGE_MODEL,),
        )
    left = left_over(normal, intent)
    if left:
        return Outside(
            f"The question says more ({_quoted(left)}) than what is measured here can answer.",
            ("the question in simpler words, one thing at a time", _LANGUAGE_MODEL),
        )
    return intent


def _claim(normal: str, intent: Intent) -> str | None:
    """What a yes/no question asks to confirm."""
    if not re.match(r"(?:is|are|was|were|does|do|did|has|have|will)\b", normal) or " or " in normal:
        return None
    if intent.kind == "loudness_trend" and _first_half_first(normal):
        word = re.search(r"\b(louder|quieter|softer)\b", normal)
        return {"louder": "quieter"}.get(word[1], "louder") if word else None
    if intent.kind == "order":
        normal = _STOP_WORDS.sub("starts", normal) if intent.edge == "stop" else normal
        read = [s for s in read_relation(normal, normal) if s.kind == "order"]
        return str(read[0].value) if read else None
    pattern = {
        "loudness_trend": r"\b(louder|quieter|softer)\b",
        "light_change": r"\b(brighter|darker|lighter|dimmer|change)",
        "light_mean": r"\b(dark|light|bright|black|dim)\b",
    }.get(intent.kind)
    found = re.search(pattern, normal) if pattern else None
    return _SYNONYMS.get(found[1], found[1]) if found else None


def _first_half_first(normal: str) -> bool:
    """Whether a comparison is made from the side of the first half."""
    found = re.search(r"\b(first|second|last) half\b", normal)
    if found:
        return found[1] == "first"
    found = re.search(r"\bat the (?:very )?(start|beginning|end)\b", normal)
    return bool(found) and "end" not in str(found and found[1])


_STOP_WORDS = re.compile(
    r"\b(?:stops?|stopped|ends?|ended|ceases?|finish(?:es|ed)?|disappears?|dies|fades?)\b"
)
_NTH = re.compile(
    r"\b(first|second|third|fourth|fifth|last) (?:\w+ )?"
    r"(?:sounds?|noises?|movements?|motions?|cuts?|stretch(?:es)?|bursts?)\b"
)
_PLACE = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": -1}


def _nth(normal: str) -> int | None:
    """Which of several a question names; None if it names none, or several."""
    found = _NTH.findall(normal)
    return _PLACE[found[0]] if len(found) == 1 else None


_SYNONYMS = {
    "softer": "quieter",
    "lighter": "brighter",
    "dimmer": "darker",
    "bright": "light",
    "black": "dark",
    "dim": "dark",
}


def _quoted(odd: list[str]) -> str:
    return ", ".join(f"“{w}”" for w in odd[:4])


def _intent(normal: str, options: Mapping[str, str] | None) -> Intent | None:
    named = subjects(normal)
    relation = _relation(normal, options)
    if relation:
        return relation
    if _DESCRIBE.search(normal) and not options:
        return Intent("description")
    if "beat" in named:
        return Intent("tempo")
    if "cut" in named or re.search(r"scene changes?|changes? of scene|scenes\b", normal):
        if _HOW_MANY.search(normal):
            shots = bool(re.search(r"\bhow many (?:\w+ )?(?:shots|scenes)\b", normal))
            return Intent("cuts_count", subjects=(), negative=shots)
        if _WHEN.search(normal):
            return Intent("cuts_when", nth=_nth(normal))
        return _placed(Intent("cuts_present"), normal)
    if re.search(r"\bonsets?\b|\bjumps?\b", normal):
        if _HOW_MANY.search(normal):
            return Intent("jumps_count")
        return Intent("jumps_when") if _WHEN.search(normal) else None
    if "loud" in named or re.search(r"how loud", normal):
        return _loudness(normal)
    if "light" in named:
        return _light(normal)
    for positive, negative, prefix in (
        ("sound", "silence", "sound"),
        ("motion", "still", "motion"),
    ):
        if positive in named or negative in named:
            return _state(normal, prefix, negative in named)
    if re.search(r"\bpicture|video|image|frame|screen\b", normal) and re.search(
        r"\bchanges?\b", normal
    ):
        return _state(normal, "motion", negative=False)
    return None


def _relation(normal: str, options: Mapping[str, str] | None) -> Intent | None:
    """Order and coincidence of two things that question or options name."""
    texts = [normal, *(plain(o) for o in (options or {}).values())]
    mentioned = [name for name, _ in things(normal)]
    of_its_own = len(mentioned) >= 2
    if len(mentioned) < 2:
        mentioned = list(dict.fromkeys(n for t in texts for n, _ in things(t)))
    if len(mentioned) < 2:
        return None
    pair = tuple(mentioned[:2])
    stops = bool(_STOP_WORDS.search(normal))
    edge: Literal["stop"] | None = "stop" if stops else None
    if of_its_own and re.match(r"(?:by )?how (?:long|much|many s(?:econds)?)\b", normal):
        return Intent("gap", pair)
    if re.search(
        r"\b(?:same time|coincid\w*|overlap\w*|simultaneous\w*|together|sync\w*|concurrent\w*"
        r"|align\w*|synchron\w*|same moment)\b",
        normal,
    ):
        ordering = re.search(r"\b(?:which|what) .*first\b|\bbefore\b|\bafter\b", normal)
        edges = re.search(r"\b(?:start|begin|set in|stop|end)s?\b", normal)
        return Intent("order" if ordering or edges else "together", pair, edge)
    order_words = ORDER_WORDS & set(words(normal)) - {"second", "last"}
    if order_words and not re.search(r"\b(?:before|after) \d|first half", normal):
        if re.match(r"(?:is|are|was|were) there\b", normal):
            return Intent("unclear_order")
        return Intent("order", pair, edge)
    if (
        of_its_own
        and re.search(r"\b(?:while|during|whenever|when)\b", normal)
        and not re.match(r"(?:when|at what|how)\b", normal)
    ):
        return Intent("together", pair)
    return None


def _placed(intent: Intent, normal: str) -> Intent:
    """Add the stretch or the part of the clip that the question names."""
    when = read_when(normal)
    start, end = when.start_s, when.end_s
    if when.ranges:
        start, end = when.ranges[0]
    elif when.at_s:
        start = end = when.at_s[0]
    elif start is not None and end is None:
        end = float("inf")
    elif end is not None and start is None:
        start = 0.0
    part = next((p for pattern, p in _PARTS.items() if re.search(pattern, normal)), None)
    return Intent(intent.kind, intent.subjects, intent.edge, start, end, part, intent.negative)


def _loudness(normal: str) -> Intent | None:
    trend = re.search(
        r"\b(?:gets?|becomes?|grow|than|towards?|over time|or|hal(?:f|ves)|changes?)\b",
        normal,
    )
    if re.search(r"\b(loudest|quietest|peaks?)\b", normal):
        return Intent("loudest_when") if "quietest" not in normal else None
    if trend and re.search(r"\b(louder|quieter|softer|loudness|volume|level)\b", normal):
        return Intent("loudness_trend")
    if re.search(r"how loud|\bloudness\b|\blevel\b|\bvolume\b|\bdecibels?\b|\bdb(?:fs)?\b", normal):
        return Intent("level")
    return None


def _light(normal: str) -> Intent | None:
    change = re.search(
        r"brighter|darker|lighter|dimmer|brighten|darken|\bchang|\bbecome|\bget", normal
    )
    if change:
        return Intent("light_when" if _WHEN.search(normal) else "light_change")
    return (
        Intent("light_mean")
        if re.match(r"(is|are|was|how|does)\b", normal) or " or " in normal
        else None
    )


_STATE: dict[tuple[str, str], IntentKind] = {
    ("sound", "present"): "sound_present",
    ("sound", "when"): "sound_when",
    ("sound", "count"): "sound_count",
    ("sound", "length"): "sound_length",
    ("motion", "present"): "motion_present",
    ("motion", "when"): "motion_when",
    ("motion", "count"): "motion_count",
    ("motion", "length"): "motion_length",
}


def _state(normal: str, prefix: str, negative: bool) -> Intent | None:
    """Presence, times, number and length of sound or movement."""
    nth = _nth(normal)
    rest = _NTH.sub("it", normal)
    edge: Literal["start", "stop", "both"] | None = None
    if _STOP.search(rest):
        edge = "both" if re.search(r"\b(?:start|begin)s?\b", rest) else "stop"
    elif _START.search(rest):
        edge = "start"
    if negative and re.search(r"\bno\b|\bnot\b|\bnever\b", normal):
        negative = False
    elif not negative and re.search(
        r"\bno (?:sound|audio|movement|motion|noise)\b|\bnothing\b", normal
    ):
        negative = True
    if _HOW_MANY.search(normal):
        if re.search(r"how many (?:seconds|s)\b|how much time", normal):
            return Intent(_STATE[prefix, "length"], negative=negative, nth=nth)
        return Intent(_STATE[prefix, "count"], negative=negative)
    if re.search(r"\bhow long\b", normal):
        return Intent(_STATE[prefix, "length"], negative=negative, nth=nth)
    if _WHEN.search(normal):
        return Intent(_STATE[prefix, "when"], edge=edge, negative=negative, nth=nth)
    if re.match(
        r"(?:is|are|was|were|does|do|did|has|have|can|will|could|tell|whether|so|"
        r"at|in|during|between|the)\b",
        normal,
    ):
        placed = _placed(Intent(_STATE[prefix, "present"], negative=negative), normal)
        at = placed.start_s is not None and placed.start_s == placed.end_s
        return replace(placed, edge=edge, nth=nth) if at and edge in ("start", "stop") else placed
    return None
