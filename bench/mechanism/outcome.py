"""What came of one sample: plain data that travels from a worker to the summary."""

from dataclasses import dataclass, field
from typing import Literal, get_args

from aurelia.bench.mechanism.plan import Difficulty
from aurelia.bench.rejected import Said
from aurelia.bench.sample import Sample
from aurelia.bench.scoring import Score

Arm = Literal[
    "zero_shot",
    "distilled",
    "plan_only",
    "plan_and_findings",
    "single_pass",
    "actor_answer",
    "other_clip",
]
ARMS: tuple[Arm, ...] = get_args(Arm)


@dataclass(frozen=True, slots=True)
class Judged:
    """The critic on one caption of known truth; `score` is None where it gave none."""

    kind: str
    score: float | None
    failed: bool = False

    def said(self, threshold: float) -> Said:
        """What that is at a threshold."""
        if self.score is None:
            return "failed" if self.failed else "unscored"
        return "rejected" if self.score < threshold else "accepted"


@dataclass(slots=True)
class Outcome:
    """One sample after the run.

    Attributes:
        sample: with its ground truth; None where it could not even be made.
        failed: why it failed; then it counts as wrong in every arm. Empty otherwise.
        shortened: arms in which less than all of r* was sent: the target takes only so much text.
        refused: arms in which the target was not asked for that reason; then the sample failed.
        scores: by arm; `other_clip` only where there was another clip to take steps from.
        accepted: whether a pass was accepted.
        iterations: passes of the loop.
        judged: what the critic said of captions that are known to be true or false.
        wrong_accepted: for each caption of the actor that holds a false statement, whether the
            critic accepted it.
    """

    family: str
    difficulty: Difficulty
    index: int
    sample: Sample | None = None
    failed: str = ""
    scores: dict[Arm, Score] = field(default_factory=dict)
    shortened: set[Arm] = field(default_factory=set)
    refused: set[Arm] = field(default_factory=set)
    accepted: bool = False
    iterations: int = 0
    judged: list[Judged] = field(default_factory=list)
    wrong_accepted: list[bool] = field(default_factory=list)

    @property
    def video(self) -> str:
        """Which video the sample is about; samples of one video are one cluster."""
        name = self.sample.clip if self.sample else f"no clip {self.index}"
        return f"{self.difficulty}/{self.family}/{name}"

    def value(self, arm: Arm) -> float:
        """The score in an arm, 0 where the sample failed."""
        return 0.0 if self.failed or arm not in self.scores else self.scores[arm].value
