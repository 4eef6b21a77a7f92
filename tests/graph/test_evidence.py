"""Measured sentences: who is given them, what they say, and what a claim about them is worth."""

from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.nodes.evidence import measured, missing_senses
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Verdict
from aurelia.types.trajectory import Call, Trajectory
from tests.clips import no_audio
from tests.models.loopback import Loopback, Received, says
from tests.scripts import actor, caption, everyone, said, script, target, verdict

QUESTION = "When is there sound?"
SOUND = "Sound is heard from 1.99 s to 2.51 s (±0.05 s). (measured, confidence 0.90)"
MOVES = "The picture moves from 0.50 s to 1.50 s (±0.10 s). (measured, confidence 0.90)"
STEPS = '{"steps": [{"text": "Listen.", "evidence": ["e2", "e99"]}], "answer": "late"}'
HEARD = (
    '{"score": 10, "claims": [{"text": "Sound at 2 s.", "modality": "audio", '
    '"status": "supported"}]}'
)


@pytest.fixture(scope="module")
def clip(clip_path: str) -> Clip:
    return aurelia.open_clip(clip_path)


def _calls(run: Trajectory, role: str) -> list[Call]:
    calls = [c for i in run.iterations for c in i.calls if c.role == role]
    return calls + [c for t in run.targets.values() for c in t.calls if c.role == role]


def _evidence(run: Trajectory, role: str) -> list[str]:
    """What each call of a role was told; empty where its prompt has no such variable."""
    return [run.texts.get(c.variables.get("evidence", ""), "") for c in _calls(run, role)]


def _user_text(request: Received) -> str:
    content = request.body["messages"][-1]["content"]
    return "\n".join(part["text"] for part in content if part["type"] == "text")


def _played(tmp_path: Path, clip: str, shown: dict[str, Any], **settings: Any) -> Trajectory:
    """A run of scripted models, of which some are shown less than picture and sound."""
    model = script(tmp_path, [actor(), caption("A."), verdict(9), target("Answer: A")])
    path = Path(model.removeprefix("scripted:"))
    path.write_text(path.read_text("utf-8")[:-1] + f', "shown": {shown}}}'.replace("'", '"'))
    return aurelia.reason(
        clip, QUESTION, ["late", "early"], target=model, **settings, **everyone(model)
    )


def test_off_nobody_is_told_anything(tmp_path: Path, clip_path: str) -> None:
    run = _played(tmp_path, clip_path, {"critic": ["visual"]})
    for role in ("actor", "critic", "target"):
        assert set(_evidence(run, role)) == {""}
    assert run.context["evidence"] == "off"


def test_each_role_is_told_what_it_lacks(tmp_path: Path, clip_path: str) -> None:
    shown = {"critic": ["visual"], "target": ["audio"]}
    run = _played(tmp_path, clip_path, shown, evidence="missing_modalities")
    assert _evidence(run, "actor") == [""]
    (to_critic,) = _evidence(run, "critic")
    assert to_critic.startswith("Instruments measured this in the clip's sound:\n- e1: ")
    assert f"- e2: {SOUND}" in to_critic
    assert "moves" not in to_critic
    to_target = _evidence(run, "target")
    assert len(to_target) == 2  # without and with r*, the same
    assert len(set(to_target)) == 1
    assert MOVES in to_target[0]
    assert SOUND not in to_target[0]
    assert run.context["evidence"] == "missing_modalities"
    assert all("evidence" not in c.variables for c in _calls(run, "summarizer"))


def test_always_everyone_but_the_summarizer_is_told_all(tmp_path: Path, clip_path: str) -> None:
    run = _played(tmp_path, clip_path, {}, evidence="always")
    for role in ("actor", "critic", "target"):
        for text in _evidence(run, role):
            assert f"- e2: {SOUND}" in text
            assert MOVES in text


def test_the_published_prompts_have_a_place_for_them(tmp_path: Path, clip_path: str) -> None:
    run = _played(tmp_path, clip_path, {}, evidence="always", preset="published")
    for role in ("actor", "critic", "target"):
        assert all(SOUND in text for text in _evidence(run, role))


def test_models_that_measure_are_told_nothing(clip_path: str) -> None:
    run = aurelia.reason(clip_path, QUESTION, evidence="always")
    assert run.stop_reason == "accepted"
    assert _evidence(run, "actor") == [""]
    assert _evidence(run, "critic") == [""]


def test_real_clients_send_the_sentences_and_heard_claims_count_up_to_nine(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(tmp_path, [caption("Sound at 2 s.")])
    with Loopback(says(STEPS)) as one, Loopback(says(HEARD)) as two:
        run = aurelia.reason(
            clip_path,
            QUESTION,
            actor=f"{one.model}&audio=off",
            summarizer=model,
            critic=f"{two.model}&audio=off",
            evidence="missing_modalities",
        )
        sent = _user_text(one.requests[0]), _user_text(two.requests[0])
    for text in sent:
        assert SOUND in text
        assert "moves" not in text
        assert "<evidence-" in text
    given = run.iterations[0].verdict
    assert isinstance(given, Verdict)
    assert (given.score, given.raw_score) == (9, 10)
    assert given.claims[0].status == "supported"
    assert "measured sentences" in given.claims[0].observed
    assert [cap.rule for cap in given.caps] == ["measured only"]
    reasoning = run.iterations[0].reasoning
    assert reasoning is not None
    assert [(item.id, item.kind) for item in reasoning.evidence] == [("e2", "audio.sound")]


def test_without_the_sentences_the_same_claim_is_unverifiable(
    tmp_path: Path, clip_path: str
) -> None:
    with Loopback(says(HEARD)) as server:
        given = aurelia.critique(clip_path, "Sound at 2 s.", critic=f"{server.model}&audio=off")
    assert isinstance(given, Verdict)
    assert (given.score, given.claims[0].status) == (5.5, "unverifiable")


def test_a_prompt_without_a_place_for_them_brings_none(tmp_path: Path, clip_path: str) -> None:
    from aurelia.prompts.loader import load_prompts

    text = load_prompts().get("evaluator").text.replace("{{evidence}}", "")
    with Loopback(says(HEARD)) as server:
        given = aurelia.critique(
            clip_path,
            "Sound at 2 s.",
            critic=f"{server.model}&audio=off",
            evidence="always",
            prompt_overrides={"evaluator": text},
        )
    assert isinstance(given, Verdict)
    assert given.claims[0].status == "unverifiable"


def test_a_sense_is_missing_only_where_the_clip_has_it(tmp_path: Path, clip: Clip) -> None:
    silent = aurelia.open_clip(no_audio(tmp_path))
    with Loopback(says("")) as server:
        assert missing_senses(f"{server.model}&audio=off", clip) == {"audio"}
        assert missing_senses(f"{server.model}&audio=off", silent) == set()
    model = script(tmp_path, [said("actor", "x")])
    assert missing_senses(model, clip) == set()


def test_ids_are_the_same_for_every_reader(clip: Clip) -> None:
    both = measured(clip, frozenset({"visual", "audio"}))
    seen, heard = measured(clip, frozenset({"visual"})), measured(clip, frozenset({"audio"}))
    assert [*heard.evidence, *seen.evidence] == list(both.evidence)
    assert both.senses == {"visual", "audio"}
    assert all(item.level == "physical" for item in both.evidence)
    assert both.text.count("\n") == len(both.evidence)
    assert measured(clip, frozenset()).text == ""
