"""The critic: perceives by its own means, checks each statement, finds what is missing, scores."""

from aurelia.media.measure_spans import Span, overlap, total_s
from aurelia.media.recheck import hear_again, see_again
from aurelia.models.offline.actions import AGAIN, NOT_SAID
from aurelia.models.offline.check import Senses, check, when_text
from aurelia.models.offline.checked import Checked
from aurelia.models.offline.claims import read
from aurelia.models.offline.intent import Intent
from aurelia.models.offline.routing import route
from aurelia.models.offline.said import AUDIO_TOPICS, LABEL_TOPICS, VISUAL_TOPICS, Said
from aurelia.models.offline.scoring import Grounds, scored
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Modality
from aurelia.types.replies import ClaimReply, ComplaintReply, VerdictReply

_NAMED_TOPIC = {
    "event.heard": "events",
    "object.moves": "objects",
    "flag.shown": "flags",
    "text.shown": "text",
}
_SUBJECT_TOPIC = {"sound": "sound", "motion": "motion", "cut": "cuts", "light": "light"}


def judge(
    clip: Clip, caption: str, question: str | None, hears: bool = True, sees: bool = True
) -> VerdictReply:
    """Judge a caption of a clip; `question` tells what must not be missing."""
    senses = Senses(
        clip,
        Span(*clip.window),
        hear_again(clip) if hears else None,
        see_again(clip) if sees else None,
    )
    statements = read(caption)
    checked = [_judge(s, senses, clip, hears, sees) for s in statements]
    claims = [_claim(s, c) for s, c in zip(statements, checked, strict=True)]
    complaints = [
        c
        for n, (s, o) in enumerate(zip(statements, checked, strict=True), 1)
        if (c := _complaint(s, o, n))
    ]
    intent = route(question, candidates=bool(clip.candidates)) if question else None
    asked = isinstance(intent, Intent) and intent.kind != "description"
    needed = _senses_of(clip)
    if asked and isinstance(intent, Intent):
        needed = _needed(intent, statements)
    missing = _missing(needed, statements, general=not asked)
    left_out = _left_out(needed, statements, senses)
    grounds = Grounds(
        checked=checked,
        missing_senses=[m for m in ("audio", "visual") if _silent_about(m, needed, statements)],
        missing_topics=missing,
        left_out=[text for text, _ in left_out],
        needed=len(needed),
        unproven=_unproven(needed, statements, checked),
        unsure=[s.text for s, c in zip(statements, checked, strict=True) if _unsure(s, c)],
        asked=question is not None,
    )
    omissions = [f"The caption does not say: {NOT_SAID[t]}." for t in missing]
    omissions += grounds.left_out
    complaints += [
        ComplaintReply(
            action=f"{AGAIN[t]}: the caption does not say.",
            modality=_sense(t),
            start_s=clip.window[0],
            end_s=clip.window[1],
        )
        for t in missing
    ]
    complaints += [complaint for _, complaint in left_out]
    score, caps = scored(grounds)
    return VerdictReply(
        perceived=perceived(senses, clip),
        claims=claims,
        omissions=omissions,
        complaints=complaints,
        caps=caps,
        score=score,
        rationale=grounds.summary(),
    )


def _judge(said: Said, senses: Senses, clip: Clip, hears: bool, sees: bool) -> Checked:
    deaf = not hears and clip.has_audio and said.modality in ("audio", "both")
    blind = not sees and clip.has_video and said.modality in ("visual", "both")
    if deaf or blind:
        return Checked("unverifiable", f"this critic can't {'hear' if deaf else 'see'}")
    return check(said, senses)


def _sense(topic: str) -> Modality:
    return "audio" if topic in AUDIO_TOPICS else "visual"


def _claim(said: Said, outcome: Checked) -> ClaimReply:
    finite = said.end_s is not None and said.end_s != float("inf")
    return ClaimReply(
        text=said.text,
        modality=said.modality,
        start_s=said.start_s,
        end_s=said.end_s if finite else None,
        status=outcome.status,
        observed=outcome.observed + (" (measured the same way: weak)" if outcome.weak else ""),
        confidence=0.6 if outcome.weak else 0.9 if outcome.status != "unverifiable" else 0.5,
    )


def _complaint(said: Said, outcome: Checked, number: int) -> ComplaintReply | None:
    """What to measure again because of a statement that does not stand."""
    if outcome.status == "supported":
        return None
    topics = [said.topic] if said.topic in AGAIN else []
    if said.topic == "relation":
        topics = sorted(_related_topics(said))
    if not topics:
        return ComplaintReply(action="Leave out what can't be measured.", claim=number)
    around = [t for t in (said.start_s, said.end_s) if t is not None and t != float("inf")]
    start = max(0.0, min(around) - 0.5) if around else None
    end = max(around) + 0.5 if around else None
    where = f" between {start:.2f} s and {end:.2f} s" if start is not None else ""
    action = "; ".join(AGAIN[t] for t in topics)
    if said.topic == "tracks":
        action = f"{action} (track {said.other})"
    return ComplaintReply(
        action=f"{action}{where}.",
        modality=said.modality,
        start_s=start,
        end_s=end,
        claim=number,
    )


