"""In which words a target is asked: named, as its profile or the run says."""

from collections.abc import Mapping, Sequence

from aurelia.configuration.text_rules import Style
from aurelia.prompts.loader import PromptSet, load_prompts
from aurelia.prompts.pins import check_pins

SOURCES: Mapping[Style, str] = {
    "default": "default",
    "paper_style": "published",
    "brief": "brief",
}
"""Style → the shipped set whose target prompts it means. The published work gives no prompt for the
target, so none of them claims to be it; `paper_style` adds nothing to what was published: the steps
and one line that says to follow them."""


def style_prompts(
    style: Style, own: PromptSet, overrides: Mapping[str, str], pins: Sequence[str]
) -> PromptSet:
    """The set whose target prompts are used. Lists a directory: in async code, call it in a thread.

    Args:
        style: `set` is the run's own.
        own: the run's own set.
        overrides: texts that replace those of any set.
        pins: the run's; those of target prompts hold for the style as well.

    Raises:
        PromptError: a text is wrong, or pinned as another.
    """
    if style == "set":
        return own
    prompts = load_prompts(SOURCES[style], overrides)
    check_pins(prompts, [pin for pin in pins if pin.startswith("target_")])
    return prompts
