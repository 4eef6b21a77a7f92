"""What a benchmark run was told: what makes a reply another reply, and so must not change."""

from typing import Literal

from pydantic import Field

from aurelia.types.reasoning import Record, RStarForm

LeakPolicy = Literal["as_run", "record", "drop", "withhold"]


class RunSettings(Record):
    """Settings of the benchmark itself; those of models and media stand in the context."""

    form: RStarForm | None = Field(
        default=None, description="Form of r*; None: the one that each rollout was made with."
    )
    variant: str = Field(default="default", description="Which variant of the rollouts.")
    repeats: int = Field(default=1, ge=1, description="Runs of each question.")
    draws: int | None = Field(
        default=None,
        ge=1,
        description="k of best of k and of the target's self-consistency; None: as many as match "
        "the item's own loop, in passes or in calls.",
    )
    seed: int = Field(default=0, ge=0, description="Of everything that a condition chooses.")
    leaks: LeakPolicy = Field(
        default="as_run",
        description="Steps that reveal the actor's answer: handed over and recorded (`record`), "
        "left out (`drop`), no r* at all (`withhold`), or as each rollout was told (`as_run`).",
    )
