"""The actor: measures what the question needs, says it step by step, concludes, or declines."""

from dataclasses import dataclass, field

from aurelia.errors import MissingExtra
from aurelia.media.measure_spans import Span, tidy
from aurelia.models.offline.actions import PLANS
from aurelia.models.offline.answers import find
from aurelia.models.offline.claims import read
from aurelia.models.offline.envelope import Inputs
from aurelia.models.offline.found import Untold
from aurelia.models.offline.intent import LABEL_KINDS, Intent, Outside
from aurelia.models.offline.known import Known, know
from aurelia.models.offline.looks import TOPICS, difference, looks_taken, take, topics_of
from aurelia.models.offline.notes import Note
from aurelia.models.offline.options import choose, comparable, undecided
from aurelia.models.offline.revise import concerns, contested, remark_on
from aurelia.models.offline.routing import route
from aurelia.models.offline.said import AUDIO_TOPICS, LABEL_TOPICS
from aurelia.types.clip import Clip
from aurelia.types.reasoning import CannotAnswer, Complaint, Evidence, Reasoning
from aurelia.types.replies import ReasoningReply, StepReply

CONTEXT = ("sound", "motion")
"""Measured for questions about when and how much, so that both senses stand in every caption."""

FIRM = 2
"""After this many looks, what is contested still is withdrawn, or said to be unsettled."""
UNSETTLED = {"sound": "sound", "motion": "movement", "cuts": "a hard cut"}
WITHDRAWN = frozenset(
    {"audio.louder", "audio.onset", "audio.trend", "audio.loudest", "visual.light_step"}
    | {"audio.event", "audio.sources", "audio.track_tempo", "audio.mood", "audio.speech"}
    | {"visual.object", "visual.shown", "visual.pace", "visual.flag", "visual.text"}
)


@dataclass(slots=True)
class Plan:
    """What to measure, how closely, and which complaints ask for it.

    Attributes:
        looks: topic to the number of the look.
        again: topics that are measured again, with the complaints about them.
    """

    looks: dict[str, int]
    again: dict[str, list[Complaint]] = field(default_factory=dict)


def declined(outside: Outside) -> ReasoningReply:
    """A reply that says why nothing was measured."""
    cannot = CannotAnswer(reason=outside.reason, needed=list(outside.needed))
    return ReasoningReply(cannot_answer=cannot)


def plan(clip: Clip, intent: Intent, inputs: Inputs, senses: tuple[str, ...]) -> Plan:
    """The looks of this pass: those of the last one, closer wherever the critic complained."""
    previous = inputs.previous
    looks = looks_taken(previous.evidence) if previous else {}
    context = () if intent.kind in LABEL_KINDS else CONTEXT
    for topic in (*topics_of(clip, intent, senses), *context):
        looks.setdefault(topic, 1)
    again: dict[str, list[Complaint]] = {}
    for complaint in inputs.complaints:
        if complaint.status == "verified":
            continue
        for topic in contested(complaint):
            again.setdefault(topic, []).append(complaint)
    before = looks_taken(previous.evidence) if previous else {}
    for topic in again:
        looks[topic] = before.get(topic, 0) + 1
    return Plan({t: looks[t] for t in TOPICS if t in looks and t in senses}, again)


def reason(clip: Clip, inputs: Inputs, senses: tuple[str, ...] = TOPICS) -> ReasoningReply:
    """One pass of the actor.

    Args:
        clip: what is measured.
        inputs: question and options; on later passes the last reasoning and the complaints.
        senses: topics that this actor can measure.
    """
    question = inputs.question or ""
    intent = route(question, inputs.options, candidates=bool(clip.candidates))
    if isinstance(intent, Intent) and inputs.options:
        intent = comparable(intent, inputs.options) or intent
    if isinstance(intent, Outside):
        return declined(intent)
    if intent.kind == "dance_match" and not clip.candidates:
        return declined(
            Outside(
                "The question compares candidate tracks, and the clip comes with none.",
                ("the tracks, each with a label (`--candidate A=FILE`)",),
            )
        )
    missing = [t for t in intent.needs if t not in senses]
    if missing:
        sense = "hear" if missing[0] in AUDIO_TOPICS else "see"
        return declined(
            Outside(
                f"The question needs {missing[0]}, and this model can't {sense}.",
                ("an actor with both senses, such as `offline:perception`",),
            )
        )
    plan_ = plan(clip, intent, inputs, senses)
    try:
        steps, evidence, texts = _steps(clip, plan_, inputs.previous)
    except MissingExtra as error:
        return declined(Outside(str(error), ("the `ocr` extra",)))
    known = know(read(" ".join(texts)), clip.window)
    return _concluded(intent, inputs, known, steps, evidence)


