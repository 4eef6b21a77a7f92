"""The summarizer: prose from steps, each fact kept, each sentence with the steps behind it."""

from aurelia.models.offline.claims import sentences
from aurelia.models.offline.envelope import Inputs
from aurelia.types.replies import CaptionReply, SentenceReply

_JOINED = (
    "Sound is heard from ",
    "It is silent from ",
    "The picture moves from ",
    "Nothing moves from ",
    "The sound mostly stands out by 12 dB or more from ",
)


def summarize(inputs: Inputs) -> CaptionReply:
    """A caption. Steps that list the same thing at several times become one sentence."""
    caption: list[SentenceReply] = []
    stems: dict[str, SentenceReply] = {}
    for number, step in enumerate(inputs.steps, 1):
        for sentence in _facts(step.text):
            stem = next((s for s in _JOINED if sentence.startswith(s)), None)
            if stem and stem in stems:
                joined = stems[stem]
                joined.text = f"{joined.text.rstrip('.')}, and from {sentence[len(stem) :]}"
                joined.steps.append(number)
                continue
            reply = SentenceReply(text=sentence, steps=[number])
            caption.append(reply)
            if stem:
                stems[stem] = reply
    every = list(range(1, len(inputs.steps) + 1))
    said = {s.text for s in caption}
    caption += [
        SentenceReply(text=sentence, steps=every)
        for sentence in _facts(inputs.findings)
        if sentence not in said
    ]
    return CaptionReply(sentences=caption or [SentenceReply(text="Nothing was found.")])


def _facts(text: str) -> list[str]:
    """Sentences without the remarks on how something was measured."""
    kept = [s for s in sentences(text) if not s.startswith("Measured again")]
    return [s if s[-1] in ".!?" else f"{s}." for s in kept]
