"""Scores edited into a thread's state: they decide, and the record says whose they are."""

from collections.abc import Mapping, Sequence
from typing import Any

from aurelia.types.trajectory import Iteration


def rescored(
    state: Mapping[str, Any], iterations: Sequence[Iteration], inherited: int = 0
) -> tuple[list[Iteration], list[str]]:
    """The passes, marked where their score is neither the critic's nor a review's; and a sentence
    for each of them.

    Args:
        state: of the run; `scores` holds what critics and reviews gave, by pass.
        iterations: all passes, with their calls.
        inherited: how many of them, from the first, a fork took over.
    """
    given = state.get("scores") or {}
    passes, said = [], []
    for each in iterations:
        before = _given(given, each, inherited)
        if each.score != before:
            edited = [*each.edited, *(["score"] if "score" not in each.edited else [])]
            each = each.model_copy(update={"edited": edited})
            said.append(
                f"The score of pass {each.index} was changed from {_word(before)} to "
                f"{_word(each.score)} in the thread's state, by neither the critic nor a review."
            )
        passes.append(each)
    return passes, said


def _given(given: Mapping[str, Any], each: Iteration, inherited: int) -> float | None:
    """The score that a critic or a review gave; what a pass holds, where that isn't known."""
    if str(each.index) in given:
        score: float | None = given[str(each.index)]
        return score
    asked = any(call.role == "critic" for call in each.calls)
    return each.score if asked or each.index <= inherited else None


def _word(score: float | None) -> str:
    return "none" if score is None else f"{score:g}"
