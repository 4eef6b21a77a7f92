"""One prepared clip for all tests of the call layer, and a ledger of its own for each."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from tests.clips import ordinary
from tests.models.asking import Shown
from tests.ticking import Ticking, ticking


@pytest.fixture(scope="session")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """A real clip with picture and sound, three frames of it kept."""
    clip = open_clip(ordinary(tmp_path_factory.mktemp("clips")))
    media = prepare_media(clip, 3, cache_dir=tmp_path_factory.mktemp("media"))
    return Shown(clip, media)


@pytest.fixture
def ledger_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty ledger, which calls of this test use."""
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache" / "ledger.jsonl"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Ticking]:
    """Nothing waits for real: retries are counted on this clock."""
    with ticking() as clock:
        yield clock
