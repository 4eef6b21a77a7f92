"""Must steps have seen the clip? Steps from the question alone, by the actor and by the target."""

from dataclasses import dataclass
from typing import cast

from aurelia.bench.controls.common import ask_with, control_prompt
from aurelia.bench.run.condition import NO_CLIP, Ask, Decision, Item, Missing, Same, World
from aurelia.bench.run.handing import hand_over
from aurelia.bench.run.reply import Origin
from aurelia.bench.run.steps import Steps
from aurelia.models.ask import ask
from aurelia.models.call import CallFailed
from aurelia.models.finish import finish_problem
from aurelia.models.registry import is_offline
from aurelia.models.request import Draw, ModelRequest
from aurelia.models.structured import strip_thinking
from aurelia.nodes.budget import call_limits
from aurelia.nodes.wording import options_text
from aurelia.types.reasoning import Reasoning, Step
from aurelia.types.replies import ReasoningReply


@dataclass(frozen=True, slots=True)
class BlindRStar:
    """Steps that the actor wrote without the clip, in one pass and in the form of r*. What
    `distilled` gains on this is what the actor saw and heard. Where the actor fails the zero-shot
    reply stands, as it does for `distilled` where the loop failed."""

    name: str = "blind_r_star"
    title: str = "r* made without media"
    needs_rollout: bool = True
    cheap: bool = False

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask the actor without the clip, then the target with the clip and what it wrote."""
        if item.rollout is None:
            return Same("zero_shot", "there is no rollout that names an actor")
        settings = item.rollout.context
        actor = str(settings.get("actor", ""))
        if is_offline(actor):
            return Missing("the actor measures the clip, and has nothing to say without it")
        options = item.sample.options if settings.get("actor_sees_options") else None
        template = await control_prompt("control_blind_steps", item, world)
        context = world.context
        asked = await ask(
            ModelRequest(
                role="actor",
                model=actor,
                template=template,
                variables={"question": item.sample.asked, "options": options_text(options)},
                inputs={"question": item.sample.asked, "options": options},
                sampling=settings.get("actor_sampling") or {},
                draw=Draw(seed=context.seed, repeat=item.repeat),
                use_cache=context.use_cache,
                limits=call_limits(context),
            ),
            world.prompts.get("repair", item.sample.task),
        )
        world.made(asked.calls)
        if asked.failed:
            return Same("zero_shot", "the actor failed without the clip")
        if asked.reply is None:
            return Same("zero_shot", f"what the actor wrote could not be read: {asked.problem}")
        return ask_with(_steps(cast(ReasoningReply, asked.reply), item, world), item)


@dataclass(frozen=True, slots=True)
class QuestionPlan:
    """A plan that the target made from the question alone, before it got the clip. What
    `distilled` gains on this is more than the habit of planning."""

    name: str = "question_plan"
    title: str = "own plan from the question"
    needs_rollout: bool = False
    cheap: bool = False

    async def decide(self, item: Item, world: World) -> Decision:
        """Ask the target for a plan without the clip, then again with the clip and the plan."""
        if is_offline(item.target):
            return Missing("the target measures the clip, and plans nothing")
        prompt = await control_prompt("control_question_plan", item, world)
        try:
            reply = await world.ask(Ask(clip=NO_CLIP, prompt=prompt))
        except CallFailed:  # counted; that the answer comes hangs on one call, as elsewhere
            return Same("zero_shot", "there is no plan: the target failed without the clip")
        plan = strip_thinking(reply.text).strip()
        if problem := finish_problem(reply.call.finish_reason, plan):
            return Same("zero_shot", f"there is no plan: {problem}")
        origin = Origin(sample_id=item.sample.id, repeat=item.repeat, accepted=False)
        return Ask(r_star=plan, form="plan", origin=origin, note="the target's own plan")


def _steps(reply: ReasoningReply, item: Item, world: World) -> Steps:
    """A reading's steps in the item's form, under the run's rule about leaks."""
    if reply.cannot_answer or not reply.steps:
        return Steps("", None, "the actor proposed no steps without the clip")
    steps = [Step(id=f"s{n}", **step.model_dump()) for n, step in enumerate(reply.steps, start=1)]
    reasoning = Reasoning(steps=steps, findings=reply.findings, answer=reply.answer)
    policy = world.settings.leaks
    if policy == "as_run" and item.rollout is not None:
        policy = item.rollout.context.get("leak_policy", "record")
    handed = hand_over(reasoning, item.form, item.sample.options, policy)
    left = len(handed.leaks)
    origin = Origin(sample_id=item.sample.id, repeat=item.repeat, accepted=False, leaks=left)
    return Steps(handed.text, origin, handed.why)
