"""Gemini: files go up once, inline where they are used once, and are remembered by account."""

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.auth.credentials import AnonymousCredentials
from langchain_google_genai import ChatGoogleGenerativeAI

from aurelia.errors import ModelError
from aurelia.models import registry
from aurelia.models.adapters import gemini
from aurelia.models.adapters.build import received, wire_messages
from aurelia.models.registry import register_model, resolve_model
from aurelia.models.request import Delivery, Draw, ModelRequest
from aurelia.models.retry import CallLimits
from tests.models.asking import Shown, ask_now, ask_with_repair, critic, failure_of
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
from tests.models.wire.script import expired, fail, say
from tests.ticking import ticking

pytestmark = pytest.mark.usefixtures("ledger_path")

MODEL = "google_genai:gemini-2.5-pro"
MP4, WAV, JPEG = "video/mp4", "audio/wav", "image/jpeg"
OFTEN = Delivery(uses=10)


def _often(shown: Shown, model: str = MODEL, **changes: Any) -> ModelRequest:
    """A call of a rollout, in which the clip is used again."""
    return critic(model, shown, **{"delivery": OFTEN, **changes})


def test_the_whole_request_of_a_single_call(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        reply = ask_now(critic(MODEL, shown, sampling={"temperature": 0}))
        (call,) = wire.requests
        media = wire.media(call)
    assert call.path == "/v1beta/models/gemini-2.5-pro:generateContent"
    (message,) = call.body["contents"]
    label, clip, prompt = message["parts"]
    assert (message["role"], label) == ("user", {"text": "The clip:"})
    assert clip.keys() == {"inlineData"}
    assert prompt["text"].startswith("Perceive the clip first")
    assert call.body["systemInstruction"]["parts"][0]["text"].startswith("You check a caption")
    assert call.body["generationConfig"]["temperature"] == 0
    assert (media[2].mime, media[2].sha256) == (MP4, shown.clip.sha256)
    assert refs(reply) == ["video"]


def test_one_upload_serves_two_roles_and_all_passes(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        for iteration in range(1, 6):
            request = _often(shown, draw=Draw(iteration=iteration))
            ask_now(request)
            ask_now(replace(request, role="actor", model=f"{MODEL}?temperature=1"))
        assert (len(wire.calls), wire.uploads) == (10, 1)
        (file,) = wire.store.uploads
        assert (file.sha256, file.mime) == (shown.clip.sha256, MP4)
        for call in wire.calls:
            clip = call.body["contents"][0]["parts"][1]
            assert clip.keys() == {"fileData"}
            assert wire.media(call)[2].sha256 == shown.clip.sha256
        calls = sum(call.size for call in wire.calls)
        assert wire.sent < calls + shown.clip.size_bytes + 300  # once, and nothing beside it


def test_a_later_run_finds_what_was_uploaded(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        ask_now(_often(shown))
        monkeypatch.setattr(registry, "_built", {})
        ask_now(_often(shown, draw=Draw(seed=1)))
        assert (len(wire.calls), wire.uploads) == (2, 1)


def test_another_account_uploads_its_own(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        ask_now(_often(shown))
        monkeypatch.setenv("GOOGLE_API_KEY", "a-key-of-somebody-else")
        monkeypatch.setattr(registry, "_built", {})
        ask_now(_often(shown, draw=Draw(seed=1)))
        assert (len(wire.calls), wire.uploads) == (2, 2)


def test_what_is_served_from_the_ledger_is_not_uploaded(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        ask_now(critic(MODEL, shown))  # inline
        assert ask_now(_often(shown)).call.cached
        assert (len(wire.calls), wire.uploads) == (1, 0)


def test_a_repair_sends_no_clip(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, say("no JSON"), say('{"score": 7, "claims": []}')) as wire:
        assert ask_with_repair(critic(MODEL, shown)).reply
        assert [{p.kind for p in wire.media(call)} for call in wire.calls] == [
            {"text", "video"},
            {"text"},
        ]


def test_a_large_clip_goes_up_even_for_one_call(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gemini, "INLINE_BYTES", shown.clip.size_bytes - 1)
    with serving(monkeypatch) as wire:
        ask_now(critic(MODEL, shown))
        assert wire.uploads == 1


def test_an_upload_is_waited_for(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, polls=6) as wire, ticking() as clock:
        ask_now(_often(shown))
        assert [request.purpose for request in wire.requests] == [
            *("upload", "upload"),
            *["file"] * 6,
            "call",
        ]
    assert clock.delays == [1, 2, 4, 8, 10, 10]


def test_an_upload_that_is_never_done_is_one_sentence(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = CallLimits(timeout_s=10_000)
    with serving(monkeypatch, polls=1000) as wire, ticking():
        failure = failure_of(_often(shown, limits=limits))
        assert not wire.calls
    assert "processing the uploaded video for 15 minutes" in str(failure)


def test_a_file_that_can_not_be_processed_is_one_sentence(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire, ticking():
        wire.store.ends_as = "FAILED"
        failure = failure_of(_often(shown))
        assert not wire.calls
    assert "convert it to MP4 with H.264, or set video=frames" in str(failure)


def test_a_file_that_the_provider_lost_goes_up_again(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, say("one"), expired(), say("two")) as wire:
        ask_now(_often(shown))
        reply = ask_now(_often(shown, draw=Draw(seed=1)))
        assert (reply.text, reply.call.retries) == ("two", 0)
        assert (len(wire.calls), wire.uploads) == (3, 2)


def test_a_file_that_is_about_to_expire_goes_up_again(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire, ticking() as clock:
        wire.store.expires = None  # then it is what the documentation says: 48 hours
        ask_now(_often(shown))
        clock.time += 47 * 3600
        ask_now(_often(shown, draw=Draw(seed=1)))
        assert wire.uploads == 1
        clock.time += 3600
        ask_now(_often(shown, draw=Draw(seed=2)))
        assert wire.uploads == 2


def test_a_refusal_that_is_about_no_file_uploads_nothing(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, fail(403, "This project has no access.")) as wire:
        failure_of(_often(shown))
        assert (len(wire.calls), wire.uploads) == (1, 1)


def test_an_upload_that_fails_for_now_is_tried_again(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire, ticking():
        wire.meets("upload", fail(503))
        assert ask_now(_often(shown)).call.retries == 1
        assert (len(wire.calls), wire.uploads) == (1, 1)


def test_a_file_that_changed_is_not_taken_for_what_it_was(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "clip.mp4"
    copy.write_bytes(Path(shown.clip.path).read_bytes() + b"more")
    changed = Shown(shown.clip.model_copy(update={"path": str(copy)}), shown.media)
    with serving(monkeypatch) as wire:
        assert "has changed since the run began" in str(failure_of(_often(changed)))
        assert not wire.requests


def test_a_service_without_a_store_gets_the_clip_inline_or_not_at_all(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vertex AI; no request of its own is made here."""
    anonymous: Any = AnonymousCredentials  # which the package leaves without types
    anonymous = anonymous()
    chat = ChatGoogleGenerativeAI(
        model="gemini-2.5-pro",
        vertexai=True,
        project="p",
        location="europe-west4",
        credentials=anonymous,
    )
    register_model("vertex", chat)
    request = _often(shown, "vertex")
    model = resolve_model("vertex")
    sent = asyncio.run(wire_messages(model, request.rendered(), request))
    content: Any = sent.messages[-1].content
    (_, clip, _) = content
    assert (clip["mime_type"], "data" in clip, sent.kept) == (MP4, True, ())
    monkeypatch.setattr(gemini, "INLINE_BYTES", 1000)
    with pytest.raises(ModelError, match="too large for vertex"):
        asyncio.run(wire_messages(model, request.rendered(), request))


def test_names_of_files_are_not_sent(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        ask_now(_often(shown))
        for request in wire.requests:
            told = f"{request.headers} {request.body} {request.raw[:50]!r}"
            assert Path(shown.clip.path).name not in told


def test_a_window_and_a_rate_go_with_the_clip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = of_window(tmp_path, 0.5, 2.0)
    delivery = Delivery(uses=10, video_fps=4)
    with serving(monkeypatch) as wire:
        ask_now(critic(MODEL, shown, delivery=delivery))
        parts = wire.calls[0].body["contents"][0]["parts"]
    assert parts[0]["text"] == "The clip, 0.50 to 2.00 s of the file:"
    meant = {key.replace("_o", "O"): value for key, value in parts[1]["videoMetadata"].items()}
    assert meant == {"startOffset": "0.500s", "endOffset": "2.000s", "fps": 4}


def test_candidates_are_labelled_files(
    shown: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = with_candidates(shown, tmp_path)
    with serving(monkeypatch) as wire:
        for seed in range(2):
            reply = ask_now(_often(shown, draw=Draw(seed=seed)))
        assert between(wire) == [
            *("The clip:", MP4),
            *("Candidate audio A:", WAV),
            *("Candidate audio B:", WAV),
        ]
        sent = [part.sha256 for part in wire.media(wire.calls[0]) if part.kind == "audio"]
        assert wire.uploads == 3
    paths = shown.media.candidates.values()
    assert sent == [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    assert refs(reply) == ["video", "candidate A", "candidate B"]


def test_sound_alone_is_a_file(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        ask_now(_often(sound_alone(shown)))
        assert between(wire) == ["The sound of the clip:", WAV]
        assert wire.uploads == 1


def test_frames_and_sound_where_that_is_configured(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        ask_now(_often(shown, f"{MODEL}?video=frames"))
        assert between(wire)[1::2] == [*[JPEG] * 3, WAV]
        assert between(wire)[-2] == "The sound of the clip:"
        ask_now(_often(shown, f"{MODEL}?audio=off"))
        assert between(wire)[1::2] == [JPEG] * 3  # the file would be heard


def test_a_model_that_nobody_knows_is_sent_frames(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        ask_now(_often(shown, "google_genai:gemini-99"))
        assert between(wire)[1::2] == [JPEG] * 3
        ask_now(_often(shown, "google_genai:gemini-99?video=native&audio=native"))
        assert between(wire) == ["The clip:", MP4]


def test_what_it_gets_is_what_is_said_to_reach_it(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch):
        for name, senses in {
            MODEL: {"visual", "audio"},
            f"{MODEL}?audio=off": {"visual"},
            f"{MODEL}?video=frames": {"visual", "audio"},
            "google_genai:gemini-99": {"visual"},
        }.items():
            assert received(critic(name, shown), resolve_model(name)) == senses
        # The file has no sound, which can be heard.
        quiet = critic(MODEL, silent(shown))
        assert received(quiet, resolve_model(MODEL)) == {"visual", "audio"}


CACHED = Delivery(uses=10, context_cache=True)


def test_the_provider_keeps_the_clip_where_that_is_wanted(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        for seed in range(3):
            ask_now(_often(shown, draw=Draw(seed=seed), delivery=CACHED))
        made = [r for r in wire.requests if r.purpose == "cache" and r.method == "POST"]
        assert (len(made), wire.uploads, len(wire.calls)) == (1, 1, 3)
        assert made[0].body["ttl"] == "3600s"
        body = wire.calls[-1].body
        assert body["cachedContent"] == "cachedContents/c1"
        assert "systemInstruction" not in body
        told = seen(wire)
        assert told[:2] == ["The clip:", MP4]
        assert told[2].startswith("You check a caption")
        assert told[3].startswith("Perceive the clip first")


def test_a_clip_that_is_too_short_to_be_kept_is_sent_without(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        wire.store.smallest_cache = 99
        for seed in range(2):
            ask_now(_often(shown, draw=Draw(seed=seed), delivery=CACHED))
        assert [request.purpose for request in wire.requests[-3:]] == ["cache", "call", "call"]
        assert seen(wire)[1:3] == ["The clip:", MP4]


def test_a_cache_that_the_provider_lost_is_made_again(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        ask_now(_often(shown, delivery=CACHED))
        wire.store.caches.clear()
        ask_now(_often(shown, draw=Draw(seed=1), delivery=CACHED))
        made = [r for r in wire.requests if r.purpose == "cache" and r.method == "POST"]
        assert (len(made), wire.uploads, len(wire.calls)) == (2, 1, 3)


def test_a_prompt_that_begins_with_text_is_not_cached(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = _often(shown, delivery=CACHED)
    section = request.template.sections[1]
    moved = replace(section, body=f"First of all:\n\n{section.body}")
    template = replace(request.template, sections=(request.template.sections[0], moved))
    with serving(monkeypatch) as wire:
        ask_now(replace(request, template=template))
        assert "cachedContent" not in wire.calls[0].body
        assert seen(wire)[1:4] == ["First of all:", "The clip:", MP4]
