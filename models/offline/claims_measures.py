"""Statements about beat, cuts, light and loudness."""

import re

from aurelia.models.offline.said import Said
from aurelia.models.offline.when import When, read_when

NEGATION = re.compile(r"\b(no|not|never|without|nothing|none|neither|cannot|lacks?)\b|n't\b")
_IN_PART = re.compile(r"\binitially\b|\bat first\b|\bthe (?:start|beginning|end)\b|\bhalf\b|\d s\b")
_NUMBER = r"(\d+(?:\.\d+)?)"


def read_beat(clause: str, sentence: str, negated: bool) -> list[Said]:
    rate = re.search(_NUMBER + r"\s*(?:bpm|beats per minute|per minute)", clause) or re.search(
        r"(?:tempo|beat)\D{0,30}?" + _NUMBER, clause
    )
    if rate:
        return [Said("sound.tempo", sentence, value=float(rate[1]))]
    return [Said("sound.no_tempo", sentence)] if negated else []


def read_cuts(clause: str, sentence: str, negated: bool) -> list[Said]:
    when = read_when(clause)
    at = [
        Said("cuts.at", sentence, t, t, when.tolerance_s)
        for t in when.at_s + [t for pair in when.ranges for t in pair]
    ]
    noun = re.search(
        _NUMBER + r" (?:\w+ )?(cuts?|shots?|scene changes?|transitions?)|(?:cuts?) (\d+) times?",
        clause,
    )
    if noun and not re.search(r"\b(shot|cut) (?:no|number) ", clause):
        count = float(noun[1] or noun[3])
        if noun[2] and noun[2].startswith("shot") and "chang" not in clause:
            count -= 1
        return [Said("cuts.count", sentence, value=count), *at]
    if negated and not at:
        return [Said("cuts.count", sentence, value=0.0)]
    if re.search(r"single shot", clause):
        return [Said("cuts.count", sentence, value=0.0)]
    if at:
        return at
    a_cut = re.search(r"\b(a|is|are|some|several)\b", clause)
    return [Said("cuts.count", sentence, value=None, other="some")] if a_cut else []


def read_light(clause: str, sentence: str, when: When) -> list[Said]:
    lumas = [float(v) for v in re.findall(r"luma (?:of )?(\d+(?:\.\d+)?)", clause)]
    pair = re.search(
        r"from (?:luma )?(\d+(?:\.\d+)?)(?: at the start)? to (?:luma )?(\d+)(?! s)", clause
    )
    rising = re.search(
        r"brighter|brightens?|lighter|lights? up|rises|increases"
        r"|(?:gets?|becomes?) (?:bright|light)\b",
        clause,
    )
    falling = re.search(
        r"darker|darkens?|dims?\b|dimmer|falls|drops|decreases|(?:gets?|becomes?) dark\b|to black",
        clause,
    )
    same = re.search(
        r"(about the same|hardly changes|does not change|no change|constant|steady|never change)",
        clause,
    )
    moments = when.at_s + ([when.start_s] if when.start_s is not None else [])
    if same:
        return [Said("light.change", sentence, value="same")]
    if rising or falling:
        way = "brighter" if rising else "darker"
        if moments:
            return [Said("light.step", sentence, t, t, when.tolerance_s, way) for t in moments]
        if when.ranges:
            a, b = when.ranges[0]
            return [Said("light.step", sentence, (a + b) / 2, (a + b) / 2, (b - a) / 2, way)]
        return [Said("light.change", sentence, value=way, other=float(pair[2]) if pair else None)]
    if re.search(r"\bchanges?\b", clause) and moments:
        return [Said("light.step", sentence, t, t, when.tolerance_s, "changed") for t in moments]
    category = (
        "medium"
        if "medium" in clause
        else "dark"
        if re.search(r"\b(dark|black|dim)\b", clause)
        else "light"
        if re.search(r"\b(light|bright|white|lit)\b", clause)
        else None
    )
    if category is None:
        return []
    if _IN_PART.search(clause):
        return [Said("unread", sentence)]  # only the whole clip's mean is compared
    if NEGATION.search(clause):
        category = f"not {category}"
    luma = lumas[0] if lumas else None
    return [Said("light.mean", sentence, value=category, other=luma)]


def read_loud(clause: str, sentence: str, when: When) -> list[Said]:
    level = re.search(r"(-?\d+(?:\.\d+)?) ?db(?:fs)?\b", clause)
    if re.search(r"never jumps?|no (?:sudden )?jumps?", clause):
        return [Said("sound.jumps", sentence, value=0.0)]
    often = re.search(_NUMBER + r" times\b", clause)
    if often and re.search(r"\bjumps?\b", clause):
        return [Said("sound.jumps", sentence, value=float(often[1]))]
    if re.search(r"\bjumps?\b", clause):
        return [Said("sound.jumps", sentence, t, t, when.tolerance_s) for t in when.at_s]
    if re.search(r"stands? out", clause):
        return [Said("sound.louder", sentence, a, b, when.tolerance_s) for a, b in when.ranges]
    if re.search(r"no (?:single )?moment|no (?:single )?one", clause):
        return [Said("sound.loudest", sentence, value="none")]
    if re.search(r"equally loud|about as loud|same (?:level|loudness|volume)", clause):
        return [Said("sound.trend", sentence, value="same")]
    if "loudest" in clause or re.search(r"\bpeaks?\b", clause):
        spans = [(t, t) for t in when.at_s] + when.ranges
        return [Said("sound.loudest", sentence, a, b, when.tolerance_s) for a, b in spans]
    louder = re.search(r"\b(louder|quieter|softer)\b", clause)
    if louder:
        way = "louder" if louder[1] == "louder" else "quieter"
        half = re.search(r"\b(first|second|last) half\b", clause)
        if half and half[1] == "first":  # said from its side
            way = {"louder": "quieter", "quieter": "louder"}[way]
        return [Said("sound.trend", sentence, value=way)]
    if level and re.search(r"averag|level|loud|mean|volume", clause):
        return [Said("sound.level", sentence, value=float(level[1]))]
    if re.search(r"\b(is|are) (?:very )?loud\b", clause):
        return [Said("sound.level", sentence, value="loud")]
    return []
