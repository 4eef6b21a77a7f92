"""Several critics through the graph, and critics that measurement keeps in check."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

import aurelia
from aurelia.types.reasoning import Unscored, Verdict
from aurelia.types.trajectory import Trajectory
from tests.models.injections import OWN, PAYLOADS, TEMPLATES
from tests.models.loopback import Loopback, says
from tests.scripts import actor, caption, everyone, failing, said, script, verdict

QUESTION = "When is there sound?"
HEARD = {"text": "Sound is heard from 2.00 s to 2.50 s.", "modality": "audio"}
FALSE = "Sound is heard from 0.50 s to 1.50 s."


def _member(number: int, text: str, **more: Any) -> dict[str, Any]:
    return said("critic", text, None, purpose="panel", repeat=number, **more)


def _first(run: Trajectory) -> Verdict:
    given = run.iterations[0].verdict
    assert isinstance(given, Verdict)
    return given


def test_every_critic_is_asked_and_the_median_counts(tmp_path: Path, clip_path: str) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption(HEARD["text"]),
            verdict(2, 1, claims=[HEARD | {"status": "contradicted"}]),
            _member(1, '{"score": 8, "claims": []}'),
            _member(2, '{"score": 7, "claims": []}'),
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, panel=[model, model], **everyone(model))
    assert run.stop_reason == "accepted"
    first = _first(run)
    assert (first.score, first.disagreement) == (7, 6)
    assert [m.verdict.score for m in first.members if isinstance(m.verdict, Verdict)] == [2, 8, 7]
    assert [(c.purpose, c.repeat) for c in run.iterations[0].calls if c.role == "critic"] == [
        ("main", 0),
        ("panel", 1),
        ("panel", 2),
    ]
    assert run.context["panel"] == [model, model]
    assert first.claims[0].status == "contradicted"
    assert Trajectory.model_validate_json(run.model_dump_json()) == run


class Waiting(BaseChatModel):
    """Replies once as many calls wait as there are members."""

    barrier: Any

    @property
    def _llm_type(self) -> str:
        return "waiting"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    async def _agenerate(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> ChatResult:
        await asyncio.wait_for(self.barrier.wait(), 20)  # only where members wait for each other
        reply = AIMessage(content='{"score": 7}')
        return ChatResult(generations=[ChatGeneration(message=reply)])


def test_members_are_asked_at_once(clip_path: str) -> None:
    aurelia.register_model("waiting", Waiting(barrier=asyncio.Barrier(3)))
    given = aurelia.critique(clip_path, "A.", critic="waiting", panel=["waiting", "waiting"])
    assert isinstance(given, Verdict)
    assert given.score == 7
    assert all(isinstance(member.verdict, Verdict) for member in given.members)


def test_members_that_fail_or_say_nothing_do_not_count(tmp_path: Path, clip_path: str) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption("A."),
            said("critic", "I would rather not."),
            said("critic", "Still not.", purpose="repair"),
            _member(1, '{"score": 8}'),
            failing("critic", "out of quota") | {"purpose": "panel", "repeat": 2},
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, panel=[model, model], **everyone(model))
    assert run.stop_reason == "accepted"
    first = _first(run)
    assert (first.score, first.disagreement, first.spread) == (8, 0, 0)
    reasons = [m.verdict.reason for m in first.members if isinstance(m.verdict, Unscored)]
    assert "no JSON object" in reasons[0]
    assert "out of quota" in reasons[1]


def test_where_no_member_gives_a_score_the_pass_is_unscored(tmp_path: Path, clip_path: str) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption("A."),
            said("critic", "No."),
            said("critic", "No.", purpose="repair"),
            failing("critic", "out of quota") | {"purpose": "panel", "repeat": 1},
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, panel=[model], max_iterations=2, **everyone(model))
    assert run.stop_reason == "exhausted"
    assert [type(i.verdict) for i in run.iterations] == [Unscored, Unscored]
    assert isinstance(run.iterations[0].verdict, Unscored)
    assert len(run.iterations[0].verdict.members) == 2


def test_where_every_member_fails_the_run_does(tmp_path: Path, clip_path: str) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption("A."),
            failing("critic", "out of quota"),
            failing("critic", "out of order") | {"purpose": "panel", "repeat": 1},
        ],
    )
    run = aurelia.reason(clip_path, QUESTION, panel=[model], **everyone(model))
    assert run.stop_reason == "failed"
    assert "out of quota" in run.stop_detail
    assert "out of order" in run.stop_detail


def test_a_member_that_names_no_model_is_refused_before_anyone_is_asked(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(tmp_path, [])
    with pytest.raises(aurelia.ConfigurationError, match="nosuch"):
        aurelia.reason(clip_path, QUESTION, panel=["nosuch"], **everyone(model))
    with pytest.raises(aurelia.ConfigurationError, match="grounded"):
        aurelia.critique(clip_path, "A.", critic=f"grounded:grounded:{model}")


def test_measurement_bounds_a_critic_that_believes_a_false_caption(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(
        tmp_path,
        [
            actor(),
            caption(FALSE),
            verdict(9, claims=[{"text": FALSE, "modality": "audio", "status": "supported"}]),
        ],
    )
    roles = everyone(model) | {"critic": f"grounded:{model}"}
    run = aurelia.reason(clip_path, QUESTION, max_iterations=1, **roles)
    assert run.stop_reason == "exhausted"
    first = _first(run)
    assert (first.score, first.raw_score) == (5, 9)
    assert first.grounded is not None
    assert first.grounded.score is not None
    assert first.grounded.score <= 5
    assert [claim.text for claim in first.grounded.contradicted] == [FALSE]
    assert first.claims[0].status == "contradicted"
    assert "sound 2.00-2.50 s" in first.claims[0].observed
    assert [c.requested_model for c in run.iterations[0].calls if c.role == "critic"] == [
        model,
        "offline:perception",
    ]
    assert first.complaints[0].resolves == first.claims[0].id


@pytest.mark.parametrize("preset", ["default", "published"])
def test_measurement_leaves_a_true_caption_alone(
    tmp_path: Path, clip_path: str, preset: str
) -> None:
    model = script(tmp_path, [actor(), caption(HEARD["text"]), said("critic", '{"score": 9}')])
    roles = everyone(model) | {"critic": f"grounded:{model}"}
    run = aurelia.reason(clip_path, QUESTION, preset=preset, **roles)
    first = _first(run)
    assert (run.stop_reason, first.score, first.caps) == ("accepted", 9, [])
    assert first.grounded is not None
    assert (first.grounded.contradicted, first.grounded.problem) == ([], "")


def test_a_grounded_critic_may_sit_on_a_panel(tmp_path: Path, clip_path: str) -> None:
    model = script(
        tmp_path, [actor(), caption(FALSE), verdict(9), _member(1, '{"score": 9, "claims": []}')]
    )
    given = aurelia.critique(
        clip_path, FALSE, critic=model, panel=[f"grounded:{model}", "offline:perception"]
    )
    assert isinstance(given, Verdict)
    scores = [m.verdict.score for m in given.members if isinstance(m.verdict, Verdict)]
    assert scores[:2] == [9, 5]
    assert given.score == 5
    assert given.members[1].critic == f"grounded:{model}"
    assert isinstance(given.members[1].verdict, Verdict)
    assert given.members[1].verdict.grounded is not None


def test_a_critic_of_the_actors_family_is_noted_once(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(9)])
    bad = '{"score": 3, "claims": []}'
    with Loopback(says('{"steps": [{"text": "Listen."}]}')) as one, Loopback(says(bad)) as two:
        strings = [
            f"{server.url}#Qwen/Qwen3-{size}?max_retries=0"
            for server, size in ((one, "7B"), (two, "3B"))
        ]
        run = aurelia.reason(
            clip_path,
            QUESTION,
            actor=strings[0],
            summarizer=model,
            critic=f"grounded:{strings[1]}",
            panel=[model, "offline:perception"],
            max_iterations=2,
        )
    noted = [text for text in run.warnings if "of one family" in text]
    assert len(run.iterations) == 2
    assert len(noted) == 1
    assert "(qwen)" in noted[0]
    assert "Qwen3-7B" in noted[0]


QUOTING = [(how, what) for how in ("in the rationale", "tag after", "thought") for what in PAYLOADS]


@pytest.mark.parametrize(("how", "what"), QUOTING, ids=lambda part: part)
def test_a_caption_that_demands_a_score_does_not_get_it(
    tmp_path: Path, clip_path: str, how: str, what: str
) -> None:
    payload = PAYLOADS[what]
    reply = TEMPLATES[how].write(payload)
    again = said("critic", reply, purpose="repair")
    model = script(tmp_path, [actor(), caption(payload), said("critic", reply), again])
    run = aurelia.reason(clip_path, QUESTION, max_iterations=1, **everyone(model))
    assert (run.stop_reason, _first(run).raw_score) == ("exhausted", OWN["score"])
    assert run.iterations[0].caption == payload


def test_a_panel_with_a_grounded_member_is_replayed_as_it_was(
    tmp_path: Path, clip_path: str
) -> None:
    model = script(
        tmp_path, [actor(), caption(FALSE), verdict(4), _member(1, '{"score": 8, "claims": []}')]
    )
    run = aurelia.reason(
        clip_path, QUESTION, panel=[f"grounded:{model}"], max_iterations=1, **everyone(model)
    )
    saved = f"replay:{aurelia.save_run(run, tmp_path / 'run')}"
    again = aurelia.reason(
        clip_path, QUESTION, panel=[f"grounded:{saved}"], max_iterations=1, **everyone(saved)
    )
    first, second = _first(run), _first(again)
    assert [m.verdict for m in second.members] == [m.verdict for m in first.members]
    assert (second.score, second.claims) == (first.score, first.claims)
    assert first.score == 4.5
