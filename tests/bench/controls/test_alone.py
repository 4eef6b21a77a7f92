"""Controls that ask without the clip, or without anybody's help."""

from dataclasses import replace
from pathlib import Path

import pytest

from aurelia.bench.run.grids import all_grids, whole_table
from aurelia.bench.run.score import score_run
from aurelia.bench.run.settings import RunSettings
from aurelia.errors import InputError, PromptError
from aurelia.prompts.control_prompts import load_controls
from aurelia.prompts.loader import load_prompts
from tests.bench.controls import lab
from tests.bench.controls.lab import ACCEPTED, PASSES, SENTINEL, Lab, about
from tests.models.wire.exchange import Received


def test_a_text_only_reader_is_sent_no_media(lab_of: Lab) -> None:
    _, plain = lab_of.ask("text_only")
    replies, told = lab_of.ask("text_only_r_star")
    assert {about(call) for call in plain} == set(lab_of.samples)
    for call in (*plain, *told):
        assert {part.kind for part in lab_of.server.media(call)} == {"text"}
        assert "can neither see nor hear" in lab_of.text(call)
    assert replies["third"].stands_for == "text_only"
    assert {about(call) for call in told} == set(lab_of.samples) - {"third"}
    distilled = lab_of.replies("distilled")
    by_name = {about(call): call for call in plain}
    for call in told:
        injected, name = distilled[about(call)].injected, about(call)
        assert injected
        assert injected.text in lab_of.text(call)
        more = lab_of.text(call).split("Someone studied the clip")[1].split("</r_star-")[1]
        assert lab_of.text(by_name[name]).endswith(more.split(">", 1)[1].lstrip())


def test_the_plan_is_made_without_the_clip_and_followed_with_it(lab_of: Lab) -> None:
    plan = "- Listen for the tone.\n- Watch the block."

    def target(request: Received) -> str:
        planning = "You plan how a question" in request.raw.decode()
        return f"<think>Hm.</think>{plan}" if planning else "Answer: A"

    lab_of.target = target
    replies, calls = lab_of.ask("question_plan")
    for name, reply in replies.items():
        asked, answered = [call for call in calls if about(call) == name]
        assert {part.kind for part in lab_of.server.media(asked)} == {"text"}
        assert lab_of.parts(answered, "audio") or name == "silent"
        assert plan in lab_of.text(answered)
        assert "Hm." not in lab_of.text(answered)
        assert reply.injected
        assert reply.injected.text == plan
        assert (reply.spent.calls, len(reply.before), reply.elsewhere.calls) == (2, 1, 0)


def test_where_there_is_no_plan_the_zero_shot_reply_stands(lab_of: Lab) -> None:
    lab_of.target = lambda r: "" if "You plan how" in r.raw.decode() else "Answer: B"
    replies, _ = lab_of.ask("question_plan")
    assert {reply.stands_for for reply in replies.values()} == {"zero_shot"}
    assert {reply.spent.calls for reply in replies.values()} == {2}  # the plan was paid for


def test_blind_steps_are_the_actors_without_the_clip(lab_of: Lab) -> None:
    replies, calls = lab_of.ask("blind_r_star")
    blind = [call for call in calls if call.body["model"] == "actor"]
    assert {about(call) for call in blind} == set(lab_of.samples)
    for call in blind:
        assert {part.kind for part in lab_of.server.media(call)} == {"text"}
        assert "withheld from you on purpose" in lab_of.text(call)
        assert "A. The sound" not in lab_of.text(call)  # nor did it see the options in the loop
    for name, reply in replies.items():
        assert reply.injected
        assert reply.injected.text == f"1. [sound] Pass 1 of {name}: listen for the tone."
        assert (reply.spent.calls, len(reply.before), reply.elsewhere.calls) == (2, 1, 0)


