"""Which of two things comes first, and whether they share time, by the critic's measurements."""

from aurelia.errors import MissingExtra
from aurelia.media.labels import heard_again, seen_again
from aurelia.models.offline.checked import Checked, contradicted, supported, unverifiable
from aurelia.models.offline.labels.matching import is_named, same_text
from aurelia.models.offline.places import country_of_flag
from aurelia.models.offline.said import Said
from aurelia.types.clip import Clip


def _spans_of(key: str, clip: Clip) -> list[tuple[float, float]]:
    """When something that is named happens, by the critic's measurements."""
    kind, _, name = key.partition("|")
    if kind == "event.heard":
        events = heard_again.events(clip) or ()
        return [(e.start_s, e.end_s) for e in events if e.label == name]
    if kind == "object.moves":
        return [(o.start_s, o.end_s) for o in seen_again.objects(clip) or () if is_named(o, name)]
    if kind == "flag.shown":
        flags = seen_again.flags(clip)
        return [(f.start_s, f.end_s) for f in flags if country_of_flag(f.layout, f.colours) == name]
    try:
        texts = seen_again.texts(clip)
    except MissingExtra:
        return []
    return [(t.start_s, t.end_s) for t in texts if same_text(name, t.text)]


def order(said: Said, clip: Clip) -> Checked:
    """Whether the first of two things begins before the second."""
    first, second = _spans_of(str(said.value), clip), _spans_of(str(said.other), clip)
    if not first or not second:
        return unverifiable("one of the two was not identified")
    one, two = min(first)[0], min(second)[0]
    names = [str(key).partition("|")[2] for key in (said.value, said.other)]
    observed = f"{names[0]} from {one:.2f} s, {names[1]} from {two:.2f} s"
    if abs(one - two) < 0.15:
        return unverifiable(f"{observed}: too close to tell")
    return supported(observed) if one < two else contradicted(observed)


def together(said: Said, clip: Clip) -> Checked:
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
