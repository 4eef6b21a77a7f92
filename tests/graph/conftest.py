"""One short clip for all tests of the loop."""

from pathlib import Path

import pytest

from tests.clips import ordinary


@pytest.fixture(scope="session")
def clip_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A clip with picture and sound."""
    directory: Path = tmp_path_factory.mktemp("clips")
    return str(ordinary(directory))
