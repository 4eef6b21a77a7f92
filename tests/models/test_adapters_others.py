"""Anthropic, Ollama, and any other client that takes LangChain's own blocks."""

import base64
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from aurelia.errors import ConfigurationError
from aurelia.models.adapters.build import received
from aurelia.models.registry import register_model, resolve_model
from tests.models.asking import Shown, ask_now, critic, summarizer
from tests.models.sending import between, refs, seen, serving, sound_alone, with_candidates

pytestmark = pytest.mark.usefixtures("ledger_path")

CLAUDE = "anthropic:claude-opus-4-6"
LLAVA = "ollama:llava"


def _base64(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


class Listener(BaseChatModel):
    """Keeps what it was asked."""

    asked: list[list[BaseMessage]] = []

    @property
    def _llm_type(self) -> str:
        return "listener"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.asked.append(messages)
        return ChatResult(generations=[ChatGeneration(message=AIMessage("x"))])


def test_the_whole_request_to_anthropic(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        reply = ask_now(critic(f"{CLAUDE}?max_tokens=500", shown))
        (call,) = wire.calls
    body = call.body
    assert (call.path, call.headers["connection"]) == ("/v1/messages", "close")
    assert (body["model"], body["max_tokens"]) == ("claude-opus-4-6", 500)
    assert body["system"].startswith("You check a caption")
    (message,) = body["messages"]
    expected: list[dict[str, Any]] = []
    for frame in shown.media.frames:
        source = {
            "type": "base64",
            "media_type": "image/jpeg",
            "data": _base64(frame.path),
        }
        expected += [
            {"type": "text", "text": f"Frame at {frame.time_s:.2f} s:"},
            {"type": "image", "source": source},
        ]
    assert message["content"][:-1] == expected
    assert refs(reply) == [f"frame@{frame.time_s:.2f}s" for frame in shown.media.frames]


def test_ollama_is_told_which_image_is_which(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its wire has one text and a list of images: their places in the prompt are lost."""
    with serving(monkeypatch) as wire:
        ask_now(critic(LLAVA, shown))
        (call,) = wire.calls
    system, user = call.body["messages"]
    assert (call.path, call.body["model"]) == ("/api/chat", "llava")
    assert user["images"] == [_base64(frame.path) for frame in shown.media.frames]
    for number, frame in enumerate(shown.media.frames, start=1):
        assert f"Image {number}: frame at {frame.time_s:.2f} s." in user["content"]
    assert "Perceive the clip first" in user["content"]
    assert system["content"].startswith("You check a caption")


@pytest.mark.parametrize("name", [CLAUDE, LLAVA])
def test_they_are_known_to_hear_nothing(
    shown: Shown, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as wire:
        assert received(critic(name, shown), resolve_model(name)) == {"visual"}
        with pytest.raises(ConfigurationError, match="hears no sound, and this clip has no pict"):
            ask_now(critic(name, sound_alone(shown)))
        with pytest.raises(ConfigurationError, match="compares sounds; use a model that hears"):
            ask_now(critic(name, with_candidates(shown, tmp_path)))
        assert not wire.requests


@pytest.mark.parametrize("name", [CLAUDE, LLAVA])
def test_who_gets_no_clip_is_sent_text_alone(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        ask_now(summarizer(name))
        assert {part.kind for part in wire.media(wire.calls[0])} == {"text"}


def test_a_named_ollama_server_gets_no_key_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "private-key")
    with serving(monkeypatch) as wire:
        ask_now(summarizer(f"ollama:llava?base_url={wire.url}"))
        assert "private-key" not in str(wire.requests[0].headers)


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        ({}, ["image"] * 3),
        ({"audio": "native"}, [*["image"] * 3, "audio"]),
        ({"video": "native"}, ["video"]),
        ({"video": "native", "audio": "native"}, ["video"]),
        ({"video": "off", "audio": "native"}, ["audio"]),
    ],
)
def test_a_registered_model_is_sent_the_blocks_it_is_registered_for(
    shown: Shown, settings: dict[str, str], kinds: list[str]
) -> None:
    listener = Listener()
    register_model("listener", listener, **settings)
    ask_now(critic("listener", shown))
    content = listener.asked[-1][-1].content
    blocks = [block for block in content[:-1] if isinstance(block, dict)]
    assert [block["type"] for block in blocks] == [k for kind in kinds for k in ("text", kind)]
    media = [block for block in blocks if block["type"] != "text"]
    assert all(block["base64"] and block["mime_type"] for block in media)


def test_text_between_media_keeps_its_place(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as wire:
        ask_now(critic(CLAUDE, shown))
        labels = [f"Frame at {frame.time_s:.2f} s:" for frame in shown.media.frames]
        assert between(wire)[::2] == labels
        assert seen(wire)[-1].startswith("Perceive the clip first")
