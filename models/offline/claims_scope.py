"""What a sentence says beyond the statements that were read from it."""

import re
from dataclasses import replace

from aurelia.models.offline.qualifiers import narrowing, turning
from aurelia.models.offline.said import Said

_NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?: s\b)?")
_STARTS = r"\b(?:start(?:s|ed|ing)?|begin(?:s|ning)?|began)\b"
_STOPS = (
    r"\b(?:stop(?:s|ped|ping)?|end(?:s|ed|ing)?|ceases?|finish(?:es|ed)?|disappears?|dies"
    r"|fades?)\b"
)
_NEGATION = r"\b(?:no|not|nothing|never|none|without|cannot|neither|nor|absen(?:t|ce))\b|n't\b"
_ALWAYS = (
    r"\bthroughout\b|\b(?:whole|entire|entirely|always|constant(?:ly)?|continuous(?:ly)?)\b"
    r"|\ball (?:the time|along)\b|\bat all\b|\bfrom (?:the )?(?:start|beginning) to\b"
    r"|\bto (?:the )?end\b|\bnever (?:stops|ends|ceases)\b"
)
_ABOUT = r"(?:about |around |roughly |approximately |nearly |almost |just |the )*"
_PLACED = (
    rf"\b(?:before|after|until|till|since|between|start|starting|by) {_ABOUT}_"
    r"|\bthe first _|\b(?:until|till|to|up to) (?:the )?(?:very )?end\b|\bbetween\b|\bwhile\b"
    r"|\bthen\b"
)
_PARTS = (
    r"\b(?:in the )?(?:first|second|last) half\b|\bat the (?:very )?(?:start|beginning|end)\b"
    r"|\bin the beginning\b|\binitially\b|\bat first\b"
)
_ORDER = (
    r"\b(?:first|second|last|before|after|earlier|later|precede[sd]?|follow(?:s|ed)?|prior|then"
    r"|sooner)\b|\bwith\b"
)
_LIGHT = (
    r"\b(?:brighter|darker|lighter|dimmer|sudden(?:ly)?|constant|steady)\b|\bat the (?:start|end)\b"
    r"|\bof _|\b255\b|\bto the end\b"
)
_USED: dict[str, tuple[str, ...]] = {
    "all": (_ALWAYS, _NEGATION),
    "none": (_ALWAYS, _NEGATION),
    "span": (_PLACED, _STARTS, _STOPS, r"\bboth\b"),
    "count": (),
    "level": (r"\bover the clip\b",),
    "louder": (r"\bby \S+ db or more\b", r"\bmostly\b"),
    "jumps": (r"\bby \S+ db or more\b", r"\bsudden(?:ly)?\b", _NEGATION, r"\bor more\b"),
    "trend": (
        r"\b(?:louder|quieter|softer)\b|\b(?:first|second|last)(?: half)?\b|\bthan\b|\bboth\b"
        r"|\bhalves\b|\bby (?:more than )?\S+ db\b|\bwithin \S+ db\b|\bmore than (?=_)",
        r"\b(?:towards|at|to) (?:the|its) end\b|\bat the (?:start|beginning)\b",
    ),
    "loudest": (
        r"\bloudest\b|\bat (?:about )?\S+ dbfs\b|\bover \S+(?: s)?\b|\bno single\b"
        r"|\bwithin \S+ db\b",
    ),
    "tempo": (r"\bregular\b", r"\bbpm\b"),
    "no_tempo": (r"\bregular\b", _NEGATION),
    "no_track": (_NEGATION, r"\bwith\b"),
    "faint": (r"\bthroughout\b",),
    "noise": (r"\bthroughout\b",),
    "mean": (_LIGHT, r"\bnot\b"),
    "change": (_LIGHT, _NEGATION),
    "step": (_LIGHT, _PLACED),
    "length": (r"\blong\b",),
    "order": (_ORDER, _STARTS, r"\btogether\b|\bboth\b|\bneither\b"),
    "together": (r"\b(?:together|while|whilst|with|both|during)\b|\bin all\b",),
}
_EVERYWHERE = (
    r"\bafter which\b|\b_ (?:can|may|could)\b|\bat any time\b|\bat all\b",
    r"\(below \S+ dbfs\)",
    r"\b(?:at|over) the (?:whole |entire )?(?:clip|video)\b",
)


def settle(normal: str, sentence: str, found: list[Said]) -> list[Said]:
    """Statements of a normalised sentence, held back where it says more than they do.

    A word that narrows leaves them refutable, but no longer provable; one that may turn the
    meaning leaves nothing that was understood.
    """
    text = re.sub(r"\([^()]*±[^()]*\)", " ", normal)
    used = [p for s in found for p in _patterns(s)] + list(_EVERYWHERE)
    for pattern in (*_amounts(found), *_EVERYWHERE[1:2]):
        text = re.sub(pattern, " ", text)
    for unread in (s for s in found if s.kind == "unread"):
        text = text.replace(unread.text, " ")  # set apart already
    values = _values(found)
    text = _NUMBER.sub(lambda m: "_" if _is_one(m[0], values) else m[0], text)
    turned = turning(text, used)
    if turned and any(s.kind != "unread" for s in found):
        return [Said("unread", f"{sentence} (not understood: {turned[0]})")]
    more = ", ".join(dict.fromkeys(narrowing(text, used)))
    return [replace(s, more=more) for s in found] if more else found


def _patterns(said: Said) -> list[str]:
    """What the reading of a statement used."""
    group, _, form = said.kind.partition(".")
    used = list(_USED.get(form or group, ()))
    if group in ("silence", "still") or (said.kind == "cuts.count" and said.value == 0.0):
        used.append(_NEGATION)
    if said.nth is not None:
        used += [r"\b(?:first|second|third|fourth|fifth|last)\b"]
    if said.part is not None:
        used.append(_PARTS)
    if said.value in ("apart", False):
        used.append(_NEGATION)
    return used


def _amounts(found: list[Said]) -> list[str]:
    """Amounts that belong to the name of what is measured."""
    forms = {s.kind.partition(".")[2] for s in found}
    amounts = []
    if forms & {"louder", "jumps"}:
        amounts.append(r"\bby \d+(?:\.\d+)? db or more\b")
    if "trend" in forms:
        amounts.append(r"\b(?:by|within)(?: more than)? \d+(?:\.\d+)? db\b")
    if "loudest" in forms:
        amounts += [r"\bat (?:about )?-?\d+ dbfs\b", r"\bover 0\.4 s\b", r"\bwithin 1 db\b"]
    if forms & {"mean", "change", "step"}:
        amounts += [r"\bof 255\b", r"\bluma \d+(?:\.\d+)?(?: and \d+)?", r"\bto \d+(?! s)"]
    return amounts


def _values(found: list[Said]) -> list[float]:
    values: list[float] = []
    for said in found:
        own = (said.start_s, said.end_s, said.value, said.other, said.gap_s, said.tolerance_s)
        values += [float(v) for v in own if isinstance(v, float)]
        if said.kind == "cuts.count" and isinstance(said.value, float):
            values.append(said.value + 1)
        if said.start_s is not None and said.end_s is not None:
            values.append(said.end_s - said.start_s)
    return values


def _is_one(number: str, values: list[float]) -> bool:
    return any(abs(float(number.removesuffix(" s")) - v) < 0.006 for v in values)
