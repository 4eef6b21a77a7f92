"""Which prompts there are, whom each addresses, and what each may be told.

The table enforces "who sees what": a placeholder that a role must not see is refused when the
template is loaded, so that no rewording can leak it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PromptSpec:
    """What a prompt of a given name must and may hold.

    Attributes:
        purpose: one line for people.
        role: who reads it: a role of the loop, `any` of them, or the benchmark's `scorer`.
        outputs: names that its front matter may give as `output`.
        media: whether the clip must be placed (True) or must not be (False).
        required: variables that it must place and list as required.
        optional: further variables that it may place.
    """

    purpose: str
    role: str
    outputs: frozenset[str]
    media: bool
    required: frozenset[str]
    optional: frozenset[str] = frozenset()

    @property
    def variables(self) -> frozenset[str]:
        """Every variable that the prompt may place."""
        return self.required | self.optional


def _spec(
    purpose: str, role: str, outputs: str, required: str, optional: str = "", *, media: bool
) -> PromptSpec:
    return PromptSpec(
        purpose=purpose,
        role=role,
        outputs=frozenset(outputs.split()),
        media=media,
        required=frozenset(required.split()),
        optional=frozenset(optional.split()),
    )


INVENTORY: dict[str, PromptSpec] = {
    "generator": _spec(
        "asks the actor for its first reasoning",
        "actor",
        "reasoning",
        "question",
        "options evidence",
        media=True,
    ),
    "generator_revise": _spec(
        "asks the actor again, with its last reasoning and the feedback",
        "actor",
        "reasoning",
        "question previous",
        "options evidence feedback score",
        media=True,
    ),
    "summarizer": _spec(
        "turns a reasoning into a caption, without the clip",
        "summarizer",
        "caption",
        "steps",
        "question findings answer",
        media=False,
    ),
    "evaluator": _spec(
        "asks the critic how well the caption matches the clip",
        "critic",
        "verdict score",
        "caption",
        "question evidence",
        media=True,
    ),
    "feedback": _spec(
        "words a verdict for the actor; no model is called",
        "actor",
        "text",
        "",
        "complaints contradicted omissions score",
        media=False,
    ),
    "repair": _spec(
        "asks once more for a reply that could not be read",
        "any",
        "text",
        "error reply schema",
        media=False,
    ),
    "target_zero_shot": _spec(
        "asks the target the question alone",
        "target",
        "text",
        "question",
        "options evidence",
        media=True,
    ),
    "target_distilled": _spec(
        "asks the target the question, with r*",
        "target",
        "text",
        "question r_star",
        "options evidence",
        media=True,
    ),
    "answer_judge": _spec(
        "compares an answer with the reference, outside the graph",
        "scorer",
        "score text",
        "question ground_truth reply",
        media=False,
    ),
}
"""Prompt name → specification. A file `generator.av_meme.md` follows the one of `generator`."""


def base_name(name: str) -> str:
    """`generator.av_meme` → `generator`."""
    return name.partition(".")[0]
