"""Each target on the wire, by the real client: what its data says is what is sent."""

import hashlib
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.media.prepare import prepare_media
from aurelia.models.targets.catalogue import find_target, targets
from aurelia.models.targets.record import ASKABLE
from tests.models.asking import Shown
from tests.models.sending import serving
from tests.models.wire.exchange import Received
from tests.models.wire.script import say
from tests.models.wire.server import Wire

pytestmark = pytest.mark.usefixtures("ledger_path")

QUESTION = "Which comes first?"
OPTIONS = {"A": "the tone", "B": "the movement"}
R_STAR = "1. Listen for the tone.\n2. Look when the block moves."
SERVED = [t.name for t in targets() if t.profile and t.profile.base_url]
VENDORS = [t.name for t in targets() if t.status in ASKABLE and t.name not in SERVED]


def _ask(wire: Wire, name: str, clip: Any, r_star: str | None = R_STAR, **settings: Any) -> Any:
    """The target's answer, and the one request that it got."""
    string = f"target:{name}@{wire.openai}" if name in SERVED else f"target:{name}"
    before = len(wire.calls)
    answer = aurelia.answer(
        string, clip, QUESTION, OPTIONS, r_star, form="plan", max_frames=3, **settings
    )
    (call,) = wire.calls[before:]
    return answer, call


@pytest.mark.parametrize("name", SERVED)
def test_a_served_target_is_sent_what_its_data_says(
    name: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = find_target(name).profile
    assert profile
    video, audio = profile.takes["video"], profile.takes["audio"]
    with serving(monkeypatch, say("Answer: A")) as wire:
        answer, call = _ask(wire, name, shown.clip)
        parts = wire.media(call)
    assert answer.option == "A"
    assert call.body["model"] == profile.model
    for key, value in profile.extra_body.items():
        assert call.body[key] == value
    assert call.headers["authorization"] == "Bearer none"
    media = [part for part in parts if part.kind != "text"]
    assert [part.kind for part in media if part.kind != "audio"] == (
        ["video"]
        if video == "raw"
        else ["image"] * len(_frames(shown))
        if video == "frames"
        else []
    )
    if video == "raw":
        assert media[0].sha256 == _digest(Path(shown.clip.path))
    sounds = [part for part in media if part.kind == "audio"]
    if audio in ("off", "in_video"):
        assert not sounds
    else:  # beside the file, and byte for byte what was prepared
        assert audio in ("input_audio", "raw")
        (sound,) = sounds
        assert shown.media.wav
        assert sound.sha256 == _digest(shown.media.wav)


@pytest.mark.parametrize("name", VENDORS)
def test_a_vendors_target_is_sent_the_file(
    name: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, say("Answer: B")) as wire:
        answer, call = _ask(wire, name, shown.clip)
        parts = wire.media(call)
    profile = find_target(name).profile
    assert profile
    assert answer.option == "B"
    assert profile.model.partition(":")[2] in call.path
    assert [part.kind for part in parts if part.kind != "text"] == ["video"]


@pytest.mark.parametrize("name", [*SERVED, *VENDORS])
def test_r_star_stands_where_the_target_takes_it(
    name: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And without it the request is the same but for that block."""
    profile = find_target(name).profile
    assert profile
    place = profile.text.r_star
    with serving(monkeypatch, say("Answer: A")) as wire:
        with_it = _texts(wire, _ask(wire, name, shown.clip, too_long="shorten")[1])
        without = _texts(wire, _ask(wire, name, shown.clip, None)[1])
    first = "Listen for the tone."
    (told,) = [text for text in with_it if first in text]
    if place == "system":
        assert told == with_it[0]
    else:
        asked = told.index(QUESTION)
        where = told.index(first)
        assert (where < asked) if place == "before_question" else (where > asked)
    if place == "merged":
        assert len(_system(wire, -1)) == 0
    one, other = "\n\n".join(without), "\n\n".join(with_it)
    start = next(i for i, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1])
    while one[start:] not in other[start:]:
        start -= 1
    assert other.startswith(one[:start])
    assert other.endswith(one[start:])


def _texts(wire: Wire, call: Received) -> list[str]:
    return [part.text for part in wire.media(call) if part.kind == "text"]


def _system(wire: Wire, number: int) -> list[Any]:
    return [m for m in wire.calls[number].body.get("messages", []) if m["role"] == "system"]


def _frames(shown: Shown) -> list[Any]:
    return list(prepare_media(shown.clip, 3).frames)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
