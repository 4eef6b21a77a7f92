"""Is it the feedback, or having several tries? Passes drawn apart, the critic picks."""

import math
from dataclasses import dataclass
from typing import Any

from aurelia.bench.controls.common import ask_with
from aurelia.bench.run.condition import Decision, Item, Same, World
from aurelia.bench.run.steps import Steps, calls_of, loop_passes, steps_of
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
    pass is the first.

    A draw that failed is left out, as a rollout that failed leaves `distilled` the zero-shot reply:
    the better of what came counts, and where nothing came the zero-shot reply stands."""

    name: str = "best_of_k"
    title: str = "best of k, no feedback"
    needs_rollout: bool = True
    cheap: bool = False

    async def decide(self, item: Item, world: World) -> Decision:
        """Draw, pick, and ask the target with what was picked."""
        run = item.rollout
        if run is None or not run.iterations:
            return Same("zero_shot", "there is no first pass of this sample")
        count = world.settings.draws or len(loop_passes(run))
        world.spend(calls_of(run, run.iterations[0].index))
        draws = [run, *[await _draw(run, number, item, world) for number in range(1, count)]]
        if all(map(_failed, draws)):
            return Same("zero_shot", f"none of {count} draws came: the loop's models failed")
        told = ", ".join(map(_told, draws))
        threshold = float(run.context.get("threshold", 6.0))
        picked = max(draws, key=_score)  # of equals the earlier
        if _score(picked) < threshold:
            return Same("zero_shot", f"none of {count} reached {threshold:g} ({told})")
        steps = steps_of(picked, picked.iterations[0].index, item.form, world.settings.leaks)
        origin = steps.origin and steps.origin.model_copy(update={"accepted": True})
        return ask_with(Steps(steps.text, origin, steps.why), item, f"best of {count}: {told}")


def _score(draw: Trajectory) -> float:
    """The critic's score of a draw, its first pass; below all others where there is none."""
    score = draw.iterations[0].score if draw.iterations else None
    return -math.inf if score is None else score


def _failed(draw: Trajectory) -> bool:
    """Whether a model failed before the draw had a score."""
    calls = draw.iterations[0].calls if draw.iterations else []
    return _score(draw) == -math.inf and (not calls or any(call.error for call in calls))


def _told(draw: Trajectory) -> str:
    if _failed(draw):
        return "failed"
    return "unscored" if _score(draw) == -math.inf else f"{_score(draw):g}"


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
