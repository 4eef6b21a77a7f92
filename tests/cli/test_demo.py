"""`aurelia demo` does what it says, and fails where it must."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from aurelia.cli.demo import LIE, lie_was_caught, with_lie
from aurelia.saved import load_run
from aurelia.types.reasoning import Claim, Unscored, Verdict

Typed = Callable[..., Result]


def test_the_demo_shows_the_whole_mechanism(typed: Typed) -> None:
    result = typed("demo", "--save", "run")
    assert result.exit_code == 0, result.output
    run = load_run(Path("run"))
    assert run.stop_reason == "accepted"
    (target,) = run.targets.values()
    assert target.zero_shot is not None
    assert target.distilled is not None
    assert target.zero_shot.text == "I can't tell"
    assert target.distilled.text.lower() == "the movement"
    assert "The critic rejected it" in result.stdout
    assert "no claim about the paper's gains" in result.stdout


def test_the_demo_prints_json_alone(typed: Typed) -> None:
    result = typed("demo", "--json")
    assert result.exit_code == 0, result.output
    assert json.loads(result.stdout)["stop_reason"] == "accepted"
    assert "What happened" in result.stderr


def test_a_lie_that_passes_makes_the_demo_fail(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aurelia.cli.demo.LIE", "The movement starts before the sound.")
    result = typed("demo")
    assert result.exit_code == 1
    assert "let it pass: the demo failed" in result.stdout


def test_the_lie_takes_the_place_of_the_conclusion() -> None:
    assert with_lie("Sound is heard. It is first.", "It is first.") == f"Sound is heard. {LIE}"
    assert with_lie("Sound is heard. ", "It is first.") == f"Sound is heard. {LIE}"
    assert with_lie("Sound is heard. ", "") == f"Sound is heard. {LIE}"


def _verdict(score: float, status: str) -> Verdict:
    claim = Claim.model_validate({"id": "k", "text": "t", "status": status})
    return Verdict(score=score, raw_score=score, claims=[claim])


@pytest.mark.parametrize(
    ("verdict", "caught"),
    [
        (_verdict(3, "contradicted"), True),
        (_verdict(6, "contradicted"), False),
        (_verdict(3, "unverifiable"), False),
        (Unscored(reason="no number"), False),
        (None, False),
    ],
)
def test_a_lie_is_caught_by_a_contradiction_and_a_low_score(
    verdict: Verdict | Unscored | None, caught: bool
) -> None:
    assert lie_was_caught(verdict, threshold=6) is caught
