"""What `aurelia bench run` says of its cost."""

from collections.abc import Callable
from pathlib import Path

from tests.bench.run.study import follower, make_study, target
from tests.cli.conftest import Typed
from tests.models.wire.server import Wire


def command(model: str) -> list[str]:
    """A run without controls."""
    words = ["bench", "run", "samples.jsonl", "--targets", model, "--r-star", "rollouts"]
    return [*words, "-o", "out", "--controls", "none"]


def test_calls_of_unknown_price_are_not_said_to_be_free(tmp_path: Path, typed: Typed) -> None:
    make_study(tmp_path, {"a": [(9.0, True)], "b": [(3.0, False)]})
    with Wire(follower) as server:
        shown = typed(*command(target(server)))
        assert shown.exit_code == 0, shown.output
        assert len(server.calls) == 3  # two zero-shot, one with steps
        again = typed(*command(target(server)))
        assert len(server.calls) == 3
    said = "3 calls of unknown price"
    assert f"0 failed; {said}" in shown.stderr
    assert f"0 failed; {said})" in again.stderr  # what is there already
    assert "$0" not in shown.stderr + again.stderr


def test_calls_of_known_price_are_added_up(
    tmp_path: Path, typed: Typed, configured: Callable[[str], Path]
) -> None:
    make_study(tmp_path, {"a": [(9.0, True)], "b": [(3.0, False)]})
    with Wire(follower) as server:  # 11 tokens in and 7 out a call
        price = "price = { input = 10000, output = 20000 }"
        configured(f'[models.mine]\nbase_url = "{server.openai}"\nmodel = "one"\n{price}\n')
        shown = typed(*command("mine"))
    assert "0 failed; $0.75" in shown.stderr
    assert "unknown price" not in shown.stderr
