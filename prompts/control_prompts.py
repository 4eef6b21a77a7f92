"""The prompts of the benchmark's controls, in the words of the set that a run uses.

Two of them are the set's own `target_zero_shot` with one block more, put where `target_distilled`
has r*: whatever a user changed in those two, the control changes with them, and what is compared
stays the block alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aurelia.errors import PromptError
from aurelia.prompts.build import build_templates
from aurelia.prompts.front_matter import join_front_matter, split_front_matter
from aurelia.prompts.loader import PromptSet, inspect_prompts
from aurelia.prompts.partials import SourceFile
from aurelia.prompts.template import Template

BLOCKS = ("control_step_by_step", "control_given_answer")
"""Prompts that are made from the target's; the block of each is the partial of its name."""


@dataclass(frozen=True)
class ControlPrompts:
    """Prompts by name and task.

    Attributes:
        prompts: the set's, with those of the controls.
        blocks: what each of `BLOCKS` says beyond the zero-shot prompt.
    """

    prompts: PromptSet
    blocks: Mapping[str, str]

    def get(self, name: str, task: str | None = None) -> Template:
        """A prompt; a file or text of the user's own goes before what is made here.

        Raises:
            PromptError: there is none of that name, or the set's target prompts show no place for
                its block.
        """
        if name not in BLOCKS or name in self.prompts.templates:
            return self.prompts.get(name, task)
        zero_shot = self.prompts.get("target_zero_shot", task)
        distilled = self.prompts.get("target_distilled", task)
        return _with_block(name, zero_shot, distilled, self.blocks[name])


def load_controls(
    source: str | Path = "default", overrides: Mapping[str, str] | None = None
) -> ControlPrompts:
    """The controls' prompts for a set. Lists directories: in async code, call it in a thread.

    Args:
        source: as of `load_prompts`; its directory may hold files such as `control_text_only.md`.
        overrides: as of `load_prompts`.

    Raises:
        PromptError: no such set or directory, or a template is wrong.
    """
    found = inspect_prompts(source, overrides, controls=True)
    if found.problems:
        raise PromptError(str(found.problems[0]))
    blocks = {name: found.files[f"_{name}"].text.strip() for name in BLOCKS}
    return ControlPrompts(found.prompts, blocks)


def _with_block(name: str, zero_shot: Template, distilled: Template, block: str) -> Template:
    """The zero-shot prompt with `block` where the distilled one has its own."""
    _, without, _ = split_front_matter(zero_shot.text)
    _, guided, _ = split_front_matter(distilled.text)
    at = _place(without, guided)
    if at is None:
        raise PromptError(
            f"`{zero_shot.name}` and `{distilled.name}` ({distilled.source}) differ by more than "
            f"one block of lines, so that `{name}` can't be made from them; write {name}.md."
        )
    required = sorted(zero_shot.required | ({"r_star"} if "{{r_star}}" in block else set()))
    front = (
        f"role: target\nversion: {json.dumps(zero_shot.version)}\n"
        f"required: [{', '.join(required)}]\noutput: text\n"
    )
    text = join_front_matter(front, f"{without[:at]}{block}\n\n{without[at:]}")
    made, problems = build_templates({name: SourceFile(f"controls/{name}.md", text)})
    if problems:
        raise PromptError(str(problems[0]))
    return made[name]


def _place(without: str, guided: str) -> int | None:
    """Where, at the start of a line, a stretch was put into `without` that gives `guided`."""
    starts = [0, *(n + 1 for n, letter in enumerate(without) if letter == "\n")]
    fits = (
        at
        for at in reversed(starts)
        if guided.startswith(without[:at]) and guided.endswith(without[at:])
    )
    return next(fits, None) if len(guided) > len(without) else None
