"""Prompts that are pinned: the text that runs must be the one that was meant."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from aurelia.errors import PromptError
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.problems import suggest


def check_pins(prompts: PromptSet, pins: Sequence[str]) -> None:
    """Refuse a set in which a pinned prompt has another text, or asks for another schema.

    Args:
        prompts: what is going to run.
        pins: `name@hash`; a name that stands there twice may have either hash. A variant for a
            task, such as `generator.av_meme`, is pinned by its own name.

    Raises:
        PromptError: names the prompt and both hashes.
    """
    for name, digests in wanted(pins).items():
        template = prompts.templates.get(name)
        if template is None:
            hint = suggest(name, prompts.templates)
            raise PromptError(
                f"{name}@{digests[0]} is pinned, and prompt set `{prompts.name}` has no prompt "
                f"`{name}`{hint}"
            )
        if template.hash not in digests:
            raise PromptError(
                f"{name} is pinned as {' or '.join(f'{name}@{d}' for d in digests)}, and what "
                f"would run is {template.identity} ({template.source}); restore its text, or pin "
                "what `aurelia prompts list` shows."
            )


def wanted(pins: Sequence[str]) -> Mapping[str, list[str]]:
    """The hashes that each pinned prompt may have.

    Raises:
        PromptError: a pin is not of the form `name@hash`.
    """
    return _wanted(tuple(pins))


@lru_cache(maxsize=64)
def _wanted(pins: tuple[str, ...]) -> dict[str, list[str]]:
    """Each node of a run asks, and pins seldom change."""
    hashes: dict[str, list[str]] = {}
    for pin in pins:
        name, sign, digest = pin.partition("@")
        if not (name and sign and digest):
            raise PromptError(
                f"{pin!r} is no pin; write name@hash as `aurelia prompts list` shows it."
            )
        hashes.setdefault(name, []).append(digest)
    return hashes
