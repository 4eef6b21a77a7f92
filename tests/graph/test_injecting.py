"""A target with a text budget: what it is sent of r*, and what the record says of it."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.errors import ConfigurationError, InputError, PromptError
from aurelia.graph.context import make_context
from aurelia.models.call import CallFailed
from aurelia.models.counting import estimate_tokens
from aurelia.models.request import Draw
from aurelia.nodes.answering import Question, ask_target
from aurelia.prompts.loader import load_prompts
from aurelia.types.trajectory import Trajectory
from tests.clips import ordinary
from tests.models.wire.script import fail, say
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, script, verdict

Write = Callable[[str], Path]
QUESTION = "Which comes first?"
OPTIONS = {"A": "the tone", "B": "the movement"}
DEFAULT_PIN = load_prompts("default").get("target_distilled").identity
R_STAR = "1. Listen for the tone.\n2. Look when the block moves.\n3. Compare the two times."
LONG = f"{R_STAR}\nFindings: A tone sounds at 0.2 s. The block moves from 0.5 s on."


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ordinary(tmp_path_factory.mktemp("clips"))


@pytest.fixture
def wire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    with Wire(say("Answer: A")) as wire:
        yield wire


def _profile(wire: Wire, **text: Any) -> str:
    rules = ", ".join(f"{key} = {value!r}" for key, value in text.items()).replace("'", '"')
    return (
        f'[models.small]\nbase_url = "{wire.openai}"\nmodel = "m1"\nvideo = "frames"\n'
        f'audio = "off"\ntext = {{ {rules} }}\n'
    )


def _ask(clip: Path, r_star: str | None = LONG, **settings: Any) -> Any:
    settings = {"form": "plan_and_findings", "max_frames": 2, **settings}
    return aurelia.answer("small", clip, QUESTION, OPTIONS, r_star, **settings)


def _sent(wire: Wire, number: int = -1) -> str:
    return "\n".join(part.text for part in wire.media(wire.calls[number]))


def test_what_fits_is_sent_whole_and_counted(clip: Path, wire: Wire, configured: Write) -> None:
    configured(_profile(wire, budget=500, prompt="brief"))
    answer = _ask(clip)
    assert LONG in _sent(wire)
    assert (answer.injected_text, answer.note) == (LONG, "")
    assert (answer.fit.budget, answer.fit.counted_by) == (500, "estimate")
    assert answer.fit.left_out == []


def test_what_does_not_fit_loses_findings_first_then_the_last_steps(
    clip: Path, wire: Wire, configured: Write
) -> None:
    seen = []
    for budget in (115, 80, 70):
        configured(_profile(wire, budget=budget, prompt="brief"))
        answer = _ask(clip)
        assert answer.fit.tokens <= budget
        assert answer.injected_text in _sent(wire)
        assert "\n".join([answer.injected_text, *answer.fit.left_out]) == LONG
        for part in answer.fit.left_out:
            assert part not in _sent(wire)
        seen.append(len(answer.fit.left_out))
        assert answer.note.startswith(f"r* was shortened: {seen[-1]} part")
    assert seen == [1, 2, 3]


def test_the_servers_own_count_decides(clip: Path, wire: Wire, configured: Write) -> None:
    protocol: Any = wire.protocols[-1]
    protocol.tokenizes = True
    configured(_profile(wire, budget=60, prompt="brief"))
    answer = _ask(clip)
    assert answer.fit.counted_by == "server"
    counted = [request.body["prompt"] for request in wire.requests if "tokenize" in request.path]
    assert LONG in counted[0]
    assert LONG not in counted[1]
    assert len(counted) <= 4
    assert "\nFrame at " in counted[0]  # labels of media reach the model as well
    assert any(answer.injected_text in text for text in counted)


def test_a_question_that_was_paid_for_is_served_though_nobody_counts_any_more(
    clip: Path, wire: Wire, configured: Write
) -> None:
    protocol: Any = wire.protocols[-1]
    protocol.tokenizes = True
    configured(_profile(wire, budget=60, prompt="brief"))
    first = _ask(clip)
    asked = len(wire.requests)
    wire.plays(fail(503))
    wire.meets("other", *[fail(503)] * 9)
    again = _ask(clip, max_retries=0)
    assert len(wire.requests) == asked
    assert (again.injected_text, again.fit) == (first.injected_text, first.fit)
    with pytest.raises(CallFailed, match=r"did not count the tokens .* 1 try") as failed:
        _ask(clip, "1. Look elsewhere.", max_retries=0)
    assert failed.value.call.error == str(failed.value)
    assert len(wire.calls) == 1


def test_it_is_refused_where_so_set_and_nothing_is_asked(
    clip: Path, wire: Wire, configured: Write
) -> None:
    configured(_profile(wire, budget=90, prompt="brief", too_long="refuse"))
    with pytest.raises(CallFailed, match="takes 90 tokens of text, and the question with all"):
        _ask(clip)
    assert wire.calls == []
    assert _ask(clip, too_long="shorten").fit.left_out
    configured(_profile(wire, budget=90, prompt="brief"))
    with pytest.raises(CallFailed, match="set too_long='shorten'"):
        _ask(clip, too_long="refuse")


def test_a_single_step_that_is_too_long_is_not_told_to_be_shortened(
    clip: Path, wire: Wire, configured: Write
) -> None:
    configured(_profile(wire, budget=60, prompt="brief"))
    with pytest.raises(CallFailed, match=r"first step alone has .*; ask less at once, or") as shown:
        _ask(clip, "1. Listen for the tone, and say how often it sounds.")
    assert "shorten" not in str(shown.value)
    configured(_profile(wire, budget=60, prompt="brief", too_long="refuse"))
    with pytest.raises(CallFailed, match=r"all steps has .* set too_long='shorten'"):
        _ask(clip, "1. Listen for the tone.\n2. Say how often it sounds, and how loud.")
    with pytest.raises(CallFailed, match=r"all steps has .*; ask less at once"):
        _ask(clip, "1. Listen for the tone, and say how often it sounds.")


def test_where_not_even_a_step_or_the_question_fits_nothing_is_cut(
    clip: Path, wire: Wire, configured: Write
) -> None:
    configured(_profile(wire, budget=60, prompt="brief"))
    with pytest.raises(CallFailed, match="first step alone has"):
        _ask(clip)
    configured(_profile(wire, budget=60))
    with pytest.raises(CallFailed, match=r"the question alone has .* set injection='brief'"):
        _ask(clip, None)
    assert wire.calls == []
    assert _ask(clip, None, injection="brief").fit.budget == 60


def test_the_words_are_the_profiles_unless_the_run_says_others(
    clip: Path, wire: Wire, configured: Write
) -> None:
    configured(_profile(wire, prompt="paper_style"))
    _ask(clip, R_STAR)
    assert "Reason along these steps:" in _sent(wire)
    _ask(clip, R_STAR, injection="set")
    assert "Someone studied this clip" in _sent(wire)
    _ask(clip, R_STAR, injection="default", prompts="published")
    assert "Someone studied this clip" in _sent(wire)
    _ask(clip, R_STAR, injection="brief")
    assert "Hints:\n1. Listen" in _sent(wire)


def test_a_text_of_ones_own_beats_every_style(clip: Path, wire: Wire, configured: Write) -> None:
    configured(_profile(wire, prompt="brief"))
    text = load_prompts("brief").get("target_distilled").text.replace("Hints:", "Clues:")
    _ask(clip, R_STAR, target_distilled_prompt=text)
    assert "Clues:\n1. Listen" in _sent(wire)


def test_a_pin_holds_for_the_style_that_is_used(clip: Path, wire: Wire, configured: Write) -> None:
    configured(_profile(wire, prompt="brief"))
    pin = load_prompts("default").get("target_distilled").identity
    with pytest.raises(PromptError, match="target_distilled is pinned as"):
        _ask(clip, R_STAR, prompt_pins=[pin])
    brief = load_prompts("brief").get("target_distilled").identity
    with pytest.raises(PromptError, match="target_distilled is pinned as"):
        _ask(clip, R_STAR, prompt_pins=[brief])  # and for the run's own set
    assert _ask(clip, R_STAR, injection="set", prompt_pins=[pin]).option == "A"


def test_a_bare_reply_goes_on_where_the_prompt_ended(
    clip: Path, wire: Wire, configured: Write
) -> None:
    configured(_profile(wire, prompt="brief"))
    wire.plays(say("two knocks"))
    answer = aurelia.answer("small", clip, "How many knocks?", None, "1. Count.", max_frames=1)
    assert (answer.text, answer.parsed) == ("two knocks", True)
    assert not aurelia.answer("small", clip, "How many?", injection="set", max_frames=1).parsed


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ({"budget": 0}, "text.budget is 0"),
        ({"budget": "12"}, "text.budget is a text"),
        ({"bugdet": 12}, "did you mean 'budget'?"),
        ({"r_star": "first"}, "text.r_star is 'first'; give one of as_written"),
        ({"prompt": "long"}, "text.prompt is 'long'"),
        ({"too_long": "cut"}, "text.too_long is 'cut'"),
        ({"tokenizer": "t5.model"}, "text.tokenizer is 't5.model'"),
    ],
)
def test_wrong_rules_are_refused(
    text: dict[str, Any], said: str, clip: Path, wire: Wire, configured: Write
) -> None:
    configured(_profile(wire, **text))
    with pytest.raises(ConfigurationError) as refused:
        _ask(clip)
    assert said in str(refused.value)


def _steps(*texts: str) -> dict[str, Any]:
    return {"steps": [{"text": text} for text in texts], "findings": "A tone.", "answer": "tone"}


def _run(clip: Path, folder: Path, **settings: Any) -> Trajectory:
    steps = _steps("Listen for the tone.", "Look when the block moves.", "Compare both times.")
    played = script(folder, [actor(**steps), caption("A tone sounds."), verdict(9)])
    return aurelia.reason(
        clip,
        QUESTION,
        OPTIONS,
        **everyone(played),
        target="small",
        r_star_form="plan_and_findings",
        max_frames=2,
        **settings,
    )


def test_a_run_says_what_its_target_was_not_given(
    clip: Path, wire: Wire, configured: Write, tmp_path: Path
) -> None:
    configured(_profile(wire, budget=85, prompt="brief", r_star="before_question"))
    run = _run(clip, tmp_path)
    record = run.targets["small"]
    assert record.distilled
    assert record.distilled.fit
    assert record.injected_text == record.distilled.injected_text
    assert record.distilled.fit.left_out[-1] == "Findings: A tone."
    assert any(w.startswith("small: r* was shortened: ") for w in run.warnings)
    used = {call.prompt for call in record.calls}
    assert used == {f"{t.name}@{key}" for key, t in run.templates.items() if "brief" in t.source}
    assert "r* before the question" in run.templates[record.calls[1].prompt.split("@")[1]].source
    assert Trajectory.model_validate_json(run.model_dump_json()) == run


def test_a_run_whose_target_refuses_keeps_its_result(
    clip: Path, wire: Wire, configured: Write, tmp_path: Path
) -> None:
    configured(_profile(wire, budget=85, prompt="brief", too_long="refuse"))
    run = _run(clip, tmp_path)
    record = run.targets["small"]
    assert (run.stop_reason, record.zero_shot is not None, record.distilled) == (
        "accepted",
        True,
        None,
    )
    assert record.error
    assert "takes 85 tokens of text" in record.error
    assert (record.injected_text, record.form) == (None, None)  # nothing was sent
    assert record.calls[-1].error == record.error
    assert len(wire.calls) == 1


@pytest.mark.parametrize(
    ("text", "settings", "said"),
    [
        ({"prompt": "brief"}, {"prompt_pins": [DEFAULT_PIN]}, "target_distilled is pinned as"),
        ({"budget": 9, "tokenizer": "none.json"}, {}, "can't be read as a tokenizer"),
    ],
)
def test_what_can_not_be_injected_is_found_before_anything_is_asked(
    text: dict[str, Any],
    settings: dict[str, Any],
    said: str,
    clip: Path,
    wire: Wire,
    configured: Write,
    tmp_path: Path,
) -> None:
    configured(_profile(wire, **text))
    nobody = script(tmp_path, [actor()], "nobody.yaml")
    events: list[Any] = []
    with pytest.raises(InputError, match=said):
        aurelia.reason(
            clip,
            QUESTION,
            **everyone(nobody),
            target="small",
            max_frames=2,
            on_event=events.append,
            **settings,
        )
    assert events == []
    assert wire.requests == []


def test_another_prompt_is_sent_as_it_is_and_counted_all_the_same(
    wire: Wire, configured: Write
) -> None:
    configured(_profile(wire, budget=30, prompt="paper_style", r_star="system"))
    template = load_prompts("brief").get("target_zero_shot")
    question = Question(None, "Which?", OPTIONS)
    answer, reply = asyncio.run(
        ask_target(
            question,
            target="small",
            context=make_context(),
            prompts=load_prompts("default"),
            template=template,
            draw=Draw(seed=7),
        )
    )
    assert reply.call.prompt == template.identity
    assert reply.call.parameters["seed_of_draw"] == 7
    assert [part.kind for part in wire.media(wire.calls[0])] == ["text"]
    assert answer.fit
    assert answer.fit.tokens == estimate_tokens(_sent(wire))
