"""What differs between two prompt sets, template by template, word by word."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from aurelia.prompts.loader import PromptSet

Kind = Literal["same", "removed", "added"]
CONTEXT_LINES = 2
SIMILAR = 0.5
"""Share of words (0 to 1) that two lines must have in common to be shown as one."""

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of one line that both sides have, or one of them."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class DiffLine:
    """One line of a comparison; `gap` stands for equal lines that are left out."""

    segments: tuple[Segment, ...]
    gap: bool = False

    @property
    def changed(self) -> bool:
        """Whether the two sides differ on this line."""
        return any(segment.kind != "same" for segment in self.segments)


@dataclass(frozen=True, slots=True)
class TemplateDiff:
    """How one prompt differs; `only` names the side that alone has it."""

    name: str
    lines: tuple[DiffLine, ...]
    only: Literal["a", "b"] | None = None


def diff_sets(a: PromptSet, b: PromptSet) -> list[TemplateDiff]:
    """The templates that differ, partials put in. Equal ones are left out."""
    found: list[TemplateDiff] = []
    for name in dict.fromkeys((*a.names, *b.names)):
        one, other = a.templates.get(name), b.templates.get(name)
        if one is None or other is None:
            found.append(TemplateDiff(name, (), only="b" if one is None else "a"))
        elif one.text != other.text:
            found.append(TemplateDiff(name, diff_texts(one.text, other.text)))
    return found


def diff_texts(a: str, b: str, context: int = CONTEXT_LINES) -> tuple[DiffLine, ...]:
    """Compare by line, and replaced lines by word; `context` equal lines stay around a change.

    Empty where the texts are equal.
    """
    if a == b:
        return ()
    lines = list(_all_lines(a.split("\n"), b.split("\n")))
    near = {
        other
        for index, line in enumerate(lines)
        if line.changed
        for other in range(index - context, index + context + 1)
    }
    shown: list[DiffLine] = []
    for index, line in enumerate(lines):
        if index in near:
            shown.append(line)
        elif not shown or not shown[-1].gap:
            shown.append(DiffLine((), gap=True))
    return tuple(shown)


def _all_lines(a: list[str], b: list[str]) -> Iterator[DiffLine]:
    matcher = difflib.SequenceMatcher(None, a, b, autojunk=False)
    for operation, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        old, new = a[a_from:a_to], b[b_from:b_to]
        if operation == "equal":
            yield from (DiffLine((Segment("same", line),)) for line in old)
            continue
        if len(old) == len(new):
            for one, other in zip(old, new, strict=True):
                yield from _replaced(one, other)
            continue
        yield from (DiffLine((Segment("removed", line),)) for line in old)
        yield from (DiffLine((Segment("added", line),)) for line in new)


def _replaced(one: str, other: str) -> Iterator[DiffLine]:
    """One line with its words compared; two lines where they have little in common."""
    old, new = _WORDS.findall(one), _WORDS.findall(other)
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() >= SIMILAR:
        yield DiffLine(tuple(_words(matcher, old, new)))
    else:
        yield DiffLine((Segment("removed", one),))
        yield DiffLine((Segment("added", other),))


def _words(
    matcher: difflib.SequenceMatcher[str], old: list[str], new: list[str]
) -> Iterator[Segment]:
    for operation, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if operation == "equal":
            yield Segment("same", "".join(old[a_from:a_to]))
            continue
        if a_to > a_from:
            yield Segment("removed", "".join(old[a_from:a_to]))
        if b_to > b_from:
            yield Segment("added", "".join(new[b_from:b_to]))
