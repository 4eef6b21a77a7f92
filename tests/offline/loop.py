"""The actor-critic loop in a few lines, so that the offline roles are tested without the graph."""

from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

from aurelia.models.offline.chat import build
from aurelia.types.clip import Clip
from aurelia.types.replies import CaptionReply, ReasoningReply, VerdictReply

THRESHOLD = 6.0


@dataclass(frozen=True)
class Pass:
    """One iteration."""

    reasoning: ReasoningReply
    caption: str
    verdict: VerdictReply


def ask(model: BaseChatModel, role: str, clip: Clip | None, **inputs: Any) -> str:
    """One call of a role with the envelope that the graph sends."""
    envelope = {
        "role": role,
        "iteration": 1,
        "repeat": 0,
        "clip": clip.model_dump(mode="json") if clip else None,
        "inputs": inputs,
    }
    message = HumanMessage("ignored", additional_kwargs={"aurelia": envelope})
    return str(model.invoke([message]).content)


def propose(clip: Clip, question: str, **inputs: Any) -> ReasoningReply:
    """One pass of the actor."""
    raw = ask(build("perception", {}), "actor", clip, question=question, **inputs)
    return ReasoningReply.model_validate_json(raw)


def judge(clip: Clip, caption: str, question: str | None = None) -> VerdictReply:
    """The critic's verdict."""
    raw = ask(build("perception", {}), "critic", clip, caption=caption, question=question)
    return VerdictReply.model_validate_json(raw)


def numbered(reasoning: ReasoningReply) -> list[dict[str, Any]]:
    """Steps as the graph numbers them."""
    steps = enumerate(reasoning.steps, 1)
    return [{"id": f"s{n}", **step.model_dump(exclude_none=True)} for n, step in steps]


def write(reasoning: ReasoningReply, question: str) -> str:
    """The summarizer's caption."""
    raw = ask(
        build("perception", {}),
        "summarizer",
        None,
        question=question,
        steps=numbered(reasoning),
        findings=reasoning.findings,
        answer=reasoning.answer,
    )
    return " ".join(s.text for s in CaptionReply.model_validate_json(raw).sentences)


def run(clip: Clip, question: str, options: dict[str, str] | None = None) -> list[Pass]:
    """All passes until acceptance, at most five; none where the actor declined."""
    passes: list[Pass] = []
    inputs: dict[str, Any] = {"options": options}
    while len(passes) < 5:
        reasoning = propose(clip, question, **inputs)
        if not reasoning.steps:
            return passes
        caption = write(reasoning, question)
        passes.append(Pass(reasoning, caption, judge(clip, caption, question)))
        if passes[-1].verdict.score >= THRESHOLD:
            break
        inputs["previous"] = {**reasoning.model_dump(), "steps": numbered(reasoning)}
        inputs["complaints"] = [
            {"id": f"c{len(passes)}.{n}", **c.model_dump(exclude={"claim"})}
            for n, c in enumerate(passes[-1].verdict.complaints, 1)
        ]
    return passes


def answer(clip: Clip, question: str, options: dict[str, str] | None = None) -> str:
    """The actor's answer at the end of the loop."""
    return run(clip, question, options)[-1].reasoning.answer


def respond(
    clip: Clip, question: str, options: dict[str, str], modality: str, r_star: str | None = None
) -> str:
    """A target's reply."""
    model = build("perception", {"modality": modality})
    return ask(model, "target", clip, question=question, options=options, r_star=r_star)
