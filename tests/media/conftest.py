"""Directories that the media tests share: rendering is the slow part."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for rendered clips that no test changes."""
    return tmp_path_factory.mktemp("clips")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """An empty cache directory."""
    return tmp_path / "cache"
