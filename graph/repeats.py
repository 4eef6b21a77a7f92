"""Texts on a prompt's node that say what would run anyway.

An assistant of a prompt set sends all of them with every run. State and record hold a text once, as
the template that was used; here is found out which need not be held as settings as well.
"""

from collections.abc import Mapping
from typing import Any

from aurelia.errors import PromptError
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.prompts.loader import SETS, load_prompts


def repeats(given: Mapping[str, Any], settings: Mapping[str, Any]) -> set[str]:
    """Fields of `given` whose text is what `settings` run with, were these fields empty.

    Looks at shipped sets alone: which folders may be read is not decided here. Reads files: in
    async code, call it in a thread.

    Args:
        given: settings by name, as a client gives them.
        settings: what is in force, by name: `prompts` and `prompt_overrides` count.
    """
    texts = {
        name: _plain(given[f"{name}{SUFFIX}"])
        for name in PROMPT_NODES
        if given.get(f"{name}{SUFFIX}")
    }
    if not texts or settings["prompts"] not in SETS:
        return set()
    try:
        templates = load_prompts(settings["prompts"], settings["prompt_overrides"]).templates
    except PromptError:  # said where the run loads them
        return set()
    hiding = {name.partition(".")[0] for name in templates if "." in name}
    return {
        f"{name}{SUFFIX}"
        for name, text in texts.items()
        # A text on the node hides the variants of its prompt, so there it is no repetition.
        if name not in hiding and name in templates and _plain(templates[name].text) == text
    }


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
