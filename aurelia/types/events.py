"""What a running graph reports, in order. Streamed as plain JSON on LangGraph's `custom` mode."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from aurelia.types.reasoning import Reasoning, Record, Unscored, Verdict
from aurelia.types.review import ReviewAction, ReviewKind
from aurelia.types.trajectory import Feedback, StopReason

EVENT_VERSION = 1


class Event(Record):
    """Base of events."""

    version: int = EVENT_VERSION


class IterationStarted(Event):
    """The actor is about to be asked."""

    type: Literal["iteration_started"] = "iteration_started"
    index: int
    max_iterations: int
    threshold: float


class StepsProposed(Event):
    """The actor's reply, read."""

    type: Literal["steps"] = "steps"
    index: int
    reasoning: Reasoning


class CaptionWritten(Event):
    """The summarizer's caption."""

    type: Literal["caption"] = "caption"
    index: int
    text: str


class VerdictGiven(Event):
    """The critic's judgement."""

    type: Literal["verdict"] = "verdict"
    index: int
    verdict: Verdict | Unscored


class FeedbackGiven(Event):
    """What the actor is told next."""

    type: Literal["feedback"] = "feedback"
    index: int
    feedback: Feedback


class Reviewed(Event):
    """A person decided about a pass."""

    type: Literal["reviewed"] = "reviewed"
    index: int
    kind: ReviewKind
    action: ReviewAction
    fields: list[str] = []


class Stopped(Event):
    """The loop is over."""

    type: Literal["stopped"] = "stopped"
    stop_reason: StopReason
    best: int | None = None
    detail: str = ""


AnyEvent = Annotated[
    IterationStarted
    | StepsProposed
    | CaptionWritten
    | VerdictGiven
    | FeedbackGiven
    | Reviewed
    | Stopped,
    Field(discriminator="type"),
]

parse_event: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent)
"""`parse_event.validate_python(chunk)` turns a streamed chunk into its event."""
