"""What each role's model is asked to reply: the output schemas that prompts name.

These are lenient on purpose (models vary); `aurelia.evaluators` and the nodes turn them into the
strict records of `aurelia.types.reasoning`.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from aurelia.types.reasoning import CannotAnswer, Evidence, Modality, empty


class Reply(BaseModel):
    """Base of replies: keys that a model adds are ignored."""

    model_config = ConfigDict(extra="ignore")


class StepReply(Reply):
    """One proposed step."""

    text: str
    modality: Modality | None = None
    start_s: float | None = None
    end_s: float | None = None
    evidence: list[str] = empty(list)
    addresses: list[str] = empty(list, description="Ids of complaints this step answers.")
    plan: SkipJsonSchema[str] = ""


class ReasoningReply(Reply):
    """An actor's reply."""

    steps: list[StepReply] = empty(list)
    findings: str = ""
    answer: str = ""
    evidence: list[Evidence] = empty(list)
    cannot_answer: CannotAnswer | None = None


class SentenceReply(Reply):
    """One caption sentence and the 1-based numbers of the steps behind it."""

    text: str
    steps: list[int] = empty(list)


class CaptionReply(Reply):
    """A summarizer's reply."""

    sentences: list[SentenceReply] = Field(min_length=1)


class ClaimReply(Reply):
    """One checked statement of the caption."""

    text: str
    modality: Modality | None = None
    start_s: float | None = None
    end_s: float | None = None
    status: str = Field(description="supported, contradicted or unverifiable")
    observed: str = ""
    confidence: float = Field(default=1.0, ge=0, le=1)


class ComplaintReply(Reply):
    """What to look or listen for next."""

    action: str
    modality: Modality | None = None
    start_s: float | None = None
    end_s: float | None = None
    claim: int | None = Field(default=None, description="1-based number of the claim it concerns.")


class CapReply(Reply):
    """A bound on the score that the critic itself set."""

    rule: str
    limit: float
    reason: str = ""


class VerdictReply(Reply):
    """A critic's reply."""

    perceived: dict[str, str] = empty(dict)
    claims: list[ClaimReply] = empty(list)
    omissions: list[str] = empty(list)
    complaints: list[ComplaintReply] = empty(list)
    caps: list[CapReply] = empty(list)
    score: float
    rationale: str = ""


class ScoreReply(Reply):
    """A critic's reply where the prompt set asks for a score alone."""

    score: float
    rationale: str = ""


SCHEMAS: dict[str, type[Reply]] = {
    "reasoning": ReasoningReply,
    "caption": CaptionReply,
    "verdict": VerdictReply,
    "score": ScoreReply,
}
"""Names that a template's front matter may give as `output`; `text` means free text."""


def json_schema(output: str) -> dict[str, Any] | None:
    """The JSON schema of an output by name; None for `text`."""
    return SCHEMAS[output].model_json_schema() if output in SCHEMAS else None
