"""Moves the r* block of the target prompts to where a target takes it.

A prompt set says in which words a target is asked; the target's profile says where r* stands. What
is moved is the block by which the two prompts of the set differ, so with each placement they still
differ by that block alone, and a set of one's own can be placed as the shipped ones are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aurelia.configuration.text_rules import Place
from aurelia.errors import PromptError
from aurelia.prompts.build import template_of
from aurelia.prompts.front_matter import join_front_matter, split_front_matter
from aurelia.prompts.pair import inserted
from aurelia.prompts.placeholders import PLACEHOLDER
from aurelia.prompts.template import Template
from aurelia.prompts.variables import MEDIA

_ASKED = ("question", "options", "evidence")
_SAID: Mapping[Place, str] = {
    "system": "r* in the system message",
    "before_question": "r* before the question",
    "after_question": "r* after the question",
    "merged": "in one message",
}


@dataclass(frozen=True, slots=True)
class TargetPrompts:
    """The two prompts of a target; they differ by the r* block alone."""

    zero_shot: Template
    distilled: Template

    def get(self, *, distilled: bool) -> Template:
        """The one or the other."""
        return self.distilled if distilled else self.zero_shot


@lru_cache(maxsize=128)
def placed(zero_shot: Template, distilled: Template, place: Place) -> TargetPrompts:
    """The prompts of a set with r* where `place` says.

    Args:
        zero_shot: of the set.
        distilled: of the set; holds r* somewhere.
        place: `as_written` leaves both as they are, and so does a place where r* stands already.

    Raises:
        PromptError: the two differ by more than one block, so that there is nothing to move.
    """
    if place == "as_written":
        return TargetPrompts(zero_shot, distilled)
    plain, guided = _bodies(zero_shot), _bodies(distilled)
    if place == "merged":
        if not (plain["system"] or guided["system"]):
            return TargetPrompts(zero_shot, distilled)
        merged = (_with(t, {"user": _merged(b)}, place) for t, b in _pairs(zero_shot, distilled))
        return TargetPrompts(*merged)
    moved = dict(plain)
    block = _block(plain, guided, distilled)
    if place == "system":
        moved["system"] = f"{plain['system']}\n\n{block}".strip()
    else:
        body = _beside_question(plain["user"], block, before=place == "before_question")
        if body is None:
            raise PromptError(
                f"r* can't be moved beside the question, which {distilled.source} asks in its "
                "system message; let the target take it there (text.r_star)."
            )
        moved["user"] = body
    if moved == guided:
        return TargetPrompts(zero_shot, distilled)
    return TargetPrompts(zero_shot, _with(distilled, moved, place))


def _pairs(*templates: Template) -> list[tuple[Template, dict[str, str]]]:
    return [(template, _bodies(template)) for template in templates]


def _bodies(template: Template) -> dict[str, str]:
    """The text of each message, variables not put in; empty where there is none."""
    bodies = {section.role: section.body.strip() for section in template.sections}
    return {"system": bodies.get("system", ""), "user": bodies["user"]}


def _block(plain: Mapping[str, str], guided: Mapping[str, str], distilled: Template) -> str:
    """The paragraphs that hold r*."""
    differing = [role for role in plain if plain[role] != guided[role]]
    try:
        if len(differing) != 1:
            raise ValueError("the two prompts differ in both messages, or in none")
        role = differing[0]
        # Ends of paragraphs alike, so that the block at an end is found as one in the middle.
        return inserted(f"{plain[role]}\n\n", f"{guided[role]}\n\n").strip()
    except ValueError as error:
        raise PromptError(
            f"r* can't be moved to where this target takes it: {error} "
            f"({distilled.source}); `aurelia prompts check` shows what a pair must be."
        ) from None


def _beside_question(body: str, block: str, *, before: bool) -> str | None:
    """`body` with the block before the paragraph of the question, or after all that is asked.

    None where it asks nothing.
    """
    paragraphs = body.split("\n\n")
    asking = [
        number
        for number, paragraph in enumerate(paragraphs)
        if {match["name"] for match in PLACEHOLDER.finditer(paragraph)} & {*_ASKED}
    ]
    if not asking:
        return None
    place = asking[0] if before else asking[-1] + 1
    return "\n\n".join([*paragraphs[:place], block, *paragraphs[place:]])


def _merged(bodies: Mapping[str, str]) -> str:
    """One message: the clip where it is, the system's text behind it."""
    body = bodies["user"]
    end = next((m.end() for m in PLACEHOLDER.finditer(body) if m["name"] == MEDIA), 0)
    return f"{body[:end]}\n\n{bodies['system']}\n\n{body[end:].strip()}".strip()


def _with(template: Template, bodies: Mapping[str, str], place: Place) -> Template:
    """The template with other messages; its identity is another, as its text is."""
    front, _, _ = split_front_matter(template.text)
    body = "".join(
        f"## {role}\n{bodies[role]}\n" for role in ("system", "user") if bodies.get(role)
    )
    text = join_front_matter(front or "", body)
    return template_of(template.name, text, f"{template.source} ({_SAID[place]})", raw=text)
