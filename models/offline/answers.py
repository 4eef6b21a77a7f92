"""From what is known to an answer: one rule per intent, and an honest word where none applies."""

from aurelia.media.measure_spans import total_s
from aurelia.models.offline.answers_measures import (
    find_cuts,
    find_jumps,
    find_light,
    find_loudness_or_tempo,
)
from aurelia.models.offline.answers_relations import find_gap, find_order, find_together
from aurelia.models.offline.answers_states import find_activity
from aurelia.models.offline.found import Found, Untold, stretch
from aurelia.models.offline.intent import LABEL_KINDS, Intent
from aurelia.models.offline.known import Known
from aurelia.models.offline.labels.answers import find_named, told_by_name


def find(intent: Intent, known: Known) -> Found | Untold:
    """Answer a question from what is known."""
    kind = intent.kind
    if kind in LABEL_KINDS:
        return find_named(intent, known.named)
    if kind.startswith(("sound_", "motion_")):
        thing, _, asked = kind.partition("_")
        activity = known.sound if thing == "sound" else known.motion
        return find_activity(intent, activity, thing, asked, known.window)
    if kind == "gap":
        return find_gap(intent, known)
    if kind in ("order", "together"):
        return find_order(intent, known) if kind == "order" else find_together(intent, known)
    if kind.startswith("cuts_"):
        return find_cuts(intent, known)
    if kind.startswith("light_"):
        return find_light(intent, known)
    if kind.startswith("jumps_"):
        return find_jumps(intent, known)
    if kind == "description":
        return _description(known)
    return find_loudness_or_tempo(intent, known)


def _description(known: Known) -> Found | Untold:
    parts = []
    for noun, activity in (("sound", known.sound), ("movement", known.motion)):
        if activity.some is None:
            continue
        if not activity.some:
            parts.append(f"there is no {noun}")
        elif activity.spans and total_s(activity.spans) >= 0.98 * known.window.length_s:
            parts.append(f"there is {noun} throughout")
        elif activity.spans:
            parts.append(f"there is {noun} {stretch(activity.spans)}")
        else:
            parts.append(f"{noun} comes and goes")
    if known.cut_count is not None:
        parts.append(f"the number of hard cuts is {known.cut_count}")
    if not parts:
        named = told_by_name(known.named)
        return Found("text", None, named) if named else Untold("Nothing has been measured.")
    text = "; ".join(parts)
    named = told_by_name(known.named) or "What it shows was not identified."
    return Found("text", None, f"{text[0].upper()}{text[1:]}. {named}")
