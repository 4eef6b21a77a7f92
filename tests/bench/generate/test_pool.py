"""What is made, in which order, how much at once, and what a bug in one rollout does."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aurelia
from aurelia.bench.generate.order import Order, Variant, make_variants
from aurelia.bench.generate.pool import Bounds
from aurelia.bench.generate.rollout import roll_out as as_ever
from aurelia.bench.generate.run import generate
from aurelia.bench.generate.tally import OUTCOMES, Tally, outcome
from aurelia.bench.rollouts import HEAD, RolloutKey, RolloutLine, open_rollouts
from aurelia.bench.sample import read_samples, write_samples
from aurelia.models import registry
from tests.bench.generate.serving import models, wire
from tests.bench.samples import make_sample
from tests.cli.records import make_trajectory
from tests.clips import make_clip
from tests.scripts import actor, caption, everyone, script, verdict

KEY_OF_ONE = RolloutKey("one")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A samples file of eight."""
    make_clip(tmp_path / "one.mp4", 0.5, width=64, height=48, fps=10, sounds=[(0.2, 0.4)])
    listed = [make_sample(id=f"s{n}", question=f"What sounds {n} times?") for n in range(8)]
    write_samples(tmp_path / "samples.jsonl", listed)
    return tmp_path / "samples.jsonl"


@given(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3))
def test_an_order_is_each_sample_in_each_variant_as_often_as_asked(
    samples: int, variants: int, repeats: int
) -> None:
    listed = [make_sample(id=f"s{n}") for n in range(samples)]
    (made,) = make_variants({}, {})
    named = [Variant(f"v{n}", made.context, made.prompts) for n in range(variants)]
    order = Order(Path("s.jsonl"), listed, named, repeats)
    keys = list(order.rollouts())
    assert len(keys) == len(set(keys)) == len(order) == samples * variants * repeats
    assert [key.repeat for key in keys] == sorted(key.repeat for key in keys)
    assert {key.sample_id for key in keys[:variants]} == {"s0"}


def test_no_more_rollouts_are_under_way_than_told(path: Path, tmp_path: Path) -> None:
    with wire(together=3) as server:  # fewer would wait for ever
        order = Order(path, read_samples(path)[:6], make_variants({}, models(server)))
        ended = generate(order, order.samples, tmp_path / "out", Bounds(at_once=3))
        assert ended.tally.outcomes == {"accepted": 6}
        assert server.most_at_once == 3


def test_a_bug_is_raised_when_the_other_rollouts_have_ended(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def roll_out(sample: Any, key: Any, variant: Any) -> aurelia.Trajectory:
        if sample.id == "s1":
            raise ZeroDivisionError("nobody foresaw this")
        return await as_ever(sample, key, variant)

    monkeypatch.setattr("aurelia.bench.generate.pool.roll_out", roll_out)
    model = script(tmp_path, [actor(), caption("A tone."), verdict(9)])
    order = Order(path, read_samples(path), make_variants({}, everyone(model)))
    with pytest.raises(ZeroDivisionError):
        generate(order, order.samples, tmp_path / "out", Bounds(at_once=2))
    kept = {key.sample_id for key in open_rollouts(tmp_path / "out").keys}
    assert kept == {f"s{n}" for n in range(8)} - {"s1"}


def test_file_and_environment_change_nothing_in_a_run_that_has_begun(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_registered", {})
    model = script(tmp_path, [actor(), caption("A tone."), verdict(7)])
    order = Order(path, read_samples(path)[:1], make_variants({}, everyone(model)))
    monkeypatch.setenv("AURELIA_THRESHOLD", "9")
    monkeypatch.setenv("AURELIA_MAX_ITERATIONS", "1")
    generate(order, order.samples, tmp_path / "out", Bounds())
    run = open_rollouts(tmp_path / "out").get("s0")
    assert run is not None
    assert (run.stop_reason, run.context["threshold"]) == ("accepted", 6.0)


@given(st.lists(st.tuples(st.sampled_from(OUTCOMES), st.integers(0, 3), st.integers(0, 3))))
def test_a_tally_adds_up_and_takes_back(heads: list[tuple[str, int, int]]) -> None:
    made: list[dict[str, Any]] = [
        dict.fromkeys(HEAD, 0)
        | {"stop_reason": "exhausted" if reason == "unscored" else reason}
        | {"passes": max(passes, unscored), "unscored": unscored, "paid_usd": 0.25, "calls": 2}
        | {"worth_usd": None if passes == 3 else passes * 0.25}
        for reason, passes, unscored in heads
    ]
    tally = Tally()
    for head in made:
        tally.add(head)
    assert tally.done == len(made)
    assert tally.outcomes == Counter(outcome(head) for head in made)
    assert (tally.paid_usd, tally.calls) == (0.25 * len(made), 2 * len(made))
    worth = [0.25 if head["worth_usd"] is None else head["worth_usd"] for head in made]
    assert (tally.worth_usd, tally.charged_usd) == (sum(worth), sum(max(0.25, w) for w in worth))
    for head in made:
        tally.add(head, -1)
    assert (tally.done, tally.paid_usd, tally.calls, tally.passes) == (0, 0, 0, 0)
    assert (tally.worth_usd, tally.charged_usd, tally.unlisted) == (0, 0, 0)


def test_a_rollout_without_any_score_is_unscored() -> None:
    run = make_trajectory()
    for iteration in run.iterations:
        iteration.verdict = aurelia.Unscored(reason="no number in it", raw="hm")
    line = RolloutLine.of(
        KEY_OF_ONE, run.model_copy(update={"stop_reason": "exhausted", "best": None})
    )
    assert outcome(line.model_dump()) == "unscored"
    run.iterations[0].verdict = make_trajectory().iterations[0].verdict
    line = RolloutLine.of(KEY_OF_ONE, run.model_copy(update={"stop_reason": "exhausted"}))
    assert outcome(line.model_dump()) == "exhausted"


@pytest.mark.parametrize(
    ("paid", "unpriced", "said"),
    [
        (0.0, 0, "$0"),
        (0.012, 0, "$0.0120"),
        (12.3, 0, "$12.30"),
        (0.0, 1, "1 call of unknown price"),
        (1.5, 2, "$1.50 + 2 calls of unknown price"),
    ],
)
def test_what_is_not_known_of_a_cost_is_said(paid: float, unpriced: int, said: str) -> None:
    known = Tally(paid_usd=paid, unpriced=unpriced, worth_usd=paid, unlisted=unpriced)
    assert known.cost == said
