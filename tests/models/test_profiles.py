"""Models by profiles of `aurelia.toml`: what reaches the wire, the ledger and the record."""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models.fake_chat_models import FakeListChatModel

import aurelia
from aurelia.configuration.profile import Profile, read_profile
from aurelia.errors import ConfigurationError, MissingExtra
from aurelia.models.family import family
from aurelia.models.faults import redact
from aurelia.models.limits import provider_of
from aurelia.models.prices import Price
from aurelia.models.registry import describe_profile, is_offline, register_model, resolve_model
from aurelia.settings import configuration, forget_configuration
from tests.clips import ordinary
from tests.models.asking import ask_now, failure_of, summarizer
from tests.models.wire.script import Raw, Usage, fail, say
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, script, verdict

Write = Callable[[str], Path]
KEY = "a-private-key-of-tests"


def table(wire: Wire, **more: Any) -> str:
    """`[models.omni]` that leads to the wire; values as JSON, which is TOML for plain ones."""
    given_ = {"base_url": wire.openai, "model": "org/m-1", "api_key_env": "OMNI", **more}
    lines = "".join(f"{k} = {v if k in _INLINE else json.dumps(v)}\n" for k, v in given_.items())
    return f"[models.omni]\n{lines}"


_INLINE = ("extra_body", "parameters", "price")


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch, ledger_path: Path) -> None:
    monkeypatch.setenv("OMNI", KEY)


def test_a_profile_reaches_its_server_with_all_its_settings(configured: Write) -> None:
    with Wire(say("x")) as wire:
        configured(
            table(
                wire,
                video="raw",
                audio="input_audio",
                context=4096,
                extra_body="{ mm_processor_kwargs = { use_audio_in_video = false } }",
                parameters="{ temperature = 0.5, seed = 3 }",
            )
        )
        ask_now(summarizer("omni"))
        body = wire.calls[0].body
    assert (body["model"], body["temperature"], body["seed"]) == ("org/m-1", 0.5, 3)
    assert body["mm_processor_kwargs"] == {"use_audio_in_video": False}
    model = resolve_model("omni")
    assert (model.profile, model.name, model.family) == ("omni", "omni", "compatible")
    takes = model.takes
    assert (takes.sight, takes.hearing, takes.context_size) == ("raw", "input_audio", 4096)
    assert takes.sight_from == takes.hearing_from == "configured"


