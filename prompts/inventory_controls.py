"""Prompts of the benchmark's controls: no node of the graph reads them.

They are shared by all sets. Where one asks the target about the clip, it takes the set's own
partials, so that it differs from `target_zero_shot` of that set by one block alone.
"""

from aurelia.prompts.inventory import INVENTORY, PromptSpec, base_name

_TEXT = frozenset({"text"})
_QUESTION = frozenset({"question"})
_WITH_R_STAR = frozenset({"question", "r_star"})
_OPTIONS = frozenset({"options"})
_TARGET_MAY = frozenset({"options", "evidence"})

CONTROLS: dict[str, PromptSpec] = {
    "control_step_by_step": PromptSpec(
        "asks the target to reason by itself before it answers",
        "target",
        _TEXT,
        media=True,
        required=_QUESTION,
        optional=_TARGET_MAY,
    ),
    "control_given_answer": PromptSpec(
        "asks the target with somebody's answer in the place of r*",
        "target",
        _TEXT,
        media=True,
        required=_WITH_R_STAR,
        optional=_TARGET_MAY,
    ),
    "control_question_plan": PromptSpec(
        "asks for a plan from the question alone, without the clip",
        "target",
        _TEXT,
        media=False,
        required=_QUESTION,
        optional=_OPTIONS,
    ),
    "control_blind_steps": PromptSpec(
        "asks the actor for a reasoning without the clip",
        "actor",
        frozenset({"reasoning"}),
        media=False,
        required=_QUESTION,
        optional=_OPTIONS,
    ),
    "control_text_only": PromptSpec(
        "asks the question without the clip",
        "target",
        _TEXT,
        media=False,
        required=_QUESTION,
        optional=_OPTIONS,
    ),
    "control_text_only_r_star": PromptSpec(
        "asks the question without the clip, with r*",
        "target",
        _TEXT,
        media=False,
        required=_WITH_R_STAR,
        optional=_OPTIONS,
    ),
}
"""Prompt name → specification."""

PAIRS = {
    "control_step_by_step": "target_zero_shot",
    "control_given_answer": "target_zero_shot",
    "control_text_only_r_star": "control_text_only",
}
"""Prompts that say one block more than another, and nothing else: checked as the targets' are."""

SPECS: dict[str, PromptSpec] = {**INVENTORY, **CONTROLS}
"""Every prompt that a file may hold."""


def spec_of(name: str) -> PromptSpec:
    """The specification of a prompt or of a task variant of it; KeyError where there is none."""
    return SPECS[base_name(name)]
