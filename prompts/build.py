"""From the files of a prompt set to its templates, or to a list of what is wrong with them."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from aurelia.prompts.inventory import INVENTORY, PromptSpec, base_name
from aurelia.prompts.parse import (
    PLACEHOLDER,
    Document,
    Placement,
    Problem,
    body_text,
    find_malformed,
    find_placements,
    front_matter_text,
    parse_document,
)
from aurelia.prompts.template import Template
from aurelia.prompts.variables import MEDIA, SCHEMA, VARIABLES

OUTPUTS = ("reasoning", "caption", "verdict", "score", "text")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of a set: what it is called in messages, and its text."""

    file: str
    text: str


def build_templates(
    files: Mapping[str, SourceFile],
) -> tuple[dict[str, Template], list[Problem]]:
    """Build every template of `files` (`{name: file}`, partials as `_name`).

    Returns:
        The templates that are right, and the problems of the others, each once, by file and line.
    """
    partials = {name[1:]: file for name, file in files.items() if name.startswith("_")}
    problems = {problem for name in partials for problem in _check_partial(name, partials)}
    templates: dict[str, Template] = {}
    for name, file in files.items():
        if name.startswith("_"):
            continue
        template, found = _build_one(name, file, partials)
        problems.update(found)
        if template is not None and not found:
            templates[name] = template
    return templates, sorted(problems)


