"""OpenAI's chat protocol: what goes over the wire to OpenAI, and to servers that speak it."""

import base64
import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from aurelia.errors import ConfigurationError
from aurelia.media.mp3 import read_mp3
from aurelia.models.adapters.build import received
from aurelia.models.registry import resolve_model
from tests.models.asking import Shown, ask_now, critic, summarizer
from tests.models.sending import (
    between,
    of_window,
    refs,
    seen,
    serving,
    silent,
    sound_alone,
    with_candidates,
)

pytestmark = pytest.mark.usefixtures("ledger_path")

JPEG, WAV, MP4 = "image/jpeg", "audio/wav", "video/mp4"


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _labelled_frames(shown: Shown) -> list[str]:
    frames = [[f"Frame at {frame.time_s:.2f} s:", JPEG] for frame in shown.media.frames]
    return [text for pair in frames for text in pair]


def test_the_whole_request_of_a_model_that_hears(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown.media.wav
    with serving(monkeypatch) as wire:
        reply = ask_now(critic("openai:gpt-4o?audio=input_audio&temperature=0", shown))
        (call,) = wire.calls
    body = call.body
    system, user = body.pop("messages")
    assert body == {"model": "gpt-4o", "temperature": 0, "stream": False}
    assert system.keys() == {"role", "content"}
    image = [
        {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{_base64(f.path)}"}}
        for f in shown.media.frames
    ]
    text = [{"type": "text", "text": f"Frame at {f.time_s:.2f} s:"} for f in shown.media.frames]
    sound = {"data": _base64(shown.media.wav), "format": "wav"}
    frames = [block for pair in zip(text, image, strict=True) for block in pair]
    assert user["role"] == "user"
    assert user["content"][:-1] == [
        *frames,
        {"type": "text", "text": "The sound of the clip:"},
        {"type": "input_audio", "input_audio": sound},
    ]
    assert (wire.uploads, call.path) == (0, "/v1/chat/completions")
    assert refs(reply) == [*(f"frame@{f.time_s:.2f}s" for f in shown.media.frames), "audio"]


def test_a_model_that_hears_keeps_to_the_chat_protocol(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package would choose the other one, which drops sound."""
    with serving(monkeypatch) as wire:
        ask_now(critic("openai:gpt-5-pro?audio=input_audio", shown))
        assert wire.calls[0].path == "/v1/chat/completions"
        assert WAV in seen(wire)


@pytest.mark.parametrize("name", ["openai:gpt-4o", "openai:gpt-4o?audio=off", "openai:gpt-9"])
def test_a_model_that_is_not_known_to_hear_is_sent_frames(
    shown: Shown, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        ask_now(critic(name, shown))
        assert between(wire) == _labelled_frames(shown)
        assert received(critic(name, shown), resolve_model(name)) == {"visual"}


def test_labels_of_candidates_stand_before_them(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = with_candidates(shown, tmp_path)
    with serving(monkeypatch) as wire:
        reply = ask_now(critic("openai:gpt-4o?audio=input_audio", shown))
        heard = between(wire)[6:]
        sounds = [part.sha256 for part in wire.media(wire.calls[0]) if part.kind == "audio"]
    assert heard == [
        *("The sound of the clip:", WAV),
        *("Candidate audio A:", WAV),
        *("Candidate audio B:", WAV),
    ]
    paths = [shown.media.wav, *shown.media.candidates.values()]
    assert sounds == [hashlib.sha256(p.read_bytes()).hexdigest() for p in paths if p]
    assert refs(reply)[3:] == ["audio", "candidate A", "candidate B"]


def test_what_it_can_not_hear_is_refused_before_anything_is_sent(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        with pytest.raises(ConfigurationError, match="compares sounds; use a model that hears"):
            ask_now(critic("openai:gpt-4o", with_candidates(shown, tmp_path)))
        with pytest.raises(ConfigurationError, match="set evidence='missing_modalities'"):
            ask_now(critic("openai:gpt-4o", sound_alone(shown)))
        assert not wire.requests


def test_measured_sentences_stand_in_for_what_it_lacks(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = critic("openai:gpt-4o", sound_alone(shown))
    told = {**asked.variables, "evidence": "e1 [audio, 0.50-0.60 s] a sound begins"}
    with serving(monkeypatch) as wire:
        ask_now(replace(asked, variables=told))
        assert {part.kind for part in wire.media(wire.calls[0])} == {"text"}
        assert "a sound begins" in seen(wire)[-1]
    assert received(replace(asked, variables=told), resolve_model("openai:gpt-4o")) == set()


def test_a_missing_sound_is_told_to_who_could_hear_it(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "openai:gpt-4o?audio=input_audio"
    with serving(monkeypatch) as wire:
        ask_now(critic(name, silent(shown)))
        assert between(wire) == [*_labelled_frames(shown), "The clip has no sound."]
    assert received(critic(name, silent(shown)), resolve_model(name)) == {"visual", "audio"}


@pytest.mark.parametrize("server", [False, True])
def test_sound_can_go_as_mp3(
    shown: Shown, tmp_path: Path, server: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = with_candidates(shown, tmp_path)
    assert shown.media.wav
    with serving(monkeypatch) as wire:
        name = wire.model if server else "openai:gpt-4o"
        reply = ask_now(critic(f"{name}?video=off&audio=mp3", shown))
        (call,) = wire.calls
        sounds = [part for part in wire.media(call) if part.kind == "audio"]
    sent = [b["input_audio"] for b in call.body["messages"][1]["content"] if "input_audio" in b]
    assert [part["format"] for part in sent] == ["mp3", "mp3", "mp3"]  # not `mpeg`
    wavs = [shown.media.wav, *shown.media.candidates.values()]
    assert [part["data"] for part in sent] == [base64.b64encode(read_mp3(p)).decode() for p in wavs]
    assert all(p.size < w.stat().st_size / 2 for p, w in zip(sounds, wavs, strict=True))
    assert refs(reply) == ["audio", "candidate A", "candidate B"]


def test_a_window_is_named_with_its_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = of_window(tmp_path, 0.5, 2.0)
    with serving(monkeypatch) as wire:
        ask_now(critic("openai:gpt-4o?audio=input_audio", shown))
        assert "The sound of the clip, 0.50 to 2.00 s of the file:" in seen(wire)


def test_who_gets_no_clip_is_sent_text_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        ask_now(summarizer("openai:gpt-4o?audio=input_audio"))
        assert {part.kind for part in wire.media(wire.calls[0])} == {"text"}


@pytest.mark.parametrize(
    ("settings", "media"),
    [
        ("", ["frames"]),
        ("?audio=input_audio", ["frames", "The sound of the clip:", WAV]),
        ("?audio=raw", ["frames", "The sound of the clip:", WAV]),
        ("?video=raw&audio=off", ["The picture of the clip:", MP4]),
        (
            "?video=raw&audio=input_audio",
            ["The picture of the clip:", MP4, "The sound of the clip:", WAV],
        ),
        ("?video=raw&audio=in_video", ["The clip:", MP4]),
        ("?video=off&audio=raw", ["The sound of the clip:", WAV]),
        ("?video=off&audio=off", []),
    ],
)
def test_a_server_is_sent_what_its_string_says(
    shown: Shown, settings: str, media: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        ask_now(critic(f"{wire.model}{settings}", shown))
        expected = [*_labelled_frames(shown), *media[1:]] if media[:1] == ["frames"] else media
        assert between(wire) == expected


def test_raw_parts_are_what_vllm_reads(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown.media.wav
    body = 'extra_body={"mm_processor_kwargs":{"use_audio_in_video":false}}'
    with serving(monkeypatch) as wire:
        ask_now(critic(f"{wire.model}?video=raw&audio=raw&{body}", shown))
        sent = wire.calls[0].body
    video = f"data:video/mp4;base64,{_base64(Path(shown.clip.path))}"
    sound = f"data:audio/wav;base64,{_base64(shown.media.wav)}"
    assert sent["mm_processor_kwargs"] == {"use_audio_in_video": False}
    assert sent["messages"][1]["content"][:-1] == [
        {"type": "text", "text": "The picture of the clip:"},
        {"type": "video_url", "video_url": {"url": video}},
        {"type": "text", "text": "The sound of the clip:"},
        {"type": "audio_url", "audio_url": {"url": sound}},
    ]


def test_a_server_on_this_machine_may_be_given_paths(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        ask_now(critic(f"{wire.model}?video=path&audio=path", shown))
        parts = wire.calls[0].body["messages"][1]["content"]
    assert parts[1] == {"type": "video_url", "video_url": {"url": shown.clip.path}}
    assert parts[3] == {"type": "audio_url", "audio_url": {"url": str(shown.media.wav)}}


def test_what_a_server_gets_is_what_is_said_to_reach_it(shown: Shown) -> None:
    for settings, senses in {
        "": {"visual"},
        "?audio=raw": {"visual", "audio"},
        "?video=raw&audio=off": {"visual"},
        "?video=raw&audio=in_video": {"visual", "audio"},
        "?video=off&audio=raw": {"audio"},
        "?video=off&audio=off": set(),
    }.items():
        name = f"http://127.0.0.1:1/v1#m{settings}"
        assert received(critic(name, shown), resolve_model(name)) == senses
