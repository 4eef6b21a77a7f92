"""Assemble the trajectory of a finished run from state."""

import time
from collections.abc import Sequence
from typing import Any

from aurelia.errors import MediaError
from aurelia.evaluators.grounding import MEASURING
from aurelia.evaluators.selection import accepted_at, replayable_to
from aurelia.graph.context import Context
from aurelia.graph.state import Json, State, texts_so_far
from aurelia.models.adapters.check import sent_form
from aurelia.models.adapters.structured import measures
from aurelia.models.registry import GROUNDED, ResolvedModel, resolve_model
from aurelia.models.usage import totals_of
from aurelia.nodes.evidence import taken_in
from aurelia.nodes.parsed import clip_of
from aurelia.types.clip import Clip
from aurelia.types.trajectory import (
    Best,
    Iteration,
    LeakSpan,
    Role,
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
    clip = clip_of(state["clip"])
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
        clip=clip,
        question=state["question"],
        options=state.get("options"),
        media={**state.get("media", {}), **given_media(context, clip)},
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
            for key, value in {**texts_so_far(state, "templates"), **templates}.items()
        },
        texts={**texts_so_far(state, "texts"), **texts},
        warnings=state.get("warnings", []),
        totals=totals_of(
            calls,
            seconds=round(max(0.0, time.time() - run["started_at"]), 3),
            accepted_at=state.get("approved") or accepted_at(iterations, context.threshold, before),
        ),
        replayable_to=replayable_to(
            iterations, threshold=context.threshold, max_iterations=context.max_iterations
        ),
    )


def given_media(context: Context, clip: Clip) -> dict[str, Any]:
    """In which form each role is given the clip, which senses reach it by that, and who measures.

    Members of the panel are `panel 1`, `panel 2` …
    """
    sent, senses = {"summarizer": "no media"}, {}
    measuring: list[str] = []
    roles: list[tuple[Role, str | None, int]] = [
        ("actor", context.actor, 0),
        ("critic", context.critic, 0),
        *(("critic", name, number) for number, name in enumerate(context.panel, 1)),
        ("target", context.target, 0),
    ]
    for role, name, member in roles:
        if name:
            model = resolve_model(name.removeprefix(GROUNDED))
            who = f"panel {member}" if member else role
            sent[who] = _form(model, clip, grounded=name.startswith(GROUNDED))
            senses[who] = sorted(taken_in(model, role, member))
            measuring += [who] if measures(model, role, member) else []
    return {"sent": sent, "senses": senses, "measures": measuring}


def _form(model: ResolvedModel, clip: Clip, *, grounded: bool) -> str:
    try:
        form = sent_form(model, clip)
    except MediaError as error:  # the file went away meanwhile: no reason to lose the record
        return f"unknown: {error}"
    return f"{form}; measured by {MEASURING} as well" if grounded else form


def inherited(state: State) -> int:
    """How many passes a fork took over from its parent; 0 for a run of its own."""
    parent = state["run"]["parent"]
    return int(parent["iteration"]) if parent else 0
