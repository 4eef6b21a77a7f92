"""Is it the answer and not the reasoning that helps? The actor's answer, and the target told it."""

from dataclasses import dataclass

from aurelia.bench.controls.common import control_prompt, one_line, spend_loop
from aurelia.bench.run.condition import Ask, Decision, Given, Item, Same, World
from aurelia.errors import ConfigurationError, RunError
from aurelia.evaluators.answers import parse_answer
from aurelia.models.registry import find_model


@dataclass(frozen=True, slots=True)
class ActorAnswer:
    """What the actor itself answered in its best pass. A target that is no better than this has
    gained nothing but a stronger model's answer.

    The actor seldom sees the options. Where its words match none of them, its model is asked as
    the target is, with the options and without steps; the record says so.
    """

    name: str = "actor_answer"
    title: str = "actor's own answer"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Hand the answer on as if it were a reply."""
        run = item.rollout
        if run is None:
            return Given("", "there is no rollout of this sample, and so no answer of the actor")
        spend_loop(item, world)
        words = one_line(run.actor_answer)
        if not words:
            return Given("", f"the actor gave no answer ({run.stop_reason})")
        said = f"Answer: {words}"
        options = item.sample.options
        if item.sample.answer_type != "option":
            return Given(said, "the actor's words")
        if parse_answer(said, options).option is not None:
            return Given(said, "the actor's words, which match one option")
        actor = str(run.context.get("actor", ""))
        why = f"the actor's words ({words[:80]!r}) match no option"
        try:
            await find_model(actor)
        except ConfigurationError as error:
            raise RunError(f"{why}, and its model can't be asked here: {error}") from error
        return Ask(model=actor, note=f"{why}; its model was asked as the target is")


@dataclass(frozen=True, slots=True)
class TargetWithAnswer:
    """The target with the actor's answer in the place of r*, from the same accepted pass. If this
    does as well as `distilled`, the steps are no more than an answer in other words."""

    name: str = "target_with_answer"
    title: str = "target, told the answer"
    needs_rollout: bool = True
    cheap: bool = True

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask with the answer; where nothing was accepted the zero-shot reply stands."""
        spend_loop(item, world)
        run = item.rollout
        kept = run.best_iteration if run else None
        if run is None or run.stop_reason != "accepted" or kept is None or kept.reasoning is None:
            state = run.stop_reason if run else "no rollout"
            return Same("zero_shot", f"no pass was accepted ({state})")
        answer = one_line(kept.reasoning.answer)
        if not answer:
            return Same("zero_shot", f"pass {kept.index} has no answer")
        prompt = await control_prompt("control_given_answer", item, world)
        return Ask(r_star=answer, prompt=prompt, note=f"the actor's answer in pass {kept.index}")
