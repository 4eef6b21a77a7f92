"""From named facts to an answer: one rule per intent, and an honest word where none applies."""

import math

from aurelia.models.offline.found import Found, Untold
from aurelia.models.offline.intent import Intent
from aurelia.models.offline.labels.facts import Happening, Named, Place
from aurelia.models.offline.labels.polarity import polarity
from aurelia.models.offline.notes import listed, seconds
from aurelia.models.offline.places import continent_of

SAME_PACE = 0.05
"""Two tempos closer than this share of an octave are called the same."""
_REACH_S = 0.35  # a shot and a sound that begins this close to its edge


def find_named(intent: Intent, named: Named) -> Found | Untold:
    """Answer a question about labels from what is known by name."""
    match intent.kind:
        case "event_order":
            return _which_first(intent.claim, named) if intent.claim else _order(named)
        case "event_when" | "event_present" | "object_when" | "object_present":
            return _happening(intent, named)
        case "sources_count":
            return _count(named.heard, "heard")
        case "shown_count":
            return _count(named.shown, "shown")
        case "sources_compare":
            return _compare(intent, named)
        case "dance_match":
            return _dance(named)
        case "place_when":
            return _place(intent, named)
        case _:
            return _irony(intent, named)


def told_by_name(named: Named) -> str:
    """What is known by name, as sentences; empty where nothing is."""
    parts = []
    for happening in sorted(named.happenings, key=lambda h: h.start_s or 0.0):
        start, end = happening.start_s, happening.end_s
        when = ""
        if start is not None and end is not None:
            when = f" from {seconds(start)} to {seconds(end)}"
        path = happening.path
        way = f" {'from ' if path and ' to ' in path else ''}{path}" if path else ""
        phrase = _phrase(happening)
        parts.append(f"{phrase[0].upper()}{phrase[1:]}{way}{when}.")
    return " ".join(parts)


def _order(named: Named) -> Found | Untold:
    """What is seen and heard, in order of time."""
    timed = [h for h in named.happenings if h.start_s is not None]
    if not timed:
        return Untold("No sound or object could be named and timed.")
    timed.sort(key=lambda h: h.start_s or 0.0)
    if len({h.sense for h in timed}) < 2:
        lacking = "sound" if timed[0].sense == "seen" else "object"
        return Untold(f"No {lacking} could be named and timed.")
    told = [f"{_phrase(h)} ({seconds(h.start_s or 0.0)})" for h in timed]
    text = f"First {', then '.join(told)}"
    return Found(
        "sequence",
        [(h.sense, h.name, h.start_s or 0.0, h.path or "") for h in timed],
        text,
        f"{text}.",
    )


def _which_first(claim: str, named: Named) -> Found | Untold:
    """Which of two named things comes first, or whether one comes before the other."""
    joint = "<" if "<" in claim else "|"
    names = claim.split(joint)
    starts: list[tuple[float, str]] = []
    for name in names:
        start = _start(name, named)
        if start is None:
            return Untold(f"No {name} could be identified and timed.")
        starts.append((start, name))
    because = f"{listed([f'the {n} sets in at {seconds(t)}' for t, n in starts])}."
    because = because[0].upper() + because[1:]
    if joint == "<":
        yes = starts[0][0] < starts[1][0]
        return Found("yes_no", yes, "Yes" if yes else "No", because)
    first = min(starts)[1]
    return Found("named", first, f"The {first}", because)


def _start(name: str, named: Named) -> float | None:
    wanted = set(name.split())
    times = [h.start_s for h in named.happenings if wanted <= set(h.name.split())]
    return min((t for t in times if t is not None), default=None)


def _phrase(happening: Happening) -> str:
    noun = happening.name
    if happening.sense == "seen":
        return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun} moves"
    plural = noun in ("whirring", "beeping")
    return f"{noun} is heard" if plural else f"a {noun} is heard"


