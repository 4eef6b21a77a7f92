"""Scripted and replayed models: the file, what fits what, and what fails."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from langchain_core.callbacks import AsyncCallbackHandler
from langchain_core.messages import HumanMessage
from langchain_core.runnables import RunnableLambda

from aurelia.errors import ConfigurationError, ModelError
from aurelia.models.call import call
from aurelia.models.envelope import detach
from aurelia.models.request import Draw
from aurelia.models.scripted import load_script
from tests.models.asking import Shown, ask_now, critic, failure_of, summarizer

QUESTION = "Which comes first, the tone or the movement?"


@pytest.fixture
def write(tmp_path: Path) -> Any:
    """Writes a script of these entries; gives its model string."""

    def written(*entries: dict[str, Any], **top: Any) -> str:
        file = tmp_path / "script.yaml"
        file.write_text(yaml.safe_dump({"replies": list(entries), **top}), "utf-8")
        return f"scripted:{file}"

    return written


def test_the_first_entry_that_fits_is_given(write: Any) -> None:
    name = write(
        {"role": "critic", "iteration": 2, "text": "of iteration 2"},
        {"role": "critic", "repeat": 1, "text": "of repeat 1"},
        {"role": "critic", "purpose": "repair", "json": {"score": 5}},
        {"role": "critic", "text": "of any"},
        {"role": "critic", "text": "never reached"},
        model="my-fake",
    )
    expected = [
        (critic(name, draw=Draw(iteration=2)), "of iteration 2"),
        (critic(name, draw=Draw(iteration=2, repeat=1)), "of repeat 1"),
        (critic(name, purpose="repair"), '{"score": 5}'),
        (critic(name, draw=Draw(iteration=3)), "of any"),
        (critic(name), "of any"),
    ]
    for request, text in expected:
        reply = ask_now(request)
        assert reply.text == text
        assert reply.call.reported_model == "my-fake"
        assert reply.call.finish_reason == "stop"


def test_the_two_modes_of_a_target_are_told_apart_by_form(write: Any) -> None:
    name = write(
        {"role": "target", "form": "plan", "text": "with steps"},
        {"role": "target", "form": "zero_shot", "text": "without"},
    )
    clip_less = {"question": QUESTION}
    for inputs, text in (
        (clip_less | {"r_star": None}, "without"),
        (clip_less | {"r_star": "1. Listen.", "form": "plan"}, "with steps"),
    ):
        base = summarizer(name)
        request = type(base)(
            role="target",
            model=name,
            template=base.template,
            variables=base.variables,
            inputs=inputs,
        )
        assert ask_now(request).text == text


def test_a_request_that_the_script_does_not_hold_fails_by_name(write: Any) -> None:
    name = write({"role": "critic", "iteration": 1, "text": "x"})
    failure = failure_of(critic(name, draw=Draw(iteration=2)))
    assert str(failure) == (
        "script.yaml holds no reply for role critic, iteration 2, repeat 0, purpose main; "
        "add one to its replies."
    )
    assert failure.call.error == str(failure)


def test_an_entry_may_fail_on_purpose(write: Any) -> None:
    name = write({"role": "critic", "error": "The critic is out of quota."})
    assert str(failure_of(critic(name))) == "The critic is out of quota."


def test_a_delay_does_not_hold_up_others(write: Any) -> None:
    # The first waits for a minute, and is given up as soon as the second has been answered.
    name = write(
        {"role": "critic", "delay_s": 60, "text": "slow"}, {"role": "summarizer", "text": "fast"}
    )

    async def both() -> str:
        slow = asyncio.create_task(call(critic(name)))
        await asyncio.sleep(0)
        fast = await call(summarizer(name))
        assert not slow.done()
        slow.cancel()
        return fast.text

    assert asyncio.run(both()) == "fast"


def test_a_short_delay_ends(write: Any) -> None:
    name = write({"role": "critic", "delay_s": 0.001, "text": "slow"})
    assert ask_now(critic(name)).text == "slow"
    assert load_script(Path(name.partition(":")[2])).script.replies[0].delay_s == 0.001


def test_a_model_that_computes_is_told_of_the_clip_and_sent_no_frames(
    write: Any, shown: Shown
) -> None:
    reply = ask_now(critic(write({"role": "critic", "text": "x"}), shown))
    assert [p.media for m in reply.call.messages for p in m.parts if p.media] == ["clip"]


class Meddling(AsyncCallbackHandler):
    """Follows a run, and changes what a model that computes is given."""

    async def on_chat_model_start(self, serialized: Any, messages: Any, **kwargs: Any) -> None:
        """Change the structured request."""
        detach(messages[0])["inputs"]["steps"][0]["text"] = "changed"


def test_whoever_changes_what_a_model_is_given_changes_nothing_else(write: Any) -> None:
    """The inputs of a request may be the very objects that the graph's state holds."""
    steps = [{"text": "The tone comes first."}]
    name = write({"role": "summarizer", "text": "x"})
    request = replace(summarizer(name), inputs={"steps": steps})

    async def asked(_: object) -> str:
        return (await call(request)).text

    followed = RunnableLambda(asked).ainvoke(None, {"callbacks": [Meddling()]})
    assert asyncio.run(followed) == "x"
    assert steps == [{"text": "The tone comes first."}]


def test_outside_of_aurelia_it_says_what_it_needs(write: Any) -> None:
    chat = load_script(Path(write({"role": "critic", "text": "x"}).partition(":")[2]))
    with pytest.raises(ModelError, match=r"call it through aurelia\.reason"):
        chat.invoke([HumanMessage("Hello.")])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "wrong at its top level: Input should be a valid dictionary"),
        ("replies: {}", "wrong at replies: Input should be a valid list"),
        ("replies: [{role: critic}]", "wrong at replies.0: "),
        ("replies: [{role: critic, text: a, error: b}]", "exactly one of text, json and error"),
        ("replies: [{role: judge, text: a}]", "wrong at replies.0.role: Input should be 'actor'"),
        ("replies:\n- {role: critic, text: a}\n- {role: critic, txt: a}", "replies.1.txt: Extra"),
        ("replies: [{role: critic, text: yes}]", "replies.0.text: Input should be a valid string"),
        ("replies: [{role: critic, json: [1]}]", "replies.0.json"),
        ("replies: [{role: critic, text: a, delay_s: -1}]", "replies.0.delay_s: Input should"),
        ("replies:\n  - {role: critic\n", "line 3 is not valid YAML"),
        ("replies: [{role: critic, text: 2020-13-45}]", "holds a value that YAML can't read"),
        ("model: [", "is not valid YAML"),
        (b"replies: [{role: critic, text: \xff}]", "is not UTF-8 text (byte 31)"),
    ],
    ids=str,
)
def test_a_wrong_file_names_the_entry(tmp_path: Path, text: str | bytes, message: str) -> None:
    file = tmp_path / "script.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigurationError, match=re.escape(message)) as caught:
        load_script(file)
    assert "script.yaml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_error_that_quotes_a_key_is_kept_without_it(
    write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "own-plain-words")
    key = "sk-abcdef0123456789"
    error = f"401 for {key}, own-plain-words, Bearer {key} at http://me:pw@127.0.0.1/?api_key=not-for-you"
    failed = failure_of(critic(write({"role": "critic", "error": error})))
    for text in (str(failed), failed.call.error or "", failed.call.model_dump_json()):
        assert "401 for [secret]" in text
        assert not any(part in text for part in (key, "own-plain", "me:pw", "not-for-you"))
