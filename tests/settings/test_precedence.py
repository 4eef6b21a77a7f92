"""Explicit beats file beats environment beats preset beats default, on every road."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from langgraph.checkpoint.memory import InMemorySaver

import aurelia
from aurelia.errors import ConfigurationError
from aurelia.graph.context import PRESETS, Context, make_context
from aurelia.graph.sync import run_sync
from aurelia.settings import configuration, refresh_configuration
from tests.clips import ordinary
from tests.scripts import actor, caption, everyone, script, target, verdict

Write = Callable[[str], Path]
ORDER = ("explicit", "file", "environment", "preset", "default")
# A setting, its default, and a value for each other source.
FIELDS: dict[str, dict[str, Any]] = {
    "threshold": {"explicit": 9.0, "file": 8.0, "environment": 7.0},
    "max_iterations": {"explicit": 4, "file": 3, "environment": 2},
    "max_frames": {"explicit": 12, "file": 11, "environment": 10},
    "keep_best": {"explicit": True, "file": True, "environment": True},
    "actor": {"explicit": "openai:a", "file": "openai:b", "environment": "openai:c"},
}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    st.sampled_from(sorted(FIELDS)),
    st.sets(st.sampled_from(["explicit", "file", "environment"])),
    st.sampled_from([None, "explicit", "file", "environment"]),
)
def test_the_highest_source_that_says_something_wins(
    configured: Write, name: str, said_by: set[str], preset_by: str | None
) -> None:
    values = FIELDS[name]
    sources: dict[str, dict[str, Any]] = {
        source: ({name: values[source]} if source in said_by else {})
        | ({"preset": "published"} if source == preset_by else {})
        for source in ("explicit", "file", "environment")
    }
    preset = PRESETS["published"] if preset_by else {}
    expected = Context.model_fields[name].default
    winner = "default"
    if name in preset:
        expected, winner = preset[name], "preset published"
    for source in reversed(ORDER[:3]):
        if source in said_by:
            expected, winner = values[source], source
    with pytest.MonkeyPatch.context() as patch:
        lines = "".join(f"{k} = {_toml(v)}\n" for k, v in sources["file"].items())
        file = configured(f"[run]\n{lines}")
        for key, value in sources["environment"].items():
            patch.setenv(f"AURELIA_{key.upper()}", str(value))
        context = make_context(**sources["explicit"])
        assert getattr(context, name) == expected
        told = {"file": f"{file} [run]", "environment": f"AURELIA_{name.upper()}"}
        assert context.sources[name] == told.get(winner, winner)
        assert context.preset == ("published" if preset_by else "default")
        # What nobody said explicitly must not change a run that goes on.
        assert context.model_fields_set == set(sources["explicit"])
        context.max_seconds = 5  # an assignment validates anew, and keeps the rest
        assert getattr(context, name) == expected


def _toml(value: Any) -> str:
    return str(value).lower() if isinstance(value, (bool, int, float)) else f'"{value}"'


def test_values_of_the_environment_are_read_by_their_type(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "AURELIA_THRESHOLD": "7.5",
        "AURELIA_USE_CACHE": "off",
        "AURELIA_SEED": "3",
        "AURELIA_PANEL": "openai:a, openai:b",
        "AURELIA_ACTOR_SAMPLING": '{"temperature": 0}',
        "AURELIA_MAX_COST": "0.5",
        "AURELIA_TARGET": "",  # as if it were not set
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    context = make_context()
    assert (context.threshold, context.use_cache, context.seed) == (7.5, False, 3)
    assert (context.panel, context.actor_sampling) == (["openai:a", "openai:b"], {"temperature": 0})
    assert (context.max_cost, context.target) == (0.5, None)
    monkeypatch.setenv("AURELIA_PANEL", '["openai:a,b"]')
    assert make_context().panel == ["openai:a,b"]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("THRESHOLD", "high", "input should be a valid number"),
        ("THRESHOLD", "11", "input should be less than or equal to 10"),
        ("USE_CACHE", "perhaps", "valid boolean"),
        ("EVIDENCE", "some", "input should be 'off'"),
        ("ACTOR_SAMPLING", "temperature=0", 'give JSON, such as {"temperature": 0}'),
        ("PANEL", "[openai:a]", 'give JSON, such as ["a", "b"]'),
    ],
)
def test_a_wrong_variable_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"AURELIA_{name}", value)
    with pytest.raises(ConfigurationError) as caught:
        make_context()
    assert str(caught.value).startswith(f"AURELIA_{name} is {value!r}; ")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("treshold = 7", "there is no setting 'treshold'; did you mean 'threshold'?"),
        ('threshold = "7"', "threshold is '7'; input should be a valid number"),
        ("threshold = 11", "threshold is 11; input should be less than or equal to 10"),
        ("max_iterations = 2.5", "max_iterations is 2.5; input should be a valid integer"),
        ("use_cache = 1", "use_cache is 1; input should be a valid boolean"),
        ('panel = "openai:a"', "panel is 'openai:a'; input should be a valid list"),
        ('prompt_pins = ["a@0"]', "write prompt_pins as pins in the table [prompts]"),
    ],
)
def test_a_wrong_setting_of_the_file_is_named(configured: Write, text: str, said: str) -> None:
    file = configured(f"[run]\n{text}\n")
    with pytest.raises(ConfigurationError) as caught:
        make_context()
    assert f"{file} [run]: {said}" in str(caught.value)


def test_an_explicit_nothing_is_something(configured: Write) -> None:
    configured('[run]\ntarget = "openai:a"\nmax_cost = 1\n[prompts]\npins = ["repair@00"]\n')
    context = make_context(target=None, max_cost=None, prompt_pins=[])
    assert (context.target, context.max_cost, context.prompt_pins) == (None, None, [])


def test_a_file_that_went_wrong_leaves_the_last_one_in_force(configured: Write) -> None:
    """A run under way goes on; one that would begin is refused."""
    file = configured('[models.m]\nmodel = "openai:gpt-4o"\n')
    make_context()
    file.write_text("[models.m]\n")
    with pytest.raises(ConfigurationError, match="it has no model"):
        make_context()
    assert configuration().models["m"].model == "openai:gpt-4o"


def test_paths_of_the_file_begin_where_it_stands(configured: Write) -> None:
    file = configured(
        '[run]\nprompts = "mine"\nactor = "scripted:a.yaml"\npanel = ["grounded:scripted:b.yaml"]\n'
        '[models.s]\nmodel = "replay:runs/x"\n'
    )
    context, here = make_context(), file.parent
    assert context.prompts == str(here / "mine")
    assert context.actor == f"scripted:{here}/a.yaml"
    assert context.panel == [f"grounded:scripted:{here}/b.yaml"]
    assert refresh_configuration().models["s"].model == f"replay:{here}/runs/x"
    configured('[run]\nprompts = "published"\n')
    assert make_context().prompts == "published"


@pytest.fixture
def scripted(tmp_path: Path) -> str:
    """A model for every role: its critic gives 7 of 10."""
    return script(tmp_path, [actor(), caption("A tone."), verdict(7), target("Answer: A tone")])


@pytest.fixture
def clip(tmp_path: Path) -> str:
    return str(ordinary(tmp_path))


def _in_file(scripted: str, **more: Any) -> str:
    lines = [f"{k} = {_toml(v)}" for k, v in {**everyone(scripted), **more}.items()]
    return "[run]\n" + "\n".join(lines) + "\n"


def test_reason_critique_and_answer_take_what_is_configured(
    configured: Write, scripted: str, clip: str
) -> None:
    configured(_in_file(scripted, threshold=8, max_iterations=2))
    run = aurelia.reason(clip, "What sounds?")
    assert (run.stop_reason, len(run.iterations), run.context["actor"]) == (
        "exhausted",
        2,
        scripted,
    )
    assert aurelia.reason(clip, "What sounds?", threshold=6).stop_reason == "accepted"
    judged = aurelia.critique(clip, "A tone.")
    assert isinstance(judged, aurelia.Verdict)
    assert judged.score == 7
    measured = aurelia.critique(clip, "The clip is silent.", critic="offline:perception")
    assert measured != judged
    assert aurelia.answer(scripted, clip, "What sounds?").text == "A tone"


@pytest.mark.parametrize("context", [None, {"max_iterations": 1}, Context(max_iterations=1)])
def test_a_run_on_a_server_takes_what_its_client_left_open(
    configured: Write, scripted: str, clip: str, context: Any
) -> None:
    configured(_in_file(scripted, threshold=8, max_iterations=2))
    given: Any = {"clip": clip, "question": "What sounds?"}
    result = asyncio.run(aurelia.build_graph().ainvoke(given, context=context))
    record = result["trajectory"]["context"]
    assert (record["threshold"], record["actor"]) == (8, scripted)
    assert record["max_iterations"] == (1 if context else 2)


def test_a_run_that_goes_on_keeps_what_it_began_with(
    configured: Write, scripted: str, clip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def go(graph: Any, given: Any, **settings: Any) -> Any:
        config = {"configurable": {"thread_id": "t"}}
        context = await asyncio.to_thread(lambda: make_context(**settings)) if settings else None
        return await graph.ainvoke(given, config, context=context, interrupt_before=["feedback"])

    async def whole() -> Any:
        graph = aurelia.build_graph(InMemorySaver())
        await go(graph, {"clip": clip, "question": "What sounds?"}, max_frames=3)
        configured(_in_file("openai:other", threshold=5, max_iterations=9))
        monkeypatch.setenv("AURELIA_MAX_FRAMES", "7")
        await go(graph, None, seed=4)
        return await graph.aget_state({"configurable": {"thread_id": "t"}})

    configured(_in_file(scripted, threshold=8, max_iterations=2))
    state = run_sync(whole()).values
    record = state["trajectory"]["context"]
    assert (record["actor"], record["threshold"], record["max_iterations"]) == (scripted, 8, 2)
    assert (record["max_frames"], record["seed"]) == (3, 4)
    assert state["iterations"][1]["context_changes"] == {"seed": 4}


def test_the_file_is_never_read_in_an_event_loop(
    configured: Write, scripted: str, clip: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LangGraph's server raises where an async node looks at directories."""
    configured(_in_file(scripted, target=scripted))
    readers: list[bool] = []
    read = refresh_configuration

    def noted() -> Any:
        readers.append(threading.current_thread().name == "aurelia-loop")
        return read()

    monkeypatch.setattr("aurelia.settings.refresh_configuration", noted)
    monkeypatch.setattr("aurelia.graph.context.refresh_configuration", noted)
    given: Any = {"clip": clip, "question": "What sounds?"}

    async def direct() -> Any:
        return await aurelia.build_graph().ainvoke(given)

    assert run_sync(direct())["stop_reason"] == "accepted"
    aurelia.reason(clip, "What sounds?")
    aurelia.critique(clip, "A tone.")
    aurelia.answer(scripted, clip, "What sounds?")
    assert readers
    assert not any(readers)
