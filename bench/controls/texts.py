"""Which prompts controls are asked with, known before anybody is."""

from collections.abc import Iterable

from aurelia.graph.context import Context
from aurelia.prompts.control_prompts import load_controls
from aurelia.prompts.template import Template

PROMPTS = {
    "target_with_answer": "control_given_answer",
    "text_only": "control_text_only",
    "text_only_r_star": "control_text_only_r_star",
    "blind_r_star": "control_blind_steps",
    "question_plan": "control_question_plan",
    "step_by_step": "control_step_by_step",
}
"""By control, the prompt of its own; the others ask as the modes do."""


def templates_of(
    controls: Iterable[str], context: Context, tasks: Iterable[str]
) -> dict[str, Template]:
    """The prompts of some controls by identity, in their variants for some tasks.

    Lists directories: in async code, call it in a thread.

    Args:
        controls: names of conditions; those without a prompt of their own are passed over.
        context: settings of the run.
        tasks: of its samples.

    Raises:
        PromptError: the run's prompts don't allow one of them.
    """
    names = [PROMPTS[control] for control in controls if control in PROMPTS]
    if not names:
        return {}
    prompts = load_controls(context.prompts, context.overrides)
    found = (prompts.get(name, task) for name in names for task in dict.fromkeys(tasks))
    return {template.identity: template for template in found}
