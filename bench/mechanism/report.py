"""The report of a mechanism run: one versioned record, printed as JSON or as tables."""

from typing import Any

from pydantic import Field

from aurelia.bench.mechanism.plan import Difficulty
from aurelia.bench.rejected import Rejected
from aurelia.types.reasoning import Record

SCHEMA_VERSION = 1


class Cell(Record):
    """One family at one difficulty, or all of them pooled. Scores are means of 0 to 1.

    `distilled` is by intention to treat: where no pass was accepted, the target's own answer
    stands. A sample that failed is wrong in every arm. None: nothing to average.
    """

    n: int
    chance: float | None = Field(
        description="1 / number of options; of captions, the F1 of another clip's reference."
    )
    majority: float | None = Field(
        description="The best answer that never looks: always one letter, one text, one caption."
    )
    zero_shot: float
    distilled: float
    distilled_lower: float = Field(
        description="Lower end of Wilson's 95 % interval; fractional scores count as such."
    )
    gain: float = Field(description="distilled - zero_shot.")
    gain_lower: float = Field(
        description="The smaller of two lower bounds: bootstrap by video, Wilson's of won and lost."
    )
    p: float = Field(description="Two-sided sign-flip permutation test of the gain, by video.")
    other_clip: float | None = Field(
        description="With accepted steps of another clip, same category and other answer."
    )
    zero_shot_other: float | None = Field(
        default=None, description="zero_shot on the samples that other_clip is about."
    )
    other_clip_n: int
    plan_only: float
    plan_and_findings: float
    actor_answer: float = Field(
        description="The actor's model, asked as the target is, without steps."
    )
    single_pass: float = Field(description="With the steps of the first pass, no critic asked.")
    accepted: float = Field(description="Share of samples where a pass was accepted.")
    distilled_accepted: float | None = Field(description="distilled, where accepted.")
    zero_shot_accepted: float | None = Field(description="zero_shot, where accepted.")
    mean_iterations: float | None
    failed: int
    unparsed: dict[str, int] = Field(description="Answers that could not be read, by arm.")
    shortened: dict[str, int] = Field(
        default={}, description="Samples where less than all of r* was sent, by arm; 0 left out."
    )
    refused: dict[str, int] = Field(
        default={},
        description="Samples whose text was too long for the target, which was not asked, by arm; "
        "0 left out. They are among `failed`.",
    )


class CriticShares(Record):
    """The critic on captions of known truth. Rejected: scored below the threshold; shares are of
    the captions that got a score. The plain numbers repeat those in `true`, `corrupted`, `kinds`.
    """

    true: Rejected
    corrupted: Rejected
    kinds: dict[str, Rejected]
    true_rejected: float | None
    true_n: int
    corrupted_rejected: float | None
    by_kind: dict[str, float | None]
    by_kind_n: dict[str, int]
    wrong_given_actor_wrong: float | None = Field(
        description="Of the actor's captions with a false statement: the share accepted."
    )
    wrong_given_actor_wrong_n: int


class MechanismReport(Record):
    """What `run_mechanism` returns. `failures` stays out of the JSON."""

    schema_version: int = SCHEMA_VERSION
    count: int = Field(description="Samples asked for, for each family and difficulty.")
    n: int = Field(description="Samples done, failed ones included.")
    interrupted: bool
    seed: int
    split: str
    difficulties: list[Difficulty]
    target: str
    models: dict[str, str] = Field(description="By role; members of the panel as `panel 1` …")
    threshold: float
    max_iterations: int
    versions: dict[str, str] = Field(description="Of AURELIA, Python and what measures.")
    configured: dict[str, Any] = Field(
        default={}, description="Other settings that a file or the environment changed."
    )
    note: str
    families: dict[str, dict[Difficulty, Cell]]
    pooled: dict[Difficulty, Cell]
    critic: CriticShares
    seconds_per_clip: float
    workers: int
    failures: list[str] = Field(default=[], exclude=True)
