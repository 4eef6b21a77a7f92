"""`aurelia prompts push` and `pull`: prompts as assistants of a LangGraph server, and back."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aurelia.errors import InputError, PromptError

if TYPE_CHECKING:  # the client is loaded by the commands that need it, not for `--help`
    from aurelia.graph.assistants import Pushed

URL = "http://127.0.0.1:2024"

Url = Annotated[str, typer.Option("--url", help="Where the server is.")]
Force = Annotated[bool, typer.Option("--force", help="Even where that undoes an edit.")]


def push(
    source: Annotated[
        str | None,
        typer.Argument(metavar="[SET_OR_DIR]", help="What to show there; both shipped sets."),
    ] = None,
    url: Url = URL,
    force: Force = False,
) -> None:
    """Make an assistant of each prompt set on a LangGraph server, or renew it. Exit 1 if an
    assistant was edited there since and stays as it is."""
    from aurelia.graph.assistants import push_set
    from aurelia.prompts.loader import SETS

    if source is not None:
        _check_holds_prompts(source)
    with assistants(url) as client:
        pushed = [push_set(client, name, force=force) for name in ([source] if source else SETS)]
    for one in pushed:
        typer.echo(described(one))
    if any(one.action == "edited there" for one in pushed):
        raise typer.Exit(1)


def pull(
    assistant: Annotated[str, typer.Argument(help="Its name or id, or a set's name.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="DIR", help="Where to; named after the assistant."),
    ] = None,
    url: Url = URL,
    force: Force = False,
) -> None:
    """Bring prompts that were edited in LangGraph Studio back to files. Writes what differs."""
    from aurelia.cli.plain import clean
    from aurelia.graph.assistants import find_assistant
    from aurelia.graph.pulling import pull_prompts

    with assistants(url) as client:
        found = find_assistant(client, assistant)
    directory = output or Path(_folder(found["name"]))
    held = _holds_prompts(directory)
    pulled = pull_prompts(found, directory, force=force)
    if pulled.copied:
        typer.echo(f"Copied the set to {directory}, which held no prompts.")
    for path in pulled.written:
        typer.echo(f"Wrote {path}")
    if pulled.kept:
        typer.echo(f"Edited here alone, and left as they are: {', '.join(pulled.kept)}")
    if pulled.written:
        return
    name = clean(found["name"])
    if held:
        typer.echo(f"{name}: {directory} says the same already.")
    elif pulled.copied:
        typer.echo(f"{name}: nothing in it is edited.")
    else:  # a directory without prompts stands for the default ones
        typer.echo(
            f"{name}: nothing in it is edited, so nothing was written; "
            f"`aurelia prompts init {shlex.quote(str(directory))}` copies the default prompts."
        )


def described(pushed: Pushed) -> str:
    """What became of a set, in one line."""
    from aurelia.cli.plain import clean

    name, texts = clean(pushed.name), clean(", ".join(pushed.prompts))
    if pushed.action == "edited there":
        return (
            f"{name}: edited on the server since ({texts}), so it stays; bring the edit to files "
            f"with `aurelia prompts pull '{name}'`, or undo it with --force."
        )
    if pushed.action == "updated":
        return f"{name}: version {pushed.version} ({texts})"
    return f"{name}: {pushed.action}"


@contextmanager
def assistants(url: str) -> Iterator[Any]:
    """The assistants of the server at `url`.

    Raises:
        InputError: there is no such server, or it refuses.
    """
    import httpx
    from langgraph_sdk.client import SyncLangGraphClient

    try:
        # Not the SDK's own constructor: that sends keys of the environment to any address.
        http = httpx.Client(base_url=url, timeout=httpx.Timeout(30, connect=5))
        with SyncLangGraphClient(http) as client:
            yield client.assistants
    except InputError:
        raise
    except httpx.HTTPError as error:
        reply = getattr(error, "response", None)
        if reply is None:
            raise InputError(
                f"No LangGraph server answers at {url}; start one with `aurelia studio`, or give "
                "--url."
            ) from None
        raise InputError(
            f"The server at {url} refuses ({reply.status_code}); is it a LangGraph server with "
            "the graph `aurelia`?"
        ) from None
    except (httpx.InvalidURL, ValueError):
        raise InputError(f"There is no LangGraph server at {url!r}; give its --url.") from None


def _holds_prompts(directory: Path) -> bool:
    return any(path.name != "README.md" for path in directory.glob("*.md"))


def _check_holds_prompts(source: str) -> None:
    """Refuse a folder that would show the default prompts under a name of its own.

    Raises:
        PromptError: it holds no prompt, or there is no such set or folder.
    """
    from aurelia.prompts.loader import set_directory

    if not _holds_prompts(set_directory(source)):
        raise PromptError(
            f"`{source}` holds no prompts (files such as generator.md), and an assistant of it "
            "would show the default ones; give a set's name, or a folder made by "
            "`aurelia prompts init`."
        )


def _folder(name: str) -> str:
    """`default prompts` → `default_prompts`."""
    plain = "".join(c if c.isalnum() else "_" for c in name).strip("_")
    return plain or "prompts"
