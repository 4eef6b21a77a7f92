"""A run made by hand, so that views and saved runs are tested without running the loop."""

from aurelia.types.clip import Clip
from aurelia.types.reasoning import (
    Answer,
    Cap,
    CaptionSentence,
    Claim,
    Complaint,
    Reasoning,
    Step,
    Verdict,
)
from aurelia.types.trajectory import (
    Best,
    Call,
    Feedback,
    Iteration,
    Part,
    SentMessage,
    TargetRecord,
    TemplateRecord,
    Totals,
    Trajectory,
    Usage,
)


def _call(call_id: str, iteration: int | None, role: str) -> Call:
    return Call.model_validate(
        {
            "id": call_id,
            "iteration": iteration,
            "role": role,
            "requested_model": "offline:perception",
            "prompt": f"{role}@abc123",
            "messages": [
                SentMessage(role="system", parts=[Part(text="t-system")]),
                SentMessage(role="user", parts=[Part(media="frame@1.20s"), Part(text="t-user")]),
            ],
            "raw": "t-raw",
            "parsed_as": "json",
            "finish_reason": "stop",
            "usage": Usage(input_tokens=1200, output_tokens=34),
            "total_s": 0.25,
        }
    )


def first_pass() -> Iteration:
    """A pass whose second step is wrong."""
    return Iteration(
        index=1,
        reasoning=Reasoning(
            steps=[
                Step(
                    id="s1",
                    text="A loud tone sounds from 3.0 to 3.6 s, after near silence.",
                    modality="audio",
                    start_s=3.0,
                    end_s=3.6,
                ),
                Step(
                    id="s2",
                    text="Nothing moves in the picture before the tone sounds.",
                    modality="visual",
                    start_s=0.0,
                    end_s=3.0,
                ),
            ],
            findings="One tone; no movement was seen before it.",
            answer="the sound",
        ),
        caption="A loud tone sounds at 3.0 s. Nothing moves before it.",
        caption_sources=[
            CaptionSentence(text="A loud tone sounds at 3.0 s.", step_ids=["s1"]),
            CaptionSentence(text="Nothing moves before it.", step_ids=["s2"]),
        ],
        verdict=Verdict(
            score=3,
            raw_score=7,
            perceived={"visual": "a ball crosses the picture from 1.0 to 2.2 s"},
            claims=[
                Claim(
                    id="k1",
                    text="A loud tone sounds at 3.0 s.",
                    step_ids=["s1"],
                    modality="audio",
                    status="supported",
                    observed="sound from 3.01 to 3.60 s",
                ),
                Claim(
                    id="k2",
                    text="Nothing moves before it.",
                    step_ids=["s2"],
                    modality="visual",
                    status="contradicted",
                    observed="movement from 1.0 to 2.2 s",
                ),
            ],
            omissions=["the cut at 4.5 s"],
            complaints=[
                Complaint(
                    id="i1c1",
                    step_id="s2",
                    modality="visual",
                    start_s=0.5,
                    end_s=2.7,
                    action="Measure the movement again between 0.5 and 2.7 s, on every frame.",
                    resolves="k2",
                )
            ],
            caps=[Cap(rule="contradicted", limit=3, reason="a claim is contradicted")],
        ),
        feedback=Feedback(text="Measure the movement again.", complaint_ids=["i1c1"]),
        calls=[_call("c1", 1, "actor"), _call("c2", 1, "summarizer"), _call("c3", 1, "critic")],
    )


def second_pass() -> Iteration:
    """The accepted pass."""
    return Iteration(
        index=2,
        reasoning=Reasoning(
            steps=[
                Step(
                    id="s1",
                    text="A loud tone sounds from 3.0 to 3.6 s, after near silence.",
                    modality="audio",
                    start_s=3.0,
                    end_s=3.6,
                ),
                Step(
                    id="s2",
                    text="Something moves in the picture from 1.0 to 2.2 s, before the tone.",
                    modality="visual",
                    start_s=1.0,
                    end_s=2.2,
                    addresses=["i1c1"],
                ),
                Step(id="s3", text="The sound has no visible source.", modality="both"),
            ],
            answer="the movement",
        ),
        caption="Something moves from 1.0 to 2.2 s; a loud tone follows at 3.0 s.",
        verdict=Verdict(
            score=8.5,
            raw_score=8.5,
            claims=[
                Claim(id="k1", text="a tone", step_ids=["s1"], status="supported"),
                Claim(id="k2", text="movement", step_ids=["s2"], status="supported"),
                Claim(
                    id="k3",
                    text="no visible source",
                    step_ids=["s3"],
                    status="unverifiable",
                    observed="sources are not measured",
                ),
            ],
        ),
        calls=[_call("c4", 2, "actor"), _call("c5", 2, "summarizer"), _call("c6", 2, "critic")],
    )


def make_trajectory() -> Trajectory:
    """An accepted run of two passes with a deaf target."""
    return Trajectory(
        id="0123456789ab",
        code_version="0.1.0",
        clip=Clip(
            path="/somewhere/private/clips/ball.mp4",
            sha256="0" * 64,
            size_bytes=1000,
            duration_s=8.0,
            has_video=True,
            has_audio=True,
        ),
        question="Which comes first, the sound or the movement?",
        options={"A": "the sound", "B": "the movement"},
        context={
            "actor": "offline:perception",
            "summarizer": "offline:perception",
            "critic": "offline:perception",
            "target": "offline:perception?modality=deaf",
            "threshold": 6.0,
            "max_iterations": 5,
            "prompts": "/somewhere/private/my prompts",
        },
        iterations=[first_pass(), second_pass()],
        best=Best(index=2, why="it reached the threshold"),
        stop_reason="accepted",
        actor_answer="the movement",
        targets={
            "offline:perception?modality=deaf": TargetRecord(
                zero_shot=Answer(text="A", option="A", note="a guess"),
                distilled=Answer(text="B", option="B", mode="distilled", form="evidence"),
                injected_text="…",
                form="evidence",
                calls=[_call("c7", None, "target")],
            )
        },
        templates={
            "abc123": TemplateRecord(name="generator", text="Look.", source="default/generator.md")
        },
        texts={
            "t-system": "You watch and listen.",
            "t-user": "Which comes first?\nAnswer in JSON.",
            "t-raw": '{"steps": []}',
        },
        warnings=["/somewhere/private/clips/ball.mp4 has a late start."],
        totals=Totals(calls=7, input_tokens=8400, output_tokens=238, seconds=1.84, accepted_at=2),
    )


def with_text(text: str) -> Trajectory:
    """The same run with one text wherever words of a model or a user stand."""
    run = make_trajectory()
    first = run.iterations[0]
    assert first.reasoning is not None
    assert isinstance(first.verdict, Verdict)
    first.reasoning.steps[0].text = text
    first.reasoning.findings = text
    first.caption_sources[0].text = text
    first.verdict.claims[1].observed = text
    first.verdict.claims[1].text = text
    first.verdict.complaints[0].action = text
    first.verdict.omissions.append(text)
    first.verdict.rationale = text
    first.verdict.perceived[text] = text
    first.calls[0].prompt = text
    run.clip = run.clip.model_copy(update={"path": f"/clips/{text}.mp4"})
    run.question = text
    run.options = {"A": text, "B": text}
    run.actor_answer = text
    run.stop_detail = text
    run.warnings.append(text)
    run.texts["t-raw"] = text
    run.texts["t-user"] = text
    return run
