"""What a question about labels says beyond its intent: words that no answer here would use."""

import re

from aurelia.models.offline.intent import Intent, Outside
from aurelia.models.offline.lexicon import subjects, word_set

MODEL = "a model that recognises what is seen and heard (set `actor` to one)"
"""What would help where measuring can't."""
_OTHER = re.compile(
    r"\b(?:languages?|spoken|speaks?|borders?|neighbour\w*|population|president|currency|anthem"
    r"|colou?rs?|funn(?:ier|iest)|why|who|how (?:long|far|fast|loud|much|often)|style|genre|better"
    r"|strings?|brass|woodwinds?|wind|percussi\w+|electric|wooden|silent|sitting|standing|kind of"
    r"|names?(?= of the (?:song|piece|tune))|composer|singer|lyrics|happier|sadder|closest|nearest"
    r"|farthest|left|right(?= (?:side|of the (?:picture|screen)))|middle|corner)\b"
)
"""What families of questions are asked about too, and what no measurement here tells."""
STOPS = (
    r"\b(?:stops?|stopped|ends?|ended|ceases?|finish(?:es|ed)?|disappears?|dies|fades?|leaves?)\b"
)
_TURNING = (
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|hardly|false|untrue|wrong|incorrect"
    r"|except|instead|if|unless|false(?:ly)?|opposite order|reverse\w*|backwards)\b|n't\b"
)
_NARROWING = (
    r"\b(?:only|twice|thrice|again|immediately|at least|at most|exactly|just as many|second best"
    r"|(?:\d+|several|many|few) times|worst|fastest|slowest|loudest|longest|shortest|highest|lowest"
    r"|most|least|than \d+|\d+(?:\.\d+)? s)\b"
)
_PLACED = r"\b(?:second|third|fourth|fifth|last|next|previous|half|every)\b"
_TIMED = frozenset({"event_order", "event_when", "object_when", "place_when"})
_SUBJECTS: dict[str, set[str]] = {
    "sources_count": {"sound"},
    "shown_count": {"sound"},
    "sources_compare": {"sound"},
    "dance_match": {"sound", "motion", "beat"},
    "place_when": {"sound", "loud"},
    "irony": {"sound", "light", "loud"},
}


_KIND_OF = re.compile(
    r"\b(\w+) (?:instruments?|musicians?|(?:sound )?sources?|players?|performers?|timbres?)\b"
)
_ANY_KIND = word_set(
    """
    how many of the different distinct separate individual various several musical sound sounding
    playing heard hear audible seen see visible shown all more fewer less than as other such these
    those a an and or do does are is can you there total distinguishable independent
    """
)
"""What may stand before "instruments" without saying which ones."""


def beyond(normal: str, intent: Intent, hidden: str = "") -> list[str]:
    """Words of a normalised question that its intent leaves unused, each once.

    Args:
        normal: the question.
        intent: how it was read.
        hidden: what was read as "heard but not shown", negation and all.
    """
    text = normal.replace(hidden, " ") if hidden else normal
    kind = intent.kind
    left = [m for m in _OTHER.findall(text) if m]
    if kind in _SUBJECTS:
        left += [name for name in subjects(text) if name not in _SUBJECTS[kind]]
    for pattern in (_TURNING, _NARROWING):
        left += re.findall(pattern, text)
    if kind != "event_order" or intent.claim:
        left += re.findall(_PLACED, text)
    if kind in _TIMED and intent.edge is None and not (kind == "event_order" and not intent.claim):
        left += re.findall(STOPS, text)
    if kind in ("event_when", "object_when"):
        left += re.findall(r"\b(?:before|after|until|while|during|to the|up|down)\b", text)
    if kind == "place_when":
        left += re.findall(r"\b(?:before|after|until|how many)\b", text)
    if kind in ("sources_count", "shown_count", "sources_compare"):
        left += [word for word in _KIND_OF.findall(text) if word not in _ANY_KIND]
    if kind in ("sources_count", "shown_count"):
        left += re.findall(r"\b(?:more|but|fewer|less)\b", text)
    if kind == "sources_compare":
        left += re.findall(r"\bhow (?:many|much)\b|\bdifferent\b", text)
    return list(dict.fromkeys(left))


def outside(what: str) -> Outside:
    """The refusal of a question that measuring can't tell `what` for."""
    return Outside(f"Measuring can't tell {what}.", (MODEL,))
