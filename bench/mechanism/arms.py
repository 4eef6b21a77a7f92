"""One sample through the loop, and every way of helping the target that is compared."""

from dataclasses import dataclass, field

from aurelia.bench.facts import false_statements
from aurelia.bench.mechanism.outcome import Judged, Outcome
from aurelia.bench.mechanism.plan import Models
from aurelia.bench.sample import Sample
from aurelia.bench.scoring import Score, score_answer
from aurelia.errors import AureliaError, RunError
from aurelia.graph.context import make_context
from aurelia.graph.run import answer, critique, reason
from aurelia.media.open import open_clip
from aurelia.nodes.rstar import r_star_text
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Answer, Reasoning, RStarForm, Unscored
from aurelia.types.trajectory import Trajectory


@dataclass(slots=True)
class Asked:
    """A sample that went through the loop, with the replies of the target by what it was given."""

    sample: Sample
    clip: Clip
    run: Trajectory
    models: Models
    replies: dict[str | None, Answer] = field(default_factory=dict)

    @property
    def injected(self) -> str | None:
        """The accepted r*, in the form that the run used."""
        return self.run.targets[self.models.target].injected_text

    def score(self, r_star: str | None, form: RStarForm | None = None) -> Score:
        """The target's score with `r_star`; without it, of its own answer."""
        r_star = r_star or None
        if r_star not in self.replies:
            self.replies[r_star] = answer(
                self.models.target,
                self.clip,
                asked_as(self.sample),
                self.sample.options,
                r_star,
                form=form,
            )
        return score_answer(self.sample, self.replies[r_star])


def asked_as(sample: Sample) -> str:
    """The question with what precedes it."""
    return sample.asked


def run_sample(sample: Sample, models: Models) -> Asked:
    """Run the loop and the target on a sample. Its ground truth and facts stay outside.

    Raises:
        AureliaError: the clip can't be opened, or a model failed.
    """
    clip = open_clip(
        sample.clip, sample.audio, sample.start_s, sample.end_s, sample.candidates or None
    )
    run = reason(
        clip,
        asked_as(sample),
        sample.options,
        sample={"id": sample.id, "task": sample.task},
        **models.settings,
    )
    if run.stop_reason == "failed":
        raise RunError(f"The run failed: {run.stop_detail}")
    record = run.targets[models.target]
    if record.zero_shot is None or record.distilled is None:
        raise RunError(f"The target did not answer: {record.error}")
    asked = Asked(sample, clip, run, models)
    asked.replies = {None: record.zero_shot, record.injected_text: record.distilled}
    return asked


def score_arms(asked: Asked, outcome: Outcome) -> None:
    """Fill in the scores of all arms that need no other clip.

    Where nothing was accepted, r* in any form is nothing, and the target's own answer stands.

    Raises:
        AureliaError: the target failed.
    """
    run = asked.run
    form = make_context(**asked.models.settings).r_star
    accepted = run.stop_reason == "accepted" and run.best_iteration
    kept = run.best_iteration.reasoning if accepted and run.best_iteration else None
    first = run.iterations[0].reasoning if run.iterations else None
    outcome.accepted = bool(accepted)
    outcome.iterations = len(run.iterations)
    outcome.scores |= {
        "zero_shot": asked.score(None),
        "distilled": asked.score(asked.injected, form),
        "plan_only": asked.score(*_in_form(kept, "plan")),
        "plan_and_findings": asked.score(*_in_form(kept, "plan_and_findings")),
        "single_pass": asked.score(*_in_form(first, form)),
        "actor_answer": _actor_alone(asked),
    }


def _actor_alone(asked: Asked) -> Score:
    """The score of the actor's model when it is asked as the target is, without steps.

    In the loop it does not see the options, and words of its own can't be matched with them.
    """
    reply = answer(asked.models.actor, asked.clip, asked_as(asked.sample), asked.sample.options)
    return score_answer(asked.sample, reply)


def _in_form(reasoning: Reasoning | None, form: RStarForm) -> tuple[str | None, RStarForm]:
    return (r_star_text(reasoning, form) if reasoning else None), form


def ask_with_steps_of(asked: Asked, others: list[Asked]) -> Score | None:
    """The target's score with the accepted steps of another clip, of the same kind of question but
    with another answer; None where `others` hold none.

    Raises:
        AureliaError: the target failed.
    """
    for other in others:
        same = other.sample.category == asked.sample.category
        if same and other.injected and truth_of(other.sample) != truth_of(asked.sample):
            return asked.score(other.injected, other.run.targets[other.models.target].form)
    return None


def truth_of(sample: Sample) -> str:
    """The right answer in words: letters are shuffled, and say nothing across samples."""
    letter = sample.ground_truth[0]
    return (sample.options or {}).get(letter, letter)


def judge_captions(asked: Asked, captions: list[tuple[str, str]], outcome: Outcome) -> None:
    """Let the critic judge captions of known truth, and look back at those of the actor."""
    models, sample = asked.models, asked.sample
    for kind, caption in captions:
        try:
            verdict = critique(
                asked.clip,
                caption,
                asked_as(sample),
                critic=models.critic,
                panel=list(models.panel),
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
