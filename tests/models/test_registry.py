"""From a role's string to a model: every form, and one sentence for each mistake."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.language_models.fake_chat_models import FakeListChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import RunnableLambda

from aurelia.errors import ConfigurationError, MissingExtra
from aurelia.models.call import call
from aurelia.models.faults import redact
from aurelia.models.registry import is_offline, register_model, resolve_model
from aurelia.models.retry import CallLimits
from tests.models.asking import Shown, ask_now, critic, failure_of, summarizer
from tests.models.loopback import Loopback, says

SCRIPT = "replies: [{role: summarizer, text: A tone sounds.}]"


class Blocks(BaseChatModel):
    """Replies in content blocks, as reasoning models do, and keeps what it was asked."""

    asked: list[list[BaseMessage]] = []
    settings: list[dict[str, Any]] = []

    @property
    def _llm_type(self) -> str:
        return "blocks"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.asked.append(messages)
        self.settings.append(kwargs)
        blocks: list[str | dict[Any, Any]] = [
            {"type": "reasoning", "reasoning": "It could be {3}."},
            {"type": "text", "text": '{"score":'},
            {"type": "text", "text": " 8}"},
        ]
        metadata = {"model": "blocks-2", "stop_reason": "end_turn"}
        message = AIMessage(content=blocks, response_metadata=metadata)
        return ChatResult(generations=[ChatGeneration(message=message)])


def test_a_registered_model_works_in_any_role(shown: Shown) -> None:
    register_model("blocks", model := Blocks())
    reply = ask_now(critic("blocks", shown, sampling={"temperature": 0.5}))
    assert reply.text == '{"score": 8}'
    assert (reply.call.reported_model, reply.call.finish_reason) == ("blocks-2", "end_turn")
    assert reply.call.usage.cost_usd is None  # who knows what it costs
    assert model.settings == [{"temperature": 0.5}]
    content = model.asked[0][-1].content
    assert isinstance(content, list)
    kinds = [block["type"] for block in content if isinstance(block, dict)]
    assert kinds == ["text", "image"] * 3 + ["text"]
    assert "aurelia" not in model.asked[0][-1].additional_kwargs  # which would name files


def test_a_fake_of_langchain_is_asked_anew_each_time() -> None:
    register_model("fake", FakeListChatModel(responses=["one", "two"]))
    request = summarizer("fake", sampling={"temperature": 0})
    assert [ask_now(request).text for _ in range(2)] == ["one", "two"]
    register_model("fake", FakeListChatModel(responses=["three"]))
    assert ask_now(request).text == "three"


def test_the_config_of_the_run_reaches_the_model() -> None:
    class Seen(BaseCallbackHandler):
        names: list[str] = []

        def on_chat_model_start(self, serialized: Any, messages: Any, **kwargs: Any) -> None:
            self.names.append(kwargs["tags"][0])

    async def node(name: str) -> str:
        return (await call(summarizer(name))).text

    register_model("traced", FakeListChatModel(responses=["one"]))
    seen = Seen()
    run = RunnableLambda(node).ainvoke("traced", {"callbacks": [seen], "tags": ["of the run"]})
    assert asyncio.run(run) == "one"
    assert seen.names == ["of the run"]


def test_a_bug_in_a_registered_model_looks_like_one() -> None:
    class Broken(FakeListChatModel):
        def _call(self, *args: Any, **kwargs: Any) -> str:
            raise ZeroDivisionError("a bug")

    register_model("broken", Broken(responses=[]))
    with pytest.raises(ZeroDivisionError, match="a bug"):
        ask_now(summarizer("broken"))


def test_a_provider_error_of_a_registered_model_is_a_failed_call() -> None:
    class Unreachable(FakeListChatModel):
        def _call(self, *args: Any, **kwargs: Any) -> str:
            raise ConnectionError("no route to sk-1234567890abcdef")

    register_model("unreachable", Unreachable(responses=[]))
    failure = failure_of(summarizer("unreachable", limits=CallLimits(max_retries=0)))
    assert str(failure) == (
        "The summarizer's model unreachable failed (ConnectionError): no route to [secret]"
    )


@pytest.mark.parametrize("name", ["", "openai:mine", "a#b", "a?b"])
def test_names_that_look_like_another_form_are_refused(name: str) -> None:
    with pytest.raises(ConfigurationError, match="can't be registered"):
        register_model(name, FakeListChatModel(responses=[]))


def test_a_script_is_read_each_time_it_is_named(tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(SCRIPT)
    name = f"scripted:{file}"
    assert resolve_model(name).computes
    assert ask_now(summarizer(name)).text == "A tone sounds."
    file.write_text(SCRIPT.replace("tone", "bell"))
    reply = ask_now(summarizer(name))
    assert reply.text == "A bell sounds."
    assert (reply.call.usage.cost_usd, reply.call.cached) == (0, False)


def test_a_server_is_sent_nothing_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, ledger_path: Path
) -> None:
    for name in ("API_KEY", "ORG_ID", "ORGANIZATION", "PROJECT_ID", "ADMIN_KEY", "API_BASE"):
        monkeypatch.setenv(f"OPENAI_{name}", f"private-{name}")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-gateway: private\nauthorization: Bearer private")
    with Loopback(says("x")) as server:
        ask_now(summarizer(server.model))
        resolve_model(server.model).chat.invoke("Hello.")
        assert len(server.requests) == 2
        for request in server.requests:
            assert "private" not in str(request.headers)
            assert request.headers["authorization"] == "Bearer none"
            assert not {"openai-organization", "openai-project"} & request.headers.keys()


def test_settings_of_a_server_stand_behind_its_model(ledger_path: Path) -> None:
    with Loopback(says("x")) as server:
        ask_now(summarizer(f"{server.url}#org/m-2?temperature=0.5&seed=3"))
        body = server.requests[0].body
    assert (body["model"], body["temperature"], body["seed"]) == ("org/m-2", 0.5, 3)


def test_a_provider_gets_its_key_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-tests")
    model = resolve_model("openai:gpt-4o-2024-08-06?temperature=0&max_tokens=99")
    assert (model.paid, model.computes) == (True, False)
    chat: Any = model.chat
    assert (chat.model_name, chat.temperature, chat.max_tokens) == ("gpt-4o-2024-08-06", 0, 99)
    assert chat.openai_api_key.get_secret_value() == "a-key-of-tests"
    assert resolve_model(model.name) is model


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gpt-4o", "names no model: use provider:model"),
        ("openai:", "names no model: use provider:model"),
        ("", "names no model: use provider:model"),
        ("http://127.0.0.1:1/v1", "names a server but no model"),
        ("http://127.0.0.1:1/v1#?temperature=0", "names a server but no model"),
        ("http://#m", "is no URL of a server"),
        ("http://127.0.0.1:99999/v1#m", "is no URL of a server"),
        ("http://127.0.0.1:1/v1#m?temperature=hot", "can't be set up: temperature: Input should"),
        ("http://me:private@127.0.0.1:1/v1#m", "can't hold a user and password"),
        ("http://127.0.0.1:1/v1#m?api_key=private", "can't hold 'api_key', because it is saved"),
        ("openai:gpt-4o?api_key=private", "set the provider's environment variable"),
        ("openai:gpt-4o?model=other", "can't set 'model' as a parameter"),
        ("openai:gpt-4o?base_url=http://elsewhere", "write http://host:port/v1#MODEL"),
        ("openai:gpt-4o?temperature", "write them as ?name=value&name=value"),
        ("openai:gpt-4o", "OPENAI_API_KEY"),
        ("google_genai:gemini-2.5-pro", "GOOGLE_API_KEY"),
        ("nobody:model", "can't be set up"),
        ("scripted:nowhere.yaml", "nowhere.yaml can't be read"),
        ("replay:nowhere", "give a saved run's folder"),
    ],
)
def test_a_wrong_string_is_one_sentence_without_secrets(
    name: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "?" in name:
        monkeypatch.setenv("OPENAI_API_KEY", "a-key-of-tests")
    with pytest.raises(ConfigurationError, match=re.escape(message)) as caught:
        resolve_model(name).chat.invoke("Hello.")
    assert "private" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_package_is_named() -> None:
    with pytest.raises(MissingExtra, match="pip install langchain-mistralai"):
        resolve_model("mistralai:a-model")


def test_a_file_that_is_no_run_is_said(tmp_path: Path) -> None:
    (tmp_path / "trajectory.json").write_text("{}")
    with pytest.raises(ConfigurationError, match="not a trajectory of this version"):
        resolve_model(f"replay:{tmp_path}")


def test_models_that_measure_are_known_by_their_name() -> None:
    assert is_offline("offline:perception?modality=deaf")
    assert not is_offline("openai:offline")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("key sk-proj-abcdef012345 is wrong", "key [secret] is wrong"),
        ("AIzaSyA-1234567890", "[secret]"),
        ("https://x/v1?alt=json&key=abc123&y=1", "https://x/v1?alt=json&key=[secret]&y=1"),
        ("http://me:pass@host/v1", "http://[secret]@host/v1"),
        ("{'Authorization': 'Bearer abc.def'}", "{'Authorization': 'Bearer [secret]'}"),
        ("a value-of-the-environment here", "a [secret] here"),
        ("a task-oriented risk-averse disk-failure", "a task-oriented risk-averse disk-failure"),
        ("http://127.0.0.1:1/v1#org/model@3", "http://127.0.0.1:1/v1#org/model@3"),
    ],
)
def test_secrets_are_taken_out_of_texts(
    text: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_GATEWAY_TOKEN", "value-of-the-environment")
    assert redact(text) == shown
