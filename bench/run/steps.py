"""Steps of a rollout as an r* block: what `distilled` hands over, and controls that resemble it."""

from dataclasses import dataclass

from aurelia.bench.run.handing import hand_over
from aurelia.bench.run.reply import Origin
from aurelia.bench.run.settings import LeakPolicy
from aurelia.models.registry import is_offline
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Call, Iteration, Trajectory


@dataclass(frozen=True, slots=True)
class Steps:
    """An r* block; `text` is empty where there is none, and `why` says why."""

    text: str
    origin: Origin | None
    why: str = ""


def accepted_steps(rollout: Trajectory | None, form: RStarForm, leaks: LeakPolicy) -> Steps:
    """r* of the pass that the loop accepted."""
    if rollout is None:
        return Steps("", None, "there is no rollout of this sample")
    best = rollout.best_iteration
    if rollout.stop_reason != "accepted" or best is None:
        return Steps("", None, f"no steps were accepted ({rollout.stop_reason})")
    return steps_of(rollout, best.index, form, leaks)


def steps_of(rollout: Trajectory, index: int, form: RStarForm, leaks: LeakPolicy) -> Steps:
    """r* of any pass of a rollout, accepted or not.

    Args:
        rollout: whose pass.
        index: of the pass, from 1.
        form: in which form.
        leaks: what is done about what reveals the actor's answer, in the words of that form.
    """
    found = next((i for i in rollout.iterations if i.index == index), None)
    if found is None or found.reasoning is None:
        return Steps("", None, f"pass {index} has no steps that could be read")
    reasoning = found.reasoning
    policy = rollout.context.get("leak_policy", "record") if leaks == "as_run" else leaks
    handed = hand_over(reasoning, form, rollout.options, policy)
    if not handed.text:
        return Steps("", None, handed.why)
    sample = rollout.sample or {}
    best = rollout.best.index if rollout.best else None
    origin = Origin(
        run=rollout.id,
        sample_id=str(sample.get("id", "")),
        variant=str(sample.get("variant", "default")),
        repeat=int(sample.get("repeat", 0)),
        iteration=index,
        accepted=rollout.stop_reason == "accepted" and best == index,
        leaks=len(handed.leaks),
    )
    return Steps(handed.text, origin)


def form_of(rollout: Trajectory) -> RStarForm:
    """The form of r* that a rollout was made with."""
    chosen: RStarForm | str = rollout.context.get("r_star_form", "auto")
    if chosen == "auto":
        return "evidence" if is_offline(str(rollout.context.get("actor", ""))) else "plan"
    return chosen  # type: ignore[return-value]


def calls_of(rollout: Trajectory, up_to: int | None = None) -> list[Call]:
    """The calls of a rollout's loop, of passes up to one where `up_to` is given; the target's own
    answers in it are not among them."""
    return [
        call
        for iteration in rollout.iterations
        if up_to is None or iteration.index <= up_to
        for call in iteration.calls
    ]


def loop_passes(rollout: Trajectory) -> list[Iteration]:
    """The passes that a loop makes which stops where a pass is accepted: those up to the accepted
    one, and all where none was. What a log of full depth holds beyond it was made for analysis, and
    nobody who uses the loop pays for it."""
    if rollout.stop_reason != "accepted" or rollout.best is None:
        return list(rollout.iterations)
    last = rollout.best.index
    return [iteration for iteration in rollout.iterations if iteration.index <= last]


def loop_calls(rollout: Trajectory) -> list[Call]:
    """The calls of `loop_passes`: what `distilled` counts as spent, and what controls match. One
    log of full depth so serves both; the target's own answers in it are not among them."""
    return [call for iteration in loop_passes(rollout) for call in iteration.calls]
