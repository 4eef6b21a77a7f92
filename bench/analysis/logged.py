"""Recorded rollouts as analyses need them: small enough to hold thousands of them at once.

A trajectory holds every message that was sent. Of each pass this keeps the score, what the actor's
answer was worth, the text that would have been injected, and what the pass took.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from aurelia.bench.run.reply import Spent
from aurelia.bench.run.spent import add
from aurelia.bench.scorers.scored import Outcome
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Iteration, StopReason

DEFAULT_VARIANT = "default"
HIGHEST = 10.0
"""No threshold is higher."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of a rollout.

    Attributes:
        bare: the pass without texts: what decides which pass is kept.
        unscored: why there is no score; empty where there is one.
        mark: what the actor's answer is worth, 0 to 1; None where it can't be scored by itself.
        outcome: how that was counted; None with `mark`.
        answer: the actor's, as it gave it.
        r_star: the text that this pass would have injected; empty where it holds no steps.
        spent: on the calls of this pass.
    """

    bare: Iteration
    unscored: str
    mark: float | None
    outcome: Outcome | None
    answer: str
    r_star: str
    spent: Spent

    @property
    def index(self) -> int:
        """From 1."""
        return self.bare.index

    @property
    def score(self) -> float | None:
        """The critic's, 1 to 10."""
        return self.bare.score

    @property
    def right(self) -> bool | None:
        """Whether the actor's answer is right; None where it was not read, is graded or not scored.

        An answer in words of the actor's own may be the right option all the same, and to hold a
        high score of it against the critic would turn its figures round.
        """
        return self.outcome == "right" if self.outcome in ("right", "wrong") else None

    @property
    def unread(self) -> bool:
        """Whether nobody could read the actor's answer, or there is none."""
        return self.outcome in ("unparsed", "failed")


@dataclass(frozen=True, slots=True)
class Log:
    """One rollout.

    Attributes:
        id: of the trajectory; empty where the sample could not be looked at.
        same_as: id of the trajectory whose passes these are, judged anew; empty for none.
        most: passes that there might have been at most.
        inherited: passes that a fork took over.
        handled: whether a person decided or edited something; no rule replays that.
        graded: whether answers of this sample are graded instead of right or wrong.
        set_scored: whether they want a caption that is scored as a set, and are worth nothing by
            themselves.
        spent_to: sums over the first passes, see `spent`.
    """

    id: str
    sample_id: str
    variant: str
    repeat: int
    video: str
    task: str
    passes: tuple[Pass, ...]
    threshold: float
    most: int
    stops: bool
    keep_best: bool
    replayable_to: float
    stop_reason: StopReason
    best: int | None
    form: RStarForm
    critic: str
    inherited: int = 0
    handled: bool = False
    graded: bool = False
    set_scored: bool = False
    same_as: str = ""
    spent_to: tuple[Spent, ...] = ()

    @property
    def key(self) -> tuple[str, str, int]:
        """Sample, variant, repeat."""
        return self.sample_id, self.variant, self.repeat

    def spent(self, passes: int) -> Spent:
        """What the first so many passes took; those that a fork took over took nothing here."""
        return self.spent_to[passes] if self.spent_to else Spent()


def sums_of(passes: Iterable[Pass], inherited: int = 0) -> tuple[Spent, ...]:
    """What no pass took, the first, the first two, and so on: replays ask for it very often."""
    made = (p.spent if p.index > inherited else Spent() for p in passes)
    return tuple(accumulate(made, add, initial=Spent()))
