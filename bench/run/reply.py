"""`Reply`: what came of asking one target about one sample under one condition.

One is a line of `replies.jsonl`. Scoring reads these lines and the samples, and nothing else.
"""

from typing import Literal

from pydantic import Field

from aurelia.types.reasoning import Record, RStarForm, TextFit
from aurelia.types.trajectory import Call

SCHEMA_VERSION = 1

Status = Literal["answered", "given", "stands", "missing", "failed"]
"""Asked and answered; known without asking; another condition's reply stands for it; this condition
has nothing to say about the sample; the target (or what had to be asked before) failed."""

Key = tuple[str, str, str, int]
"""Target, condition, sample id, repeat."""
KEY = ("target", "condition", "sample_id", "repeat")
HEAD = ("attempt", "status", "rollout", "faults", "spent")
REPLIES = "replies.jsonl"


class Origin(Record):
    """Where an r* comes from."""

    run: str = Field(default="", description="Id of the trajectory; empty: made for this item.")
    sample_id: str
    variant: str = "default"
    repeat: int = 0
    iteration: int | None = None
    accepted: bool = Field(description="Whether it is the pass that the loop accepted.")
    leaks: int = Field(default=0, description="Spans that give the answer away and were left in.")


class Injected(Record):
    """The r* block of a request."""

    text: str
    form: RStarForm | None = None
    origin: Origin | None = None
    fit: TextFit | None = Field(
        default=None, description="How it was fitted to a target that takes only so much text."
    )
    sent: str | None = Field(
        default=None, description="What of `text` was sent, where that was less."
    )


class Said(Record):
    """One reply as received."""

    raw: str
    problem: str = Field(
        default="", description="Why it is not to be accepted, e.g. cut off; empty for a good one."
    )


class Spent(Record):
    """What some calls took."""

    calls: int = 0
    cached: int = Field(default=0, description="Of them, replies that were paid for before.")
    input_tokens: int | None = Field(default=0, description="None: not all are known.")
    output_tokens: int | None = Field(default=0, description="None: not all are known.")
    paid_usd: float | None = Field(default=0.0, description="Paid now; None: not all is known.")
    worth_usd: float | None = Field(
        default=0.0, description="At list price, cached or not: what conditions are compared by."
    )


class Reply(Record):
    """One target, one condition, one sample, one repeat."""

    # The fields up to `schema_version` are read without the rest of the line.
    target: str
    condition: str
    sample_id: str
    repeat: int = 0
    attempt: int = Field(default=0, description="How often it was asked for again.")
    status: Status
    rollout: str = Field(
        default="",
        description="How the rollout that it was decided on had ended; empty: there was none.",
    )
    faults: int = Field(
        default=0,
        description="Calls that failed and that the reply was made without, such as a draw's; of "
        "a reply that is itself `failed` 0.",
    )
    spent: Spent = Field(
        default_factory=Spent,
        description="By `calls` and `before`; where it stands for another, also what that "
        "one took; `paid_usd` counts there alone.",
    )
    schema_version: int = SCHEMA_VERSION
    said: list[Said] = Field(default=[], description="Replies as received; several of draws.")
    why: str = Field(default="", description="In words: why it failed, is missing, or stands.")
    stands_for: str | None = Field(
        default=None, description="The condition whose reply this is; `said` repeats it."
    )
    injected: Injected | None = None
    clip: str = Field(default="own", description="Which clip was sent: `own`, `none`, a probe.")
    options: bool = Field(default=True, description="Whether options were shown.")
    model: str = Field(default="", description="Who was asked, if not the target.")
    prompt: str = Field(default="", description="Identity `name@hash` of the last template.")
    calls: list[Call] = Field(default=[], description="To the model that answered, in order.")
    before: list[Call] = Field(default=[], description="Made for this item before it was asked.")
    elsewhere: Spent = Field(
        default_factory=Spent,
        description="By what was made before this run and is used here: the rollout's calls.",
    )

    @property
    def is_accepted(self) -> bool:
        """Whether accepted steps were handed over."""
        origin = self.injected.origin if self.injected else None
        return origin is not None and origin.accepted

    @property
    def key(self) -> Key:
        """What stands in a file once."""
        return self.target, self.condition, self.sample_id, self.repeat
