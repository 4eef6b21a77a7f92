"""What a running graph reports, in order. Streamed as plain JSON on LangGraph's `custom` mode.

docs/events.md shows all of them, and how to get them.
"""

from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from aurelia.types.reasoning import Reasoning, Record, Unscored, Verdict
from aurelia.types.review import ReviewAction, ReviewKind
from aurelia.types.trajectory import Feedback, Purpose, Role, StopReason

EVENT_VERSION = 1
"""Rises when a field changes its meaning or goes away; new types and fields may come without."""


class Event(Record):
    """Base of events."""

    version: int = Field(default=EVENT_VERSION, description="Version of this schema.")


_INDEX: Any = Field(description="The pass, from 1.")


class IterationStarted(Event):
    """The actor is about to be asked."""

    type: Literal["iteration_started"] = "iteration_started"
    index: int = _INDEX
    max_iterations: int = Field(description="Passes at most, with those that a person granted.")
    threshold: float = Field(description="τ: the score at which a caption is accepted.")


class TokenStreamed(Event):
    """A piece of a reply, as the model writes it. Sent with `stream_tokens` alone.

    Pieces of several calls may come between each other: a panel's critics answer at once. A
    repair is a call of its own. No pieces come where nothing is asked (a reply that was paid for
    before), and none of models that don't stream.
    """

    type: Literal["token"] = "token"
    index: int | None = Field(description="The pass, from 1; null for the target.")
    role: Role = Field(description="Who is asked.")
    purpose: Purpose = Field(
        default="main", description="`repair`: of a reply that could not be read."
    )
    repeat: int = Field(default=0, description="Which of several equal questions.")
    call: str = Field(description="Id of the call, as the record has it.")
    attempt: int = Field(
        default=0, description="Where it is higher than before, the reply begins anew."
    )
    text: str = Field(description="To be put behind the pieces of the same call and attempt.")


class StepsProposed(Event):
    """The actor's reply, read."""

    type: Literal["steps"] = "steps"
    index: int = _INDEX
    reasoning: Reasoning = Field(description="Steps, findings and answer.")


class CaptionWritten(Event):
    """The summarizer's caption."""

    type: Literal["caption"] = "caption"
    index: int = _INDEX
    text: str = Field(description="The caption.")


class VerdictGiven(Event):
    """The critic's judgement."""

    type: Literal["verdict"] = "verdict"
    index: int = _INDEX
    verdict: Verdict | Unscored = Field(description="A score with claims, or why there is none.")


class FeedbackGiven(Event):
    """What the actor is told next."""

    type: Literal["feedback"] = "feedback"
    index: int = _INDEX
    feedback: Feedback = Field(description="The text, and the complaints that it is made of.")


class Reviewed(Event):
    """A person decided about a pass."""

    type: Literal["reviewed"] = "reviewed"
    index: int = _INDEX
    kind: ReviewKind = Field(description="What was under review.")
    action: ReviewAction = Field(description="What was decided.")
    fields: list[str] = Field(default=[], description="What was edited.")


class Stopped(Event):
    """The loop is over."""

    type: Literal["stopped"] = "stopped"
    stop_reason: StopReason = Field(description="Why it ended.")
    best: int | None = Field(default=None, description="The pass that is kept.")
    detail: str = Field(default="", description="More of why, in words.")


AnyEvent = Annotated[
    IterationStarted
    | TokenStreamed
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


def events_schema() -> dict[str, Any]:
    """JSON schema of the events, for programs in other languages."""
    schema = parse_event.json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Event", **schema}
