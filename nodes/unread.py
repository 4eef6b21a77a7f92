"""Prompts that were edited for models that read none: nothing would tell why nothing changed."""

from aurelia.graph.context import Context
from aurelia.models.registry import GROUNDED, is_offline
from aurelia.prompts.inventory_controls import spec_of
from aurelia.prompts.loader import PromptSet, load_prompts

_ROLES = ("actor", "summarizer", "critic", "target")


def unread(context: Context, prompts: PromptSet) -> list[str]:
    """What to say about texts that were given for this run, and that no model reads.

    Reads the set's own files to compare: in async code, call it in a thread.

    Args:
        context: settings of the run.
        prompts: its prompts, edits included.
    """
    if not context.overrides:
        return []
    measuring = {r for r in _ROLES if _measures(getattr(context, r))}
    own = load_prompts(context.prompts).templates
    edited = [
        name
        for name, template in prompts.templates.items()
        if spec_of(name).role in measuring and (name not in own or own[name].hash != template.hash)
    ]
    if not edited:
        return []
    return [
        f"The models of {', '.join(r for r in _ROLES if r in measuring)} measure the clip and read "
        f"no prompt, so the texts given for {', '.join(edited)} change nothing in what they say."
    ]


def _measures(model: str | None) -> bool:
    return model is not None and is_offline(model.removeprefix(GROUNDED))
