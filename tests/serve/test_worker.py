"""The worker around a real model: transformers loads it, and its input hangs on the sound."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aurelia
from tests.clips import make_clip
from tests.models.worker.running import Running
from tests.serve.server import offline

pytestmark = pytest.mark.serve

ADAPTER = Path(__file__).with_name("gemma_adapter.py")


@pytest.fixture(scope="module")
def worker(gemma: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    given = ("--checkpoint", str(gemma), "--max-new-tokens", "16")
    with Running(ADAPTER, *given, env=offline(tmp_path_factory.mktemp("home"))) as worker:
        yield worker


def _clip(place: Path, hertz: float) -> Path:
    span = [(0.5, 1.5)]
    return make_clip(place / f"{hertz:.0f}.mp4", 2.0, moves=span, sounds=span, hertz=hertz)


def _asked(worker: Running, clip: Path, forms: str, r_star: str | None = None) -> dict[str, Any]:
    target = f"{worker.model}#tiny-gemma?{forms}"
    told = aurelia.answer(
        target,
        clip,
        "Which sound is heard?",
        r_star=r_star,
        max_frames=2,
        max_retries=0,
        use_cache=False,
    )
    found: dict[str, Any] = json.loads(told.raw)
    return found


def test_the_sound_changes_what_the_model_is_given_and_says(
    worker: Running, tmp_path: Path
) -> None:
    forms = "video=frames&audio=input_audio"
    low, high = _clip(tmp_path, 500.0), _clip(tmp_path, 2000.0)
    one, other, again = (_asked(worker, clip, forms) for clip in (low, high, low))
    assert one["tokens"] == other["tokens"]
    assert one["sounds"] != other["sounds"]
    assert one["said"] != other["said"]
    assert one == again  # so it is the sound, not chance


def test_each_medium_adds_its_tokens(worker: Running, tmp_path: Path) -> None:
    clip = _clip(tmp_path, 500.0)
    bare = _asked(worker, clip, "video=off&audio=off")
    heard = _asked(worker, clip, "video=off&audio=input_audio")
    seen = _asked(worker, clip, "video=frames&audio=off")
    assert (bare["sounds"], seen["sounds"]) == ("", "")
    # In Gemma 4, 40 ms of sound are a token, between two marks; a byte of text is one here.
    assert heard["tokens"] - bare["tokens"] == len("The sound of the clip:") + 2 + 50
    assert seen["tokens"] - bare["tokens"] == 2 * (len("Frame at 0.00 s:") + 2 + 66)


def test_r_star_reaches_it_whole(worker: Running, tmp_path: Path) -> None:
    clip, r_star = _clip(tmp_path, 500.0), "1. Listen for the tone. " * 50
    bare, told = (
        _asked(worker, clip, "video=frames&audio=input_audio", text) for text in (None, r_star)
    )
    assert told["tokens"] - bare["tokens"] >= len(r_star.strip())
