"""The text of r*: which part of an iteration's reasoning a target is given."""

from collections.abc import Collection

from aurelia.nodes.wording import steps_text
from aurelia.types.reasoning import Reasoning, RStarForm, Step


def r_star_text(reasoning: Reasoning, form: RStarForm, drop: Collection[str] = ()) -> str:
    """r* in one of its forms.

    Args:
        reasoning: the accepted pass.
        form: `plan` (steps alone, as published; of a step that states a measured value, what it
            looks or listens for), `plan_and_findings`, or `evidence` (the steps that rest on
            measurements, marked as measured).
        drop: ids of steps to leave out, because they reveal the answer.
    """
    steps = [_one_item(step) for step in reasoning.steps if step.id not in drop]
    if form == "evidence":
        lines = [_measured(step, reasoning) for step in steps if step.evidence]
        return "\n".join(lines) or steps_text(steps)
    planned = list(dict.fromkeys(step.plan for step in steps if step.plan))
    bare = [step for step in steps if not step.plan]
    text = "\n".join([*(f"- {plan}" for plan in planned), *([steps_text(bare)] if bare else [])])
    if form == "plan_and_findings" and reasoning.findings:
        text = f"{text}\nFindings: {reasoning.findings}"
    return text


def _one_item(step: Step) -> Step:
    """A step whose further lines are indented: a list within it begins no item of r*'s own."""
    if all(text.splitlines() in ([], [text]) for text in (step.text, step.plan)):
        return step
    return step.model_copy(update={"text": _indented(step.text), "plan": _indented(step.plan)})


def _indented(text: str) -> str:
    whole = text.splitlines() in ([], [text])
    return text if whole else "\n   ".join(text.strip().splitlines())


def _measured(step: Step, reasoning: Reasoning) -> str:
    used = [e for e in reasoning.evidence if e.id in step.evidence]
    confidence = min((e.confidence for e in used), default=1.0)
    return f"- {step.text} (measured, confidence {confidence:.2f})"
