"""From sentences to statements: our own controlled English and free words of a language model."""

import re

from aurelia.models.offline.lexicon import plain, subjects, unknown_words
from aurelia.models.offline.relations import read_relation
from aurelia.models.offline.said import Said, SaidKind
from aurelia.models.offline.when import When, read_when

NEGATION = re.compile(r"\b(no|not|never|without|nothing|none|neither|cannot|lacks?)\b|n't\b")
_NOTE = re.compile(r"^(looked|listened|measured) again\b", re.IGNORECASE)
_SPLIT = re.compile(
    r";\s*|,?\s+(?:but|while|whereas|and then|then)\s+(?!for\b)"
    r"|,\s+and\s+(?!from \d|at \d|\d|again)"
    r"|\s+and\s+(?=(?:the|it|there|its)\b)|,\s+(?=(?:the|it|there|sound|silence|movement|nothing)\b)"
)
_EXCEPT_CUTS = re.compile(r",? (?:apart|aside) from (?:the )?(?:hard )?cuts?\b")
_NUMBER = r"(\d+(?:\.\d+)?)"


def sentences(text: str) -> list[str]:
    """Split running text at sentence ends; decimal points and list numbers are none."""
    pieces = re.split(r"(?<=[.!?])[\"')]*\s+(?=[\"'(]?[A-Z0-9])|\n+", text.strip())
    cleaned = (re.sub(r"^\s*(?:[-*•]|step \d+[:.]|\d+[.)])\s+", "", p, flags=re.I) for p in pieces)
    return [c.strip() for c in cleaned if c and c.strip()]


def read(text: str) -> list[Said]:
    """Every statement of a text, in order. What can't be read comes back as kind `unread`."""
    return [said for sentence in sentences(text) for said in read_sentence(sentence)]


def read_sentence(sentence: str) -> list[Said]:
    """The statements of one sentence; remarks on how it was measured state nothing."""
    if _NOTE.match(sentence):
        return []
    normal = _EXCEPT_CUTS.sub("", plain(sentence).rstrip(".! "))
    relation = read_relation(normal, sentence)
    if relation:
        return relation + _strange(normal, sentence)
    found: list[Said] = []
    lead = When()
    for clause in _SPLIT.split(normal):
        if not clause or not clause.strip():
            continue
        when = read_when(clause)
        if when.empty and re.match(r"(from|between|at|until|after) ", normal):
            when = lead
        lead = lead if not lead.empty else when
        found += read_clause(clause, sentence, when)
    return (found or [Said("unread", sentence)]) + (_strange(normal, sentence) if found else [])


def _strange(normal: str, sentence: str) -> list[Said]:
    """What a readable sentence says beyond what can be measured."""
    odd = unknown_words(normal)
    return [Said("unread", f"{sentence} ({', '.join(odd)})", value=", ".join(odd))] if odd else []


def read_clause(clause: str, sentence: str, when: When) -> list[Said]:
    """The statements of one clause about one thing."""
    named = subjects(clause)
    negated = bool(NEGATION.search(clause))
    if re.search(r"no (?:sound|audio) (?:track|stream)|no audio stream", clause):
        return [Said("sound.no_track", sentence)]
    if re.search(r"(?:has|with) no (?:picture|video|image)|\bno picture\b", clause):
        return [Said("picture.none", sentence)]
    if "beat" in named:
        return _read_beat(clause, sentence, negated)
    if "cut" in named or re.search(r"scene changes?|changes? of scene", clause):
        return _read_cuts(clause, sentence, negated)
    if "light" in named:
        return _read_light(clause, sentence, when)
    if re.search(r"too faint to call", clause):
        start, end = when.ranges[0] if when.ranges else (None, None)
        return [Said("sound.faint", sentence, start, end)]
    if "silence" in named and not re.search(r"louder|loudest|averages", clause):
        return _read_state("silence", "sound", clause, sentence, when, negated)
    if "loud" in named or re.search(r"stands out|halves|half is|-\d+(?:\.\d+)? db", clause):
        return _read_loud(clause, sentence, when)
    if "still" in named and not ("sound" in named or "silence" in named):
        return _read_state("still", "motion", clause, sentence, when, negated)
    if "motion" in named:
        if re.search(r"flickers? like noise", clause):
            return [Said("motion.noise", sentence)]
        return _read_state("motion", "still", clause, sentence, when, negated)
    if "sound" in named:
        return _read_state("sound", "silence", clause, sentence, when, negated)
    return []


