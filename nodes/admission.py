"""What a client of a server may ask for: checked before a node runs, each time, by its wrapper.

State and settings come from clients, who can edit both between any two nodes; so nothing that was
checked once is taken for granted. Only the graph that a server loads is guarded so: whoever calls
AURELIA from Python, or in a terminal, may name what they like.
"""

import asyncio
import re
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from hashlib import file_digest
from pathlib import Path
from typing import Any, Protocol, cast

from langgraph.runtime import Runtime

from aurelia.errors import ConfigurationError, InputError, MediaError
from aurelia.graph.context import Context, context_for, make_context
from aurelia.graph.state import Json, State
from aurelia.media.fetch import FOLDER, is_url
from aurelia.media.roots import Reach, admit, open_binary, within
from aurelia.models.allowed import SAMPLING, is_allowed_model, wrong_sampling
from aurelia.nodes.edited import check_state
from aurelia.prompts.loader import SETS
from aurelia.serving import download_settings, server_settings
from aurelia.settings import configuration, load_settings


class Node(Protocol):
    """A node of the graph."""

    def __call__(self, state: State, runtime: Runtime[Context]) -> Coroutine[Any, Any, Json]:
        """What it adds to state."""
        ...


DEMO_FOLDER = "demo"
"""Where the demo clip is rendered, below the cache directory."""

_ROLES = ("actor", "summarizer", "critic", "target")


@dataclass(frozen=True, slots=True)
class Server:
    """A server that a graph runs on.

    Attributes:
        start: its working directory at the start; clips are read below it unless the owner names
            other directories.
    """

    start: Path

    def reach(self) -> Reach:
        """Which files may be read, as the environment says.

        Raises:
            ConfigurationError: a directory is not there, or would be the whole file system.
        """
        settings, cache = server_settings(), load_settings().cache_dir.absolute()
        roots = [self.start / root for root in settings.media_roots]
        if not roots and self.start == Path(self.start.anchor):
            raise ConfigurationError(
                "This server started at the top of its file system, so that every file would be "
                "below it; its owner must set AURELIA_MEDIA_ROOTS."
            )
        if any(not root.is_dir() for root in roots):
            raise ConfigurationError(
                "AURELIA_MEDIA_ROOTS names a directory that is not there; the server's owner must "
                "correct it."
            )
        return Reach(
            roots=tuple(str(root) for root in roots or [self.start]),
            own=(str(cache / DEMO_FOLDER), str(cache / FOLDER)),
            max_bytes=settings.media_max_bytes,
        )


def guarded(node: Node, server: Server | None, *, opens: bool = False) -> Node:
    """A node that is held to what a client of a server may ask for.

    Args:
        node: a node of the graph.
        server: None: there are no clients; the node is left as it is.
        opens: whether it opens the clip that it is given; the others go on with an opened one.
    """
    if server is None:
        return node

    @wraps(node)
    async def held(state: State, runtime: Runtime[Context]) -> Json:
        reach = await asyncio.to_thread(server.reach)
        with within(reach):
            admitted = await asyncio.to_thread(_admitted, state, runtime, reach, opens)
            return await node(admitted, runtime)

    return held


def _admitted(state: State, runtime: Runtime[Context], reach: Reach, opens: bool) -> State:
    """State with the real paths of its clip.

    Raises:
        InputError: a client may not ask for this.
    """
    if not opens:
        check_state(state)
    check_settings(context_for(state, runtime)[0], make_context())
    given = state.get("clip")
    if given is None and opens:
        return state
    clip = admitted_clip(given, reach)
    if not opens:
        check_unchanged(clip)
    return cast(State, {**state, "clip": clip})


