"""One statement about labels against the critic's own measurements."""

import difflib
import re
from collections.abc import Callable, Sequence

from aurelia.errors import MissingExtra
from aurelia.media.labels import heard_again, seen_again
from aurelia.media.labels.heard_types import SoundEvent
from aurelia.media.labels.seen_types import MovingObject
from aurelia.models.offline.checked import Checked, contradicted, supported, unverifiable
from aurelia.models.offline.labels.answers import apart
from aurelia.models.offline.places import COUNTRIES, country_of_flag
from aurelia.models.offline.said import Said
from aurelia.types.clip import Clip

_NEAR_S = 0.32
"""How far off a claimed start or instant may be, beside the tolerance that the claim gives."""
_END_S = 0.45
_TEMPO = 0.06  # octaves; 8 % is 0.11
_SURE = 0.5
_ALIKE = 0.8  # share of letters by which a word still counts as the same, misread
_LOOKALIKE = str.maketrans("01il5", "oiiis")


def check_label(said: Said, clip: Clip) -> Checked:
    """Judge a statement whose kind is one of those about labels."""
    return _CHECKS[said.kind](said, clip)


def _fits(claim: float | None, is_: float, slack: float) -> bool:
    return claim is None or abs(claim - is_) <= slack


def _timed(said: Said, start: float, end: float, tolerance: float) -> bool:
    """Whether the times of a claim fit a measured stretch: its start, its end, or an instant in it.

    An instant alone ("at 3 s") may lie anywhere inside.
    """
    slack = _NEAR_S + max(min(said.tolerance_s, 0.15), min(tolerance, 0.1))
    if said.start_s is not None and said.end_s is None:
        return start - slack <= said.start_s <= max(start + slack, min(end, start + slack))
    return _fits(said.start_s, start, slack) and _fits(said.end_s, end, slack + _END_S - _NEAR_S)


def _touches(said: Said, start: float, end: float) -> bool:
    """Whether a claimed stretch touches a measured one at all."""
    first = said.start_s if said.start_s is not None else said.end_s
    last = said.end_s if said.end_s is not None else first
    return first is None or last is None or (first <= end + 0.2 and start - 0.2 <= last)


def _events_text(events: Sequence[SoundEvent]) -> str:
    shown = [f"{e.label or 'unidentified'} {e.start_s:.2f}-{e.end_s:.2f} s" for e in events[:6]]
    return ", ".join(shown) or "no single sound stands out"


def _event(said: Said, clip: Clip) -> Checked:
    events = heard_again.events(clip)
    if events is None:
        return contradicted("the clip has no sound")
    observed = _events_text(events)
    same = [e for e in events if e.label == said.value]
    if said.start_s is None and said.end_s is None:
        if same:
            return supported(observed)
        doubtful = any(e.label is None for e in events)
        return unverifiable(observed) if doubtful else contradicted(observed)
    if any(_timed(said, e.start_s, e.end_s, e.tolerance_s) for e in same):
        return supported(observed)
    if same:
        return contradicted(observed)
    unnamed = [e for e in events if e.label is None and _touches(said, e.start_s, e.end_s)]
    if any(_timed(said, e.start_s, max(e.end_s, said.end_s or 0.0), 0.1) for e in unnamed):
        return unverifiable(observed)
    masked = [e for e in unnamed if e.end_s - e.start_s > 2.5]
    return unverifiable(observed) if masked else contradicted(observed)


def _no_event(said: Said, clip: Clip) -> Checked:
    events = heard_again.events(clip) or ()
    named = [e for e in events if e.label is not None and e.confidence >= _SURE]
    if said.kind == "event.absent":
        named = [e for e in named if e.label == said.value and _touches(said, e.start_s, e.end_s)]
    return contradicted(_events_text(named)) if named else supported(_events_text(events))


def _name(thing: MovingObject) -> str:
    return f"{thing.colour or 'unclear'} {thing.shape or 'thing'}"


def _objects_text(things: Sequence[MovingObject]) -> str:
    shown = [f"{_name(o)} {o.start_s:.2f}-{o.end_s:.2f} s" for o in things[:6]]
    return ", ".join(shown) or "no object moves clearly"


def _is(thing: MovingObject, name: str) -> bool | None:
    """Whether a thing has the colour and shape of a name; None where it can't be told."""
    unsure = False
    for word in name.split():
        own = thing.shape if word in ("ball", "square", "triangle") else thing.colour
        if own is None:
            unsure = True
        elif own != word:
            return False
    return None if unsure else True


