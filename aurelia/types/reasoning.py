"""What an actor proposes, what a critic replies, what a target answers."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Modality = Literal["visual", "audio", "both"]


def empty(kind: type[list[Any]] | type[dict[str, Any]], **more: Any) -> Any:
    """A field that is empty unless it is given, and says so in schemas.

    As a plain default, pydantic would have Python deep-copy the empty list, each time.
    """
    return Field(default_factory=kind, json_schema_extra={"default": kind()}, **more)


class Record(BaseModel):
    """Base of stored records: unknown keys are an error, so that a typo never passes silently."""

    model_config = ConfigDict(extra="forbid")


class Evidence(Record):
    """One measured fact about a clip."""

    id: str
    kind: str = Field(description="What was measured, e.g. `audio.sound`, `visual.motion`.")
    modality: Modality
    level: Literal["physical", "label"] = "physical"
    start_s: float | None = None
    end_s: float | None = None
    value: float | str | bool | list[float] | None = None
    unit: str | None = Field(default=None, description="`dBFS`, `bpm`, `count`, `s`, `label` …")
    confidence: float = Field(default=1.0, ge=0, le=1)
    source: str = Field(default="", description="The method that measured it, with its resolution.")


class Step(Record):
    """One reasoning step. `modality` and the window say where to look or listen."""

    id: str
    text: str
    modality: Modality | None = None
    start_s: float | None = None
    end_s: float | None = None
    evidence: list[str] = Field(default_factory=list, description="Ids of `Evidence` it rests on.")
    addresses: list[str] = Field(default_factory=list, description="Ids of complaints it answers.")
    plan: str = Field(
        default="",
        description="What it looks or listens for, where `text` states what was measured.",
    )


class CannotAnswer(Record):
    """Why an actor declined, and what would be needed."""

    reason: str
    needed: list[str] = empty(list)


class Reasoning(Record):
    """An actor's reply: the paper's Task 1, 2 and 3 as `steps`, `findings` and `answer`."""

    steps: list[Step] = empty(list)
    findings: str = ""
    answer: str = ""
    evidence: list[Evidence] = empty(list)
    cannot_answer: CannotAnswer | None = None


class CaptionSentence(Record):
    """One sentence of a caption and the steps that it condenses."""

    text: str
    step_ids: list[str] = empty(list)


ClaimStatus = Literal["supported", "contradicted", "unverifiable"]


class Claim(Record):
    """One checkable statement of a caption, and what the critic found."""

    id: str
    text: str
    step_ids: list[str] = empty(list)
    modality: Modality | None = None
    start_s: float | None = None
    end_s: float | None = None
    status: ClaimStatus
    observed: str = Field(default="", description="What the critic perceived instead, or as well.")
    confidence: float = Field(default=1.0, ge=0, le=1)


class Complaint(Record):
    """What the actor should look or listen for next, and what became of it."""

    id: str
    step_id: str | None = None
    modality: Modality | None = None
    start_s: float | None = None
    end_s: float | None = None
    action: str = Field(description="What to look or listen for, in words.")
    resolves: str = Field(default="", description="Id of the claim or omission it would settle.")
    status: Literal["raised", "addressed", "verified"] = "raised"


class Cap(Record):
    """A rule that bounded the score from above."""

    rule: str
    limit: float
    reason: str


class Grounding(Record):
    """What measurement says of the same caption, where it bounds a language model's score."""

    critic: str = Field(description="Model string of the critic that measures.")
    score: float | None = Field(
        default=None, description="Its own score, 1 to 10; None where it gave none."
    )
    caps: list[Cap] = Field(default=[], description="What bounded its own score.")
    contradicted: list[Claim] = Field(
        default=[], description="Claims that measurement contradicts."
    )
    problem: str = Field(default="", description="Why nothing was measured; empty if it was.")


class Verdict(Record):
    """A critic's judgement of a caption, score 1 (unrelated) to 10 (faithful and complete)."""

    score: float = Field(ge=1, le=10, description="After mapping to 1-10 and after caps.")
    raw_score: float = Field(description="As the critic gave it, in its own range.")
    perceived: dict[str, str] = Field(
        default_factory=dict,
        description="What the critic saw and heard before reading the caption.",
    )
    claims: list[Claim] = empty(list)
    omissions: list[str] = empty(list)
    complaints: list[Complaint] = empty(list)
    caps: list[Cap] = empty(list)
    rationale: str = ""
    grounded: Grounding | None = Field(
        default=None, description="Of a critic that is wrapped: what measurement found."
    )
    members: "list[Member]" = Field(
        default=[], description="Of a panel: what each critic said; the score is the median."
    )
    disagreement: float | None = Field(
        default=None, description="Of a panel: highest minus lowest score of its members."
    )
    spread: float | None = Field(
        default=None, description="Of a panel: standard deviation of its members' scores."
    )


class Unscored(Record):
    """A critic's reply that holds no usable score. Not zero, and not an error."""

    unscored: Literal[True] = True
    reason: str
    raw: str = ""
    members: "list[Member]" = Field(default=[], description="Of a panel: what each critic said.")


class Member(Record):
    """One critic of a panel, and what it said."""

    critic: str = Field(description="Its model string.")
    verdict: Verdict | Unscored


class TextFit(Record):
    """How the text of a request fits a target's budget."""

    tokens: int = Field(description="Of all text that was sent: prompt, r*, labels of media.")
    budget: int = Field(description="Tokens that the target takes.")
    counted_by: str = Field(description="`server`, `estimate`, or a tokenizer's file.")
    left_out: list[str] = Field(
        default=[], description="Parts of r* that were left out, word for word, in order."
    )


class Answer(Record):
    """A target's reply to a question."""

    text: str = Field(description="The answer as read from the reply.")
    option: str | None = Field(default=None, description="Letter of the chosen option, if parsed.")
    parsed: bool = Field(default=True, description="Whether an explicit answer was found.")
    raw: str = ""
    mode: Literal["zero_shot", "distilled"] = "zero_shot"
    form: str | None = Field(default=None, description="Form of r* that was injected.")
    injected_text: str | None = None
    note: str = Field(
        default="", description="E.g. why the zero-shot answer stands for a distilled one."
    )
    fit: TextFit | None = Field(
        default=None, description="Where the target takes only so much text: what was sent of it."
    )
    calls: list[Any] = empty(list)


RStarForm = Literal["plan", "plan_and_findings", "evidence"]
