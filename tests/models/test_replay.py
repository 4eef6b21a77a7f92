"""Recorded runs as scripts: they survive being written, and give the same run again."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import aurelia
from aurelia.models.replay import dump_script, script_of
from aurelia.models.scripted import Script, ScriptedReply, load_script
from aurelia.types.trajectory import Trajectory
from tests.models.asking import Shown
from tests.models.loopback import Loopback, says

QUESTION = "Which comes first, the tone or the movement?"
ACTOR = {"steps": [{"text": "Listen for the tone."}], "findings": "A tone.", "answer": "movement"}
# The critic was shown frames alone: that it calls a tone supported counts for nothing.
VERDICT = {"score": 8, "claims": [{"text": "A tone.", "status": "supported", "modality": "audio"}]}
LIVE = (
    says(json.dumps(ACTOR)),
    says("A tone sounds."),
    says("no JSON at all"),
    says(json.dumps(VERDICT)),
    says("Answer: the tone", finish_reason="length"),
    says("Answer: the movement"),
)

printable = st.text(st.characters(exclude_categories=["Cs"]))
outcomes = st.one_of(
    printable.map(lambda text: {"text": text}),
    printable.map(lambda text: {"error": text}),
    st.dictionaries(printable, printable | st.booleans() | st.integers()).map(
        lambda value: {"json": value}
    ),
)
entries = st.builds(
    lambda outcome, **fixed: ScriptedReply.model_validate(fixed | outcome),
    outcomes,
    role=st.sampled_from(["actor", "summarizer", "critic", "target"]),
    iteration=st.none() | st.integers(1, 9),
    repeat=st.integers(0, 3),
    purpose=st.sampled_from(["main", "repair", "panel"]),
    form=st.sampled_from([None, "zero_shot", "plan"]),
    delay_s=st.sampled_from([0.0, 0.5]),
    finish_reason=st.sampled_from(["stop", "length"]),
)


shown_senses = st.dictionaries(
    st.sampled_from(["actor", "critic"]),
    st.lists(st.sampled_from(["visual", "audio"]), unique=True),
)


@given(
    script=st.builds(
        Script, model=printable, shown=shown_senses, replies=st.lists(entries, max_size=4)
    )
)
def test_a_script_survives_being_written(
    script: Script, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.getbasetemp() / "round.yaml"
    file.write_text(dump_script(script), "utf-8", newline="")
    assert load_script(file).script == script


@pytest.fixture
def recorded(shown: Shown, ledger_path: Path) -> Trajectory:
    """A run of models behind a server, with a repair and a target that was cut off."""
    with Loopback(*LIVE) as server:
        run = _reason(shown, server.model)
        assert len(server.requests) == len(LIVE)
    return run


def _reason(shown: Shown, model: str) -> Trajectory:
    roles: dict[str, Any] = dict.fromkeys(("actor", "summarizer", "critic", "target"), model)
    # The critic is sent frames and speaks of a sound, so its score is bounded; τ is below that.
    return aurelia.reason(
        shown.clip,
        QUESTION,
        {"A": "the tone", "B": "the movement"},
        max_iterations=1,
        threshold=5,
        **roles,
    )


def test_a_run_becomes_a_script_that_gives_the_same_run(
    recorded: Trajectory, shown: Shown, tmp_path: Path
) -> None:
    file = tmp_path / "recorded.yaml"
    file.write_text(dump_script(script_of(recorded)), "utf-8")
    again = _reason(shown, f"scripted:{file}")
    assert _outcome(again) == _outcome(recorded)
    assert "request:" not in file.read_text("utf-8")


def test_a_replay_gives_the_same_run_without_a_server(
    recorded: Trajectory, shown: Shown, tmp_path: Path
) -> None:
    assert _outcome(_reason(shown, _saved(recorded, tmp_path))) == _outcome(recorded)


def test_a_replay_fails_where_the_prompt_is_another(
    recorded: Trajectory, shown: Shown, tmp_path: Path
) -> None:
    roles: dict[str, Any] = dict.fromkeys(
        ("actor", "summarizer", "critic"), _saved(recorded, tmp_path)
    )
    changed = aurelia.reason(shown.clip, f"{QUESTION} Look twice.", **roles, max_iterations=1)
    assert changed.stop_reason == "failed"
    assert "or its prompt differs from the recorded one" in changed.stop_detail
    assert changed.iterations[0].calls[0].error == changed.stop_detail


def _saved(trajectory: Trajectory, directory: Path) -> str:
    (directory / "trajectory.json").write_text(trajectory.model_dump_json(), "utf-8")
    return f"replay:{directory}"


def _outcome(run: Trajectory) -> dict[str, Any]:
    """What a run came to, without who was asked and when."""
    target = next(iter(run.targets.values()))
    calls = [call for iteration in run.iterations for call in iteration.calls] + target.calls
    return {
        "stop": (run.stop_reason, run.best, run.actor_answer),
        "iterations": [(i.reasoning, i.caption, i.verdict) for i in run.iterations],
        "answers": (target.zero_shot, target.distilled),
        "calls": [
            (c.role, c.purpose, c.prompt, c.request, run.texts[c.raw], c.finish_reason, c.parsed_as)
            for c in calls
        ],
    }


def test_the_recorded_run_is_the_one_that_these_tests_are_about(recorded: Trajectory) -> None:
    outcome = _outcome(recorded)
    assert outcome["stop"][0] == "accepted"
    ((_, _, verdict),) = outcome["iterations"]
    assert verdict.claims[0].status == "unverifiable"
    assert [(role, purpose) for role, purpose, *_ in outcome["calls"]] == [
        ("actor", "main"),
        ("summarizer", "main"),
        ("critic", "main"),
        ("critic", "repair"),
        ("target", "main"),
        ("target", "main"),
    ]
    assert [reason for *_, reason, _ in outcome["calls"]].count("length") == 1
