"""What a call costs; unknown is said as unknown."""

from typing import Any

import pytest

from aurelia.errors import ConfigurationError
from aurelia.models.prices import Price, cost_usd, has_price, list_price, require_prices
from aurelia.models.usage import Budget, seconds_of, totals_of
from aurelia.types.trajectory import Call, Usage
from tests.models.asking import ask_now, summarizer
from tests.models.loopback import Loopback, says

MILLION = Usage(input_tokens=1_000_000, output_tokens=1_000_000)


@pytest.mark.parametrize(
    ("model", "usd"),
    [
        ("openai:gpt-4o", 12.5),
        ("openai:gpt-4o?temperature=0", 12.5),
        ("anthropic:claude-sonnet-4-5", None),  # its price grows with the length: any number
        ("google_genai:gemini-2.5-flash", 2.8),
    ],
)
def test_known_models_have_a_price(model: str, usd: float | None) -> None:
    assert has_price(model)
    if usd is not None:
        assert cost_usd(MILLION, model) == pytest.approx(usd)


@pytest.mark.parametrize(
    "model",
    [
        "openai:gpt-4o-nonsense",
        "nobody:gpt-4o",
        "ollama:llama3",
        "http://127.0.0.1:8000/v1#gpt-4o",
        "https://api.openai.com.example/v1#gpt-4o",
        "gpt-4o",
        "mine",
    ],
)
def test_others_have_none_which_is_not_zero(model: str) -> None:
    assert cost_usd(MILLION, model, "gpt-4o" if ":" not in model else None) is None
    assert not has_price(model)
    assert list_price(model) == "unknown"


def test_the_model_that_answered_is_the_one_that_is_paid() -> None:
    dear, cheap = cost_usd(MILLION, "openai:gpt-4o"), cost_usd(MILLION, "openai:gpt-4o-mini")
    assert dear != cheap
    assert cost_usd(MILLION, "openai:gpt-4o", "gpt-4o-mini-2024-07-18") == cheap
    assert cost_usd(MILLION, "openai:gpt-4o", "some-name-of-its-own") == dear


def test_tokens_that_nobody_counted_cost_an_unknown_amount() -> None:
    assert cost_usd(Usage(), "openai:gpt-4o") is None
    assert cost_usd(Usage(), "mine", price=Price(1, 1)) is None


def test_cached_input_is_cheaper_and_sound_is_dearer() -> None:
    def cost(model: str, **details: int) -> float | None:
        usage = Usage(input_tokens=1000, output_tokens=10, input_details=details)
        return cost_usd(usage, model)

    plain = cost("openai:gpt-4o")
    cached = cost("openai:gpt-4o", cache_read=800)
    assert plain
    assert cached
    assert cached < plain
    text, sound = cost("openai:gpt-audio"), cost("openai:gpt-audio", audio=800)
    assert text
    assert sound
    assert sound > 5 * text
    both = cost("google_genai:gemini-2.5-flash", audio=500, cache_read=100)
    assert both
    assert cost("google_genai:gemini-2.5-flash", cache_read=100) or both > 0


def test_sound_without_a_price_of_its_own_makes_the_cost_unknown() -> None:
    # The list has only the price of text for it, a sixteenth of what is billed.
    usage = Usage(input_tokens=1000, output_tokens=10, input_details={"audio": 500})
    assert cost_usd(usage, "openai:gpt-4o-audio-preview") is None
    assert cost_usd(usage, "google_genai:gemini-2.5-pro") is not None


def test_a_price_of_ones_own_beats_the_list() -> None:
    assert cost_usd(MILLION, "openai:gpt-4o", price=Price(1, 2)) == 3
    assert cost_usd(MILLION, "http://h:1/v1#m", price=Price(0, 0)) == 0


def test_max_cost_is_refused_in_one_sentence_that_names_the_models() -> None:
    require_prices([])
    said = r"no price is known for a:b, mine; use max_tokens"
    with pytest.raises(ConfigurationError, match=said) as e:
        require_prices(["a:b", "mine", "a:b"])
    assert "\n" not in str(e.value)


