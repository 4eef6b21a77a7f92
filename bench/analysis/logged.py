"""Recorded rollouts as analyses need them: small enough to hold thousands of them at once.

A trajectory holds every message that was sent. Of each pass this keeps the score, what the actor's
answer was worth, the text that would have been injected, and what the pass took.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce

from aurelia.bench.run.reply import Spent
from aurelia.bench.run.settings import LeakPolicy
from aurelia.bench.run.spent import add, spent_by
from aurelia.bench.run.steps import form_of, steps_of
from aurelia.bench.sample import Sample
from aurelia.bench.scorers.reply import score_reply
from aurelia.bench.scorers.scored import Outcome, Scored, failed
from aurelia.errors import InputError
from aurelia.types.reasoning import Claim, Reasoning, RStarForm, Unscored, Verdict
from aurelia.types.trajectory import Iteration, StopReason, Trajectory

DEFAULT_VARIANT = "default"


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of a rollout.

    Attributes:
        bare: the pass without texts: what decides which pass is kept.
        unscored: why there is no score; empty where there is one.
        mark: what the actor's answer is worth, 0 to 1; None where it can't be scored by itself.
        outcome: how that was counted; None with `mark`.
        answer: the actor's, as it gave it.
        r_star: the text that this pass would have injected; empty where it holds no steps.
        spent: on the calls of this pass.
    """

    bare: Iteration
    unscored: str
    mark: float | None
    outcome: Outcome | None
    answer: str
    r_star: str
    spent: Spent

    @property
    def index(self) -> int:
        """From 1."""
        return self.bare.index

    @property
    def score(self) -> float | None:
        """The critic's, 1 to 10."""
        return self.bare.score

    @property
    def right(self) -> bool | None:
        """Whether the actor's answer is right; None where answers are graded or not scored."""
        return None if self.outcome in (None, "graded") else self.outcome == "right"


@dataclass(frozen=True, slots=True)
class Log:
    """One rollout.

    Attributes:
        id: of the trajectory.
        most: passes that there might have been at most.
        inherited: passes that a fork took over.
        handled: whether a person decided or edited something; no rule replays that.
        graded: whether answers of this sample are graded instead of right or wrong.
        total: calls of the rollout, passes that a fork took over left out.
    """

    id: str
    sample_id: str
    variant: str
    repeat: int
    video: str
    task: str
    passes: tuple[Pass, ...]
    threshold: float
    most: int
    stops: bool
    keep_best: bool
    replayable_to: float
    stop_reason: StopReason
    best: int | None
    form: RStarForm
    critic: str
    inherited: int = 0
    handled: bool = False
    graded: bool = False

    @property
    def key(self) -> tuple[str, str, int]:
        """Sample, variant, repeat."""
        return self.sample_id, self.variant, self.repeat

    @property
    def total(self) -> Spent:
        """What the passes took."""
        return total_of(p for p in self.passes if p.index > self.inherited)


def total_of(passes: Iterable[Pass]) -> Spent:
    """What several passes took."""
    return reduce(add, (p.spent for p in passes), Spent())


def log_of(
    trajectory: Trajectory,
    sample: Sample,
    form: RStarForm | None = None,
    leaks: LeakPolicy = "as_run",
) -> Log:
    """What a trajectory says, and what its answers are worth.

    Args:
        trajectory: of the sample.
        sample: with its ground truth.
        form: in which r* was handed over; None: the one that the rollout was made with.
        leaks: what was done about steps that reveal the answer.

    Raises:
        InputError: the trajectory is about another question than the sample.
    """
    about, context = trajectory.sample or {}, trajectory.context
    if " ".join(trajectory.question.split()) != " ".join(sample.asked.split()):
        raise InputError(
            f"Run {trajectory.id} asks {trajectory.question[:80]!r} and sample {sample.id!r} asks "
            f"{sample.asked[:80]!r}; give the samples that the runs were made of."
        )
    form = form or form_of(trajectory)
    reviewed = any(i.reviews or i.edited for i in trajectory.iterations)
    return Log(
        id=trajectory.id,
        sample_id=sample.id,
        variant=str(about.get("variant") or DEFAULT_VARIANT),
        repeat=int(about.get("repeat") or 0),
        video=sample.video,
        task=sample.task,
        passes=tuple(_pass(i, sample, trajectory, form, leaks) for i in trajectory.iterations),
        threshold=float(context.get("threshold", 6.0)),
        most=int(context.get("max_iterations", len(trajectory.iterations))),
        stops=context.get("stop_when", "accepted") == "accepted",
        keep_best=bool(context.get("keep_best", True)),
        replayable_to=trajectory.replayable_to,
        stop_reason=trajectory.stop_reason,
        best=trajectory.best.index if trajectory.best else None,
        form=form,
        critic=" + ".join([str(context.get("critic", "")), *context.get("panel", [])]),
        inherited=trajectory.parent.iteration if trajectory.parent else 0,
        handled=reviewed or trajectory.stop_reason == "rejected",
        graded=sample.answer_type == "caption",
    )