def _object(said: Said, clip: Clip) -> Checked:
    things = seen_again.objects(clip)
    if things is None:
        return contradicted("the clip has no picture") if not clip.has_video else _too_long()
    observed = _objects_text(things)
    name = str(said.value)
    same = [o for o in things if _is(o, name)]
    at = [o for o in same if _timed(said, o.start_s, o.end_s, o.tolerance_s)]
    if at:
        path = said.other
        turned = [o for o in at if path and o.path != "about" and o.path != path]
        return contradicted(f"{observed}, {turned[0].path}") if turned else supported(observed)
    if same:
        return contradicted(observed)
    unsure = [o for o in things if _is(o, name) is None]
    if any(_timed(said, o.start_s, o.end_s, 0.1) for o in unsure):
        return unverifiable(observed)
    return contradicted(observed)


def _too_long() -> Checked:
    return unverifiable("the window is too long to follow objects in it")


def _no_object(said: Said, clip: Clip) -> Checked:
    things = seen_again.objects(clip) or ()
    named = [o for o in things if o.colour and o.shape and o.confidence >= _SURE]
    if said.kind == "object.absent":
        named = [o for o in named if _is(o, str(said.value)) and _touches(said, o.start_s, o.end_s)]
    return contradicted(_objects_text(named)) if named else supported(_objects_text(things))


def _count(said: Said, clip: Clip) -> Checked:
    heard = said.kind == "sources.count"
    found = heard_again.sources(clip) if heard else seen_again.shown(clip)
    if found is None:
        return unverifiable("they can't be counted")
    observed = f"{found.count} {'heard' if heard else 'shown'}"
    if float(str(said.value)) == found.count:
        return supported(observed)
    return contradicted(observed)


def _pace(said: Said, clip: Clip) -> Checked:
    pace = seen_again.pace(clip)
    if said.kind == "pace.none":
        return contradicted(f"{pace.per_minute:.0f} a minute") if pace else supported("none clear")
    if pace is None:
        return unverifiable("no movement that repeats stands out")
    observed = f"the movement repeats {pace.per_minute:.1f} times a minute"
    near = apart(max(float(str(said.value)), 1.0), pace.per_minute) <= _TEMPO
    return supported(observed) if near else contradicted(observed)


def _track(said: Said, clip: Clip) -> Checked:
    label = str(said.other)
    if label not in {c.label for c in clip.candidates}:
        return contradicted(f"there is no candidate track {label}")
    tempo = heard_again.tempo_of(clip, label)
    if said.kind == "candidate.none":
        return contradicted(f"{tempo.bpm:.0f} a minute") if tempo else supported("none clear")
    if tempo is None:
        return unverifiable(f"no beat stands out in track {label}")
    observed = f"track {label} has {tempo.bpm:.1f} beats a minute"
    near = apart(max(float(str(said.value)), 1.0), tempo.bpm) <= _TEMPO
    return supported(observed) if near else contradicted(observed)


def _flag(said: Said, clip: Clip) -> Checked:
    flags = seen_again.flags(clip)
    named = [(country_of_flag(f.layout, f.colours), f) for f in flags]
    observed = ", ".join(
        f"{name or ' '.join(f.colours)} {f.start_s:.2f}-{f.end_s:.2f} s" for name, f in named
    )
    observed = observed or "no flag is seen"
    same = [f for name, f in named if name == said.value]
    if any(_timed(said, f.start_s, f.end_s, 0.1) for f in same):
        return supported(observed)
    country = COUNTRIES.get(str(said.value))
    if country is None or country.flag is None or not flags:
        return unverifiable(f"{observed}; how that flag looks is not known")
    return contradicted(observed)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("'", "").translate(_LOOKALIKE))


def _same_text(claimed: str, read: str) -> bool:
    """Whether two texts have the same words, each perhaps with a letter misread."""
    one, two = _words(claimed), _words(read)
    if "".join(one) == "".join(two):
        return True
    return len(one) == len(two) and all(
        difflib.SequenceMatcher(None, a, b).ratio() >= _ALIKE and abs(len(a) - len(b)) <= 1
        for a, b in zip(one, two, strict=True)
    )


