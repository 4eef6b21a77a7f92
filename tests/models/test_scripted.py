"""Scripted and replayed models: the file, what fits what, and what fails."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import HumanMessage

import aurelia
from aurelia.errors import ConfigurationError, ModelError
from aurelia.models.call import call
from aurelia.models.request import Draw
from aurelia.models.scripted import Script, ScriptedReply, dump_script, load_script, script_of
from aurelia.types.trajectory import Trajectory
from tests.models.asking import Shown, ask_now, critic, failure_of, summarizer
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


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a script of these entries; gives its model string."""

    def written(*entries: dict[str, Any], **top: Any) -> str:
        file = tmp_path / "script.yaml"
        file.write_text(yaml.safe_dump({"replies": list(entries), **top}), "utf-8")
        return f"scripted:{file}"

    return written


def test_the_first_entry_that_fits_is_given(write: Any) -> None:
    name = write(
        {"role": "critic", "iteration": 2, "text": "of iteration 2"},
        {"role": "critic", "repeat": 1, "text": "of repeat 1"},
        {"role": "critic", "purpose": "repair", "json": {"score": 5}},
        {"role": "critic", "text": "of any"},
        {"role": "critic", "text": "never reached"},
        model="my-fake",
    )
    expected = [
        (critic(name, draw=Draw(iteration=2)), "of iteration 2"),
        (critic(name, draw=Draw(iteration=2, repeat=1)), "of repeat 1"),
        (critic(name, purpose="repair"), '{"score": 5}'),
        (critic(name, draw=Draw(iteration=3)), "of any"),
        (critic(name), "of any"),
    ]
    for request, text in expected:
        reply = ask_now(request)
        assert reply.text == text
        assert reply.call.reported_model == "my-fake"
        assert reply.call.finish_reason == "stop"


def test_the_two_modes_of_a_target_are_told_apart_by_form(write: Any) -> None:
    name = write(
        {"role": "target", "form": "plan", "text": "with steps"},
        {"role": "target", "form": "zero_shot", "text": "without"},
    )
    clip_less = {"question": QUESTION}
    for inputs, text in (
        (clip_less | {"r_star": None}, "without"),
        (clip_less | {"r_star": "1. Listen.", "form": "plan"}, "with steps"),
    ):
        base = summarizer(name)
        request = type(base)(
            role="target",
            model=name,
            template=base.template,
            variables=base.variables,
            inputs=inputs,
        )
        assert ask_now(request).text == text


def test_a_request_that_the_script_does_not_hold_fails_by_name(write: Any) -> None:
    name = write({"role": "critic", "iteration": 1, "text": "x"})
    failure = failure_of(critic(name, draw=Draw(iteration=2)))
    assert str(failure) == (
        "script.yaml holds no reply for role critic, iteration 2, repeat 0, purpose main; "
        "add one to its replies."
    )
    assert failure.call.error == str(failure)


def test_an_entry_may_fail_on_purpose(write: Any) -> None:
    name = write({"role": "critic", "error": "The critic is out of quota."})
    assert str(failure_of(critic(name))) == "The critic is out of quota."


def test_a_delay_does_not_hold_up_others(write: Any) -> None:
    # The first waits for a minute, and is given up as soon as the second has been answered.
    name = write(
        {"role": "critic", "delay_s": 60, "text": "slow"}, {"role": "summarizer", "text": "fast"}
    )

    async def both() -> str:
        slow = asyncio.create_task(call(critic(name)))
        await asyncio.sleep(0)
        fast = await call(summarizer(name))
        assert not slow.done()
        slow.cancel()
        return fast.text

    assert asyncio.run(both()) == "fast"


def test_a_short_delay_ends(write: Any) -> None:
    name = write({"role": "critic", "delay_s": 0.001, "text": "slow"})
    assert ask_now(critic(name)).text == "slow"
    assert load_script(Path(name.partition(":")[2])).script.replies[0].delay_s == 0.001


def test_a_model_that_computes_is_told_of_the_clip_and_sent_no_frames(
    write: Any, shown: Shown
) -> None:
    reply = ask_now(critic(write({"role": "critic", "text": "x"}), shown))
    assert [p.media for m in reply.call.messages for p in m.parts if p.media] == ["clip"]


def test_outside_of_aurelia_it_says_what_it_needs(write: Any) -> None:
    chat = load_script(Path(write({"role": "critic", "text": "x"}).partition(":")[2]))
    with pytest.raises(ModelError, match=r"call it through aurelia\.reason"):
        chat.invoke([HumanMessage("Hello.")])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "wrong at its top level: Input should be a valid dictionary"),
        ("replies: {}", "wrong at replies: Input should be a valid list"),
        ("replies: [{role: critic}]", "wrong at replies.0: "),
        ("replies: [{role: critic, text: a, error: b}]", "exactly one of text, json and error"),
        ("replies: [{role: judge, text: a}]", "wrong at replies.0.role: Input should be 'actor'"),
        ("replies:\n- {role: critic, text: a}\n- {role: critic, txt: a}", "replies.1.txt: Extra"),
        ("replies: [{role: critic, text: yes}]", "replies.0.text: Input should be a valid string"),
        ("replies: [{role: critic, json: [1]}]", "replies.0.json"),
        ("replies: [{role: critic, text: a, delay_s: -1}]", "replies.0.delay_s: Input should"),
        ("replies:\n  - {role: critic\n", "line 3 is not valid YAML"),
        ("replies: [{role: critic, text: 2020-13-45}]", "holds a value that YAML can't read"),
        ("model: [", "is not valid YAML"),
        (b"replies: [{role: critic, text: \xff}]", "is not UTF-8 text (byte 31)"),
    ],
    ids=str,
)
def test_a_wrong_file_names_the_entry(tmp_path: Path, text: str | bytes, message: str) -> None:
    file = tmp_path / "script.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError, match=re.escape(message)) as caught:
        load_script(file)
    assert "script.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


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
    return _run(shown, _served)


def _served(shown: Shown, roles: dict[str, Any]) -> Trajectory:
    return aurelia.reason(
        shown.clip, QUESTION, {"A": "the tone", "B": "the movement"}, **roles, max_iterations=1
    )


def _run(shown: Shown, run: Any) -> Trajectory:
    with Loopback(*LIVE) as server:
        roles: dict[str, Any] = dict.fromkeys(
            ("actor", "summarizer", "critic", "target"), server.model
        )
        trajectory: Trajectory = run(shown, roles)
        assert len(server.requests) == len(LIVE)
    return trajectory


def test_a_run_becomes_a_script_that_gives_the_same_run(
    recorded: Trajectory, shown: Shown, tmp_path: Path
) -> None:
    file = tmp_path / "recorded.yaml"
    file.write_text(dump_script(script_of(recorded)), "utf-8")
    roles: dict[str, Any] = dict.fromkeys(
        ("actor", "summarizer", "critic", "target"), f"scripted:{file}"
    )
    again = _served(shown, roles)
    assert _outcome(again) == _outcome(recorded)
    assert "request:" not in file.read_text("utf-8")


def test_a_replay_gives_the_same_run_without_a_server(
    recorded: Trajectory, shown: Shown, tmp_path: Path
) -> None:
    roles: dict[str, Any] = dict.fromkeys(
        ("actor", "summarizer", "critic", "target"), _saved(recorded, tmp_path)
    )
    assert _outcome(_served(shown, roles)) == _outcome(recorded)


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