def check_settings(context: Context, own: Context) -> None:
    """Refuse models, sampling and prompts that only the owner of a server may choose.

    Args:
        context: settings in force.
        own: what the server runs without any client's settings; the owner chose these.

    Raises:
        ConfigurationError: a client may not choose this.
    """
    allowed, profiles = server_settings().allowed_models, profile_names()
    chosen = [(role, getattr(context, role), getattr(own, role)) for role in _ROLES]
    chosen += [
        ("member of the panel", member, None) for member in context.panel if member not in own.panel
    ]
    for role, name, owners in chosen:
        if name is None or name == owners or is_allowed_model(name, profiles, allowed):
            continue
        base, _, query = name.partition("?")
        if query and is_allowed_model(base, profiles, allowed):
            raise ConfigurationError(
                f"The {role} {_short(base)} can't be given settings behind a '?' by a client of "
                f"this server, as here {_keys(query)}; leave them out, or give "
                f"{_sampling_of(role)}, where a client can set: {', '.join(sorted(SAMPLING))}."
            )
        usable = ", ".join(["offline:perception", *sorted(profiles), *allowed])
        raise ConfigurationError(
            f"The {role} {_short(name)} can't be chosen by a client of this server; these can: "
            f"{usable}, and its owner can add others (AURELIA_ALLOWED_MODELS, or a profile)."
        )
    for role in _ROLES:
        sampling = context.sampling(role)
        wrong = wrong_sampling(sampling)
        if wrong is not None and sampling != own.sampling(role):
            raise ConfigurationError(
                f"{role}_sampling can't set {_short(wrong)} so on a server; a client can set plain "
                f"values of: {', '.join(sorted(SAMPLING))}."
            )
    if context.prompts not in SETS and context.prompts != own.prompts:
        raise ConfigurationError(
            f"prompts={_short(context.prompts)} is no prompt set of this server; use one of "
            f"{', '.join(SETS)}, and prompt_overrides for texts of your own."
        )


def profile_names() -> frozenset[str]:
    """Names of the model profiles that the owner of the server has set up."""
    return frozenset(configuration().models)


def admitted_clip(given: Any, reach: Reach) -> Any:
    """A clip as a client gives it, or as state holds it, with the real path of each file.

    Raises:
        InputError: its shape is wrong.
        MediaError: a file may not be read.
    """
    if isinstance(given, str):
        return _path(given, "clip", reach, urls=True)
    if not isinstance(given, Mapping):
        raise InputError("The clip must be a path, or an object with at least a 'path'.")
    clip, opened = dict(given), "sha256" in given
    clip["path"] = _path(given.get("path"), "clip", reach, urls=not opened)
    if given.get("audio") is not None:
        clip["audio"] = _path(given["audio"], "separate audio file", reach, urls=not opened)
    tracks = given.get("candidates") or None
    if isinstance(tracks, Mapping) and not opened:
        clip["candidates"] = {
            str(label): _path(path, f"candidate {str(label)[:80]}", reach, urls=True)
            for label, path in tracks.items()
        }
    elif opened and isinstance(tracks, list) and all(isinstance(t, Mapping) for t in tracks):
        clip["candidates"] = [
            {
                **track,
                "label": str(track.get("label")),
                "path": _path(
                    track.get("path"), f"candidate {str(track.get('label'))[:80]}", reach
                ),
            }
            for track in tracks
        ]
    elif tracks:
        raise InputError("The clip's candidates must be an object of label to file.")
    return clip


def _path(path: object, what: str, reach: Reach, *, urls: bool = False) -> str:
    if urls and isinstance(path, str) and is_url(path):
        if download_settings().enabled:
            return path  # checked where it is downloaded
        raise MediaError(f"The {what} is a URL, which this server does not download; give a file.")
    return admit(path, what, reach)


def check_unchanged(clip: Any) -> None:
    """A clip that was opened is the content of its files: what was prepared is found by that.

    Raises:
        MediaError: state names another content than its files hold.
    """
    if not isinstance(clip, dict) or "sha256" not in clip:
        raise InputError("The clip in this thread is no opened clip; start another thread.")
    parts = [
        ("clip", clip["path"], clip["sha256"]),
        ("separate audio file", clip.get("audio"), clip.get("audio_sha256")),
        *(
            (f"candidate {track['label']}", track["path"], track.get("sha256"))
            for track in clip.get("candidates") or ()
        ),
    ]
    for what, path, digest in parts:
        if path is not None and _digest(path) != digest:
            raise MediaError(
                f"The file of the {what} is not the one that this thread was started with; start "
                "another thread with it."
            )


def _digest(path: str) -> str:
    try:
        status = Path(path).stat()
        return _hashed(path, status.st_size, status.st_mtime_ns, status.st_ino)
    except OSError:
        return ""


@lru_cache(maxsize=4096)
def _hashed(path: str, size: int, changed: int, inode: int) -> str:
    """SHA-256 of a file, read once for as long as the file system says it is the same."""
    with open_binary(path) as file:
        return file_digest(file, "sha256").hexdigest()


def _keys(query: str) -> str:
    """Which settings are refused; not their values, as one may be a key."""
    names = [part.partition("=")[0] for part in query.split("&") if part]
    return _short(", ".join(names) or query)


def _sampling_of(role: str) -> str:
    return f"{role}_sampling" if role in _ROLES else "critic_sampling"


def _short(name: str) -> str:
    """A client's own text, without what may be a key in a URL."""
    return repr(re.sub(r"//[^/]*@", "//", name.partition("?")[0])[:80])
