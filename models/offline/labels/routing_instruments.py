"""Questions about instruments: how many are heard or shown, and which is more."""

import re

from aurelia.models.offline.intent import Intent, Outside
from aurelia.models.offline.labels.asked import outside
from aurelia.models.offline.labels.words import HEARD, SHOWN

_INSTRUMENT = re.compile(
    r"\b(?:instruments?|musicians?|(?:sound )?sources?|players?|performers?|timbres?|ensemble|band"
    r"|(?:musical |instrumental )(?:voices?|parts?|lines?))\b"
)
_MANY = re.compile(r"\bhow many\b|\bnumber of\b|\bcount\b")
_MORE = re.compile(
    r"\b(more|exceed\w*|outnumber\w*|surpass\w*|greater|larger|higher|bigger|beyond|fewer|less"
    r"|smaller|lower|as many|same|equals?|equally)\b"
)
HIDDEN = re.compile(
    r"\b(?:off[- ]?screen|not (?:shown|seen|visible|in view)|unseen|out of (?:view|sight|shot)"
    r"|hidden|can(?:'t| ?not) be seen|without being (?:shown|seen|visible)|invisible"
    r"|(?:not|never) (?:\w+ )?(?:in|on|part of) (?:the )?(?:picture|screen|view|frame|image|video)"
    r"|(?:isn't|aren't|don't|doesn't) (?:\w+ )?(?:in|on|shown|seen|visible|appear)"
    r"|missing from|absent from|without appearing|out of frame|unshown)\b"
)
"""Words for what is heard but not shown."""


def about_instruments(normal: str) -> bool:
    """Whether a question in plain form is one of these."""
    return bool(_INSTRUMENT.search(normal)) or _compares(normal)


def instruments(normal: str) -> Intent | Outside:
    """How many are heard or shown, and which is more."""
    heard, shown = HEARD.search(normal), SHOWN.search(normal)
    more = _MORE.search(normal)
    hidden = HIDDEN.search(normal)
    if hidden and not (more and shown) and re.match(r"(?:is|are|does|do|can)\b", normal):
        return Intent("sources_compare", claim="heard more")
    if more and heard and shown:
        first = "heard" if _subject(normal, more) == "heard" else "shown"
        other = "shown" if first == "heard" else "heard"
        word = more[1]
        if word in ("fewer", "less", "smaller", "lower"):
            return Intent("sources_compare", claim=f"{other} more")
        if word in ("as many", "same", "equal", "equals", "equally"):
            return Intent("sources_compare", claim="equal")
        return Intent("sources_compare", claim=f"{first} more")
    if _MANY.search(normal) and not re.search(r"\b(?:left|right|first|second|loud\w*)\b", normal):
        if shown and not _plays(normal):
            return Intent("shown_count")
        return Intent("sources_count")
    return outside("which instrument it is or what it does")


def _compares(normal: str) -> bool:
    """ "Do you hear more than you see?": the nouns are left out."""
    return bool(
        re.search(r"\bmore\b.*\bthan\b", normal)
        and re.search(r"\b(?:hear\w*|audible|by ear|ears?)\b", normal)
        and re.search(r"\b(?:seen?|sees|shown?|visible|by eye|eyes?)\b", normal)
    )


def _plays(normal: str) -> bool:
    return bool(re.search(r"\b(?:hear\w*|audible|sounding|play\w*|make\w* (?:a )?sound)\b", normal))


def _subject(normal: str, more: re.Match[str]) -> str:
    """Which of heard and shown is said to be more: the one named before `than`, or first."""
    before, than, _ = normal.partition(" than ")
    if than:
        heard, shown = list(HEARD.finditer(before)), list(SHOWN.finditer(before))
        if heard and not shown:
            return "heard"
        if shown and not heard:
            return "shown"
    heard_at = min((m.start() for m in HEARD.finditer(normal)), default=len(normal))
    shown_at = min((m.start() for m in SHOWN.finditer(normal)), default=len(normal))
    return "heard" if heard_at < shown_at else "shown"
