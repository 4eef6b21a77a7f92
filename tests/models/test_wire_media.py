"""What of a clip each client puts on the wire, refuses, or drops without a word."""

import base64
import hashlib
from typing import Any

import pytest

from tests.models.wire.clients import CLIENTS, ask, gemini, ollama, openai
from tests.models.wire.exchange import Part
from tests.models.wire.server import KEY, Wire

# In base64 it has both of the characters that the two alphabets write differently.
DATA = b"\xff\xd8\xff\xfb\xef\xbe\xfa"
PAYLOAD = base64.b64encode(DATA).decode()
SHA256 = hashlib.sha256(DATA).hexdigest()


def medium(kind: str, mime: str) -> dict[str, Any]:
    """A standard content block."""
    return {"type": kind, "base64": PAYLOAD, "mime_type": mime}


def raw(kind: str) -> dict[str, Any]:
    """A block as vLLM takes it."""
    return {"type": kind, kind: {"url": f"data:video/mp4;base64,{PAYLOAD}"}}


def seen(wire: Wire, chat: Any, block: Any) -> list[Part]:
    """What the model gets of a medium between two labels."""
    ask(chat, "Sound A:", block, "Sound B:")
    return wire.media(wire.calls[-1])


SENT = [
    *((client, "image", "image/jpeg") for client in ("openai", "gemini", "anthropic")),
    *(("gemini", kind, mime) for kind, mime in (("audio", "audio/mpeg"), ("video", "video/mp4"))),
    ("openai", "audio", "audio/mp3"),
    ("openai", "audio", "audio/wav"),
]


@pytest.mark.parametrize(("client", "kind", "mime"), SENT)
def test_a_medium_arrives_whole_between_its_labels(client: str, kind: str, mime: str) -> None:
    with Wire() as wire:
        first, part, last = seen(wire, CLIENTS[client](wire), medium(kind, mime))
    assert (first.text, last.text) == ("Sound A:", "Sound B:")
    assert part[:4] == (kind, mime, SHA256, len(DATA))


REFUSED = [
    ("openai", "video", "video/mp4"),
    *((client, kind, mime) for client in ("anthropic", "ollama")
      for kind, mime in (("audio", "audio/wav"), ("video", "video/mp4"))),
]  # fmt: skip


@pytest.mark.parametrize(("client", "kind", "mime"), REFUSED)
def test_what_a_client_has_no_form_for_is_refused_before_anything_is_sent(
    client: str, kind: str, mime: str
) -> None:
    with Wire() as wire:
        with pytest.raises(ValueError, match=f"type {kind} (is )?not supported"):
            ask(CLIENTS[client](wire), "A:", medium(kind, mime))
        assert not wire.requests


@pytest.mark.parametrize("kind", ["video_url", "audio_url"])
def test_raw_blocks_go_as_they_are_to_openai_servers_alone(kind: str) -> None:
    with Wire() as wire:
        assert seen(wire, openai(wire), raw(kind))[1].sha256 == SHA256
        assert wire.calls[0].body["messages"][0]["content"][1] == raw(kind)
        with pytest.raises(ValueError, match="Unrecognized message part"):
            ask(gemini(wire), raw(kind))
        with pytest.raises(ValueError, match="Unsupported message content type"):
            ask(ollama(wire), raw(kind))
        with pytest.raises(Exception, match=f"Input tag '{kind}'"):  # sent, and paid for nothing
            ask(CLIENTS["anthropic"](wire), raw(kind))


@pytest.mark.parametrize(
    "block", [medium("audio", "audio/wav"), raw("video_url"), raw("audio_url")]
)
def test_responses_drops_sound_and_raw_blocks_without_a_word(block: dict[str, Any]) -> None:
    with Wire() as wire:
        parts = seen(wire, openai(wire, use_responses_api=True), block)
        assert wire.calls[0].path == "/v1/responses"
    assert [part.text for part in parts] == ["Sound A:", "Sound B:"]


