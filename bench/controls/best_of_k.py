"""Is it the feedback, or having several tries? Passes drawn apart, the critic picks."""

from dataclasses import dataclass
from typing import Any

from aurelia.bench.controls.common import ask_with
from aurelia.bench.run.condition import Decision, Item, Missing, Same, World
from aurelia.bench.run.steps import Steps, calls_of, loop_passes, steps_of
from aurelia.errors import RunError
from aurelia.graph.context import Context
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.graph.run import areason
from aurelia.prompts.loader import SETS
from aurelia.types.trajectory import Trajectory

_APART = 1_000_003
"""Seeds of draws lie so far apart that they never meet those of repeats."""


@dataclass(frozen=True, slots=True)
class BestOfK:
    """Passes that know nothing of each other, as many as the loop made (up to the accepted one), of
    which the critic picks the best; it is accepted at the same threshold. What `distilled` gains on
    this is the feedback, for actor, summarizer and critic are called as often. The loop's first
    pass is the first."""

    name: str = "best_of_k"
    title: str = "best of k, no feedback"
    needs_rollout: bool = True
    cheap: bool = False

    async def decide(self, item: Item, world: World) -> Decision:
        """Draw, pick, and ask the target with what was picked."""
        run = item.rollout
        if run is None or not run.iterations:
            return Missing("there is no first pass of this sample")
        count = world.settings.draws or len(loop_passes(run))
        first = run.iterations[0].index
        world.spend(calls_of(run, first))
        picked, index, score = run, first, run.iterations[0].score
        scores = [score]
        for number in range(1, count):
            other = await _draw(run, number, item, world)
            scores.append(other.iterations[0].score if other.iterations else None)
            if scores[-1] is not None and (score is None or scores[-1] > score):
                picked, index, score = other, other.iterations[0].index, scores[-1]
        threshold = float(run.context.get("threshold", 6.0))
        told = ", ".join("unscored" if s is None else f"{s:g}" for s in scores)
        if score is None or score < threshold:
            return Same("zero_shot", f"none of {count} reached {threshold:g} ({told})")
        steps = steps_of(picked, index, item.form, world.settings.leaks)
        origin = steps.origin and steps.origin.model_copy(update={"accepted": True})
        return ask_with(Steps(steps.text, origin, steps.why), item, f"best of {count}: {told}")


async def _draw(run: Trajectory, number: int, item: Item, world: World) -> Trajectory:
    """One pass of the same models on the same question, by another seed."""
    clip = await world.clip(item.sample)
    settings = _settings(run)
    seed = int(settings.get("seed") or 0) + _APART * number
    draw = await areason(
        clip,
        run.question,
        run.options,
        sample={"id": item.sample.id, "task": item.sample.task, "repeat": item.repeat},
        **{**settings, "seed": seed},
    )
    world.made(calls_of(draw))
    if draw.stop_reason == "failed" and any(call.error for call in calls_of(draw)):
        raise RunError(f"Draw {number + 1} failed: {draw.stop_detail}")
    return draw


def _settings(run: Trajectory) -> dict[str, Any]:
    """The rollout's settings for a single pass. A folder of prompts may hold other texts by now:
    those that are recorded stand in for it."""
    known = {name: v for name, v in run.context.items() if name in Context.model_fields}
    if known.get("prompts", SETS[0]) not in SETS:
        texts = {template.name: template.text for template in run.templates.values()}
        known |= {"prompts": SETS[0], "prompt_overrides": texts, "prompt_pins": []}
        known |= {f"{name}{SUFFIX}": "" for name in PROMPT_NODES}
    single = {"max_iterations": 1, "stop_when": "accepted", "target": None, "review": "off"}
    return {**known, **single, "stream_tokens": False}
