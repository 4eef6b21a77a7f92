"""r* in a form under a rule about leaks: what is looked at is what would be handed over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from aurelia.bench.run.settings import LeakPolicy
from aurelia.evaluators.leak import find_leaks
from aurelia.nodes.rstar import r_star_text
from aurelia.types.reasoning import Reasoning, RStarForm, Step
from aurelia.types.trajectory import LeakSpan

FINDINGS = "findings"
"""Stands for a step's id where findings give something away."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What is handed over of a pass.

    Attributes:
        text: r*; empty where nothing is left, and `why` says why.
        leaks: spans of `text` that give the answer away.
    """

    text: str
    leaks: tuple[LeakSpan, ...] = ()
    why: str = ""


def hand_over(
    reasoning: Reasoning,
    form: RStarForm,
    options: Mapping[str, str] | None,
    policy: str | LeakPolicy,
) -> Handed:
    """r* of a pass, in a form, with what the rule about leaks leaves of it.

    Of a step that states a measured value, `plan` hands over what it looks or listens for: a value
    that gives the answer away is then no leak. Findings go along in `plan_and_findings`, and are
    looked at like a step.

    Args:
        reasoning: of the pass.
        form: in which form.
        options: of the question.
        policy: `record`, `drop` (steps, and findings, that leak are left out) or `withhold`.
    """
    left, dropped = reasoning, False
    leaks = leaks_of(left, form, options)
    if leaks and policy == "withhold":
        return Handed("", why="its steps reveal the answer and were withheld")
    # What is left out may have stood for others: two steps of one plan, or all that were measured.
    while leaks and policy == "drop":
        left, dropped = _without(left, {leak.step_id for leak in leaks}), True
        leaks = leaks_of(left, form, options)
    text = r_star_text(left, form).strip() if left.steps else ""
    if not text:
        empty = f"its steps are empty in the form {form}"
        return Handed("", why="each of its steps reveals the answer" if dropped else empty)
    return Handed(text, tuple(leaks))


def leaks_of(
    reasoning: Reasoning, form: RStarForm | None, options: Mapping[str, str] | None
) -> list[LeakSpan]:
    """Spans that give the answer away in what a form hands over; with None, in all steps and
    findings in their own words."""
    pieces = [*reasoning.steps] if form is None else _steps(reasoning, form)
    if form in (None, "plan_and_findings") and reasoning.findings:
        pieces.append(Step(id=FINDINGS, text=reasoning.findings))
    return find_leaks(pieces, reasoning.answer, options)


def _steps(reasoning: Reasoning, form: RStarForm) -> list[Step]:
    """The steps that a form hands over, each with the words that it hands over."""
    if form == "evidence":
        return [step for step in reasoning.steps if step.evidence] or [*reasoning.steps]
    seen: dict[str, Step] = {}
    for step in reasoning.steps:
        said = step.plan or step.text
        seen.setdefault(said if step.plan else f"{step.id} {said}", Step(id=step.id, text=said))
    return list(seen.values())


def _without(reasoning: Reasoning, ids: Collection[str]) -> Reasoning:
    steps = [step for step in reasoning.steps if step.id not in ids]
    findings = "" if FINDINGS in ids else reasoning.findings
    return reasoning.model_copy(update={"steps": steps, "findings": findings})
