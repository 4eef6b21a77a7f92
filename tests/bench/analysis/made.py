"""Trajectories made by hand: what the loop would have written, without running it."""

from collections.abc import Sequence
from typing import Any

from aurelia.bench.sample import Sample
from aurelia.evaluators.selection import accepted_at, conclude, replayable_to
from aurelia.models.usage import totals_of
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Reasoning, Step, Unscored, Verdict
from aurelia.types.trajectory import Call, Iteration, Trajectory, Usage
from tests.bench.samples import make_sample

Marks = Sequence[tuple[float | None, bool]]
"""Of each pass: the critic's score, None for unscored, and whether the actor's answer is right."""


def sample(name: str = "s0", **changes: Any) -> Sample:
    """A sample whose answer is B."""
    return make_sample(**{"id": name, "video_id": f"v-{name}", **changes})


def made(
    of: Sample,
    marks: Marks,
    *,
    threshold: float = 6.0,
    stops: bool = False,
    most: int | None = None,
    **changes: Any,
) -> Trajectory:
    """A rollout. With `stops` it ends on acceptance, as the loop does.

    Args:
        of: the sample.
        marks: what each pass would bring, were it made.
        most: passes at most; None: as many as there are marks.
    """
    most = len(marks) if most is None else most
    iterations: list[Iteration] = []
    for index, (score, right) in enumerate(marks[:most], start=1):
        iterations.append(_pass(of, index, score, right))
        if stops and score is not None and score >= threshold:
            break
    best, reason = conclude(iterations, threshold=threshold)
    calls = [call for i in iterations for call in i.calls]
    about = changes.pop("about", {})
    fields: dict[str, Any] = {
        "id": f"run-{of.id}-{about.get('variant', 'default')}-{about.get('repeat', 0)}",
        "code_version": "test",
        "sample": {"id": of.id, "task": of.task, "repeat": 0, **about},
        "clip": Clip(
            path=of.clip,
            sha256="0" * 64,
            size_bytes=1,
            duration_s=3,
            has_video=True,
            has_audio=True,
        ),
        "question": of.asked,
        "options": of.options,
        "context": {
            "threshold": threshold,
            "max_iterations": most,
            "stop_when": "accepted" if stops else "never",
            "keep_best": True,
            "r_star_form": "plan",
            "actor": "scripted:x",
            "critic": "scripted:x",
            "panel": [],
        },
        "iterations": iterations,
        "best": best,
        "stop_reason": reason,
        "totals": totals_of(calls, seconds=1.0, accepted_at=accepted_at(iterations, threshold)),
        "replayable_to": replayable_to(iterations, threshold=threshold, max_iterations=most),
    }
    return Trajectory.model_validate({**fields, **changes})


def _pass(of: Sample, index: int, score: float | None, right: bool) -> Iteration:
    calls = [
        Call.model_validate(
            {
                "id": f"{index}-{role}",
                "iteration": index,
                "role": role,
                "requested_model": "scripted:x",
                "prompt": f"{role}@0",
                "usage": Usage(input_tokens=100, output_tokens=10, cost_usd=0.01),
            }
        )
        for role in ("actor", "summarizer", "critic")
    ]
    letters = list(of.options or {})
    truth = of.ground_truth[0]
    wrong = next((letter for letter in letters if letter != truth), "nothing")
    return Iteration(
        index=index,
        reasoning=Reasoning(
            steps=[Step(id="s1", text=f"Look at it for the time number {index}.")],
            findings="Something.",
            answer=truth if right else wrong,
        ),
        caption=f"Caption {index}.",
        verdict=Unscored(reason="no number in the reply")
        if score is None
        else Verdict(score=score, raw_score=score),
        calls=calls,
    )
