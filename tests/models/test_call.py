"""The door to models, against a server on this machine: what goes out, what is kept."""

import base64
import json
import traceback
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from aurelia.errors import ConfigurationError
from aurelia.models.request import Draw
from tests.models.asking import Shown, ask_now, critic, failure_of, summarizer
from tests.models.loopback import Loopback, Reply, fails, says

pytestmark = pytest.mark.usefixtures("ledger_path")

KEY = "sk-proj-0123456789abcdef"


def _content(server: Loopback) -> list[dict[str, Any]]:
    """The parts of the last user message as they came over the wire."""
    content: list[dict[str, Any]] = server.requests[-1].body["messages"][-1]["content"]
    return content


def test_frames_arrive_labelled_and_in_order_where_the_prompt_places_them(shown: Shown) -> None:
    with Loopback(says("{}")) as server:
        reply = ask_now(critic(server.model, shown))
    assert server.requests[0].path == "/v1/chat/completions"
    system, user = server.requests[0].body["messages"]
    assert system["role"] == "system"
    assert system["content"].startswith("You check a caption against the clip")
    parts = user["content"]
    frames = shown.media.frames
    assert len(frames) == 3
    assert [p["type"] for p in parts] == ["text", "image_url"] * len(frames) + ["text"]
    for frame, label, image in zip(frames, parts[0::2], parts[1::2], strict=False):
        assert label["text"] == f"Frame at {frame.time_s:.2f} s:"
        kind, _, data = image["image_url"]["url"].partition(",")
        assert kind == "data:image/jpeg;base64"
        assert base64.b64decode(data) == frame.jpeg
        assert Image.open(BytesIO(frame.jpeg)).size == (frame.width, frame.height)
    assert "A block moves, then a tone sounds." in parts[-1]["text"]
    recorded = [p.media for p in reply.call.messages[-1].parts if p.media]
    assert recorded == [f"frame@{frame.time_s:.2f}s" for frame in frames]


def test_the_record_holds_what_was_sent_said_and_used(shown: Shown) -> None:
    with Loopback(says('{"score": 7}', usage=(321, 12), model="m1-0613")) as server:
        reply = ask_now(critic(server.model, shown, sampling={"temperature": 0.25}))
    call = reply.call
    assert server.requests[0].body["temperature"] == 0.25
    assert (call.reported_model, call.finish_reason) == ("m1-0613", "stop")
    assert (call.usage.input_tokens, call.usage.output_tokens) == (321, 12)
    assert call.usage.cost_usd is None  # the price is unknown, which is not the same as nothing
    assert call.parameters == {"temperature": 0.25}
    assert reply.texts[call.raw] == reply.text == '{"score": 7}'
    sent = [p.text for message in call.messages for p in message.parts if p.text]
    assert all(reply.texts[text] for text in sent)
    assert reply.texts[call.variables["caption"]] == "A block moves, then a tone sounds."


def test_a_role_without_clip_sends_text_alone() -> None:
    with Loopback(says("A tone.")) as server:
        reply = ask_now(summarizer(server.model))
    assert {part["type"] for part in _content(server)} == {"text"}
    assert not [p for m in reply.call.messages for p in m.parts if p.media]


def test_a_server_that_counts_no_tokens_leaves_them_unknown() -> None:
    with Loopback(says("A tone.", usage=None)) as server:
        usage = ask_now(summarizer(server.model)).call.usage
    assert (usage.input_tokens, usage.output_tokens) == (None, None)


def test_half_a_surrogate_pair_does_not_keep_a_run_from_being_saved() -> None:
    with Loopback(says("A \ud83d tone.")) as server:
        reply = ask_now(summarizer(server.model))
    assert reply.text.encode("utf-8") == b"A ? tone."


def test_a_paid_reply_is_not_paid_for_again(shown: Shown) -> None:
    with Loopback(says("first"), says("second")) as server:
        first = ask_now(critic(server.model, shown))
        again = ask_now(critic(server.model, shown))
        assert len(server.requests) == 1
    assert (first.call.cached, again.call.cached) == (False, True)
    assert again.text == "first"
    assert again.call.usage.cost_usd == 0
    assert again.call.usage.input_tokens == first.call.usage.input_tokens
    assert again.call.reported_model == "loopback-1"
    assert again.call.id != first.call.id


@pytest.mark.parametrize(
    "change",
    [
        {"draw": Draw(seed=1)},
        {"draw": Draw(iteration=2)},
        {"draw": Draw(repeat=1)},
        {"draw": Draw(attempt=1)},
        {"sampling": {"temperature": 1}},
        {"purpose": "panel"},
        {"caption": "Something else."},
        {"use_cache": False},
    ],
    ids=str,
)
def test_another_draw_or_question_is_asked_anew(shown: Shown, change: dict[str, Any]) -> None:
    with Loopback(says("first"), says("second")) as server:
        ask_now(critic(server.model, shown))
        other = ask_now(critic(server.model, shown, **change))
        assert len(server.requests) == 2
    assert (other.text, other.call.cached) == ("second", False)


