"""The whole way: `aurelia.answer` asks a target of the data, and its repository is told all of it.

The worker is a process, started by the target's own `serve` line in a folder where the stub of its
repository lies.
"""

import os
import shlex
from pathlib import Path

import imageio_ffmpeg
import pytest

import aurelia
from aurelia.media.prepare import prepare_media
from aurelia.models.targets.catalogue import find_target, targets
from tests.models.asking import Shown
from tests.models.worker.adapters.stubbing import ADAPTERS, NAMES, lay_out
from tests.models.worker.running import Running

QUESTION = "Which comes first?"
OPTIONS = {"A": "the tone", "B": "the movement"}
R_STAR = "1. Listen for the tone.\n2. Look when the block moves."
SERVED = [t.name for t in targets() if t.adapter and t.adapter.removesuffix(".py") in NAMES]
KEEPS = """

def note(name, /, **given):
    calls.append((name, given))
    with open("told.txt", "a") as file:
        file.write(repr((name, given)) + "\\n")
"""
"""For the stub's recorder: in a process of its own, what it is told is read from a file."""
REMADE = {
    "macaw-llm": {"video"},
    "video-llama": {"video", "audio"},
    "video-salmonn-2": {"video", "audio"},
}
"""What an adapter makes anew of the bytes it gets: pictures, or one file with that sound."""

pytestmark = pytest.mark.usefixtures("ledger_path")


def test_each_adapter_serves_a_target() -> None:
    assert {str(find_target(name).adapter) for name in SERVED} == {f"{n}.py" for n in NAMES}


@pytest.mark.parametrize("name", SERVED)
def test_a_target_of_the_data_is_told_all_of_it(name: str, shown: Shown, tmp_path: Path) -> None:
    target = find_target(name)
    assert target.adapter
    assert target.profile
    place = tmp_path / "place"
    lay_out(target.adapter.removesuffix(".py"), place)
    with (place / "recorder.py").open("a") as recorder:
        recorder.write(KEEPS)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ffmpeg").symlink_to(imageio_ffmpeg.get_ffmpeg_exe())
    path = f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}"
    with Running(ADAPTERS / target.adapter, *_arguments(name), cwd=place, env={"PATH": path}) as on:
        answer = aurelia.answer(
            f"target:{name}@{on.model}", shown.clip, QUESTION, OPTIONS, R_STAR,
            form="plan", max_frames=3, max_retries=0, use_cache=False,
        )  # fmt: skip
    told = (place / "told.txt").read_text()
    assert answer.raw.strip(".").lower().endswith(("three", "three times"))
    for text in (QUESTION, *OPTIONS.values(), *R_STAR.splitlines()):
        assert text in told
    sent = _media(name, shown)
    assert sent
    missing = {kind for kind, data in sent.items() if repr(data)[2:-1] not in told}
    assert missing == REMADE.get(name, set())


def _media(name: str, shown: Shown) -> dict[str, bytes]:
    """By kind, what the profile sends of the clip."""
    profile = find_target(name).profile
    assert profile
    takes, sent = profile.takes, {}
    if takes["video"] == "raw":
        sent["video"] = Path(shown.clip.path).read_bytes()
    if takes["video"] == "frames":
        frames = prepare_media(shown.clip, 3).frames
        sent.update({f"frame {n}": Path(f.path).read_bytes() for n, f in enumerate(frames)})
    if takes["audio"] not in ("off", "in_video"):
        assert shown.media.wav
        sent["audio"] = Path(shown.media.wav).read_bytes()
    return sent


def _arguments(name: str) -> list[str]:
    """Of the last `serve` line, what stands after the adapter's name; without the port."""
    _, _, command = find_target(name).serve[-1].partition("python worker.py ")
    _, *arguments = shlex.split(command)
    port = arguments.index("--port")
    return arguments[:port] + arguments[port + 2 :]
