"""What an actor's model on the server was given, and what it said to it."""

from dataclasses import dataclass
from pathlib import Path

import aurelia
from aurelia.types.trajectory import SentMessage

OFFLINE = "offline:perception"
FRAMES = 2


@dataclass(frozen=True, slots=True)
class Served:
    """A server and the one model that it has."""

    address: str
    model: Path


@dataclass(frozen=True, slots=True)
class Heard:
    """One call of the actor.

    Attributes:
        tokens: of the prompt with its media, as the server counted them; None where it failed.
        text: the reply.
        messages: the prompt, its texts by hash and its media by name.
        error: why there is no reply.
    """

    tokens: int | None
    text: str
    messages: list[SentMessage]
    error: str

    @property
    def count(self) -> int:
        """`tokens` of a call that did not fail."""
        assert self.tokens is not None, self.error
        return self.tokens


def ask(served: Served, clip: Path, forms: str) -> Heard:
    """Run the loop on a clip up to the actor's first call.

    Args:
        forms: of picture and sound, as in a model's string: `video=frames&audio=path`.
    """
    run = aurelia.reason(
        clip,
        "Which sound is heard?",
        actor=f"{served.address}/v1#{served.model}?{forms}&max_tokens=16",
        summarizer=OFFLINE,
        critic=OFFLINE,
        max_frames=FRAMES,
        max_tokens=1,  # the budget is spent by the first reply, so nothing is repaired
        max_retries=0,
        use_cache=False,
    )
    (call,) = run.iterations[0].calls
    text = run.texts.get(call.raw, "")
    return Heard(call.usage.input_tokens, text, call.messages, call.error or "")
