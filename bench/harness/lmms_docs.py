"""What lmms-eval asks of one sample: the prompt that `aurelia bench run` sends, without truth."""

from typing import Any

from aurelia.bench.sample import Sample
from aurelia.nodes.wording import options_text
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.template import MediaPart, PromptMessage, TextPart
from aurelia.types.reasoning import Record


class Sound(Record):
    """A sound file of the folder, and how the prompt calls it."""

    label: str
    path: str


class Media(Record):
    """A sample's files, relative to the folder."""

    video: str = ""
    sounds: list[Sound] = []


class Doc(Record):
    """One line of a task's file. `before` and `after` stand around the media."""

    sample_id: str
    condition: str
    system: str
    before: str
    after: str
    video: str
    sounds: list[Sound]
    r_star: str = ""
    run: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return self.model_dump(mode="json")


def doc_of(
    sample: Sample, prompts: PromptSet, media: Media, r_star: str = "", run: str = ""
) -> Doc:
    """A sample as a document of a task.

    Args:
        sample: whose truth stays here.
        prompts: the set whose target prompts are filled in.
        media: its files.
        r_star: steps to hand over; empty: zero-shot.
        run: id of the rollout that they come from.
    """
    name = "target_distilled" if r_star else "target_zero_shot"
    values = {"question": sample.asked, "options": options_text(sample.options), "evidence": ""}
    if r_star:
        values["r_star"] = r_star
    messages = prompts.get(name, sample.task).render(values)
    system = "\n\n".join(m.text for m in messages if m.role == "system")
    before, after = _around([m for m in messages if m.role == "user"])
    return Doc(
        sample_id=sample.id,
        condition="distilled" if r_star else "zero_shot",
        system=system,
        before=before,
        after=after,
        video=media.video,
        sounds=media.sounds,
        r_star=r_star,
        run=run,
    )


def _around(messages: list[PromptMessage]) -> tuple[str, str]:
    """The user's text before and behind the media."""
    sides: tuple[list[str], list[str]] = ([], [])
    seen = False
    for part in (part for message in messages for part in message.parts):
        match part:
            case MediaPart():
                seen = True
            case TextPart(text=text):
                sides[seen].append(text)
    return "\n\n".join(sides[0]), "\n\n".join(sides[1])