_STARTS = re.compile(
    r"\b(start|starts|starting|started|begin|begins|beginning|began|set in|sets in|kicks? in|"
    r"comes? in|appears?|resumes?|onset)\b"
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


def _read_state(
    state: str, opposite: str, clause: str, sentence: str, when: When, negated: bool
) -> list[Said]:
    """Sound, silence, movement or standstill: at all, throughout, or at some time."""
    stops, starts = bool(_STOPS.search(clause)), bool(_STARTS.search(clause))
    if state in ("sound", "motion") and not negated:
        counted = re.search(
            _NUMBER + r" (?:\w+ )?(?:separate |distinct |different )?"
            r"(?:stretches|bursts|times|sounds|movements|periods|intervals|parts)",
            clause,
        )
        if counted and re.search(
            r"stretches|bursts|times|separate|sounds|movements|periods", clause
        ):
            kind: SaidKind = "sound.count" if state == "sound" else "motion.count"
            start, end = when.ranges[0] if when.ranges else (None, None)
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
        if (
            end is None
            and not starts
            and re.search(r"\b(after|afterwards|onwards?|rest)\b", clause)
        ):
            end = float("inf")
        return [Said(_SPAN[state], sentence, start, end, when.tolerance_s)]
    if re.search(r"at first|initially|in the beginning|at the (?:start|end|beginning)", clause):
        return [Said(_SOME[state], sentence)]
    if state in ("silence", "still"):
        bare = negated_state or re.search(
            r"\b(is|are|stays?|remains?|stands?|was|completely)\b", clause
        )
        return [Said(_ALL[state] if bare else _SOME[state], sentence)]
    return [Said(_SOME[state], sentence)]


def _lasts(clause: str) -> bool:
    return bool(re.search(r"\b(lasts?|continues?|goes on|keeps?)\b", clause))


def _read_beat(clause: str, sentence: str, negated: bool) -> list[Said]:
    rate = re.search(_NUMBER + r"\s*(?:bpm|beats per minute|per minute)", clause) or re.search(
        r"(?:tempo|beat)\D{0,30}?" + _NUMBER, clause
    )
    if rate:
        return [Said("sound.tempo", sentence, value=float(rate[1]))]
    return [Said("sound.no_tempo", sentence)] if negated else []


def _read_cuts(clause: str, sentence: str, negated: bool) -> list[Said]:
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


def _read_light(clause: str, sentence: str, when: When) -> list[Said]:
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
    if NEGATION.search(clause):
        category = f"not {category}"
    luma = lumas[0] if lumas else None
    return [Said("light.mean", sentence, value=category, other=luma)]


def _read_loud(clause: str, sentence: str, when: When) -> list[Said]:
    level = re.search(r"(-?\d+(?:\.\d+)?) ?db(?:fs)?\b", clause)
    if re.search(r"never jumps?|no (?:sudden )?jumps?", clause):
        return [Said("sound.jumps", sentence, value=0.0)]
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
        if re.search(r"first half is|first half .* than the second", clause):
            way = {"louder": "quieter", "quieter": "louder"}[way]
        return [Said("sound.trend", sentence, value=way)]
    if level and re.search(r"averag|level|loud|mean|volume", clause):
        return [Said("sound.level", sentence, value=float(level[1]))]
    if re.search(r"\b(is|are) (?:very )?loud\b", clause):
        return [Said("sound.level", sentence, value="loud")]
    return []
