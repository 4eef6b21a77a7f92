"""What several controls share."""

import asyncio

from aurelia.bench.run.condition import Ask, Decision, Item, Same, World
from aurelia.bench.run.steps import Steps, accepted_steps, loop_calls
from aurelia.prompts.control_prompts import load_controls
from aurelia.prompts.template import Template


async def control_prompt(name: str, item: Item, world: World) -> Template:
    """A control's prompt in the words of the run's set, in its variant for the sample's task.

    Raises:
        PromptError: the set's prompts don't allow it.
    """
    context = world.context
    prompts = await asyncio.to_thread(load_controls, context.prompts, context.overrides)
    return prompts.get(name, item.sample.task)


def ask_with(steps: Steps, item: Item, note: str = "") -> Decision:
    """The target with steps of another origin; without any, its zero-shot reply stands."""
    if not steps.text:
        return Same("zero_shot", steps.why)
    return Ask(r_star=steps.text, form=item.form, origin=steps.origin, note=note)


def spend_loop(item: Item, world: World) -> None:
    """Count the item's own loop as part of what a control takes, as far as it would have gone."""
    if item.rollout is not None:
        world.spend(loop_calls(item.rollout))


def accepted(item: Item, world: World) -> Steps:
    """The r* that `distilled` hands over."""
    return accepted_steps(item.rollout, item.form, world.settings.leaks)


def one_line(text: str) -> str:
    """A text without line breaks."""
    return " ".join(text.split())