def _senses_of(clip: Clip) -> list[str]:
    """What a caption has to speak of where no question says more: each sense that there is."""
    return ["sound"] * clip.has_audio + ["motion"] * clip.has_video


def _needed(intent: Intent, statements: list[Said]) -> list[str]:
    """What a question needs; a place is told by a flag or by a sign."""
    if intent.kind != "place_when":
        return list(intent.needs)
    spoken = _topics(statements)
    spared = "flags" if "text" in spoken and "flags" not in spoken else "text"
    return [t for t in intent.needs if t != spared]


def _unsure(said: Said, outcome: Checked) -> bool:
    """A name, or how named things relate, that could not be verified."""
    named = said.topic in LABEL_TOPICS or said.kind.startswith("label.")
    return named and outcome.status == "unverifiable"


def _unproven(needed: list[str], statements: list[Said], checked: list[Checked]) -> list[str]:
    """Needed labels of which no statement is supported: an answer would rest on nothing."""
    spoken = {s.topic for s in statements}
    proven = {s.topic for s, c in zip(statements, checked, strict=True) if c.status == "supported"}
    return [NOT_SAID[t] for t in needed if t in LABEL_TOPICS and t in spoken and t not in proven]


def _topics(statements: list[Said]) -> set[str]:
    topics = {s.topic for s in statements if s.topic and s.topic != "relation"}
    for said in statements:
        if said.topic == "relation":
            topics |= _related_topics(said)
    return topics


def _related_topics(said: Said) -> set[str]:
    """Topics of the two things that a statement relates."""
    between = {str(said.value), *str(said.other).split("+")}
    found = {_SUBJECT_TOPIC[b] for b in between if b in _SUBJECT_TOPIC}
    return found | {_NAMED_TOPIC[k] for b in between if (k := b.partition("|")[0]) in _NAMED_TOPIC}


def _covers(topic: str, spoken: set[str], general: bool) -> bool:
    """Without a question any statement of the same sense will do."""
    if not general:
        return topic in spoken
    return bool(spoken & (AUDIO_TOPICS if topic in AUDIO_TOPICS else VISUAL_TOPICS))


def _missing(needed: list[str], statements: list[Said], general: bool) -> list[str]:
    spoken = _topics(statements)
    silent = any(s.kind in ("sound.none", "sound.no_track") for s in statements)
    blank = any(s.kind == "picture.none" for s in statements)
    return [
        t
        for t in needed
        if not _covers(t, spoken, general)
        and not (silent and t in AUDIO_TOPICS)
        and not (blank and t in VISUAL_TOPICS)
    ]


def _silent_about(sense: str, needed: list[str], statements: list[Said]) -> bool:
    """Whether a sense is needed and the caption says nothing that appeals to it."""
    topics = AUDIO_TOPICS if sense == "audio" else VISUAL_TOPICS
    return bool(topics & set(needed)) and not topics & _topics(statements)


def _left_out(
    needed: list[str], statements: list[Said], senses: Senses
) -> list[tuple[str, ComplaintReply]]:
    """Stretches of sound or movement that a caption which lists such stretches leaves out."""
    found = []
    streams = (
        ("sound", senses.sound.heard if senses.sound else None, "Sound"),
        ("motion", senses.picture.moves if senses.picture else None, "Movement"),
    )
    for topic, track, noun in streams:
        own = [s for s in statements if s.topic == topic]
        spans = [s for s in own if s.kind in (f"{topic}.span", f"{topic}.unsettled")]
        if (
            track is None
            or topic not in needed
            or not spans
            or len(own) != len([s for s in own if not s.kind.endswith((".count", ".all", ".none"))])
        ):
            continue
        claimed = [
            Span(
                s.start_s if s.start_s is not None else senses.window.start_s,
                min(s.end_s if s.end_s is not None else senses.window.end_s, senses.window.end_s),
            )
            for s in spans
        ]
        for span in track.spans():
            if span.length_s >= 0.25 and total_s(overlap([span], claimed)) < 0.05:
                text = f"{noun} from {span.start_s:.2f} s to {span.end_s:.2f} s is left out."
                complaint = ComplaintReply(
                    action=f"{AGAIN[topic]} between {span.start_s:.2f} s and {span.end_s:.2f} s.",
                    modality="audio" if topic == "sound" else "visual",
                    start_s=span.start_s,
                    end_s=span.end_s,
                )
                found.append((text, complaint))
    return found


def perceived(senses: Senses, clip: Clip) -> dict[str, str]:
    """What the critic itself heard and saw, in short."""
    told = {}
    if senses.sound:
        heard = [s for s in senses.sound.heard.spans() if s.length_s >= 0.03]
        told["audio"] = f"Sound {when_text(heard, senses.window)}."
    else:
        told["audio"] = "Not listened to." if clip.has_audio else "There is no sound track."
    if senses.picture:
        moves = when_text(senses.picture.moves.spans(), senses.window)
        cuts = len(senses.picture.cuts)
        luma = senses.picture.luma.mean()
        told["visual"] = (
            f"Movement {moves}; {cuts} cut{'' if cuts == 1 else 's'}; mean luma {luma:.0f} of 255."
        )
    else:
        told["visual"] = "Not looked at." if clip.has_video else "There is no picture."
    return told