def test_openai_takes_mp3_by_its_short_name_alone() -> None:
    with Wire() as wire:
        with pytest.raises(Exception, match="'mpeg'"):
            ask(openai(wire), medium("audio", "audio/mpeg"))
        assert len(wire.calls) == 1


def test_ollama_loses_what_stood_where() -> None:
    with Wire() as wire:
        texts, image = seen(wire, ollama(wire), medium("image", "image/jpeg"))
        assert [request.path for request in wire.requests] == ["/api/chat"]
    assert texts.text.split() == ["Sound", "A:", "Sound", "B:"]
    assert image[:4] == ("image", "image/jpeg", SHA256, len(DATA))


def test_gemini_writes_base64_in_the_alphabet_of_urls() -> None:
    with Wire() as wire:
        ask(gemini(wire), medium("video", "video/mp4"))
        sent = wire.calls[0].body["contents"][0]["parts"][0]["inlineData"]["data"]
    assert sent == base64.urlsafe_b64encode(DATA).decode() != PAYLOAD


def test_gemini_keeps_the_metadata_of_media_blocks_alone() -> None:
    meant = {"fps": 2.0, "start_offset": "1.500s", "end_offset": "4.000s"}
    block = {"mime_type": "video/mp4", "video_metadata": meant}
    with Wire() as wire:
        _, kept, _ = seen(wire, gemini(wire), block | {"type": "media", "data": PAYLOAD})
        _, lost, _ = seen(wire, gemini(wire), block | {"type": "video", "base64": PAYLOAD})
    assert kept.detail["video_metadata"] == {
        "fps": 2.0,
        "startOffset": "1.500s",
        "endOffset": "4.000s",
    }
    assert kept.sha256 == lost.sha256 == SHA256
    assert not lost.detail


def test_gemini_takes_media_resolution_where_it_is_bound() -> None:
    with Wire() as wire:
        ask(gemini(wire, media_resolution="MEDIA_RESOLUTION_LOW"), "hello")
        ask(gemini(wire).bind(media_resolution="MEDIA_RESOLUTION_LOW"), "hello")
        ignored, bound = (call.body["generationConfig"] for call in wire.calls)
    assert "mediaResolution" not in ignored
    assert bound["mediaResolution"] == "MEDIA_RESOLUTION_LOW"


def test_a_body_of_its_own_reaches_an_openai_server() -> None:
    extra = {"mm_processor_kwargs": {"use_audio_in_video": True}}
    with Wire() as wire:
        ask(openai(wire, extra_body=extra), "hello")
        assert wire.calls[0].body["mm_processor_kwargs"] == {"use_audio_in_video": True}


def test_keys_of_the_environment_go_to_whatever_url_a_client_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from langchain_ollama import ChatOllama
    from langchain_openai import ChatOpenAI

    monkeypatch.setenv("OPENAI_API_KEY", "of-the-environment")
    monkeypatch.setenv("OLLAMA_API_KEY", "of-the-environment")
    with Wire() as wire:
        unpooled = {"connection": "close"}
        ChatOpenAI(base_url=wire.openai, model="m1", default_headers=unpooled).invoke("hello")
        ChatOllama(base_url=wire.url, model="m1", client_kwargs={"headers": unpooled}).invoke("hi")
        keys = {call.headers["authorization"] for call in wire.calls}
    assert keys == {"Bearer of-the-environment"}


@pytest.mark.parametrize(
    ("client", "header"), [("openai", "authorization"), ("gemini", "x-goog-api-key"),
                           ("anthropic", "authorization")]
)  # fmt: skip
def test_a_key_that_is_given_is_sent(client: str, header: str) -> None:
    with Wire() as wire:
        ask(CLIENTS[client](wire), "hello")
        assert wire.calls[0].headers[header].removeprefix("Bearer ") == KEY
