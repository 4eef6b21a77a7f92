"""Clips that the offline tests share, rendered once."""

from pathlib import Path

import pytest

from aurelia.media.open import open_clip
from aurelia.media.render import demo_clip
from aurelia.types.clip import Clip
from tests.clips import make_clip


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where rendered clips stand."""
    return tmp_path_factory.mktemp("offline")


@pytest.fixture(scope="session")
def known(shelf: Path) -> Clip:
    """6 s: sound 1.0-2.2 and 4.0-5.0, movement 2.8-4.5, a cut at 3.4."""
    path = make_clip(
        shelf / "known.mp4",
        6.0,
        moves=[(2.8, 4.5)],
        cuts=[3.4],
        sounds=[(1.0, 2.2), (4.0, 5.0)],
    )
    return open_clip(path)


@pytest.fixture(scope="session")
def silent_picture(shelf: Path) -> Clip:
    """3 s of a still picture without a sound track."""
    return open_clip(make_clip(shelf / "still.mp4", 3.0, sounds=None))


@pytest.fixture(scope="session")
def demo(shelf: Path) -> Clip:
    """8 s: sound 3.0-3.6 and 5.5-6.5, movement 1.0-2.2 and 5.5-6.5, a cut at 4.5."""
    folder = shelf / "demo"
    folder.mkdir()
    return open_clip(demo_clip(folder))
