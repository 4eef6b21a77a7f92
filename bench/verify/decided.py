"""What could be decided but one way: decided again from the rollout, and compared."""

from collections.abc import Mapping
from typing import Any

from aurelia.bench.controls.answers import ActorAnswer
from aurelia.bench.controls.common import one_line
from aurelia.bench.rollouts import RolloutKey, Rollouts
from aurelia.bench.run.modes import SummarizerCaption
from aurelia.bench.run.steps import loop_calls
from aurelia.bench.sample import Sample
from aurelia.bench.verify.held import DISTILLED, Held, counted, said_hash, took_same
from aurelia.evaluators.selection import conclude
from aurelia.types.trajectory import Best, Trajectory

ACTOR, SUMMARIZER = ActorAnswer().name, SummarizerCaption().name
FROM_ROLLOUT = (DISTILLED, ACTOR, SUMMARIZER)
"""Conditions that book their own rollout's loop (up to acceptance), and take no other one."""


def moved_on(one: Held, key: RolloutKey, rollouts: Rollouts, run: Trajectory | None) -> bool:
    """Whether a reply was decided on a rollout that has come, or ended otherwise, since."""
    now = str(rollouts.head(key)["stop_reason"]) if key in rollouts else ""
    # Another harness's replies to a sample that could not be looked at name no rollout.
    return one.rollout != now and not (run is None and one.counted is None)


def given_otherwise(one: Held, run: Trajectory | None) -> bool:
    """Whether a reply that is known without asking is another than the rollout gives."""
    if one.status != "given" or one.key[1] not in (ACTOR, SUMMARIZER):
        return False
    words = _actor(run) if one.key[1] == ACTOR else _caption(run)
    return one.said != said_hash([(words, "")])


def _actor(run: Trajectory | None) -> str:
    words = one_line(run.actor_answer) if run else ""
    return f"Answer: {words}" if words else ""


def _caption(run: Trajectory | None) -> str:
    passes = [i for i in run.iterations if i.caption] if run else []
    best = (run.best_iteration if run else None) or (passes[-1] if passes else None)
    return (best.caption or "") if best else ""


def booked_otherwise(one: Held, run: Trajectory | None, sample: Sample | None) -> bool:
    """Whether what a reply names as spent before is not what its rollout's loop took."""
    if one.key[1] not in FROM_ROLLOUT or one.status == "missing":
        return False
    if one.status == "failed" and run and sample and _asks_other(run, sample):
        return False  # it failed before its rollout was looked into
    return not took_same(one.booked, counted(loop_calls(run) if run else ()))


def _asks_other(run: Trajectory, sample: Sample) -> bool:
    return " ".join(run.question.split()) != " ".join(sample.asked.split())


def ended_otherwise(run: Trajectory, head: Mapping[str, Any]) -> str:
    """Why a rollout's end is not the one that its scores lead to; empty where it is, or where
    something else than scores ended it."""
    if head["stop_reason"] != run.stop_reason:
        return f"its line says {head['stop_reason']}, its record {run.stop_reason}"
    by_hand = any(i.reviews or i.edited for i in run.iterations)
    if by_hand or run.stop_reason not in ("accepted", "exhausted"):
        return ""
    best, reason = conclude(
        run.iterations,
        threshold=float(run.context.get("threshold", 6.0)),
        keep_best=bool(run.context.get("keep_best", True)),
        inherited=run.parent.iteration if run.parent else 0,
    )
    said, comes = _end(run.stop_reason, run.best), _end(reason, best)
    return "" if said == comes else f"it says {said}, and its scores give {comes}"


def _end(reason: str, best: Best | None) -> str:
    return f"{reason} with pass {best.index}" if best else reason
