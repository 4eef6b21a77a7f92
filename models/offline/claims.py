"""From sentences to statements: our own controlled English and free words of a language model."""

import re
from dataclasses import replace

from aurelia.models.offline.claims_measures import (
    NEGATION,
    read_beat,
    read_cuts,
    read_light,
    read_loud,
)
from aurelia.models.offline.claims_scope import settle
from aurelia.models.offline.claims_state import read_state
from aurelia.models.offline.labels.reading import QUOTED, read_labels, timed_by
from aurelia.models.offline.labels.reading_order import follows
from aurelia.models.offline.lexicon import plain, subjects, unknown_words
from aurelia.models.offline.relations import read_relation
from aurelia.models.offline.said import Said, SaidKind
from aurelia.models.offline.when import When, read_when

_NOTE = re.compile(
    r"^(?:(?:looked|listened|measured) again|- (?:listen|look|count|compare|read)"
    r"|listen|look|count|compare|read)\b",
    re.IGNORECASE,
)
_WHILE = r"(?:while|whilst|whereas)"
_SPLIT = re.compile(
    rf";\s*|,?\s+(?:but|{_WHILE}|and then|then)\s+(?!for\b)"
    r"|,\s+and\s+(?!from \d|at \d|\d|again)"
    r"|\s+and\s+(?=(?:the|it|there|its)\b)"
    r"|,\s+(?=(?:the|it|there|sound|silence|movement|nothing)\b)"
)
_SIDES = re.compile(r",?\s+(?:followed by|and then|then|before|after)\s+(?!\d)")
_APPOSITION = re.compile(
    r"\b(?:first|second|third|last) (?:sound|noise|movement)\b,? (?:from|between) "
    r"\d+(?:\.\d+)? s (?:to|and) \d+(?:\.\d+)? s\b"
)
_GAP = re.compile(
    r"\b\d+(?:\.\d+)? s (?=(?:before|after|later|earlier|sooner) )|\bfor \d\S* s in all"
)
_CLIP_LENGTH = re.compile(
    r"\b(?:clip|video|recording|film|footage) (?:is|lasts|has a (?:length|duration) of) (?:for )?"
    r"(?:about |around |roughly |approximately |nearly |almost |exactly )?(\d+(?:\.\d+)?) s\b"
)
_UNSETTLED = re.compile(
    r"Whether there is (sound|movement|a hard cut) between (\d+\.\d+) s and (\d+\.\d+) s "
    r"could not be settled"
)
_OPEN: dict[str, SaidKind] = {
    "sound": "sound.unsettled",
    "movement": "motion.unsettled",
    "a hard cut": "cuts.unsettled",
}
_EXCEPT_CUTS = re.compile(r",? (?:apart|aside) from (?:the |a |one |1 )?(?:hard )?cuts?\b")
_MOVING = re.compile(r"\b(?:mov\w+|motion|still|motionless|static)\b")
_IN_SILENCE = re.compile(
    r",? (?:in (?:\w+ )?silence|silently|without (?:any |a )?(?:sound|audio|noise)|with no sound)\b"
)
_WITH_SOUND = re.compile(
    r",? (?:accompanied by|along with|with) (?:a |the )?(?:sound|audio|noise)\b"
)


_HOLD = str.maketrans(".!?\n", "\ue000\ue001\ue002\ue003")
_RELEASE = str.maketrans("\ue000\ue001\ue002\ue003", ".!?\n")
"""Marks inside a quotation end no sentence."""


def sentences(text: str) -> list[str]:
    """Split running text at sentence ends; decimal points and list numbers are none."""
    held = QUOTED.sub(lambda m: m[0].translate(_HOLD), text.strip())
    pieces = re.split(r"(?<=[.!?])[\"')”]*\s+(?=[\"'(“]?[A-Z0-9])|\n+", held)
    numbering = re.compile(r"^\s*(?:[-*•]|step \d+[:.]|\d+[.)])\s+", re.IGNORECASE)
    cleaned = (numbering.sub("", p).translate(_RELEASE) for p in pieces if p)
    return [c.strip() for c in cleaned if c.strip()]


def read(text: str) -> list[Said]:
    """Every statement of a text, in order. What can't be read comes back as kind `unread`.

    Where words allow two readings the sentence counts as unread: a wrong reading would call a
    true caption contradicted, or a false one supported.
    """
    found: list[Said] = []
    for sentence in sentences(text):
        added = timed_by(sentence, found[-1]) if found else None
        if added is not None:
            found[-1] = added
            continue
        said = read_sentence(sentence)
        found += [*follows(sentence, found, said), *said]
    return found


