"""Records for tests of evaluators, built briefly."""

from typing import Any

from hypothesis import strategies as st

from aurelia.types.reasoning import Claim, ClaimStatus, Reasoning, Step, Unscored, Verdict
from aurelia.types.trajectory import Iteration


def steps(*texts: str) -> list[Step]:
    """Steps s1, s2, …"""
    return [Step(id=f"s{n}", text=text) for n, text in enumerate(texts, start=1)]


def claims(*statuses: ClaimStatus, **more: Any) -> list[Claim]:
    """Claims k1.1, k1.2, … of these statuses."""
    return [
        Claim(id=f"k1.{n}", text="A claim.", status=status, **more)
        for n, status in enumerate(statuses, start=1)
    ]


def verdict(score: float, *statuses: ClaimStatus, **more: Any) -> Verdict:
    """A verdict with claims of these statuses."""
    return Verdict(score=score, raw_score=score, claims=claims(*statuses), **more)


def iteration(index: int, score: float | None = None, contradictions: int = 0) -> Iteration:
    """A pass that was scored, or not."""
    given: Verdict | Unscored = Unscored(reason="no score")
    if score is not None:
        statuses: list[ClaimStatus] = ["contradicted"] * contradictions
        given = verdict(score, *statuses)
    return Iteration(index=index, reasoning=Reasoning(steps=steps("Look.")), verdict=given)


scores = st.none() | st.sampled_from([1.0, 4.0, 5.5, 6.0, 9.0]) | st.floats(1, 10)
runs = st.lists(st.tuples(scores, st.integers(0, 2)), max_size=6).map(
    lambda passes: [iteration(n, *given) for n, given in enumerate(passes, start=1)]
)
"""Passes 1, 2, …, each scored or not, with a few contradictions."""