def test_another_model_or_other_frames_are_asked_anew(shown: Shown) -> None:
    with Loopback(says("x")) as server:
        request = critic(server.model, shown)
        ask_now(request)
        ask_now(replace(request, model=f"{server.url}#m2"))
        ask_now(replace(request, media=replace(shown.media, key="other", frames=())))
        assert [r.body["model"] for r in server.requests] == ["m1", "m2", "m1"]


def test_the_request_is_named_alike_whoever_is_asked_and_however_it_is_shown(shown: Shown) -> None:
    # What `replay:` compares: a model that computes is told of the clip, and sent no frames.
    with Loopback(says("x")) as server:
        seen = ask_now(critic(server.model, shown)).call.request
        untold = ask_now(replace(critic(server.model, shown), media=None)).call.request
        assert seen == untold
        assert seen != ask_now(critic(server.model, shown, caption="Other.")).call.request


@pytest.mark.parametrize(
    "reply",
    [
        fails(401, f"Incorrect API key provided: {KEY}"),
        fails(429, f"Slow down, {KEY}"),
        fails(500, "boom"),
        Reply(b"<html>no JSON</html>"),
        Reply(b""),
        Reply(b"[]"),
        Reply(b"{}"),
        Reply(b'{"choices": []}'),
        Reply(b'{"choices": null}'),
        Reply(json.dumps({"error": {"message": f"bad key {KEY}"}}).encode()),
        Reply(drop=True),
    ],
    ids=lambda reply: f"{reply.status}-{reply.body.decode()[:24]}",
)
def test_a_failing_call_is_one_sentence_and_a_record_without_secrets(
    reply: Reply, monkeypatch: pytest.MonkeyPatch, ledger_path: Path
) -> None:
    monkeypatch.setenv("OTHER_API_KEY", "no-known-shape-of-a-key")
    body = reply.body.replace(b"boom", b"no-known-shape-of-a-key")
    told = Reply(body, reply.status, reply.drop)
    with Loopback(told) as server:
        failure = failure_of(summarizer(server.model))
        assert len(server.requests) == failure.call.retries + 1
        assert failure.call.retries == (4 if reply.drop or reply.status in (429, 500) else 0)
    assert str(failure).startswith(f"The summarizer's model {server.model} failed (")
    assert "\n" not in str(failure)
    assert failure.call.error == str(failure)
    assert failure.call.raw == ""
    assert [m.role for m in failure.call.messages] == ["system", "user"]
    assert all(failure.texts[p.text] for m in failure.call.messages for p in m.parts if p.text)
    shown = "".join(traceback.format_exception(failure)) + failure.call.model_dump_json()
    shown += ledger_path.read_text("utf-8")
    assert KEY not in shown
    assert "no-known-shape-of-a-key" not in shown


def test_a_failed_call_is_asked_again_next_time() -> None:
    with Loopback(fails(400, "boom"), says("A tone.")) as server:
        failure_of(summarizer(server.model))
        assert ask_now(summarizer(server.model)).text == "A tone."


def test_a_parameter_that_the_client_does_not_know_is_one_sentence() -> None:
    with Loopback(says("x")) as server:
        failure = failure_of(summarizer(server.model, sampling={"temprature": 0}))
        assert not server.requests
    assert "can't set 'temprature': its client knows no such setting" in str(failure)
    assert "Did you mean 'temperature'?" in str(failure)


def test_a_second_event_loop_may_use_the_same_model(shown: Shown) -> None:
    with Loopback(says("x")) as server:
        for seed in range(3):  # each in an asyncio.run of its own
            ask_now(critic(server.model, shown, draw=Draw(seed=seed)))
        assert len(server.requests) == 3


def test_a_ledger_that_can_not_be_written_is_said_before_anything_is_paid(
    ledger_path: Path,
) -> None:
    ledger_path.mkdir(parents=True)
    with Loopback(says("x")) as server:
        with pytest.raises(ConfigurationError, match="AURELIA_CACHE_DIR"):
            ask_now(summarizer(server.model))
        assert not server.requests


def test_media_and_keys_never_enter_the_ledger(shown: Shown, ledger_path: Path) -> None:
    with Loopback(says("x")) as server:
        ask_now(critic(server.model, shown))
    kept = ledger_path.read_text("utf-8")
    assert base64.b64encode(shown.media.frames[0].jpeg[:300]).decode()[:200] not in kept
    assert shown.clip.path not in kept
    assert len(kept) < 1000
