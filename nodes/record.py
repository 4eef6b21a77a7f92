"""Assemble the trajectory of a finished run from state."""

import time
from collections.abc import Sequence
from typing import Any

from aurelia.evaluators.selection import accepted_at, replayable_to
from aurelia.graph.context import Context
from aurelia.graph.state import Json, State
from aurelia.models.registry import GROUNDED, resolve_model
from aurelia.models.usage import totals_of
from aurelia.types.clip import Clip
from aurelia.types.trajectory import (
    Best,
    Iteration,
    LeakSpan,
    StopReason,
    TargetRecord,
    TemplateRecord,
    Trajectory,
)


def assemble(
    state: State,
    context: Context,
    *,
    iterations: Sequence[Iteration],
    best: Best | None,
    stop_reason: StopReason,
    stop_detail: str,
    leaks: Sequence[LeakSpan],
    targets: dict[str, TargetRecord],
    texts: Json,
    templates: Json,
) -> Trajectory:
    """The whole record. `texts` and `templates` join those that state holds."""
    run = state["run"]
    before = inherited(state)
    calls = [call for i in iterations if i.index > before for call in i.calls]
    calls += [call for target in targets.values() for call in target.calls]
    kept = next((i for i in iterations if best and i.index == best.index), None)
    last = next((i for i in reversed(iterations) if i.reasoning), None)
    answering = kept or last
    return Trajectory(
        id=run["id"],
        parent=run["parent"],
        code_version=run["code_version"],
        sample=state.get("sample"),
        clip=Clip.model_validate(state["clip"]),
        question=state["question"],
        options=state.get("options"),
        media={**state.get("media", {}), "sent": _sent(context)},
        context=context.model_dump(mode="json") | {"r_star_form": context.r_star},
        iterations=list(iterations),
        best=best,
        stop_reason=stop_reason,
        stop_detail=stop_detail,
        actor_answer=answering.reasoning.answer if answering and answering.reasoning else "",
        targets=targets,
        leaks=list(leaks),
        templates={
            key: TemplateRecord.model_validate(value)
            for key, value in {**state.get("templates", {}), **templates}.items()
        },
        texts={**state.get("texts", {}), **texts},
        warnings=state.get("warnings", []),
        totals=totals_of(
            calls,
            seconds=round(max(0.0, time.time() - run["started_at"]), 3),
            accepted_at=state.get("approved")
            or accepted_at(iterations, context.threshold, before),
        ),
        replayable_to=replayable_to(
            iterations, threshold=context.threshold, max_iterations=context.max_iterations
        ),
    )


def _sent(context: Context) -> dict[str, Any]:
    """In which form each role got the clip."""
    forms: dict[str, Any] = {"summarizer": "no media"}
    for role in ("actor", "critic", "target"):
        name = getattr(context, role)
        if name:
            model = resolve_model(name.removeprefix(GROUNDED))
            form = model.takes.describe().partition("; context:")[0]
            forms[role] = "the clip, to measure" if model.computes else form
    return forms


def inherited(state: State) -> int:
    """How many passes a fork took over from its parent; 0 for a run of its own."""
    parent = state["run"]["parent"]
    return int(parent["iteration"]) if parent else 0
