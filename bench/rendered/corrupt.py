"""Changes that make one statement of a caption false."""

from collections.abc import Iterator, Sequence

from numpy.random import Generator

from aurelia.bench.rendered.appearance import Appearance
from aurelia.bench.rendered.scene import BRIGHT_COLOURS
from aurelia.bench.sample import Fact
from aurelia.media.labels.vocabulary import SOUND_LABELS

Facts = list[Fact | None]
SHIFT_S = 0.5
SHORTEST_S = 6.0
"""No clip is shorter, so that what ends half a second earlier can be moved later."""


def changes(
    facts: Sequence[Fact], look: Appearance, draw: Generator
) -> Iterator[tuple[str, Facts, str]]:
    """Kind, changed facts (None: left out), and what was changed in words; one of each kind."""
    for kind, change in (
        ("sound_swapped", _swap_sound),
        ("time_shifted", _shift_time),
        ("colour_swapped", _swap_colour),
        ("tempo_off", _shift_tempo),
        ("mood_flipped", _flip_mood),
        ("place_swapped", _swap_place),
        ("text_changed", _change_text),
        ("count_off", _miscount),
    ):
        spots = [k for k, fact in enumerate(facts) if fact.kind in _KINDS[kind]]
        if not spots:
            continue
        spot = spots[int(draw.integers(len(spots)))]
        changed = change(facts[spot], facts, look, draw)
        if changed is not None:
            before, after = _difference(facts[spot], changed)
            yield kind, [*facts[:spot], changed, *facts[spot + 1 :]], f"{before} -> {after}"
    if len({fact.modality for fact in facts}) == 2:
        gone = ("visual", "audio")[int(draw.integers(2))]
        kept: Facts = [None if fact.modality == gone else fact for fact in facts]
        yield "modality_dropped", kept, f"nothing {'seen' if gone == 'visual' else 'heard'}"
    across = [k for k, fact in enumerate(facts) if fact.other in _BACK]
    if across:
        spot = across[int(draw.integers(len(across)))]
        path = str(facts[spot].other)
        turned = facts[spot].model_copy(update={"other": _BACK[path]})
        yield (
            "path_reversed",
            [*facts[:spot], turned, *facts[spot + 1 :]],
            (f"{path} -> {_BACK[path]}"),
        )


_BACK = {
    "left to right": "right to left",
    "right to left": "left to right",
    "upwards": "downwards",
    "downwards": "upwards",
}
_KINDS = {
    "sound_swapped": ("event.heard",),
    "time_shifted": ("event.heard", "object.moves"),
    "colour_swapped": ("object.moves",),
    "tempo_off": ("pace.picture", "candidate.tempo"),
    "mood_flipped": ("mood.is",),
    "place_swapped": ("flag.shown",),
    "text_changed": ("text.shown",),
    "count_off": ("sources.count", "shown.count"),
}


def _difference(before: Fact, after: Fact) -> tuple[str, str]:
    if isinstance(before.value, float) and before.value != after.value:
        return f"{before.value:.4g}", f"{after.value:.4g}"
    if before.value != after.value:
        return str(before.value), str(after.value)
    return f"{before.value} at {before.start_s} s", f"at {after.start_s} s"


def _values(facts: Sequence[Fact], kind: str) -> set[str]:
    return {str(fact.value) for fact in facts if fact.kind == kind}


def _pick(choices: Sequence[str], draw: Generator) -> str | None:
    return choices[int(draw.integers(len(choices)))] if choices else None


def _with(fact: Fact, value: str | float | None) -> Fact | None:
    return None if value is None else fact.model_copy(update={"value": value})


def _swap_sound(
    fact: Fact, facts: Sequence[Fact], look: Appearance, draw: Generator
) -> Fact | None:
    heard = _values(facts, "event.heard")
    return _with(fact, _pick([one for one in SOUND_LABELS if one not in heard], draw))


def _shift_time(
    fact: Fact, facts: Sequence[Fact], look: Appearance, draw: Generator
) -> Fact | None:
    start, end = fact.start_s, fact.end_s
    if start is None or end is None:
        return None
    last = max(SHORTEST_S, *(other.end_s or 0.0 for other in facts))
    shifts = [SHIFT_S] * (end + SHIFT_S <= last) + [-SHIFT_S] * (start >= SHIFT_S)
    if not shifts:
        return None
    shift = shifts[int(draw.integers(len(shifts)))]
    return fact.model_copy(
        update={"start_s": round(start + shift, 3), "end_s": round(end + shift, 3)}
    )


def _swap_colour(
    fact: Fact, facts: Sequence[Fact], look: Appearance, draw: Generator
) -> Fact | None:
    shape = str(fact.value).split()[-1]
    names = [f"{colour} {shape}" for colour in BRIGHT_COLOURS]
    seen = _values(facts, "object.moves")
    return _with(fact, _pick([name for name in names if name not in seen], draw))


def _shift_tempo(
    fact: Fact, facts: Sequence[Fact], look: Appearance, draw: Generator
) -> Fact | None:
    return _with(fact, float(fact.value) * float(draw.choice([0.92, 1.08])))


def _flip_mood(fact: Fact, facts: Sequence[Fact], look: Appearance, draw: Generator) -> Fact | None:
    return _with(fact, "dark" if fact.value == "bright" else "bright")


def _swap_place(
    fact: Fact, facts: Sequence[Fact], look: Appearance, draw: Generator
) -> Fact | None:
    shown = _values(facts, "flag.shown")
    return _with(fact, _pick([f.country for f in look.flags if f.country not in shown], draw))


def _change_text(
    fact: Fact, facts: Sequence[Fact], look: Appearance, draw: Generator
) -> Fact | None:
    """Another city on a sign; in a phrase, one longer word replaced by one of another phrase."""
    text, shown = str(fact.value), _values(facts, "text.shown")
    names = [city.name for city in look.cities]
    if text in names:
        return _with(fact, _pick([name for name in names if name not in shown], draw))
    words = text.split()
    spot = max(range(len(words)), key=lambda k: (len(words[k]), k))
    others = {word for phrase in (*look.cheerful, *look.gloomy) for word in phrase.split()}
    new = _pick(sorted(word for word in others if len(word) > 3 and word not in words), draw)
    return _with(fact, None if new is None else " ".join([*words[:spot], new, *words[spot + 1 :]]))


def _miscount(fact: Fact, facts: Sequence[Fact], look: Appearance, draw: Generator) -> Fact | None:
    count = float(fact.value)
    return _with(fact, count + 1 if count <= 1 or draw.random() < 0.5 else count - 1)