def suggest(name: str, known: Iterable[str]) -> str:
    """`; did you mean …?` with the closest known names, or all of them."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=2, cutoff=0.6)
    if close:
        return f"; did you mean {' or '.join(f'`{item}`' for item in close)}?"
    return f"; known: {', '.join(known)}" if known else "; there is none"


def _build_one(
    name: str, file: SourceFile, partials: Mapping[str, SourceFile]
) -> tuple[Template | None, list[Problem]]:
    spec = INVENTORY.get(base_name(name))
    if spec is None:
        message = f"there is no prompt `{name}`{suggest(base_name(name), INVENTORY)}"
        return None, [Problem(file.file, 1, message)]
    document, problems = parse_document(file.text, file.file)
    if document is None:
        return None, problems
    for section in document.sections:
        problems += find_malformed(section.body, file.file, section.line)
    placements = list(_all_placements(document, file.file, partials))
    problems += [p for p in (_include_problem(p, partials) for p in placements) if p]
    problems += _placement_problems(placements, document, spec, name)
    problems += _front_matter_problems(document, placements, spec, name, file.file)
    if problems or _cycle(placements, partials):
        return None, problems
    text = front_matter_text(file.text) + _expand(body_text(file.text), partials)
    resolved, _ = parse_document(text, file.file)
    assert resolved is not None
    matter = resolved.front_matter
    template = Template(
        name=name,
        text=text,
        source=file.file,
        role=matter.role,
        version=matter.version,
        required=frozenset(matter.required),
        output=matter.output,
        sections=resolved.sections,
        raw=file.text,
    )
    return template, []


def _expand(text: str, partials: Mapping[str, SourceFile]) -> str:
    return PLACEHOLDER.sub(
        lambda match: (
            _expand(partials[match["name"]].text.strip("\n"), partials)
            if match["include"]
            else match[0]
        ),
        text,
    )


def _all_placements(
    document: Document, file: str, partials: Mapping[str, SourceFile]
) -> Iterator[Placement]:
    """Placeholders of the sections, those of included partials too, each where it stands."""
    for section in document.sections:
        for placement in find_placements(section.body, file, section.line):
            for inner in _with_included(placement, partials, ()):
                yield replace(inner, section=section.role)


def _with_included(
    placement: Placement, partials: Mapping[str, SourceFile], inside: tuple[str, ...]
) -> Iterator[Placement]:
    yield placement
    if placement.include and placement.name in partials and placement.name not in inside:
        partial = partials[placement.name]
        for inner in find_placements(partial.text, partial.file):
            yield from _with_included(inner, partials, (*inside, placement.name))


def _include_problem(placement: Placement, partials: Mapping[str, SourceFile]) -> Problem | None:
    if not placement.include or placement.name in partials:
        return None
    message = f"there is no partial `_{placement.name}.md`{suggest(placement.name, partials)}"
    return Problem(placement.file, placement.line, message)


def _cycle(placements: list[Placement], partials: Mapping[str, SourceFile]) -> bool:
    included = {placement.name for placement in placements if placement.include}
    return any(_includes_itself(name, partials) for name in included)


def _includes_itself(name: str, partials: Mapping[str, SourceFile]) -> bool:
    pending, seen = [name], set[str]()
    while pending:
        current = pending.pop()
        if current not in partials:
            continue
        inner = {p.name for p in find_placements(partials[current].text, "") if p.include}
        if name in inner:
            return True
        pending += inner - seen
        seen |= inner
    return False


def _check_partial(name: str, partials: Mapping[str, SourceFile]) -> list[Problem]:
    partial = partials[name]
    problems = find_malformed(partial.text, partial.file)
    problems += [
        Problem(partial.file, number, "a partial has no `## ` sections; use `#` or `###`")
        for number, line in enumerate(partial.text.split("\n"), start=1)
        if line.startswith("## ")
    ]
    for placement in find_placements(partial.text, partial.file):
        missing = _include_problem(placement, partials)
        if missing:
            problems.append(missing)
        elif not placement.include and placement.name not in VARIABLES:
            problems.append(_unknown(placement))
    if _includes_itself(name, partials):
        problems.append(Problem(partial.file, 1, f"the partial `{name}` includes itself"))
    return problems


def _unknown(placement: Placement) -> Problem:
    message = f"unknown placeholder `{{{{{placement.name}}}}}`"
    return Problem(placement.file, placement.line, message + suggest(placement.name, VARIABLES))


def _placement_problems(
    placements: list[Placement], document: Document, spec: PromptSpec, name: str
) -> list[Problem]:
    problems: list[Problem] = []
    clips = 0
    for placement in placements:
        shown = f"`{{{{{placement.name}}}}}`"
        message = ""
        if placement.include:
            continue
        if placement.name not in VARIABLES:
            problems.append(_unknown(placement))
        elif placement.name == MEDIA:
            clips += 1
            if not spec.media:
                message = f"`{name}` is not shown the clip, so {shown} can't stand here"
            elif placement.section != "user":
                message = f"{shown} belongs in the section `## user`"
            elif clips > 1:
                message = f"{shown} stands twice; the clip is shown once"
        elif placement.name == SCHEMA:
            if document.front_matter.output == "text" and SCHEMA not in spec.variables:
                message = f"{shown} has no value, because the output is free `text`"
        elif placement.name not in spec.variables:
            message = f"`{name}` is not given {shown}" + suggest(placement.name, spec.variables)
        if message:
            problems.append(Problem(placement.file, placement.line, message))
    return problems


def _front_matter_problems(
    document: Document, placements: list[Placement], spec: PromptSpec, name: str, file: str
) -> list[Problem]:
    matter = document.front_matter
    placed = {placement.name for placement in placements if not placement.include}
    found: list[tuple[str, str]] = []
    if matter.role != spec.role:
        found.append(("role", f"the role of `{name}` is `{spec.role}`, not `{matter.role}`"))
    if matter.output not in spec.outputs:
        allowed = " or ".join(f"`{output}`" for output in sorted(spec.outputs))
        found.append(("output", f"the output of `{name}` is {allowed}, not `{matter.output}`"))
    for variable in matter.required:
        if variable not in VARIABLES:
            hint = suggest(variable, spec.variables)
            found.append(("required", f"unknown variable `{variable}` in `required`{hint}"))
        elif variable not in spec.variables:
            hint = suggest(variable, spec.variables)
            found.append(("required", f"`{name}` is not given `{variable}`{hint}"))
        elif variable not in placed:
            found.append(
                ("required", f"`{variable}` is required, but `{{{{{variable}}}}}` stands nowhere")
            )
    found += [
        ("required", f"`{name}` can't do without `{variable}`: place it and list it as required")
        for variable in sorted(spec.required - set(matter.required))
    ]
    if spec.media and MEDIA not in placed:
        found.append(("role", f"`{name}` is shown the clip, but `{{{{media}}}}` stands nowhere"))
    return [Problem(file, matter.lines[key], message) for key, message in found]
