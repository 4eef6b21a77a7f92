"""Options that name the models of a run, for commands that look at models without asking them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from aurelia.graph.context import Context

Actor = Annotated[str | None, typer.Option(metavar="M", help="The model that proposes steps.")]
Summarizer = Annotated[
    str | None, typer.Option(metavar="M", help="The model that writes the caption.")
]
Critic = Annotated[str | None, typer.Option(metavar="M", help="The model that scores the caption.")]
Target = Annotated[
    str | None,
    typer.Option(metavar="M", help="The model that answers without and with the steps."),
]
Panel = Annotated[list[str] | None, typer.Option(metavar="M", help="A further critic, repeatable.")]


def configured(**given: Any) -> "Context":
    """The settings of a run: these options over file and environment.

    Raises:
        ConfigurationError: one of them is wrong.
    """
    from aurelia.graph.context import make_context

    return make_context(**{name: value for name, value in given.items() if value})


def played(context: "Context") -> list[tuple[str, str]]:
    """Roles and their models, and then every profile, whether a role uses it or not."""
    from aurelia.cli import header
    from aurelia.settings import configuration

    roles = {role: getattr(context, role) for role in (*header.ROLES, "panel")}
    return [*header.played(roles), *(("profile", name) for name in configuration().models)]
