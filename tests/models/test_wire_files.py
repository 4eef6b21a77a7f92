"""Gemini's files and caches, as its real client uses them."""

import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage

from tests.models.wire.clients import ask, gemini
from tests.models.wire.script import expired, fail, reset, say, serve
from tests.models.wire.server import Wire

CHUNK = 8 * 2**20
MP4 = {"mime_type": "video/mp4"}


def upload(chat: Any, data: bytes = b"a clip") -> Any:
    """Put a file into the account of `chat`."""
    return chat.client.files.upload(file=io.BytesIO(data), config=MP4)


def block(file: Any) -> dict[str, Any]:
    """A reference to an uploaded file."""
    return {"type": "media", "file_uri": file.uri, "mime_type": "video/mp4"}


def test_a_file_goes_up_in_chunks_and_is_used_once_it_is_active() -> None:
    with Wire(polls=2) as wire:
        chat: Any = gemini(wire)
        file = upload(chat, b"x" * (CHUNK + 1))
        later = [chat.client.files.get(name=file.name) for _ in range(2)]
        ask(chat, "The clip:", block(file))
        states = [found.state.value for found in (file, *later)]
        assert states == ["PROCESSING", "PROCESSING", "ACTIVE"]
        assert (wire.uploads, wire.store.uploads[0].sent) == (1, 2)
        assert CHUNK < wire.sent < CHUNK + 5000
        label, video = wire.media(wire.calls[0])
    assert label.text == "The clip:"
    assert (video.kind, video.size, video.url) == ("video", CHUNK + 1, file.uri)
    assert video.sha256 == wire.store.uploads[0].sha256


def test_both_ways_to_name_a_file_reach_the_wire() -> None:
    with Wire(polls=0) as wire:
        chat: Any = gemini(wire)
        file = upload(chat)
        ask(chat, block(file), {"type": "video", "file_id": file.uri, "mime_type": "video/mp4"})
        assert [part.url for part in wire.media(wire.calls[0])] == [file.uri, file.uri]


def test_a_path_gives_the_file_s_name_away_and_an_open_file_does_not(tmp_path: Path) -> None:
    clip = tmp_path / "someone's birthday.mp4"
    clip.write_bytes(b"a clip")
    with Wire() as wire:
        chat: Any = gemini(wire)
        chat.client.files.upload(file=clip, config=MP4)
        with clip.open("rb") as opened:
            chat.client.files.upload(file=opened, config=MP4)
        named, bare = (r for r in wire.requests if r.path == "/upload/v1beta/files")
    assert named.headers["x-goog-upload-file-name"] == clip.name
    assert "birthday" not in str(bare)


def test_a_file_in_processing_can_t_be_used() -> None:
    with Wire(polls=1) as wire:
        chat = gemini(wire)
        with pytest.raises(Exception, match="not in an ACTIVE state") as raised:
            ask(chat, block(upload(chat)))
    cause: Any = raised.value.__cause__
    assert (cause.code, cause.status) == (400, "FAILED_PRECONDITION")


def test_an_expired_file_is_denied_in_a_call_and_when_asked_for() -> None:
    with Wire(expired(), say("again"), polls=0) as wire:
        chat: Any = gemini(wire)
        file = upload(chat)
        with pytest.raises(Exception, match="You do not have permission") as raised:
            ask(chat, block(file))
        cause: Any = raised.value.__cause__
        assert (cause.code, cause.status) == (403, "PERMISSION_DENIED")
        assert getattr(raised.value, "is_retryable") is False  # noqa: B009
        with pytest.raises(Exception, match="or it may not exist"):
            chat.client.files.get(name=file.name)
        assert ask(chat, block(upload(chat))).text == "again"


def test_a_file_belongs_to_one_account() -> None:
    with Wire(polls=0) as wire:
        file = upload(gemini(wire))
        with pytest.raises(Exception, match="You do not have permission"):
            ask(gemini(wire, api_key="another"), block(file))


def test_processing_may_fail() -> None:
    with Wire(polls=0) as wire:
        wire.store.ends_as = "FAILED"
        assert upload(gemini(wire)).state.value == "FAILED"


def test_a_failed_upload_is_an_error_of_the_client_below() -> None:
    from google.genai.errors import ServerError

    with Wire() as wire:
        wire.meets("upload", fail(503))
        with pytest.raises(ServerError):
            upload(gemini(wire))
        assert wire.uploads == 0


def test_a_reset_upload_is_a_plain_error_of_the_transport() -> None:
    import httpx

    with Wire() as wire:
        wire.meets("upload", serve(), reset())
        with pytest.raises(httpx.TransportError):
            upload(gemini(wire))


def test_a_chunk_that_fails_is_sent_again_by_the_client_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import time

    from google.genai import _api_client

    waits: list[float] = []
    clock = SimpleNamespace(**{**vars(time), "sleep": waits.append})
    monkeypatch.setattr(_api_client, "time", clock)
    with Wire() as wire:
        wire.meets("upload", serve(), fail(503), fail(503))
        upload(gemini(wire))
        assert wire.uploads == 1
        assert len([r for r in wire.requests if r.purpose == "upload"]) == 4
    assert waits == [1.0, 2.0]


def test_max_retries_is_the_number_of_all_tries_and_six_by_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import tenacity.nap

    monkeypatch.setattr(tenacity.nap, "time", SimpleNamespace(sleep=lambda _: None))
    with Wire(fail(503)) as wire:
        counts = []
        for settings in ({"max_retries": 1}, {"max_retries": 2}, {"max_retries": 6}):
            before = len(wire.calls)
            with pytest.raises(Exception, match="UNAVAILABLE"):
                gemini(wire, **settings).invoke("hello")
            counts.append(len(wire.calls) - before)
        from langchain_google_genai import ChatGoogleGenerativeAI

        assert ChatGoogleGenerativeAI.model_fields["max_retries"].default == 6
    assert counts == [1, 2, 6]


def test_what_is_cached_is_seen_though_it_isn_t_sent_again() -> None:
    from langchain_google_genai import create_context_cache

    with Wire(polls=0) as wire:
        chat: Any = gemini(wire)
        messages: list[BaseMessage] = [HumanMessage(["The clip:", block(upload(chat))])]
        name = create_context_cache(chat, messages, ttl="300s")
        chat.invoke("What is heard?", cached_content=name)
        call = wire.calls[0]
        assert call.body["cachedContent"] == name
        assert [part.kind for part in wire.media(call)] == ["text", "video", "text"]
        assert "fileData" not in str(call.body)
        wire.store.expire()
        with pytest.raises(Exception, match="CachedContent not found"):
            chat.invoke("What is heard?", cached_content=name)


def test_a_cached_call_can_t_have_a_system_instruction() -> None:
    from langchain_google_genai import create_context_cache

    with Wire(polls=0) as wire:
        chat: Any = gemini(wire)
        name = create_context_cache(chat, [HumanMessage(["a clip"])], ttl="300s")
        with pytest.raises(Exception, match="can not be used with GenerateContent"):
            chat.invoke([SystemMessage("You listen."), HumanMessage("?")], cached_content=name)


def test_a_cache_may_be_refused_as_too_small() -> None:
    from google.genai.errors import ClientError
    from langchain_google_genai import create_context_cache

    with Wire() as wire:
        wire.store.smallest_cache = 9
        chat: Any = gemini(wire)
        with pytest.raises(ClientError, match="too small") as raised:
            create_context_cache(chat, [HumanMessage(["a clip"])], ttl="300s")
    assert raised.value.code == 400
