"""What a rollout sends is counted right, and whether it reached its target is the exit status."""

import importlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aurelia.models import registry
from tests.clips import ordinary

FOLDER = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip of a second or so."""
    return ordinary(tmp_path_factory.mktemp("clips"))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The script, which is no module of a package."""
    monkeypatch.syspath_prepend(FOLDER)
    return importlib.import_module("calls")


@pytest.fixture
def wire(calls: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The server that it counts on."""
    monkeypatch.setattr(registry, "_built", {})
    with calls.Counter() as wire, calls.environment(**wire.environment):
        yield wire


def test_a_rollout_of_two_roles_on_one_provider_uploads_the_clip_once(
    calls: Any, wire: Any, clip: Path
) -> None:
    rows = calls.measure(wire, clip)
    ours, published = rows[calls.OURS], rows[calls.RIVAL]
    assert (ours.uploads, ours.calls) == (1, 15)
    assert clip.stat().st_size < ours.sent < clip.stat().st_size + 15 * 10_000
    assert (published.uploads, published.calls) == (10, 15)
    frames_in_each = [row for name, row in rows.items() if name.startswith(("OpenAI", "a server"))]
    assert [(row.uploads, row.calls) for row in frames_in_each] == [(0, 15)] * 3


def test_the_published_rollout_sends_five_pictures_and_the_sound_with_ten_calls(
    calls: Any, wire: Any, clip: Path, tmp_path: Path
) -> None:
    rival = importlib.import_module("calls_published")
    form = rival.PUBLISHED[0]
    pictures = rival.read_frames(clip, 5)
    rival.write_sound(clip, tmp_path / "sound.wav", form)
    sound = (tmp_path / "sound.wav").stat().st_size
    least = 10 * (sum(len(data) for data in pictures) * 4 / 3 + sound)
    assert [data[1:4] for data in pictures] == [b"PNG"] * 5
    assert len(set(pictures)) > 1
    assert least < calls.published_sends(wire, clip, form).sent < least + 15 * 2_000
    # The other readings send less.
    kinder = [calls.published_sends(wire, clip, other).sent for other in rival.PUBLISHED[1:]]
    assert max(kinder) < least


@pytest.mark.parametrize(
    ("sent", "made", "word"), [(10, 15, " reached"), (11, 15, "NOT reached"), (10, 16, "NOT")]
)
def test_the_target_is_a_tenth_of_the_bytes_and_no_more_calls(
    calls: Any, clip: Path, capsys: pytest.CaptureFixture[str], sent: int, made: int, word: str
) -> None:
    rows = {calls.RIVAL: calls.Count(100, 10, 15), calls.OURS: calls.Count(sent, 1, made)}
    assert calls.report("a clip", clip, rows) == (word == " reached")
    assert word in capsys.readouterr().out


def test_a_target_that_is_not_reached_is_the_exit_status(
    calls: Any, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "render", lambda script, directory: clip)
    monkeypatch.setenv("AURELIA_THRESHOLD", "1")  # what a machine has set up is left out
    settings = []
    monkeypatch.setattr(calls, "measure", lambda *_: settings.append(dict(os.environ)))
    for reached, status in ((True, 0), (False, 1)):
        monkeypatch.setattr(calls, "report", lambda *_, verdict=reached: verdict)
        monkeypatch.setattr("sys.argv", ["calls.py"])
        with pytest.raises(SystemExit) as ended:
            calls.main()
        assert ended.value.code == status
    assert not [s for s in settings if "AURELIA_THRESHOLD" in s]
    assert {Path(s["AURELIA_CONFIG"]).name for s in settings} == {"nothing.toml"}
