"""One row of exported reasoning: what was asked, the steps, and how they came about.

Ground truth, reference reasoning and paths of this machine are no part of it.
"""

from pathlib import PurePath

from pydantic import Field

from aurelia.bench.rollouts import RolloutLine
from aurelia.bench.run.handing import leaks_of
from aurelia.bench.run.steps import form_of, steps_of
from aurelia.evaluators.answers import parse_answer
from aurelia.types.reasoning import Modality, Record, RStarForm
from aurelia.types.trajectory import Iteration, StopReason, Trajectory

SCHEMA_VERSION = 1


class ExportedStep(Record):
    """One reasoning step."""

    id: str
    text: str
    modality: Modality | None = None
    start_s: float | None = None
    end_s: float | None = None
    leaks: bool = Field(description="Whether it gives away the actor's answer or an option.")


class RStarRow(Record):
    """One rollout's steps."""

    schema_version: int = SCHEMA_VERSION
    run_id: str
    sample_id: str
    variant: str
    repeat: int
    dataset: str = ""
    split: str = ""
    task: str = ""
    category: str = ""
    question_type: str = ""
    video_id: str = ""
    clip: str = Field(description="The clip's file name.")
    clip_sha256: str
    start_s: float | None = None
    end_s: float | None = None
    question: str
    options: dict[str, str] | None = None
    iteration: int = Field(description="The pass that the steps are of, from 1.")
    passes: int = Field(description="Passes that were made.")
    stop_reason: StopReason
    accepted: bool = Field(description="Whether the loop accepted this pass.")
    score: float | None = Field(description="The critic's, 1 to 10; null: unscored.")
    threshold: float
    steps: list[ExportedStep]
    findings: str = ""
    actor_answer: str = ""
    actor_option: str | None = Field(
        default=None, description="The option that the actor's answer names, where it names one."
    )
    caption: str = Field(default="", description="What the critic scored.")
    form: RStarForm
    text: str = Field(description="r* in that form, as a target is given it.")
    leaks: int = Field(description="Spans of `steps` and `findings` that give the answer away.")
    leaks_left_in: int = Field(description="Spans of `text` that do.")
    models: dict[str, str] = Field(description="Role to model string; `reported` names follow it.")
    reported: dict[str, str] = Field(description="Role to the model that answered, by its name.")
    prompts: dict[str, str] = Field(description="Prompt to `name@hash`, of this pass's calls.")
    seed: int = Field(description="Of the draw.")
    aurelia: str = Field(description="The version that made it.")


def make_row(
    line: RolloutLine, form: RStarForm | None = None, *, all_rollouts: bool = False
) -> RStarRow | str:
    """A rollout as a row; in words why it is none.

    Args:
        line: of the rollout.
        form: in which form `text` is; None: the one that it was made with.
        all_rollouts: take the best pass of rollouts that were not accepted, too.
    """
    run = line.trajectory
    if run is None or not run.iterations:
        return line.stop_reason
    if run.stop_reason != "accepted" and not all_rollouts:
        return run.stop_reason
    kept = run.best_iteration or next((i for i in reversed(run.iterations) if i.reasoning), None)
    if kept is None or kept.reasoning is None:
        return "no readable steps"
    chosen = form or form_of(run)
    steps = steps_of(run, kept.index, chosen, "as_run")
    if not steps.text:
        return steps.why
    return _row(line, run, kept, chosen, steps.text, steps.origin.leaks if steps.origin else 0)


def _row(
    line: RolloutLine,
    run: Trajectory,
    kept: Iteration,
    form: RStarForm,
    text: str,
    left_in: int,
) -> RStarRow:
    reasoning = kept.reasoning
    assert reasoning is not None  # the caller looked
    sample = run.sample or {}
    spans = leaks_of(reasoning, None, run.options)
    leaking = {span.step_id for span in spans}
    calls = [call for call in kept.calls if not call.error]
    return RStarRow(
        run_id=run.id,
        sample_id=line.sample_id,
        variant=line.variant,
        repeat=line.repeat,
        dataset=str(sample.get("dataset") or ""),
        split=str(sample.get("split") or ""),
        task=str(sample.get("task") or ""),
        category=str(sample.get("category") or ""),
        question_type=str(sample.get("question_type") or ""),
        video_id=str(sample.get("video_id") or ""),
        clip=PurePath(run.clip.path).name,
        clip_sha256=run.clip.sha256,
        start_s=run.clip.start_s,
        end_s=run.clip.end_s,
        question=run.question,
        options=run.options,
        iteration=kept.index,
        passes=len(run.iterations),
        stop_reason=run.stop_reason,
        accepted=run.stop_reason == "accepted",
        score=kept.score,
        threshold=float(run.context["threshold"]),
        steps=[
            ExportedStep(
                id=step.id,
                text=step.text,
                modality=step.modality,
                start_s=step.start_s,
                end_s=step.end_s,
                leaks=step.id in leaking,
            )
            for step in reasoning.steps
        ],
        findings=reasoning.findings,
        actor_answer=reasoning.answer,
        actor_option=parse_answer(reasoning.answer, run.options).option if run.options else None,
        caption=kept.caption,
        form=form,
        text=text,
        leaks=len(spans),
        leaks_left_in=left_in,
        models={
            role: _without_path(str(run.context[role]))
            for role in ("actor", "summarizer", "critic")
        },
        reported={call.role: call.reported_model for call in calls if call.reported_model},
        prompts={call.prompt.partition("@")[0]: call.prompt for call in calls},
        seed=int(run.context.get("seed", 0)),
        aurelia=run.code_version,
    )


def _without_path(model: str) -> str:
    """A model string without the folder of a file that it names."""
    kind, sign, rest = model.partition(":")
    return f"{kind}:{PurePath(rest).name}" if sign and kind in ("scripted", "replay") else model
