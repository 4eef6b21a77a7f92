"""What more thinking gives the target without anybody's help."""

from dataclasses import dataclass

from aurelia.bench.controls.common import control_prompt
from aurelia.bench.run.condition import Ask, Decision, Item, Missing, World
from aurelia.bench.run.steps import loop_calls
from aurelia.models.registry import is_offline

MOST_DRAWS = 16
"""More draws than this would cost more than they tell."""


@dataclass(frozen=True, slots=True)
class StepByStep:
    """The target told to reason in steps of its own. What `distilled` gains on this is not had by
    longer answers."""

    name: str = "step_by_step"
    title: str = "own step-by-step"
    needs_rollout: bool = False
    cheap: bool = False

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask with one block more than the zero-shot prompt has."""
        if is_offline(item.target):
            return Missing("the target measures the clip, and reads no wording")
        return Ask(prompt=await control_prompt("control_step_by_step", item, world))


@dataclass(frozen=True, slots=True)
class SelfConsistency:
    """The most frequent of several zero-shot answers of the target (of captions the one most like
    the others): what the same number of calls gives without a loop. At temperature 0 all draws are
    one."""

    name: str = "self_consistency"
    title: str = "self-consistency"
    needs_rollout: bool = True
    cheap: bool = False

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask as often as the loop (up to the accepted pass) and its answer took calls, or as often
        as the run says."""
        if is_offline(item.target):
            return Missing("the target measures the clip: every draw is the same")
        loop = len(loop_calls(item.rollout)) if item.rollout else 0
        draws = world.settings.draws or min(MOST_DRAWS, loop + 1)
        return Ask(draws=draws, note=f"{draws} draws")
