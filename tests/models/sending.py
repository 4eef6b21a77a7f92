"""What the tests of all adapters share: a model that leads to the server, and what it was sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from aurelia.models import registry
from tests.clips import ordinary, wav
from tests.models.asking import Shown
from tests.models.wire.exchange import Received
from tests.models.wire.script import Scripted
from tests.models.wire.server import Wire


@contextmanager
def serving(
    monkeypatch: pytest.MonkeyPatch, *behaviours: Scripted, polls: int = 0
) -> Iterator[Wire]:
    """A server that every provider's client leads to, built anew."""
    with Wire(*behaviours, polls=polls) as wire:
        for name, value in wire.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(registry, "_built", {})
        yield wire


def seen(wire: Wire, call: Received | None = None) -> list[str]:
    """What the model got to see, in order: texts as they are, media by type."""
    parts = wire.media(call or wire.calls[-1])
    return [part.text if part.kind == "text" else part.mime for part in parts]


def between(wire: Wire, call: Received | None = None) -> list[str]:
    """The same without the system's text before and the prompt's after the media."""
    return seen(wire, call)[1:-1]


def with_candidates(shown: Shown, place: Path) -> Shown:
    """The same clip with two tracks to choose from."""
    paths = {
        "A": wav(place, "a.wav", [(0.2, 0.4)]),
        "B": wav(place, "b.wav", [(0.6, 0.9)]),
    }
    clip = open_clip(shown.clip.path, candidates={**paths})
    return Shown(clip, prepare_media(clip, 3, cache_dir=place / "media"))


def of_window(place: Path, start_s: float, end_s: float) -> Shown:
    """A part of the ordinary clip."""
    clip = open_clip(ordinary(place), start_s=start_s, end_s=end_s)
    return Shown(clip, prepare_media(clip, 2, cache_dir=place / "media"))


def silent(shown: Shown) -> Shown:
    """The same clip, as if it had no sound."""
    clip = shown.clip.model_copy(update={"has_audio": False, "audio_codec": None})
    return Shown(clip, replace(shown.media, wav=None))


def sound_alone(shown: Shown) -> Shown:
    """The same clip, as if it had no picture."""
    clip = shown.clip.model_copy(update={"has_video": False, "video_codec": None})
    return Shown(clip, replace(shown.media, frames=()))


def refs(reply: Any) -> list[str]:
    """What the record of a call says that was sent."""
    return [part.media for message in reply.call.messages for part in message.parts if part.media]
