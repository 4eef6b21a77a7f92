"""Which placeholders a template may use, what stands in them, and which are written by us."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """One placeholder.

    Attributes:
        description: what its value holds; repeated in `docs/prompts.md`.
        trusted: True where we write the value ourselves; it is then inserted as it is. Every other
            value is put between tags that it cannot forge (see `aurelia.prompts.fence`).
        example: a value for `aurelia prompts show --rendered` and for checks.
    """

    description: str
    trusted: bool = False
    example: str = ""


MEDIA = "media"
SCHEMA = "schema"
BUILT_IN = frozenset({MEDIA, SCHEMA})
"""Placed without a value from the caller: the clip's media, and the output's JSON schema."""

VARIABLES: dict[str, Variable] = {
    MEDIA: Variable("Place of the clip: its frames and sound, each with its label.", trusted=True),
    SCHEMA: Variable(
        "JSON schema of the reply that is asked for, compact.",
        trusted=True,
        example='{"type":"object","properties":{"score":{"type":"number"}},"required":["score"]}',
    ),
    "question": Variable(
        "The question about the clip.", example="Which comes first, the knock or the light?"
    ),
    "options": Variable(
        "Answer options, one a line with its letter; empty for an open question.",
        example="A. the knock\nB. the light\nC. both at once",
    ),
    "evidence": Variable(
        "Facts measured on the clip, one a line with an id such as e1; may be empty.",
        example="e1 [audio, 1.20-1.26 s] a sudden sound begins, 18 dB above what precedes it",
    ),
    "previous": Variable(
        "The actor's last reasoning: steps with ids s1, s2 …, findings and answer.",
        example=(
            "s1 [audio, 0.00-2.00 s] Listen for the moment at which the first knock begins.\n"
            "s2 [visual, 0.00-2.00 s] Watch for the frame in which the room brightens.\n"
            "Findings: A knock at 1.2 s; the room brightens at 0.8 s.\n"
            "Answer: B"
        ),
    ),
    "score": Variable(
        "Score of the last caption, 1 to 10; empty if unscored; for the published method only.",
        trusted=True,
        example="4",
    ),
    "feedback": Variable(
        "The text of the `feedback` prompt: complaints with ids c1, c2 … and what was observed.",
        example=("c1 [visual, 0.60-1.60 s] Watch the left wall for the first change of light."),
    ),
    "steps": Variable(
        "The actor's steps as a numbered list, each with modality and time window.",
        example=(
            "1. [audio, 0.00-2.00 s] Listen for the moment at which the first knock begins.\n"
            "2. [visual, 0.00-2.00 s] Watch for the frame in which the room brightens."
        ),
    ),
    "findings": Variable(
        "What the actor says it saw and heard.",
        example="A knock is heard at 1.2 s. The room brightens at 0.8 s.",
    ),
    "answer": Variable("The actor's own answer to the question.", example="B. the light"),
    "caption": Variable(
        "The summarizer's caption, which the critic checks.",
        example="A dark room brightens at 0.8 s. A single knock is heard at 1.2 s.",
    ),
    "complaints": Variable(
        "What to look or listen for next, one a line with id, modality and window; may be empty.",
        example="c1 [visual, 0.60-1.60 s] Watch the left wall for the first change of light.",
    ),
    "contradicted": Variable(
        "Claims that the clip contradicts, each with what was observed; may be empty.",
        example='"The room brightens at 0.8 s." Observed: it is dark until 1.4 s.',
    ),
    "omissions": Variable(
        "What the caption leaves out, one a line; may be empty.",
        example="A second, fainter knock at 1.6 s.",
    ),
    "error": Variable(
        "Why a reply could not be read.", example="`score` is missing at the top level."
    ),
    "reply": Variable(
        "A reply as it was received: the one to repair, or the answer to be judged.",
        example="The light comes second. Answer: A",
    ),
    "r_star": Variable(
        "The distilled reasoning r*, in the form that the run chose.",
        example=(
            "1. [audio, 0.00-2.00 s] Listen for the moment at which the first knock begins.\n"
            "2. [visual, 0.00-2.00 s] Watch for the frame in which the room brightens."
        ),
    ),
    "ground_truth": Variable(
        "The reference answer; only the benchmark's `answer_judge` is given it.",
        example="A. the knock",
    ),
}
"""Every placeholder that a template may use. Anything else is an error with suggestions."""
