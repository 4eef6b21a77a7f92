"""`aurelia export-thread`: a thread of a server, or of this machine, as a saved run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from aurelia.media.prepared import PreparedMedia
    from aurelia.types.trajectory import Trajectory


def export_thread(
    thread: Annotated[
        str, typer.Argument(metavar="THREAD", help="Its name, or its id on a server.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="DIR", help="The run's own folder (default: below runs/)."
        ),
    ] = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Where the server is that has the thread.")
    ] = None,
    db: Annotated[
        Path | None,
        typer.Option(
            "--db", metavar="FILE", help="The file of threads (default: runs/threads.sqlite)."
        ),
    ] = None,
) -> None:
    """Make a saved run of a thread, with its frames and sound where the clip is on this machine.

    A thread that has not ended is saved as far as it went, and the record says so.
    """
    from aurelia.cli.console import open_console
    from aurelia.cli.plain import clean
    from aurelia.cli.rows import field_row, row, show
    from aurelia.errors import ConfigurationError, InputError, MediaError
    from aurelia.graph.rollout import THREADS
    from aurelia.graph.sync import run_sync
    from aurelia.graph.threads import UNFINISHED, kept_state, record_of
    from aurelia.saved import check_destination, save_run
    from aurelia.settings import load_settings

    if url is not None and db is not None:
        raise ConfigurationError("--url and --db exclude each other; give one of them.")
    runs_dir = load_settings().runs_dir
    if url is not None:
        state, waits = _of_server(url, thread)
    else:
        kept, waits = run_sync(kept_state(db or runs_dir / THREADS, thread))
        state = dict(kept)
    trajectory = record_of(state, waits)
    directory = output or runs_dir / trajectory.id
    check_destination(directory, trajectory)
    console = open_console()
    media = None
    try:
        media = _media(trajectory)
    except (MediaError, InputError) as error:  # the record is worth having without them
        note = f"saved without frames and sound: {error}"
        show(console, [field_row("Note", clean(note), "yellow")])
    save_run(trajectory, directory, media)
    if trajectory.stop_detail.startswith(UNFINISHED):
        show(
            console, [field_row("Note", clean(f"this run had {trajectory.stop_detail}"), "yellow")]
        )
    show(console, [row(clean(f"Saved run {trajectory.id} in {directory}"))])


def _of_server(url: str, thread: str) -> tuple[dict[str, Any], str]:
    """State of a thread on a server, and what it waits for.

    Raises:
        InputError: there is no such server or thread, or it refuses.
    """
    import httpx
    from langgraph_sdk.client import SyncLangGraphClient

    from aurelia.errors import InputError
    from aurelia.graph.threads import waiting

    try:
        # Not the SDK's own constructor: that sends keys of the environment to any address.
        http = httpx.Client(base_url=url, timeout=httpx.Timeout(60, connect=5))
        with SyncLangGraphClient(http) as client:
            found: Any = client.threads.get_state(thread)
    except httpx.HTTPError as error:
        reply = getattr(error, "response", None)
        if reply is None:
            raise InputError(f"No LangGraph server answers at {url}; give another --url.") from None
        if reply.status_code in (404, 422):
            raise InputError(f"The server at {url} has no thread {thread!r}.") from None
        raise InputError(f"The server at {url} refuses ({reply.status_code}).") from None
    except (httpx.InvalidURL, ValueError, TypeError):
        raise InputError(f"There is no LangGraph server at {url!r}; give another --url.") from None
    values = found.get("values")
    if not isinstance(values, dict):
        raise InputError(f"The thread {thread!r} holds no run of AURELIA.")
    interrupts = [i.get("value") for task in found.get("tasks") or () for i in task["interrupts"]]
    return values, waiting(interrupts, found.get("next"))


def _media(trajectory: "Trajectory") -> "PreparedMedia":
    """What the run's models were shown.

    Raises:
        InputError: a file is not the one that the run was about: a thread says where its clip
            lies, and somebody else may have written it.
        MediaError: it is neither in the cache nor can the clip be read.
    """
    from aurelia.cli.used_media import used_media
    from aurelia.errors import InputError
    from aurelia.media.open import open_clip

    clip = trajectory.clip
    if Path(clip.path).is_file():
        candidates = {c.label: c.path for c in clip.candidates} or None
        here = open_clip(clip.path, clip.audio, clip.start_s, clip.end_s, candidates)
        if (here.sha256, here.audio_sha256) != (clip.sha256, clip.audio_sha256) or [
            c.sha256 for c in here.candidates
        ] != [c.sha256 for c in clip.candidates]:
            raise InputError(f"{clip.path} is not the file that the run was about.")
    return used_media(trajectory, clip)