def test_a_key_reaches_its_own_server_alone(
    configured: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("API_KEY", "ORG_ID", "PROJECT_ID", "ADMIN_KEY"):
        monkeypatch.setenv(f"OPENAI_{name}", f"private-{name}")
    with Wire(say("away")) as other, Wire() as wire:
        configured(table(wire) + f'[models.plain]\nbase_url = "{other.openai}"\nmodel = "m"\n')
        ask_now(summarizer("omni"))
        resolve_model("omni").chat.invoke("Hello.")
        ask_now(summarizer("plain"))
        moved = Raw(b"", status=307, headers={"location": f"{other.openai}/chat/completions"})
        wire.plays(moved)
        assert ask_now(summarizer("omni", use_cache=False)).text == "away"  # it was redirected
        sent = [call.headers["authorization"] for call in wire.calls]
        strayed = [call.headers["authorization"] for call in other.calls]
        headers = str([call.headers for call in (*wire.calls, *other.calls)])
    assert sent == [f"Bearer {KEY}"] * 3
    assert strayed == ["Bearer none"] * 2
    assert "private" not in headers.replace(KEY, "")


def test_no_key_is_in_a_log_a_record_or_an_error(
    configured: Write, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    rest = script(tmp_path, [actor(), verdict(9)])
    sentence = json.dumps({"sentences": [{"text": "A tone.", "steps": [1]}]})
    with Wire(say(sentence)) as wire:
        configured(table(wire, price="{ input = 1, output = 2 }"))
        roles = everyone(rest) | {"summarizer": "omni"}
        run = aurelia.reason(ordinary(tmp_path), "What sounds?", **roles)
        wire.plays(fail(401, f"Incorrect API key provided: {KEY}."))
        failure = failure_of(summarizer("omni", use_cache=False))
    assert run.stop_reason == "accepted"
    assert "[secret]" in str(failure)
    kept = (tmp_path / "cache" / "ledger.jsonl").read_text("utf-8")
    for text in (
        run.model_dump_json(),
        str(failure),
        kept,
        caplog.text,
        repr(resolve_model("omni")),
    ):
        assert KEY not in text
    call = next(c for i in run.iterations for c in i.calls if c.role == "summarizer")
    assert call.requested_model == "omni"
    assert call.parameters["profile"] == {
        "name": "omni",
        "model": "org/m-1",
        "base_url": wire.openai,
        "api_key_env": "OMNI",
        "price": {"input": 1.0, "output": 2.0},
    }


def test_the_price_of_a_profile_is_the_cost_of_its_calls(configured: Write, tmp_path: Path) -> None:
    with Wire(say("x", usage=Usage(2_000_000, 1_000_000))) as wire:
        configured(table(wire, price="{ input = 0.1, output = 0.4 }"))
        assert resolve_model("omni").price == Price(0.1, 0.4)
        assert ask_now(summarizer("omni")).call.usage.cost_usd == pytest.approx(0.6)


@pytest.mark.parametrize("price", ["{ input = 1000, output = 1000 }", None])
def test_a_bound_on_cost_is_kept_where_the_profile_has_a_price(
    configured: Write, tmp_path: Path, price: str | None
) -> None:
    rest = script(tmp_path, [actor(), caption("A tone."), verdict(2)])
    said = json.dumps({"sentences": [{"text": "A tone.", "steps": [1]}]})
    roles = everyone(rest) | {"summarizer": "omni", "max_cost": 0.01}
    with Wire(say(said)) as wire:
        configured(table(wire, **({"price": price} if price else {})))
        if price is None:
            with pytest.raises(ConfigurationError, match="no price is known for omni"):
                aurelia.reason(ordinary(tmp_path), "What?", **roles)
            return
        run = aurelia.reason(ordinary(tmp_path), "What?", **roles)
    assert run.stop_reason == "budget"
    assert run.totals.cost_usd == pytest.approx(0.018)  # 11 tokens in, 7 out


@pytest.mark.parametrize(
    "changed",
    [
        {"model": "org/m-2"},
        {"parameters": "{ temperature = 1 }"},
        {"extra_body": "{ top_k = 3 }"},
        {"video": "raw"},
    ],
)
def test_an_edited_profile_is_asked_anew(configured: Write, changed: dict[str, Any]) -> None:
    with Wire() as wire:
        configured(table(wire))
        assert not ask_now(summarizer("omni")).call.cached
        configured(table(wire, price="{ input = 1, output = 1 }"))  # the reply is the same
        assert ask_now(summarizer("omni")).call.cached
        configured(table(wire, **changed))
        assert not ask_now(summarizer("omni")).call.cached
        assert len(wire.calls) == 2


def test_another_key_is_used_at_once(configured: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    with Wire() as wire:
        configured(table(wire))
        assert resolve_model("omni") is resolve_model("omni")
        ask_now(summarizer("omni"))
        monkeypatch.setenv("OMNI", "another-key")
        ask_now(summarizer("omni", use_cache=False))
        assert [c.headers["authorization"] for c in wire.calls] == [
            f"Bearer {KEY}",
            "Bearer another-key",
        ]
        monkeypatch.delenv("OMNI")
        with pytest.raises(ConfigurationError, match="its key from OMNI, which is not set"):
            resolve_model("omni")


def test_a_profile_of_a_provider_has_its_own_key(
    configured: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Wire() as wire:
        for name, value in wire.environment.items():
            monkeypatch.setenv(name, value)
        configured(
            '[models.a]\nmodel = "openai:gpt-4o?seed=1"\napi_key_env = "OMNI"\n'
            "parameters = { temperature = 0 }\n"
            '[models.b]\nmodel = "google_genai:gemini-2.5-pro"\napi_key_env = "OMNI"\n'
            '[models.c]\nmodel = "anthropic:claude-sonnet-4-6"\napi_key_env = "OMNI"\n'
            '[models.d]\nmodel = "ollama:m"\napi_key_env = "OMNI"\n'
        )
        for name in "abc":
            ask_now(summarizer(name))
        with pytest.raises((ConfigurationError, MissingExtra), match="can't have an api_key_env"):
            resolve_model("d")
        first, second, third = wire.calls
    assert first.headers["authorization"] == f"Bearer {KEY}"
    assert (first.body["temperature"], first.body["seed"]) == (0, 1)
    assert second.headers["x-goog-api-key"] == KEY
    assert third.headers["authorization"] == f"Bearer {KEY}"
    assert resolve_model("a").takes.sight_from == "profile"


def test_a_profile_counts_as_what_it_leads_to(configured: Write) -> None:
    with Wire() as wire:
        configured(
            table(wire) + '[models.o]\nmodel = "offline:perception"\n'
            'parameters = { modality = "deaf" }\n'
            '[models.g]\nmodel = "openai:gpt-4o"\n'
        )
        assert provider_of("omni") == wire.url.removeprefix("http://")
        assert (provider_of("g"), family("g"), family("grounded:g")) == ("openai", "gpt", "gpt")
        assert is_offline("o")
        model = resolve_model("o")
        assert (model.computes, model.name, model.profile) == (True, "o", "o")
        assert model.identity == "offline:perception?modality=deaf"


def test_a_registered_model_hides_a_profile_of_its_name(configured: Write) -> None:
    with Wire() as wire:
        configured(table(wire).replace("omni", "hidden"))
        assert resolve_model("hidden").profile == "hidden"
        register_model("hidden", FakeListChatModel(responses=["mine"]))
        assert ask_now(summarizer("hidden")).text == "mine"
        assert provider_of("hidden") == "hidden"


def test_a_grounded_critic_may_be_a_profile(configured: Write, tmp_path: Path) -> None:
    with Wire(say('{"score": 9, "claims": []}')) as wire:
        configured(table(wire))
        judged = aurelia.critique(ordinary(tmp_path), "The clip is silent.", critic="grounded:omni")
        assert len(wire.calls) == 1
    assert isinstance(judged, aurelia.Verdict)
    assert judged.score < 9  # what was measured bounds it


def test_a_name_that_is_nearly_a_profile_is_pointed_out(configured: Write) -> None:
    with Wire() as wire:
        configured(table(wire))
        with pytest.raises(ConfigurationError, match=r"\(omni\). Did you mean 'omni'"):
            resolve_model("onmi")


def test_tables_need_no_key(configured: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMNI")
    with Wire() as wire:
        configured(table(wire, video="raw") + '[models.g]\nmodel = "google_genai:gemini-2.5-pro"\n')
        profiles = configuration().models
        assert describe_profile(profiles["omni"]).takes.sight == "raw"
        assert describe_profile(profiles["g"]).takes.sight == "native"


def test_a_key_is_redacted_whatever_its_variable_is_called(configured: Write) -> None:
    forget_configuration()
    assert redact(KEY) == KEY
    with Wire() as wire:
        configured(table(wire))
        configuration()
    assert redact(f"it was {KEY}!") == "it was [secret]!"


VALUES = st.recursive(
    st.one_of(st.booleans(), st.integers(-9, 9), st.floats(0, 1), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text("abc", max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)
PROFILES = st.fixed_dictionaries(
    {"model": st.sampled_from(["m", "m2"]), "base_url": st.sampled_from(["http://a", "http://b"])},
    optional={
        "video": st.sampled_from(["raw", "off"]),
        "context": st.integers(1, 3),
        "parameters": st.dictionaries(st.sampled_from(["top_p", "seed"]), VALUES, max_size=2),
        "extra_body": st.dictionaries(st.sampled_from(["a", "b"]), VALUES, max_size=2),
    },
)


def _plain(profile: Profile) -> str:
    facts = {k: v for k, v in profile.facts().items() if k not in ("name", "price", "api_key_env")}
    return json.dumps(facts, sort_keys=True)


@given(PROFILES, PROFILES)
def test_two_profiles_share_replies_only_where_they_say_the_same(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = (read_profile("file", "n", t) for t in (one, other))
    assert (first.spelled_out == second.spelled_out) == (_plain(first) == _plain(second))
