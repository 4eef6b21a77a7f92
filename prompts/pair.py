"""The two target prompts must differ by the r* block alone; this finds that block."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from aurelia.prompts.template import MediaPart, PromptMessage, Template


def r_star_block(zero_shot: Template, distilled: Template, variables: Mapping[str, str]) -> str:
    """What the distilled prompt says beyond the zero-shot one, rendered with `variables`.

    A distilled prompt always places r* and a zero-shot one never does, so r* stands in the block.

    Raises:
        ValueError: cutting one stretch of text out of the distilled prompt does not give the
            zero-shot one.
    """
    plain = flatten(zero_shot.render(variables))
    guided = flatten(distilled.render(variables))
    return inserted(plain, guided).strip()


def inserted(plain: str, guided: str) -> str:
    """The one stretch of text that `guided` holds and `plain` doesn't.

    Raises:
        ValueError: there is none, or they differ by more.
    """
    start = _shared_prefix(plain, guided)
    length = len(guided) - len(plain)
    if length <= 0 or guided[:start] + guided[start + length :] != plain:
        raise ValueError("the two prompts differ by more than one inserted block")
    # Where the block and what follows it begin alike, the shared prefix reaches into the block.
    while start and guided[start - 1] != "\n" and guided[start - 1] == guided[start + length - 1]:
        start -= 1
    return guided[start : start + length]


def flatten(messages: Sequence[PromptMessage]) -> str:
    """Messages as one text that keeps roles and the place of the media."""
    return "".join(
        f"\0{message.role}\0\n"
        + "\n\n".join(
            "\0media\0" if isinstance(part, MediaPart) else part.text for part in message.parts
        )
        for message in messages
    )


def _shared_prefix(one: str, other: str) -> int:
    """Length of the text with which both begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
