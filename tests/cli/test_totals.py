"""What the head of a run says of its models, and what its foot says of calls and cost."""

from collections.abc import Mapping
from typing import Any

import pytest

from aurelia.cli.ending import calls_words, cost_words
from aurelia.cli.header import model_rows
from aurelia.types.trajectory import Parent, Totals, Trajectory, Usage

GPT, GEMINI = "openai:gpt-4o", "google_genai:gemini-2.5-pro"


def _models(roles: Mapping[str, Any]) -> list[str]:
    return [str(item.body) for item in model_rows(roles)]


def test_members_of_the_panel_and_grounded_critics_are_named() -> None:
    roles = {
        "actor": GEMINI,
        "summarizer": GPT,
        "critic": f"grounded:{GPT}",
        "panel": [GEMINI, "mine", f"grounded:{GPT}"],
        "target": None,
    }
    assert _models(roles) == [
        f"{GEMINI} as actor and panel member 1",
        f"{GPT} as summarizer, grounded critic and grounded panel member 3",
        "mine as panel member 2",
    ]


def test_a_run_without_a_panel_names_its_roles() -> None:
    assert _models({"actor": "a", "critic": "a", "target": "b"}) == [
        "a as actor and critic",
        "b as target",
    ]


def _with(trajectory: Trajectory, totals: Totals, *costs: float | None) -> Trajectory:
    """The run with `totals`, and these costs of its first calls; all others cost nothing."""
    calls = [call for i in trajectory.iterations for call in i.calls]
    calls += [call for target in trajectory.targets.values() for call in target.calls]
    for place, call in enumerate(calls):
        call.requested_model = GPT
        call.usage = Usage(cost_usd=costs[place] if place < len(costs) else 0.0)
    return trajectory.model_copy(update={"totals": totals})


def test_calls_are_told_with_what_was_served_tried_again_and_counted(
    trajectory: Trajectory,
) -> None:
    totals = Totals(
        calls=12,
        cached=3,
        retries=1,
        input_tokens=10_000,
        output_tokens=500,
        input_details={"audio": 1500, "image": 4000, "cache_read": 64},
        output_details={"reasoning": 320},
    )
    assert calls_words(_with(trajectory, totals)) == (
        "12 calls, 3 from cache, 1 retry, tokens 10,000 in (of which 1,500 audio, 4,000 image, "
        "64 cache read) and 500 out (of which 320 reasoning)"
    )
    uncounted = _with(trajectory, Totals(calls=1, retries=2))
    assert calls_words(uncounted) == "1 call, 2 retries, tokens not counted"


@pytest.mark.parametrize(
    ("totals", "costs", "words"),
    [
        (Totals(calls=7, cost_usd=0.0123), (0.0123,), "$0.0123"),
        (Totals(calls=7, unpriced=1), (None,), "unknown for 1 call; the others cost nothing"),
        (
            Totals(calls=7, unpriced=3),
            (None, 0.01, None, None, 0.0025),
            "unknown for 3 calls; the others cost $0.0125",
        ),
        (Totals(calls=3, unpriced=3), (None, None, None), "unknown for 3 calls"),
        (Totals(calls=3), (None,), "unknown"),
    ],
)
def test_an_unknown_cost_says_of_how_many_calls(
    trajectory: Trajectory, totals: Totals, costs: tuple[float | None, ...], words: str
) -> None:
    assert cost_words(_with(trajectory, totals, *costs)) == words


def test_what_a_fork_took_over_is_not_its_cost(trajectory: Trajectory) -> None:
    run = _with(trajectory, Totals(calls=4, unpriced=1), 5.0, 5.0, 5.0, None, 0.5)
    run.parent = Parent(id="before", iteration=1)
    assert cost_words(run) == "unknown for 1 call; the others cost $0.5000"
