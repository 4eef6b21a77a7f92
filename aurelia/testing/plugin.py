"""Fixtures for projects that embed AURELIA. Pytest finds this module where AURELIA is installed.

Nothing here acts by itself: a test that asks for none of these fixtures is left alone. Nothing is
imported before one of them is asked for.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest


class ClipFactory(Protocol):
    """What `aurelia_clip` gives."""

    def __call__(
        self,
        *,
        duration_s: float = 2.0,
        sounds: Sequence[tuple[float, float]] | None = (),
        moves: Sequence[tuple[float, float]] = (),
        cuts: Sequence[float] = (),
    ) -> Path:
        """A clip; see `aurelia.testing.clips.render`."""
        ...


@pytest.fixture
def aurelia_script(tmp_path: Path) -> Callable[..., str]:
    """Scripted models: `aurelia_script(actor(), caption("…"), verdict(9))` is a model string.

    The replies are made by the functions of `aurelia.testing.scripts`; each call is another model.
    """
    from aurelia.testing.scripts import script

    made = 0

    def write(*replies: dict[str, Any]) -> str:
        nonlocal made
        made += 1
        return script(tmp_path, replies, f"aurelia-script-{made}.yaml")

    return write


@pytest.fixture
def aurelia_offline() -> Iterator[None]:
    """No connection leaves this machine, and models of providers are refused by name."""
    from aurelia.testing.guard import offline

    with offline():
        yield


@pytest.fixture
def aurelia_cache(tmp_path: Path) -> Iterator[Path]:
    """A cache, a ledger and runs of this test's own, and default settings; its directory."""
    from aurelia.testing.isolation import isolated

    with isolated(tmp_path / "aurelia") as directory:
        yield directory


@pytest.fixture(scope="session")
def aurelia_clip(tmp_path_factory: pytest.TempPathFactory) -> ClipFactory:
    """Renders clips with known events: `aurelia_clip(sounds=[(0.5, 0.9)], moves=[(1.2, 1.6)])`.

    Each is rendered once a session. Don't change the file: others use it as well.
    """
    from aurelia.testing.clips import Events, read_events, render

    rendered: dict[Events, Path] = {}
    directory = tmp_path_factory.mktemp("aurelia-clips")

    def clip(
        *,
        duration_s: float = 2.0,
        sounds: Sequence[tuple[float, float]] | None = (),
        moves: Sequence[tuple[float, float]] = (),
        cuts: Sequence[float] = (),
    ) -> Path:
        events = read_events(duration_s, sounds, moves, cuts)
        if events not in rendered:
            rendered[events] = render(
                directory / f"clip-{len(rendered) + 1}.mp4",
                duration_s=events.duration_s,
                sounds=events.sounds,
                moves=events.moves,
                cuts=events.cuts,
            )
        return rendered[events]

    return clip
