"""From the files of a prompt set to its templates, or to a list of what is wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from aurelia.prompts.front_matter import join_front_matter, split_front_matter
from aurelia.prompts.inventory import base_name
from aurelia.prompts.inventory_controls import SPECS
from aurelia.prompts.parse import Document, parse_document
from aurelia.prompts.partials import (
    Partials,
    SourceFile,
    check_partial,
    expand,
    include_problems,
    included,
    with_included,
)
from aurelia.prompts.placeholders import Placement, find_placements
from aurelia.prompts.problems import Problem, suggest
from aurelia.prompts.rules import front_matter_problems, placement_problems
from aurelia.prompts.template import Template


def partials_of(files: Mapping[str, SourceFile]) -> dict[str, SourceFile]:
    """The partials among a set's files, by name without underscore."""
    return {name[1:]: file for name, file in files.items() if name.startswith("_")}


def build_templates(
    files: Mapping[str, SourceFile],
) -> tuple[dict[str, Template], list[Problem]]:
    """Build every template of `files` (`{name: file}`, partials as `_name`).

    Returns:
        The templates that are right, and all problems, each once, by file and line.
    """
    partials = partials_of(files)
    problems = {problem for name in partials for problem in check_partial(name, partials)}
    broken = {problem.file for problem in problems}
    templates: dict[str, Template] = {}
    for name, file in files.items():
        if name.startswith("_"):
            continue
        found = _problems_of(name, file, partials)
        problems.update(found)
        rests_on = {partials[other].file for other in included(file.text, partials)}
        if not found and not rests_on & broken:
            templates[name] = _make(name, file, partials)
    return templates, sorted(problems)


def _problems_of(name: str, file: SourceFile, partials: Partials) -> list[Problem]:
    spec = SPECS.get(base_name(name))
    if spec is None:
        message = f"there is no prompt `{name}`{suggest(base_name(name), SPECS)}"
        return [Problem(file.file, 1, message)]
    document, problems = parse_document(file.text, file.file)
    if document is None:
        return problems
    placements = list(_placements(document, file.file, partials))
    for placement in placements:
        if placement.include:
            problems += include_problems(placement, partials)
    problems += placement_problems(name, placements, document.front_matter.output, spec)
    problems += front_matter_problems(name, file.file, document, placements, spec)
    return problems


def _placements(document: Document, file: str, partials: Partials) -> Iterator[Placement]:
    """Placeholders of the sections and of the partials in them, each where it stands."""
    for section in document.sections:
        for placement in find_placements(section.body, file, section.line):
            for inner in with_included(placement, partials):
                yield replace(inner, section=section.role)


def _make(name: str, file: SourceFile, partials: Partials) -> Template:
    front, body, _ = split_front_matter(file.text)
    text = join_front_matter(front or "", expand(body, partials))
    return template_of(name, text, file.file, raw=file.text)


def template_of(name: str, text: str, source: str, *, raw: str) -> Template:
    """The template of a text that was found to be right, its partials put in.

    Args:
        name: as in the inventory, with its variant.
        text: the whole file.
        source: where it comes from, for records.
        raw: the file as written.
    """
    document, _ = parse_document(text, source)
    if document is None:
        raise AssertionError(f"{source} was read once and can't be read again")
    matter = document.front_matter
    return Template(
        name=name,
        text=text,
        source=source,
        role=matter.role,
        version=matter.version,
        required=frozenset(matter.required),
        output=matter.output,
        sections=document.sections,
        raw=raw,
        bare=matter.values == "bare",
    )
