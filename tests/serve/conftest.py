"""One server with one tiny model for all tests of this folder."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.serve.asking import Served
from tests.serve.server import offline, transformers_serve

NEEDED = ("torch", "torchvision", "transformers", "fastapi", "uvicorn", "soundfile", "soxr")


@pytest.fixture(scope="session")
def gemma(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of a Gemma 4 of random weights."""
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        pytest.skip(
            f"{', '.join(missing)} missing: pip install -e '.[dev,serve]' -c constraints.txt"
        )
    home, model = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("gemma")
    built = _python(str(Path(__file__).with_name("tiny_gemma.py")), str(model), home=home)
    assert built.returncode == 0, built.stderr[-2000:]
    return model


@pytest.fixture(scope="session")
def served(gemma: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """It, served on this machine by transformers."""
    with transformers_serve(gemma, tmp_path_factory.mktemp("home")) as address:
        yield Served(address, gemma)


@pytest.fixture(scope="session")
def _ffmpeg(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Without it the server can't read the sound of a video file."""
    code = "import torchcodec, sys; sys.exit(torchcodec.ffmpeg_major_version is None)"
    if _python("-c", code, home=tmp_path_factory.mktemp("home")).returncode:
        pytest.skip("torchcodec finds no FFmpeg: install your system's ffmpeg, version 4 to 8")


def _python(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        env=offline(home),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
