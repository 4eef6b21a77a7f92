"""From trajectories to logs: what each pass scored, and what its answer was worth."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from aurelia.bench.analysis.logged import DEFAULT_VARIANT, HIGHEST, Log, Pass, sums_of
from aurelia.bench.rollouts import RolloutLine
from aurelia.bench.run.settings import LeakPolicy
from aurelia.bench.run.spent import spent_by
from aurelia.bench.run.steps import form_of, steps_of
from aurelia.bench.sample import Sample
from aurelia.bench.scorers.reply import score_reply
from aurelia.bench.scorers.scored import Scored, failed
from aurelia.errors import InputError
from aurelia.types.reasoning import Claim, Reasoning, RStarForm, Unscored, Verdict
from aurelia.types.trajectory import Iteration, Trajectory


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
    inherited = trajectory.parent.iteration if trajectory.parent else 0
    passes = tuple(_pass(i, sample, trajectory, form, leaks) for i in trajectory.iterations)
    return Log(
        id=trajectory.id,
        sample_id=sample.id,
        variant=str(about.get("variant") or DEFAULT_VARIANT),
        repeat=int(about.get("repeat") or 0),
        video=sample.video,
        task=sample.task,
        passes=passes,
        threshold=float(context.get("threshold", 6.0)),
        most=int(context.get("max_iterations", len(trajectory.iterations))),
        stops=context.get("stop_when", "accepted") == "accepted",
        keep_best=bool(context.get("keep_best", True)),
        replayable_to=trajectory.replayable_to,
        stop_reason=trajectory.stop_reason,
        best=trajectory.best.index if trajectory.best else None,
        form=form,
        critic=" + ".join([str(context.get("critic", "")), *context.get("panel", [])]),
        inherited=inherited,
        spent_to=sums_of(passes, inherited),
        handled=reviewed or trajectory.stop_reason == "rejected",
        graded=sample.answer_type == "caption",
        set_scored=_set_scored(sample),
        same_as=trajectory.parent.id
        if trajectory.parent and not trajectory.parent.iteration
        else "",
    )


def failed_log(line: RolloutLine, sample: Sample, settings: Mapping[str, Any]) -> Log:
    """A rollout of a sample that could not be looked at: no pass, and its answer is wrong."""
    most = int(settings.get("max_iterations", 1))
    return Log(
        id="",
        sample_id=sample.id,
        variant=line.variant,
        repeat=line.repeat,
        video=sample.video,
        task=sample.task,
        passes=(),
        threshold=float(settings.get("threshold", 6.0)),
        most=most,
        stops=settings.get("stop_when", "accepted") == "accepted",
        keep_best=bool(settings.get("keep_best", True)),
        replayable_to=HIGHEST,
        stop_reason="failed",
        best=None,
        form="plan",
        critic="",
        graded=sample.answer_type == "caption",
        set_scored=_set_scored(sample),
    )


def read_logs(
    lines: Iterable[RolloutLine],
    samples: Mapping[str, Sample],
    settings: Mapping[str, Any],
    form: RStarForm | None = None,
    leaks: LeakPolicy = "as_run",
    variants: Sequence[str] = (),
) -> tuple[list[Log], list[str]]:
    """Logs of all rollouts, and what is missing, in sentences.

    Args:
        lines: of a folder of rollouts.
        samples: by id, with their ground truth.
        settings: what all rollouts were made with, for those that have no record.
        form: as of `log_of`.
        leaks: as of `log_of`.
        variants: in the order in which they were given.

    Raises:
        InputError: a rollout names a sample that is not there, or there is no rollout.
    """
    logs: list[Log] = []
    for line in lines:
        if line.sample_id not in samples:
            raise InputError(
                f"A rollout is about sample {line.sample_id!r}, which is not among the "
                "samples; give the file that the rollouts were made of with --samples."
            )
        sample = samples[line.sample_id]
        if line.trajectory is None:
            logs.append(failed_log(line, sample, settings))
        else:
            log = log_of(line.trajectory, sample, form, leaks)
            logs.append(replace(log, variant=line.variant, repeat=line.repeat))
    if not logs:
        raise InputError("There is no recorded run to analyse.")
    place = {name: number for number, name in enumerate(samples)}
    order = {name: number for number, name in enumerate(variants)}
    logs.sort(
        key=lambda log: (order.get(log.variant, 0), log.variant, log.repeat, place[log.sample_id])
    )
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
    if _set_scored(sample):
        return None
    if answer is None:
        return failed(sample.id, why)
    words = " ".join(answer.split())
    # Said so that it is read whole, as the control `actor_answer` has it.
    return score_reply(sample, f"Answer: {words}" if words else "")


def _set_scored(sample: Sample) -> bool:
    return sample.answer_type == "caption" and not sample.true_facts


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
