"""The arms of a mechanism run as conditions, asked as any benchmark run asks them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aurelia.bench.controls.other_steps import FirstPass
from aurelia.bench.mechanism.outcome import Arm
from aurelia.bench.rollouts import RolloutKey
from aurelia.bench.run.condition import Ask, Condition, Decision, Item, Same, World
from aurelia.bench.run.modes import Distilled, ZeroShot
from aurelia.bench.run.steps import Steps
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class InForm:
    """The accepted steps in another form than the loop's own."""

    name: str
    form: RStarForm
    title: str = "with r* in another form"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """As `Distilled`."""
        return await Distilled().decide(replace(item, form=self.form), world)


@dataclass(frozen=True, slots=True)
class ActorAsTarget:
    """The actor's model, asked as the target is, without steps: in the loop it doesn't see the
    options, and words of its own can't be matched with them."""

    model: str
    name: str = "actor_answer"
    title: str = "the actor's model"
    needs_rollout: bool = False
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask it."""
        return Ask(model=self.model)


@dataclass(frozen=True, slots=True)
class WithSteps:
    """Given steps, whatever clip they were accepted for."""

    steps: Steps
    form: RStarForm
    name: str = "other_clip"
    title: str = "steps of another clip"
    needs_rollout: bool = False
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask with them."""
        if not self.steps.text:
            return Same("zero_shot", self.steps.why)
        return Ask(r_star=self.steps.text, form=self.form, origin=self.steps.origin)


def arms(actor: str) -> Mapping[Arm, Condition]:
    """The arms that need no other clip, in the order of the report."""
    return {
        "zero_shot": ZeroShot(),
        "distilled": Distilled(),
        "plan_only": InForm("plan_only", "plan"),
        "plan_and_findings": InForm("plan_and_findings", "plan_and_findings"),
        "single_pass": FirstPass(),
        "actor_answer": ActorAsTarget(actor),
    }


@dataclass(frozen=True, slots=True)
class Held:
    """The one rollout of a sample, held by this process instead of a folder."""

    run: Trajectory
    key: RolloutKey

    def __contains__(self, key: object) -> bool:
        return key == self.key

    def head(self, key: RolloutKey) -> Mapping[str, Any]:
        """How it ended."""
        return {"stop_reason": self.run.stop_reason}

    def get(self, sample_id: str, variant: str = "default", repeat: int = 0) -> Trajectory | None:
        """It, where it is asked for."""
        return self.run if (sample_id, variant, repeat) == self.key else None