def _happening(intent: Intent, named: Named) -> Found | Untold:
    sense = "heard" if intent.kind.startswith("event") else "seen"
    topic = "events" if sense == "heard" else "objects"
    nothing = named.silent if sense == "heard" else named.blank
    if nothing and intent.kind.endswith("present"):
        because = f"The clip has no {'sound track' if sense == 'heard' else 'picture'}."
        return Found("yes_no", False, "No", because)
    if topic not in named.told:
        return Untold(f"What is {sense} is not known.")
    wanted = set(str(intent.claim).split())
    fits = [h for h in named.of_sense(sense) if wanted <= set(h.name.split())]
    if intent.kind.endswith("present") and fits:
        return Found("yes_no", True, "Yes", f"A {intent.claim} is {sense}.")
    ends = intent.edge == "stop"
    times = [t for t in ((h.end_s if ends else h.start_s) for h in fits) if t is not None]
    if not times:
        return Untold(f"No {intent.claim} could be identified.")
    return Found("times", times, f"At {listed([seconds(t) for t in times])}", tolerance=0.2)


def _count(count: int | None, sense: str) -> Found | Untold:
    if count is None:
        return Untold(f"How many are {sense} could not be told.")
    return Found("count", float(count), str(count))


def _compare(intent: Intent, named: Named) -> Found | Untold:
    if named.heard is None or named.shown is None:
        missing = "heard" if named.heard is None else "shown"
        return Untold(f"How many are {missing} could not be told.")
    heard = f"{named.heard} sound source{'' if named.heard == 1 else 's'}"
    shown = f"{named.shown} thing{'' if named.shown == 1 else 's'}"
    because = f"{heard} can be heard, and {shown} can be seen."
    match intent.claim:
        case "heard more":
            yes = named.heard > named.shown
        case "shown more":
            yes = named.shown > named.heard
        case _:
            yes = named.shown == named.heard
    return Found("yes_no", yes, "Yes" if yes else "No", because)


def apart(one: float, other: float) -> float:
    """How far two tempos are apart, in octaves, when half and double speed count as the same."""
    octaves = math.log2(one / other)
    return min(abs(octaves - k) for k in (-2, -1, 0, 1, 2))


def _dance(named: Named) -> Found | Untold:
    if named.pace is None:
        return Untold("How often the movement repeats could not be told.")
    if not named.tracks:
        return Untold("There is no candidate track with a beat to compare.")
    ranked = sorted(named.tracks, key=lambda k: apart(named.tracks[k], named.pace or 1.0))
    gaps = [apart(named.tracks[k], named.pace) for k in ranked]
    if gaps[0] > 2 * SAME_PACE or (len(gaps) > 1 and gaps[1] - gaps[0] < 0.01):
        return Untold("No one track has the tempo of the movement.")
    text = f"Track {ranked[0]}"
    because = (
        f"{text} ({named.tracks[ranked[0]]:.0f} beats a minute) is nearest to the movement, "
        f"which repeats {named.pace:.0f} times a minute."
    )
    return Found("label", ranked[0], text, because)


def _place(intent: Intent, named: Named) -> Found | Untold:
    level, _, sound = str(intent.claim).partition(":")
    places = named.places
    if not places:
        return Untold("No place that is shown could be identified.")
    shown: Place | None = places[0] if len({p.country for p in places}) == 1 else None
    because = ""
    if sound:
        if "events" not in named.told:
            return Untold(f"When a {sound} is heard is not known.")
        times = [h.start_s for h in named.of_sense("heard") if h.name == sound]
        known = [t for t in times if t is not None]
        if not known:
            return Untold(f"No {sound} could be identified.")
        shown = _at(places, known[0])
        because = f"The {sound} is heard at {seconds(known[0])}"
    if shown is None:
        return Untold("Which of the places is meant could not be told.")
    text = {"continent": continent_of(shown.country), "city": shown.city}.get(level)
    text = text or shown.country
    sign = f"the sign “{shown.city}”" if shown.city else f"the flag of {shown.country}"
    because = f"{because}, while {sign} is shown." if because else ""
    return Found("place", f"{shown.city or ''}|{shown.country}", text, because)


def _at(places: list[Place], time: float) -> Place | None:
    inside = [p for p in places if p.start_s <= time <= p.end_s]
    if inside:
        return inside[-1]
    near = [p for p in places if p.start_s - _REACH_S <= time <= p.end_s + _REACH_S]
    return near[0] if len(near) == 1 else None


def _irony(intent: Intent, named: Named) -> Found | Untold:
    if named.mood is None:
        return Untold("The mood of the sound could not be told.")
    tone = polarity(" ".join(named.texts))
    if tone is None:
        return Untold("Whether the text is glad or sad could not be told.")
    clash = (tone == "glad") != (named.mood == "bright")
    yes = clash if intent.claim == "disagree" else not clash
    return Found("yes_no", yes, "Yes" if yes else "No")