def _text(said: Said, clip: Clip) -> Checked:
    if not clip.has_video:
        return contradicted("the clip has no picture")
    try:
        texts = seen_again.texts(clip)
    except MissingExtra as error:
        return unverifiable(str(error))
    observed = ", ".join(f"“{t.text}” {t.start_s:.2f}-{t.end_s:.2f} s" for t in texts[:6])
    observed = observed or "no text is seen"
    if said.kind == "text.none":
        return contradicted(observed) if texts else supported(observed, weak=True)
    claimed = str(said.value)
    joined = " ".join(t.text for t in texts)
    same = [t for t in texts if _same_text(claimed, t.text)]
    if any(_timed(said, t.start_s, t.end_s, 0.1) for t in same):
        return supported(observed, weak=True)
    if not same and _same_text(claimed, joined):
        return supported(observed, weak=True)
    return contradicted(observed)


def _mood(said: Said, clip: Clip) -> Checked:
    found = heard_again.mood(clip)
    if found is None or found.mood is None:
        return unverifiable("no mood stands out in the sound")
    observed = f"{found.mood} ({found.mode or 'no clear'} key, {found.notes_per_s:.1f} notes a s)"
    return supported(observed) if found.mood == said.value else contradicted(observed)


def _speech(said: Said, clip: Clip) -> Checked:
    spans = heard_again.speech(clip)
    observed = ", ".join(f"{s.start_s:.1f}-{s.end_s:.1f} s" for s in spans[:6]) or "none"
    observed = f"like speech: {observed}"
    if any(_touches(said, s.start_s, s.end_s) for s in spans):
        return supported(observed)
    return unverifiable(observed)


def _spans_of(key: str, clip: Clip) -> list[tuple[float, float]]:
    """When something that is named happens, by the critic's measurements."""
    kind, _, name = key.partition("|")
    if kind == "event.heard":
        events = heard_again.events(clip) or ()
        return [(e.start_s, e.end_s) for e in events if e.label == name]
    if kind == "object.moves":
        return [(o.start_s, o.end_s) for o in seen_again.objects(clip) or () if _is(o, name)]
    if kind == "flag.shown":
        flags = seen_again.flags(clip)
        return [(f.start_s, f.end_s) for f in flags if country_of_flag(f.layout, f.colours) == name]
    try:
        texts = seen_again.texts(clip)
    except MissingExtra:
        return []
    return [(t.start_s, t.end_s) for t in texts if _same_text(name, t.text)]


def _order(said: Said, clip: Clip) -> Checked:
    first, second = _spans_of(str(said.value), clip), _spans_of(str(said.other), clip)
    if not first or not second:
        return unverifiable("one of the two was not identified")
    one, two = min(first)[0], min(second)[0]
    names = [str(key).partition("|")[2] for key in (said.value, said.other)]
    observed = f"{names[0]} from {one:.2f} s, {names[1]} from {two:.2f} s"
    if abs(one - two) < 0.15:
        return unverifiable(f"{observed}: too close to tell")
    return supported(observed) if one < two else contradicted(observed)


def _together(said: Said, clip: Clip) -> Checked:
    """Whether one sets in while the other goes on."""
    first, second = _spans_of(str(said.value), clip), _spans_of(str(said.other), clip)
    if not first or not second:
        return unverifiable("one of the two was not identified")
    shared = max(min(b, d) - max(a, c) for a, b in first for c, d in second)
    names = [str(key).partition("|")[2] for key in (said.value, said.other)]
    observed = f"{names[0]} and {names[1]} share {max(shared, 0.0):.2f} s"
    if abs(shared) < 0.1:
        return unverifiable(f"{observed}: too close to tell")
    return supported(observed) if shared > 0 else contradicted(observed)


_CHECKS: dict[str, Callable[[Said, Clip], Checked]] = {
    "event.heard": _event,
    "event.absent": _no_event,
    "events.none": _no_event,
    "object.moves": _object,
    "object.absent": _no_object,
    "objects.none": _no_object,
    "sources.count": _count,
    "shown.count": _count,
    "pace.picture": _pace,
    "pace.none": _pace,
    "candidate.tempo": _track,
    "candidate.none": _track,
    "flag.shown": _flag,
    "text.shown": _text,
    "text.none": _text,
    "mood.is": _mood,
    "speech.like": _speech,
    "label.order": _order,
    "label.together": _together,
}
