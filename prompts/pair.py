"""The two target prompts must differ by the r* block alone; this finds that block."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

from aurelia.prompts.fence import fence
from aurelia.prompts.template import MediaPart, PromptMessage, Template

_MEDIA = "\0media\0"


def r_star_block(zero_shot: Template, distilled: Template, variables: Mapping[str, str]) -> str:
    """What the distilled prompt says beyond the zero-shot one, rendered with `variables`.

    Raises:
        ValueError: cutting one stretch of text out of the distilled prompt does not give the
            zero-shot one, or that stretch does not hold r*.
    """
    plain = flatten(zero_shot.render(variables))
    guided = flatten(distilled.render(variables))
    start = _shared_prefix(plain, guided)
    length = len(guided) - len(plain)
    if length <= 0 or guided[:start] + guided[start + length :] != plain:
        raise ValueError("the two prompts differ by more than one inserted block")
    block = guided[start : start + length]
    r_star = fence("r_star", variables["r_star"])
    if r_star not in guided or _MEDIA in block:
        raise ValueError("what the two prompts differ by is not the r* block")
    return block.strip()


def flatten(messages: Sequence[PromptMessage]) -> str:
    """Messages as one text that keeps roles and the place of the media."""
    return "".join(
        f"\0{message.role}\0"
        + "\n\n".join(
            _MEDIA if isinstance(part, MediaPart) else part.text for part in message.parts
        )
        for message in messages
    )


def _shared_prefix(one: str, other: str) -> int:
    """Length of the text with which both begin."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