def read_logs(
    trajectories: Iterable[Trajectory],
    samples: Mapping[str, Sample],
    form: RStarForm | None = None,
    leaks: LeakPolicy = "as_run",
) -> tuple[list[Log], list[str]]:
    """Logs of all trajectories, and what is missing or too much, in sentences.

    Raises:
        InputError: a run names a sample that is not there, or there is no run.
    """
    logs: list[Log] = []
    for trajectory in trajectories:
        sample_id = str((trajectory.sample or {}).get("id", ""))
        if sample_id not in samples:
            raise InputError(
                f"Run {trajectory.id} is about sample {sample_id!r}, which is not among the "
                "samples; give the file that the runs were made of with --samples."
            )
        logs.append(log_of(trajectory, samples[sample_id], form, leaks))
    if not logs:
        raise InputError("There is no recorded run to analyse.")
    notes = []
    seen = {log.sample_id for log in logs}
    if missing := [name for name in samples if name not in seen]:
        notes.append(
            f"{len(missing)} of {len(samples)} samples have no recorded run (the first: "
            f"{missing[0]}) and are in no figure here: finish the runs before you report any."
        )
    return logs, notes


def actor_scored(sample: Sample, answer: str | None, why: str = "") -> Scored | None:
    """The actor's answer as if it were a reply; None for captions that are scored as a set.

    Args:
        answer: None where the pass has no reasoning.
        why: of a pass without.
    """
    if sample.answer_type == "caption" and not sample.true_facts:
        return None
    return failed(sample.id, why) if answer is None else score_reply(sample, answer)


def _pass(
    iteration: Iteration,
    sample: Sample,
    trajectory: Trajectory,
    form: RStarForm,
    leaks: LeakPolicy,
) -> Pass:
    reasoning = iteration.reasoning
    answer = reasoning.answer if reasoning else None
    found = actor_scored(sample, answer, iteration.error or "the pass has no reasoning")
    return Pass(
        bare=_bare(iteration),
        unscored=_why_unscored(iteration),
        mark=found.score if found else None,
        outcome=found.outcome if found else None,
        answer=answer or "",
        r_star=steps_of(trajectory, iteration.index, form, leaks).text,
        spent=spent_by(iteration.calls),
    )


def _bare(iteration: Iteration) -> Iteration:
    """What selection looks at, and nothing else."""
    verdict = iteration.verdict
    if isinstance(verdict, Verdict):
        against = [
            Claim(id=claim.id, text="", status="contradicted")
            for claim in verdict.claims
            if claim.status == "contradicted"
        ]
        verdict = Verdict(score=verdict.score, raw_score=verdict.raw_score, claims=against)
    elif verdict is not None:
        verdict = Unscored(reason=verdict.reason)
    reasoning = iteration.reasoning
    if reasoning:
        reasoning = Reasoning(cannot_answer=reasoning.cannot_answer)
    return Iteration(index=iteration.index, reasoning=reasoning, verdict=verdict)


def _why_unscored(iteration: Iteration) -> str:
    if iteration.score is not None:
        return ""
    if isinstance(iteration.verdict, Unscored):
        return iteration.verdict.reason
    return iteration.error or "the critic was not asked"
