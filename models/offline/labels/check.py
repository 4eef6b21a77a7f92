"""One statement about labels against the critic's own measurements."""

from collections.abc import Callable, Sequence

from aurelia.errors import MissingExtra
from aurelia.media.labels import heard_again, seen_again
from aurelia.media.labels.heard_types import SoundEvent
from aurelia.media.labels.seen_types import MovingObject
from aurelia.models.offline.checked import Checked, contradicted, supported, unverifiable
from aurelia.models.offline.labels.answers import apart
from aurelia.models.offline.labels.check_order import order, together
from aurelia.models.offline.labels.matching import is_named, same_text, timed, touches
from aurelia.models.offline.places import COUNTRIES, country_of_flag
from aurelia.models.offline.said import Said
from aurelia.types.clip import Clip

_TEMPO = 0.06  # octaves; 8 % is 0.11
_SURE = 0.5


def check_label(said: Said, clip: Clip) -> Checked:
    """Judge a statement whose kind is one of those about labels."""
    return _CHECKS[said.kind](said, clip)


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
    if any(timed(said, e.start_s, e.end_s, e.tolerance_s) for e in same):
        return supported(observed)
    if same:
        return contradicted(observed)
    unnamed = [e for e in events if e.label is None and touches(said, e.start_s, e.end_s)]
    if any(timed(said, e.start_s, max(e.end_s, said.end_s or 0.0), 0.1) for e in unnamed):
        return unverifiable(observed)
    masked = [e for e in unnamed if e.end_s - e.start_s > 2.5]
    return unverifiable(observed) if masked else contradicted(observed)


def _no_event(said: Said, clip: Clip) -> Checked:
    events = heard_again.events(clip) or ()
    named = [e for e in events if e.label is not None and e.confidence >= _SURE]
    if said.kind == "event.absent":
        named = [e for e in named if e.label == said.value and touches(said, e.start_s, e.end_s)]
    return contradicted(_events_text(named)) if named else supported(_events_text(events))


def _name(thing: MovingObject) -> str:
    return f"{thing.colour or 'unclear'} {thing.shape or 'thing'}"


def _objects_text(things: Sequence[MovingObject]) -> str:
    shown = [f"{_name(o)} {o.start_s:.2f}-{o.end_s:.2f} s" for o in things[:6]]
    return ", ".join(shown) or "no object moves clearly"


def _object(said: Said, clip: Clip) -> Checked:
    things = seen_again.objects(clip)
    if things is None:
        return contradicted("the clip has no picture") if not clip.has_video else _too_long()
    observed = _objects_text(things)
    name = str(said.value)
    same = [o for o in things if is_named(o, name)]
    at = [o for o in same if timed(said, o.start_s, o.end_s, o.tolerance_s)]
    if at:
        path = said.other
        turned = [o for o in at if path and o.path != "about" and o.path != path]
        return contradicted(f"{observed}, {turned[0].path}") if turned else supported(observed)
    if same:
        return contradicted(observed)
    unsure = [o for o in things if is_named(o, name) is None]
    if any(timed(said, o.start_s, o.end_s, 0.1) for o in unsure):
        return unverifiable(observed)
    return contradicted(observed)


def _too_long() -> Checked:
    return unverifiable("the window is too long to follow objects in it")


def _no_object(said: Said, clip: Clip) -> Checked:
    things = seen_again.objects(clip) or ()
    named = [o for o in things if o.colour and o.shape and o.confidence >= _SURE]
    if said.kind == "object.absent":
        named = [
            o for o in named if is_named(o, str(said.value)) and touches(said, o.start_s, o.end_s)
        ]
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
    if any(timed(said, f.start_s, f.end_s, 0.1) for f in same):
        return supported(observed)
    country = COUNTRIES.get(str(said.value))
    if country is None or country.flag is None or not flags:
        return unverifiable(f"{observed}; how that flag looks is not known")
    return contradicted(observed)


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
    same = [t for t in texts if same_text(claimed, t.text)]
    if any(timed(said, t.start_s, t.end_s, 0.1) for t in same):
        return supported(observed, weak=True)
    if not same and same_text(claimed, joined):
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
    if any(touches(said, s.start_s, s.end_s) for s in spans):
        return supported(observed)
    return unverifiable(observed)


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
    "label.order": order,
    "label.together": together,
}
