"""What a reply is worth."""

from typing import Literal

from pydantic import Field

from aurelia.types.reasoning import Record

Outcome = Literal["right", "wrong", "graded", "unparsed", "failed"]
"""Right or wrong; graded by a metric that knows more than two values; no answer could be read from
the reply; there is no reply, or no judge's word on it. The last two count as 0 and stay in the
denominator."""


class Judgement(Record):
    """What a judge was asked with and replied. It saw question, reference and answer alone."""

    model: str
    prompt: str = Field(description="Identity `name@hash` of the template.")
    raw: str = Field(description="Its last reply as received.")
    rationale: str = ""
    calls: int = Field(default=1, description="2 where the first reply could not be read.")
    cost_usd: float | None = Field(default=None, description="None: price unknown.")


class Scored(Record):
    """The score of one reply to one sample."""

    sample_id: str
    score: float = Field(description="0 to 1; of CIDEr-D 0 to 10.")
    outcome: Outcome
    how: str = Field(description="How it was read and compared, or why it could not be, in words.")
    metric: str = "accuracy"
    answer: str = Field(default="", description="What was read; empty where nothing was.")
    judge: Judgement | None = None


def marked(sample_id: str, right: bool, how: str, answer: str) -> Scored:
    """A right or a wrong answer."""
    outcome: Outcome = "right" if right else "wrong"
    return Scored(sample_id=sample_id, score=float(right), outcome=outcome, how=how, answer=answer)


def unparsed(sample_id: str, why: str, metric: str = "accuracy") -> Scored:
    """A reply from which no answer could be read: wrong, and counted apart."""
    return Scored(sample_id=sample_id, score=0.0, outcome="unparsed", how=why, metric=metric)


def failed(sample_id: str, why: str, metric: str = "accuracy") -> Scored:
    """A sample without a reply, or whose judge could not be asked or understood: counted as 0."""
    return Scored(sample_id=sample_id, score=0.0, outcome="failed", how=why, metric=metric)