@pytest.mark.usefixtures("ledger_path")
def test_a_call_is_priced_once_and_its_tokens_kept_by_kind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    details: dict[str, Any] = {"prompt_tokens_details": {"cached_tokens": 100, "image_tokens": 85}}
    with Loopback(says("A tone.", usage=(1000, 100), model="gpt-4o", **details)) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "x")
        monkeypatch.setenv("OPENAI_API_BASE", server.url)
        model = f"openai:gpt-4o?seed={server.port}"
        first, again = ask_now(summarizer(model)).call, ask_now(summarizer(model)).call
    assert first.usage.input_details == {"cache_read": 100, "image": 85}
    assert first.usage.cost_usd == pytest.approx((900 * 2.5 + 100 * 1.25 + 100 * 10) / 1e6)
    assert (again.cached, again.usage.cost_usd) == (True, 0)
    assert again.usage.input_details == first.usage.input_details


def _call(begin: float, length: float, **usage: float) -> Call:
    return Call(
        id="c",
        role="actor",
        requested_model="m",
        prompt="p@h",
        started_at=begin,
        total_s=length,
        usage=Usage.model_validate(usage),
    )


def test_calls_at_the_same_time_take_that_time_once() -> None:
    assert seconds_of([]) == 0
    # Two overlap, one stands alone an hour later: the hour is nobody's.
    assert seconds_of([_call(10, 5), _call(12, 6), _call(3610, 2)]) == 10
    assert seconds_of([_call(10, 5), _call(11, 1)]) == 5


def test_a_budget_says_which_bound_is_reached() -> None:
    calls = [_call(0, 30, input_tokens=900, output_tokens=100, cost_usd=0.02)] * 2
    assert Budget().spent(calls) == ""
    assert Budget(max_cost=0.05, max_tokens=2001, max_seconds=31).spent(calls) == ""
    assert Budget(max_cost=0.04).spent(calls) == "max_cost of $0.04 is spent ($0.0400)"
    assert Budget(max_tokens=2000).spent(calls) == "max_tokens of 2,000 are spent (2,000)"
    assert Budget(max_seconds=30).spent(calls) == "max_seconds of 30 are spent (30.0 s)"


def test_a_bound_that_can_not_be_watched_counts_as_reached() -> None:
    assert "cost is unknown" in Budget(max_cost=9).spent([_call(0, 1, input_tokens=1)])
    assert "counts no tokens" in Budget(max_tokens=9).spent([_call(0, 1)])
    free = _call(0, 1, cost_usd=0.0)  # a model of this machine has no tokens to count
    assert Budget(max_tokens=9, max_cost=9).spent([free]) == ""


def test_served_replies_spend_nothing() -> None:
    served = _call(0, 0, input_tokens=900, output_tokens=100, cost_usd=0.0)
    served.cached = True
    assert Budget(max_cost=0.01, max_tokens=1).spent([served] * 9) == ""


def test_one_unknown_cost_makes_the_total_unknown_and_is_counted() -> None:
    known = _call(0, 1, input_tokens=5, output_tokens=1, cost_usd=0.5)
    unknown = _call(1, 1, input_tokens=5)
    known.retries, known.queue_s, known.usage.input_details = 2, 1.5, {"audio": 3}
    totals = totals_of([known, unknown, known], seconds=9, accepted_at=None)
    assert (totals.cost_usd, totals.unpriced) == (None, 1)
    assert totals_of([known, known], seconds=9, accepted_at=None).cost_usd == 1
    assert (totals.retries, totals.queue_s, totals.input_details) == (4, 3, {"audio": 6})
    assert (totals.input_tokens, totals.output_tokens) == (15, 2)


def test_older_records_stay_readable() -> None:
    old = {"id": "c", "role": "actor", "requested_model": "m", "prompt": "p@h"}
    old_usage = {"input_tokens": 5, "output_tokens": 1, "cost_usd": None}
    call = Call.model_validate(old | {"usage": old_usage, "retries": 0, "queue_s": 0.0})
    assert (call.usage.input_details, call.started_at) == ({}, None)
    assert Budget(max_tokens=6).spent([call])
