"""Holds a template against its entry in the inventory: what it may place and must require."""

from aurelia.prompts.inventory import PromptSpec
from aurelia.prompts.parse import Document
from aurelia.prompts.partials import unknown_placeholder
from aurelia.prompts.placeholders import Placement
from aurelia.prompts.problems import Problem, suggest
from aurelia.prompts.variables import MEDIA, SCHEMA, VARIABLES


def placement_problems(
    name: str, placements: list[Placement], output: str, spec: PromptSpec
) -> list[Problem]:
    """Placeholders that are unknown, or that this prompt must not hold."""
    variables = [placement for placement in placements if not placement.include]
    problems = [unknown_placeholder(p) for p in variables if p.name not in VARIABLES]
    for placement in variables:
        if placement.name == MEDIA:
            message = _media_problem(name, placement, spec)
        elif placement.name == SCHEMA and SCHEMA not in spec.variables:
            message = "has no value, because the output is free `text`" if output == "text" else ""
        elif placement.name in VARIABLES and placement.name not in spec.variables:
            message = f"is not given to `{name}`" + suggest(placement.name, spec.variables)
        else:
            message = ""
        if message:
            shown = f"{placement.shown} {message}"
            problems.append(Problem(placement.file, placement.line, shown))
    clips = [placement for placement in variables if placement.name == MEDIA]
    problems += [
        Problem(clip.file, clip.line, f"{clip.shown} stands twice; the clip is shown once")
        for clip in clips[1:]
    ]
    return problems


def front_matter_problems(
    name: str, file: str, document: Document, placements: list[Placement], spec: PromptSpec
) -> list[Problem]:
    """Front matter that contradicts the inventory or the template's own text."""
    matter = document.front_matter
    placed = {placement.name for placement in placements if not placement.include}
    found: list[tuple[str, str]] = []
    if matter.role != spec.role:
        found.append(("role", f"the role of `{name}` is `{spec.role}`, not `{matter.role}`"))
    if matter.output not in spec.outputs:
        allowed = " or ".join(f"`{output}`" for output in sorted(spec.outputs))
        found.append(("output", f"the output of `{name}` is {allowed}, not `{matter.output}`"))
    if matter.values == "bare" and spec.role != "target":
        message = "only a target, whose reply nothing but its answer hangs on, may be given `bare`"
        found.append(("values", f"{message} values"))
    for variable in matter.required:
        if variable not in spec.variables:
            hint = suggest(variable, spec.variables)
            found.append(("required", f"`{name}` is not given a variable `{variable}`{hint}"))
        elif variable not in placed:
            message = f"`{variable}` is required, but `{{{{{variable}}}}}` stands nowhere"
            found.append(("required", message))
    found += [
        ("required", f"`{name}` can't do without `{variable}`: place it and list it as required")
        for variable in sorted(spec.required - set(matter.required))
    ]
    if spec.media and MEDIA not in placed:
        found.append(("role", f"`{name}` is shown the clip, but `{{{{media}}}}` stands nowhere"))
    return [Problem(file, matter.lines[key], message) for key, message in found]


def _media_problem(name: str, placement: Placement, spec: PromptSpec) -> str:
    if not spec.media:
        return f"can't stand here, because `{name}` is not shown the clip"
    return "" if placement.section == "user" else "belongs in the section `## user`"
