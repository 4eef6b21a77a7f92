"""What a node begins with, as far as no file has to be looked at for it.

Nodes go to a thread for whatever reads files. A thread that reads a dozen of them while the event
loop is busy gives way at each one, which costs a run far more than the reading.
"""

from typing import Any

from langgraph.runtime import Runtime

from aurelia.graph.context import Context, context_for
from aurelia.graph.forms import SUFFIX
from aurelia.graph.state import State
from aurelia.prompts.loader import PromptSet, known_prompts
from aurelia.prompts.pins import check_pins
from aurelia.settings import has_configuration


def known(
    state: State, runtime: Runtime[Context]
) -> tuple[Context, dict[str, Any], PromptSet] | None:
    """Settings, those that changed, and prompts; None where files have to be looked at for them.

    Raises:
        PromptError: a pinned prompt has another text.
    """
    given = runtime.context if isinstance(runtime.context, Context) else None
    # What stands on a prompt's node is compared with the set's own files.
    texts = given is not None and any(name.endswith(SUFFIX) for name in given.model_fields_set)
    if texts or state.get("context") is None or not has_configuration():
        return None
    context, changes = context_for(state, runtime)
    prompts = known_prompts(context.prompts, context.overrides)
    if prompts is None:
        return None
    check_pins(prompts, context.prompt_pins)
    return context, changes, prompts
