"""The record of one run: everything that was asked, answered, measured and decided."""

from typing import Any, Literal

from pydantic import Field

from aurelia.types.clip import Clip
from aurelia.types.reasoning import (
    Answer,
    CaptionSentence,
    Reasoning,
    Record,
    RStarForm,
    Unscored,
    Verdict,
    empty,
)
from aurelia.types.review import Review

SCHEMA_VERSION = 1

Role = Literal["actor", "summarizer", "critic", "target", "scorer"]
Purpose = Literal["main", "repair", "panel"]
StopReason = Literal["accepted", "exhausted", "cannot_answer", "budget", "rejected", "failed"]


class Part(Record):
    """One part of a message: a text by hash (see `Trajectory.texts`), or a medium by reference."""

    text: str | None = Field(default=None, description="Hash of the text in `texts`.")
    media: str | None = Field(default=None, description="Reference, e.g. `frame@1.20s` or `audio`.")


class SentMessage(Record):
    """A message as sent to a model."""

    role: Literal["system", "user", "assistant"]
    parts: list[Part]


class Usage(Record):
    """Tokens of one call; None where the provider did not say."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    input_details: dict[str, int] = empty(
        dict,
        description="What of the input was `audio`, `image`, `text`, `cache_read` …, as far as "
        "the provider said; parts need not add up.",
    )
    output_details: dict[str, int] = empty(
        dict, description="What of the output was `reasoning`, `audio` …"
    )
    cost_usd: float | None = Field(
        default=None, description="USD; 0 where nothing was paid; None: price unknown."
    )


class Call(Record):
    """One request to a model, with its prompt, its reply and how the reply was read."""

    id: str
    iteration: int | None = None
    role: Role
    purpose: Purpose = "main"
    repeat: int = 0
    requested_model: str
    reported_model: str | None = None
    parameters: dict[str, Any] = empty(dict)
    prompt: str = Field(description="Identity `name@hash` of the template.")
    variables: dict[str, str] = Field(default_factory=dict, description="Name to hash in `texts`.")
    messages: list[SentMessage] = empty(list)
    request: str = Field(default="", description="Hash of messages, media and structured inputs.")
    raw: str = Field(default="", description="Hash in `texts` of the reply as received.")
    parsed_as: str = Field(
        default="", description="How the reply was read, e.g. `json`, `failed: …`."
    )
    finish_reason: str | None = None
    usage: Usage = Field(default_factory=Usage)
    cached: bool = Field(default=False, description="Served without asking; costs nothing.")
    retries: int = Field(default=0, description="Further tries after failures that may pass.")
    queue_s: float = Field(default=0.0, description="Seconds waited for the provider's limits.")
    total_s: float = Field(default=0.0, description="Seconds in all, queue and retries included.")
    started_at: float | None = Field(
        default=None, description="Seconds since 1970; None in older records."
    )
    error: str | None = None


class Feedback(Record):
    """What the actor is told before its next pass."""

    text: str
    complaint_ids: list[str] = empty(list)


class Iteration(Record):
    """One pass through actor, summarizer and critic. Numbered from 1."""

    index: int = Field(ge=1)
    reasoning: Reasoning | None = None
    caption: str = ""
    caption_sources: list[CaptionSentence] = empty(list)
    verdict: Verdict | Unscored | None = None
    feedback: Feedback | None = None
    error: str | None = Field(default=None, description="Why this pass yielded no reasoning.")
    context_changes: dict[str, Any] = Field(
        default_factory=dict, description="Settings that differ from the iteration before."
    )
    edited: list[str] = Field(default_factory=list, description="Fields a person changed.")
    reviews: list[Review] = empty(list, description="What a person decided, in order.")
    calls: list[Call] = empty(list)

    @property
    def score(self) -> float | None:
        """The critic's score, or None where there is none."""
        return self.verdict.score if isinstance(self.verdict, Verdict) else None


class Best(Record):
    """Which iteration is kept, and why."""

    index: int
    why: str


class LeakSpan(Record):
    """A span of a step that gives the answer away."""

    step_id: str
    text: str
    against: Literal["actor_answer", "option"]
    matched: str


class TargetRecord(Record):
    """A target's answers without and with r*."""

    zero_shot: Answer | None = None
    distilled: Answer | None = None
    injected_text: str | None = None
    form: RStarForm | None = None
    calls: list[Call] = empty(list)
    error: str | None = None


class Parent(Record):
    """The run that this one was forked from."""

    id: str
    iteration: int
    changed: dict[str, Any] = empty(dict)


class Totals(Record):
    """Sums over the run; a fork does not count the calls of the passes it took over."""

    calls: int = 0
    cached: int = 0
    retries: int = 0
    queue_s: float = 0.0
    input_tokens: int | None = None
    output_tokens: int | None = None
    input_details: dict[str, int] = empty(dict)
    output_details: dict[str, int] = empty(dict)
    cost_usd: float | None = Field(
        default=None, description="USD; None as soon as the price of one call is unknown."
    )
    unpriced: int = Field(default=0, description="Calls whose cost is unknown.")
    seconds: float = 0.0
    accepted_at: int | None = Field(
        default=None, description="Index of the first accepted iteration."
    )


class TemplateRecord(Record):
    """A prompt template as it was used."""

    name: str
    text: str
    source: str


class Trajectory(Record):
    """One rollout, whole. Written to `trajectory.json`; read by CLI, notebooks and benchmark."""

    schema_version: int = SCHEMA_VERSION
    id: str
    parent: Parent | None = None
    code_version: str
    sample: dict[str, Any] | None = None
    clip: Clip
    question: str
    options: dict[str, str] | None = None
    media: dict[str, Any] = Field(
        default_factory=dict, description="What each role was sent: frames with times, audio form."
    )
    context: dict[str, Any] = Field(description="Settings as resolved; no secrets.")
    iterations: list[Iteration] = empty(list)
    best: Best | None = None
    stop_reason: StopReason
    stop_detail: str = ""
    actor_answer: str = ""
    targets: dict[str, TargetRecord] = empty(dict)
    leaks: list[LeakSpan] = empty(list)
    templates: dict[str, TemplateRecord] = empty(dict)
    texts: dict[str, str] = empty(dict)
    warnings: list[str] = empty(list)
    totals: Totals = Field(default_factory=Totals)
    replayable_to: float = Field(
        default=10.0, description="Highest threshold that can be replayed without a new call."
    )

    @property
    def best_iteration(self) -> Iteration | None:
        """The iteration that `best` names."""
        if self.best is None:
            return None
        return next((i for i in self.iterations if i.index == self.best.index), None)