def test_blind_steps_come_under_the_same_rule_about_leaks(
    lab_of: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = lab._loop
    telling = {"findings": "So the answer is the sound."}
    monkeypatch.setattr(lab, "_loop", lambda request, role: said(request, role) | telling)
    settings = RunSettings(form="plan_and_findings", leaks="drop")
    replies, _ = lab_of.ask("blind_r_star", settings=settings)
    for name, reply in replies.items():
        assert reply.injected
        assert reply.injected.text == f"1. [sound] Pass 1 of {name}: listen for the tone."
        assert reply.injected.origin
        assert reply.injected.origin.leaks == 0


def test_step_by_step_differs_by_one_block(lab_of: Lab) -> None:
    replies, calls = lab_of.ask("step_by_step")
    block = load_controls().blocks["control_step_by_step"]
    plain = {
        about(c): lab_of.text(c)
        for c in lab_of.server.calls
        if c not in calls and c.body["model"] == "target" and "r_star-" not in lab_of.text(c)
    }
    for call in calls:
        assert lab_of.text(call).replace(f"{block}\n\n", "") == plain[about(call)]
    assert {reply.prompt.partition("@")[0] for reply in replies.values()} == {
        "control_step_by_step"
    }


def test_a_majority_of_as_many_draws_as_the_loop_took_calls(lab_of: Lab) -> None:
    count = iter(range(1000))

    def target(request: Received) -> str:
        return f"Answer: {'AB'[next(count) % 3 > 0]}"  # two of three say B

    lab_of.target = target
    replies, _ = lab_of.ask("self_consistency")
    # Passes of 3 calls up to the accepted one, and the answer's own.
    took = {name: 3 * (accepted or PASSES) + 1 for name, accepted in ACCEPTED.items()}
    assert {name: len(reply.said) for name, reply in replies.items()} == took
    assert {name: reply.spent.calls for name, reply in replies.items()} == took
    scored = score_run(lab_of.out())
    voted = {r.sample_id: r.score for r in scored.results if r.condition == "self_consistency"}
    for name, reply in replies.items():
        said = [one.raw[-1] for one in reply.said]
        majority = max("AB", key=said.count)
        # Items share the count, so that four draws of one may be two of each.
        if name != "short" and said.count("A") != said.count("B"):
            assert voted[name] == (majority in lab_of.samples[name].ground_truth)
    fewer, _ = lab_of.ask("self_consistency", out="fewer", settings=RunSettings(draws=3))
    assert {len(reply.said) for reply in fewer.values()} == {3}


def test_no_ground_truth_is_on_any_wire(lab_of: Lab, everything: Path) -> None:
    assert len(lab_of.server.calls) > 100
    for call in lab_of.server.calls:
        assert SENTINEL not in call.raw.decode().lower()
    kept = (everything / "replies.jsonl").read_text("utf-8")
    assert SENTINEL not in kept.lower()


def test_an_edited_set_carries_over(lab_of: Lab, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    for name in ("target_zero_shot", "target_distilled"):
        text = load_prompts().get(name).text.replace("Think briefly", "Think hard")
        (folder / f"{name}.md").write_text(text)
    _, calls = lab_of.ask("target_with_answer", prompts=str(folder))
    assert calls
    assert all("Think hard" in lab_of.text(call) for call in calls)


def test_a_reader_who_takes_no_clip_is_a_target_of_its_own(lab_of: Lab) -> None:
    blind = f"{lab_of.server.openai}#target?video=off&audio=off"
    controls = "text_only,text_only_r_star"
    order = lab_of.order(controls, targets=[blind])
    lab_of.run(replace(order, modes=("none",)))
    run = score_run(lab_of.out())
    assert run.conditions == ["text_only", "text_only_r_star"]
    grids = all_grids(run, whole_table(run))
    leak = next(grid for grid in grids if "gives away" in grid.title)
    assert [row.label for row in leak.rows] == ["all samples"]
    assert leak.rows[0].cells[5] == "-"  # it never had the clip
    with pytest.raises(InputError, match="no mode 'none'"):
        lab_of.run(replace(order, modes=("none",), controls="cheap"))


def test_the_words_of_controls_are_kept_beside_the_replies(lab_of: Lab, tmp_path: Path) -> None:
    lab_of.ask("question_plan")
    for reply in lab_of.replies("question_plan").values():
        for call in (*reply.before, *reply.calls):
            kept = (lab_of.out() / "prompts" / f"{call.prompt}.md").read_text("utf-8")
            assert "{{question}}" in kept
    changed = load_prompts().get("target_distilled").text.replace("Think briefly", "Think hard")
    (tmp_path / "target_distilled.md").write_text(changed)
    before = len(lab_of.server.calls)
    with pytest.raises(PromptError, match=r"write control_step_by_step\.md"):
        lab_of.run(lab_of.order("step_by_step", out="other", prompts=str(tmp_path)))
    assert len(lab_of.server.calls) == before  # nothing was asked
