"""Which iteration is kept, why the loop ended, and how far a log can be replayed."""

from collections.abc import Sequence

from aurelia.types.reasoning import Verdict
from aurelia.types.trajectory import Best, Iteration, StopReason


def accepted_at(
    iterations: Sequence[Iteration], threshold: float, inherited: int = 0
) -> int | None:
    """Index of the first iteration whose score reaches the threshold.

    A fork's own passes come first: whoever forks an accepted run wants another outcome. Only where
    none of them reaches τ does an accepted pass that it inherited stand.

    Args:
        iterations: all passes.
        threshold: τ, 1 to 10.
        inherited: how many of them, from the first, a fork took over.
    """
    reached = [i.index for i in iterations if i.score is not None and i.score >= threshold]
    own = [index for index in reached if index > inherited]
    return min(own or reached, default=None)


def best_so_far(iterations: Sequence[Iteration]) -> Iteration | None:
    """The scored iteration with the highest score; ties: fewer contradictions, then the earlier."""
    scored = [i for i in iterations if i.score is not None]
    if not scored:
        return None
    return max(scored, key=lambda i: (i.score or 0.0, -_contradictions(i), -i.index))


def conclude(
    iterations: Sequence[Iteration],
    *,
    threshold: float,
    keep_best: bool = True,
    inherited: int = 0,
) -> tuple[Best | None, StopReason]:
    """What the loop ends with.

    With a full-depth log the first accepted iteration is kept, as the loop that stops would have.

    Args:
        iterations: all passes.
        threshold: τ, 1 to 10.
        keep_best: whether the best pass is kept where none reached τ.
        inherited: how many passes, from the first, a fork took over.
    """
    accepted = accepted_at(iterations, threshold, inherited)
    if accepted is not None:
        return Best(
            index=accepted, why=f"first to reach the threshold of {threshold:g}"
        ), "accepted"
    if iterations and all(i.reasoning is None for i in iterations):
        return None, "failed"
    best = best_so_far(iterations)
    if best is None or not keep_best:
        return None, "exhausted"
    return (
        Best(index=best.index, why=f"highest score, {best.score:g}, below {threshold:g}"),
        "exhausted",
    )


def replayable_to(
    iterations: Sequence[Iteration], *, threshold: float, max_iterations: int
) -> float:
    """The highest threshold that this log answers without a new call.

    A run that stopped on acceptance says nothing about what a higher threshold would have led to.
    """
    stopped_early = len(iterations) < max_iterations
    return threshold if stopped_early and accepted_at(iterations, threshold) is not None else 10.0


def _contradictions(iteration: Iteration) -> int:
    if not isinstance(iteration.verdict, Verdict):
        return 0
    return sum(claim.status == "contradicted" for claim in iteration.verdict.claims)
