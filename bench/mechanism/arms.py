"""One sample through the loop, and every way of helping the target that is compared.

Rollouts are made as `aurelia generate` makes them, and the target is asked and its replies are
scored as by `aurelia bench run`.
"""

from dataclasses import dataclass, field

from aurelia.bench.facts import false_statements
from aurelia.bench.generate.order import make_variants
from aurelia.bench.generate.rollout import roll_out
from aurelia.bench.mechanism.conditions import Held, WithSteps, arms
from aurelia.bench.mechanism.outcome import Arm, Judged, Outcome
from aurelia.bench.mechanism.plan import Models
from aurelia.bench.rollouts import RolloutKey
from aurelia.bench.run.condition import Condition, Item
from aurelia.bench.run.decide import decide
from aurelia.bench.run.hall import Hall
from aurelia.bench.run.reply import Reply
from aurelia.bench.run.score import scored_reply
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.steps import Steps, accepted_steps, form_of
from aurelia.bench.sample import Sample
from aurelia.bench.scoring import Score
from aurelia.errors import AureliaError, RunError
from aurelia.graph.context import make_context
from aurelia.graph.run import critique
from aurelia.graph.sync import run_sync
from aurelia.media.open import open_clip
from aurelia.nodes.injecting import TOO_LONG
from aurelia.types.reasoning import Unscored
from aurelia.types.trajectory import Trajectory


@dataclass(slots=True)
class Asked:
    """A sample that went through the loop, with the replies of the target by condition."""

    sample: Sample
    run: Trajectory
    models: Models
    hall: Hall
    replies: dict[str, Reply] = field(default_factory=dict)

    @property
    def steps(self) -> Steps:
        """The accepted r*, in the form that the run used; its text is empty where there is none."""
        return accepted_steps(self.run, form_of(self.run), "as_run")

    def score(self, arm: Arm, condition: Condition, outcome: Outcome) -> Score:
        """The score of the target's reply under a condition; `outcome` is told what its text
        budget left of r*.

        Raises:
            AureliaError: the target failed, or was not asked, as it takes less text.
        """
        reply = run_sync(self._reply(condition))
        if reply.injected and reply.injected.fit and reply.injected.fit.left_out:
            outcome.shortened.add(arm)
        made = self.replies.get(reply.stands_for or "", reply)
        if any(call.parsed_as == TOO_LONG for call in made.calls):
            outcome.refused.add(arm)
        if reply.status == "failed":
            raise RunError(f"The target did not answer: {reply.why}")
        scored = scored_reply(self.sample, reply)
        return Score(scored.score, scored.outcome != "unparsed")

    async def _reply(self, condition: Condition) -> Reply:
        if condition.name not in self.replies:
            item = Item(self.sample, None, self.models.target, 0, form_of(self.run))
            self.replies[condition.name] = await decide(condition, item, self.hall, self._other)
        return self.replies[condition.name]

    async def _other(self, name: str) -> Reply:
        known = {condition.name: condition for condition in arms(self.models.actor).values()}
        return await self._reply(known[name])


def run_sample(sample: Sample, models: Models) -> Asked:
    """Run the loop on a sample. Its ground truth and facts stay outside.

    Raises:
        AureliaError: the clip can't be opened, or a model failed.
    """
    (variant,) = make_variants({}, models.settings | {"target": None})
    key = RolloutKey(sample.id)
    run = run_sync(roll_out(sample, key, variant))
    if run.stop_reason == "failed":
        raise RunError(f"The run failed: {run.stop_detail}")
    settings = RunSettings()
    # A variant pins the prompts of its own set; a target whose profile names another has its own.
    pins = make_context(**models.settings).prompt_pins
    context = variant.context.model_copy(update={"prompt_pins": pins})
    hall = Hall({sample.id: sample}, Held(run, key), context, variant.prompts, settings)
    return Asked(sample, run, models, hall)


def score_arms(asked: Asked, outcome: Outcome) -> None:
    """Fill in the scores of all arms that need no other clip.

    Where nothing was accepted, r* in any form is nothing, and the target's own answer stands.

    Raises:
        AureliaError: the target failed.
    """
    run = asked.run
    outcome.accepted = run.stop_reason == "accepted" and run.best_iteration is not None
    outcome.iterations = len(run.iterations)
    problem: AureliaError | None = None
    for arm, condition in arms(asked.models.actor).items():
        try:
            outcome.scores[arm] = asked.score(arm, condition, outcome)
        except AureliaError as error:
            if arm not in outcome.refused:
                raise
            problem = problem or error  # what other arms are refused is counted as well
    if problem:
        raise problem


def ask_with_steps_of(asked: Asked, others: list[Asked], outcome: Outcome) -> Score | None:
    """The target's score with the accepted steps of another clip, of the same kind of question but
    with another answer; None where `others` hold none.

    Raises:
        AureliaError: the target failed.
    """
    for other in others:
        same = other.sample.category == asked.sample.category
        steps = other.steps
        if same and steps.text and truth_of(other.sample) != truth_of(asked.sample):
            return asked.score("other_clip", WithSteps(steps, form_of(other.run)), outcome)
    return None


def truth_of(sample: Sample) -> str:
    """The right answer in words: letters are shuffled, and say nothing across samples."""
    letter = sample.ground_truth[0]
    return (sample.options or {}).get(letter, letter)


def judge_captions(asked: Asked, captions: list[tuple[str, str]], outcome: Outcome) -> None:
    """Let the critic judge captions of known truth, and look back at those of the actor."""
    models, sample = asked.models, asked.sample
    clip = open_clip(
        sample.clip, sample.audio, sample.start_s, sample.end_s, sample.candidates or None
    )
    for kind, caption in captions:
        try:
            verdict = critique(
                clip, caption, sample.asked, critic=models.critic, panel=list(models.panel)
            )
        except AureliaError:  # counted apart: neither taken nor rejected
            outcome.judged.append(Judged(kind, None, failed=True))
            continue
        outcome.judged.append(
            Judged(kind, None if isinstance(verdict, Unscored) else verdict.score)
        )
    for turn in asked.run.iterations:
        if turn.verdict and false_statements(turn.caption, sample.true_facts):
            outcome.wrong_accepted.append((turn.score or 0.0) >= models.threshold)