def _steps(
    clip: Clip, plan_: Plan, previous: Reasoning | None
) -> tuple[list[StepReply], list[Evidence], list[str]]:
    """Measure and say; a complaint about nothing that is still found gets a step of its own."""
    steps: list[StepReply] = []
    evidence: list[Evidence] = []
    texts: list[str] = []
    for topic, look in plan_.looks.items():
        open_ = {c.id: c for c in plan_.again.get(topic, [])}
        disputed: list[tuple[Span, list[Complaint]]] = []
        for note in take(clip, topic, look):
            about = [c for c in plan_.again.get(topic, []) if concerns(c, note)]
            if about and look > FIRM and note.kind in WITHDRAWN:
                continue
            for complaint in about:
                open_.pop(complaint.id, None)
            if about and look > FIRM and topic in UNSETTLED:
                disputed.append((_open_part(about, note), about))
                continue
            item = _evidence(f"e{len(evidence) + 1}", note, look)
            remark = f" {remark_on(note, look, previous)}" if about else ""
            steps.append(
                StepReply(
                    text=note.text + remark,
                    modality=note.modality,
                    start_s=item.start_s,
                    end_s=item.end_s,
                    evidence=[item.id],
                    addresses=[c.id for c in about],
                    plan=PLANS[topic],
                )
            )
            evidence.append(item)
            texts.append(note.text)
        left = []
        for complaint in open_.values():
            window = complaint.start_s, complaint.end_s
            if look > FIRM and topic in UNSETTLED and None not in window:
                disputed.append((Span(window[0] or 0.0, window[1] or 0.0), [complaint]))
            else:
                left.append(_nothing_left(complaint, topic, look))
        left += _left_open(topic, look, disputed)
        steps += left
        texts += [s.text for s in left]
    return steps, evidence, texts


def _open_part(about: list[Complaint], note: Note) -> Span:
    """The part of a note that the critic disputes; without a window of its own, all of it."""
    windows = [(c.start_s, c.end_s) for c in about]
    starts = [note.span.start_s if a is None else max(a, note.span.start_s) for a, _ in windows]
    ends = [note.span.end_s if b is None else min(b, note.span.end_s) for _, b in windows]
    return Span(min(starts), max(ends))


def _left_open(
    topic: str, look: int, disputed: list[tuple[Span, list[Complaint]]]
) -> list[StepReply]:
    """What is disputed after the closest look there is: left open, not repeated."""
    steps = []
    for span in tidy(sorted(s for s, _ in disputed), 0.3, 0.0):
        about = [c.id for s, cs in disputed if span.start_s <= s.start_s <= span.end_s for c in cs]
        steps.append(
            StepReply(
                text=(
                    f"Whether there is {UNSETTLED[topic]} between {span.start_s:.2f} s and "
                    f"{span.end_s:.2f} s could not be settled. "
                    f"Measured again {difference(topic, look)}: still disputed."
                ),
                modality="audio" if topic in AUDIO_TOPICS else "visual",
                start_s=round(span.start_s, 3),
                end_s=round(span.end_s, 3),
                addresses=list(dict.fromkeys(about)),
            )
        )
    return steps


def _nothing_left(complaint: Complaint, topic: str, look: int) -> StepReply:
    """A second look that no longer finds what was contested, or not firmly enough to state it."""
    where = ""
    if complaint.start_s is not None and complaint.end_s is not None:
        where = f" between {complaint.start_s:.2f} s and {complaint.end_s:.2f} s"
    return StepReply(
        text=f"Measured again {difference(topic, look)}: nothing more is stated about it{where}.",
        modality="audio" if topic in AUDIO_TOPICS else "visual",
        start_s=complaint.start_s,
        end_s=complaint.end_s,
        addresses=[complaint.id],
    )


def _evidence(identity: str, note: Note, look: int) -> Evidence:
    return Evidence(
        id=identity,
        kind=note.kind,
        modality=note.modality,
        level="label" if note.topic in LABEL_TOPICS else "physical",
        start_s=round(note.span.start_s, 3),
        end_s=round(note.span.end_s, 3),
        value=note.value,
        unit=note.unit,
        confidence=note.confidence,
        source=f"look {look}: {note.source}",
    )


def _concluded(
    intent: Intent, inputs: Inputs, known: Known, steps: list[StepReply], evidence: list[Evidence]
) -> ReasoningReply:
    """The reply: an answer, or why what was measured does not give one."""
    reply = ReasoningReply(steps=steps, evidence=evidence)
    found = find(intent, known)
    options = inputs.options
    if isinstance(found, Untold):
        reply.answer = (undecided(options) if options else None) or ""
        if not reply.answer:
            needed = ["a clearer recording of what is asked about"]
            reply.cannot_answer = CannotAnswer(reason=found.reason, needed=needed)
        return reply
    reply.findings = found.because
    text = found.text.rstrip(".")
    if not options:
        because = found.because.rstrip(".")
        reply.answer = f"{text}. {because}" if found.kind == "yes_no" and because else text
        return reply
    reply.answer = choose(found, options, known.window) or undecided(options) or ""
    if not reply.answer:
        reason_ = f"What was measured ({text}) fits none of the options."
        reply.cannot_answer = CannotAnswer(reason=reason_, needed=["options that fit the clip"])
    return reply