def read_sentence(sentence: str) -> list[Said]:
    """The statements of one sentence; how it was measured, or is to be, states nothing."""
    if _NOTE.match(sentence):
        return []
    if unsettled := _UNSETTLED.match(sentence):
        start, end = float(unsettled[2]), float(unsettled[3])
        return [Said(_OPEN[unsettled[1]], sentence, start, end)]
    if named := read_labels(sentence):
        return named
    normal = _EXCEPT_CUTS.sub("", plain(sentence).rstrip(".! "))
    if _MOVING.search(normal):
        normal = _IN_SILENCE.sub(" while it is silent", normal)
        normal = _WITH_SOUND.sub(" while there is sound", normal)
    found = read_relation(normal, sentence)
    timed = _GAP.sub("", normal)
    if found and not read_when(timed).empty:
        for side in _SIDES.split(timed):
            said = read_clause(side, sentence, read_when(side))
            found += [s for s in said if s.start_s is not None]
    elif not found:
        found = _read_clauses(normal, sentence)
    if not found:
        return [Said("unread", sentence)]
    found = settle(normal, sentence, [*found, *_apposition(normal, sentence, found)])
    odd = ", ".join(unknown_words(normal))
    return [*found, Said("unread", f"{sentence} ({odd})", value=odd)] if odd else found


def _apposition(normal: str, sentence: str, found: list[Said]) -> list[Said]:
    """ "The second sound, from 5.5 s to 6.5 s, coincides with …": a stretch beside a relation."""
    beside = _APPOSITION.search(normal)
    if beside is None or not any(s.kind == "together" for s in found):
        return []
    return read_clause(beside[0], sentence, read_when(beside[0]))


def _read_clauses(normal: str, sentence: str) -> list[Said]:
    """Clause by clause; a clause without times of its own may share those of another."""
    clauses = [c for c in _SPLIT.split(normal) if c and c.strip()]
    times = [read_when(c) for c in clauses]
    given = next((w for w in times if not w.empty), When())
    shared = bool(re.search(rf"\b{_WHILE}\b", normal)) or bool(
        re.match(r"(?:from|between|at|until|after|for|during) ", normal)
    )
    found: list[Said] = []
    for number, (clause, own) in enumerate(zip(clauses, times, strict=True)):
        inherits = own.empty and shared and not given.empty
        read_ = read_clause(clause, sentence, given if inherits else own)
        if inherits or (number and own.end_s is not None and own.start_s is None):
            # It holds then, but not then alone; "then … until 4 s" starts where the last one ends.
            read_ = [
                replace(s, maximal=False) if inherits else replace(s, start_s=None) for s in read_
            ]
        found += read_
        if not read_ and re.search(r"\d", clause) and not (shared and number == 0):
            found.append(Said("unread", clause))
    return found


def read_clause(clause: str, sentence: str, when: When) -> list[Said]:
    """The statements of one clause."""
    named = set(subjects(clause))
    negated = bool(NEGATION.search(clause))
    if long_ := _CLIP_LENGTH.search(clause):
        return [Said("clip.length", sentence, value=float(long_[1]))]
    if re.search(r"no (?:sound|audio) (?:track|stream)|no audio stream", clause):
        return [Said("sound.no_track", sentence)]
    if re.search(r"(?:has|with) no (?:picture|video|image)|\bno picture\b", clause):
        return [Said("picture.none", sentence)]
    if re.search(r"flickers? like noise|visual noise", clause):
        return [Said("motion.noise", sentence)]
    if "beat" in named:
        return read_beat(clause, sentence, negated)
    if re.search(r"too faint to call", clause):
        start, end = when.ranges[0] if when.ranges else (None, None)
        return [Said("sound.faint", sentence, start, end)]
    cuts = "cut" in named or re.search(r"scene changes?|changes? of scene", clause)
    found = read_cuts(clause, sentence, negated) if cuts else []
    if "light" in named:
        found += read_light(clause, sentence, when)
    if found:
        return found
    if re.search(r"stands out|halves|half is|-\d+(?:\.\d+)? db", clause) or (
        "loud" in named and not ("silence" in named and not re.search(r"loude|averages", clause))
    ):
        found = read_loud(clause, sentence, when)
    return found or _read_states(clause, sentence, when, named, negated)


def _read_states(
    clause: str, sentence: str, when: When, named: set[str], negated: bool
) -> list[Said]:
    """Sound or movement; a clause that names both must join them, else it is not understood."""
    heard, seen = named & {"sound", "silence"}, named & {"motion", "still"}
    if heard and seen:
        joined = re.search(
            r"\b(?:sounds?|audio|noise|movement|motion)(?:,)? and\b|\bboth\b", clause
        )
        calm = {"silence", "still"}
        if named & calm == calm and re.search(r"\band\b", clause) and len(heard | seen) == 2:
            return [
                *read_state("silence", "sound", clause, sentence, when, negated),
                *read_state("still", "motion", clause, sentence, when, negated),
            ]
        if not joined or named & calm:
            return []
        return [
            *read_state("sound", "silence", clause, sentence, when, negated),
            *read_state("motion", "still", clause, sentence, when, negated),
        ]
    opposite = {"silence": "sound", "sound": "silence", "still": "motion", "motion": "still"}
    state = next((s for s in ("silence", "sound", "still", "motion") if s in named), None)
    if state is None:
        return []
    return read_state(state, opposite[state], clause, sentence, when, negated)
