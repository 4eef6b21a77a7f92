"""What a person is asked in a review, and what came of it."""

from typing import Any, Literal

from pydantic import Field

from aurelia.types.reasoning import Record

REVIEW_VERSION = 1

ReviewKind = Literal["steps", "verdict", "exhausted"]
ReviewAction = Literal["approve", "edit", "reject"]


class Review(Record):
    """A person's decision on one pass, as it is kept."""

    kind: ReviewKind
    action: ReviewAction
    note: str = Field(default="", description="Why, in the person's words.")
    before: dict[str, Any] = Field(
        default_factory=dict, description="What edited fields held before, by field."
    )


class ReviewRequest(Record):
    """The value of the graph's interrupt: what a person needs to decide. Texts come from models."""

    version: int = REVIEW_VERSION
    kind: ReviewKind
    index: int = Field(description="The pass under review.")
    max_iterations: int
    threshold: float
    clip: dict[str, Any] = Field(description="`path`, `start_s`, `end_s`, `duration_s`.")
    question: str
    options: dict[str, str] | None = None
    steps: list[dict[str, Any]] = Field(description="`id`, `text`, `modality`, window.")
    findings: str = ""
    answer: str = ""
    caption: str = ""
    score: float | None = Field(default=None, description="None: not scored, or not yet.")
    verdict: dict[str, Any] | None = None
    best: int | None = Field(default=None, description="The best pass so far.")
    reply: dict[str, str] = Field(description="What may be answered, and what each answer does.")
    problem: str = Field(default="", description="What was wrong with the last reply.")
