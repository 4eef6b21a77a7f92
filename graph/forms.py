"""How settings look as a form: on which node LangGraph Studio shows a field, and as what."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from aurelia.prompts.inventory import INVENTORY

PROMPT_NODES: dict[str, tuple[str, ...]] = {
    "generator": ("generator",),
    "generator_revise": ("generator",),
    "summarizer": ("summarizer",),
    "evaluator": ("evaluator",),
    "feedback": ("feedback",),
    "repair": ("generator", "summarizer", "evaluator"),
    "target_zero_shot": ("distill",),
    "target_distilled": ("distill",),
}
"""Which prompts have a setting of their own, and the nodes that read them."""

SUFFIX = "_prompt"


def _plain(value: Any) -> Any:
    return "" if value is None else value


PromptText = Annotated[str, BeforeValidator(_plain)]
"""A prompt's whole text; empty, or null in a client's JSON: that of the set."""


def on(*nodes: str) -> dict[str, Any]:
    """The extra of a field that belongs to `nodes`."""
    return {"langgraph_nodes": list(nodes)}


def prompt_field(name: str) -> Any:
    """The field `<name>_prompt`: the text of a prompt, edited on the nodes that read it."""
    spec = INVENTORY[name]
    needed = [*(["{{media}}"] if spec.media else []), *(f"{{{{{v}}}}}" for v in spec.required)]
    holds = f" It has to hold {', '.join(sorted(needed))}." if needed else ""
    return Field(
        default="",
        description=f"Prompt `{name}`, which {spec.purpose}: its whole text, front matter "
        f"included; empty: that of the prompt set.{holds}",
        json_schema_extra={**on(*PROMPT_NODES[name]), "langgraph_type": "prompt"},
    )


def given_texts(settings: Any) -> dict[str, str]:
    """Prompts whose own settings hold a text, by name, each with one line end at its end.

    Forms add and drop blank lines at the ends of a text; a prompt's identity should not hang on it.
    """
    texts = {name: getattr(settings, f"{name}{SUFFIX}").strip() for name in PROMPT_NODES}
    return {name: f"{text}\n" for name, text in texts.items() if text}
