"""What goes wrong while Gemini is sent a clip: each step is tried by our own layer alone."""

from collections.abc import Callable
from typing import Any

import pytest

from aurelia.models.clock import use_clock
from aurelia.models.request import Delivery
from aurelia.models.retry import CallLimits
from tests.models.asking import Shown, ask_now, critic, failure_of
from tests.models.cutting import Cutting
from tests.models.faults import LIMIT_S
from tests.models.sending import serving
from tests.models.wire.exchange import Purpose, Received
from tests.models.wire.script import (
    Behaviour,
    fail,
    hang,
    malformed,
    quota_used_up,
    reset,
    serve,
    wrong_content_type,
)
from tests.models.wire.server import Wire
from tests.ticking import Ticking

pytestmark = pytest.mark.usefixtures("ledger_path")

MODEL = "google_genai:gemini-2.5-pro"
LIMITS = CallLimits(max_retries=2, timeout_s=LIMIT_S)

# What is asked of the server at each step, and how to tell it.
STEPS: dict[str, tuple[Purpose, Callable[[Received], bool]]] = {
    "open": ("upload", lambda request: request.path == "/upload/v1beta/files"),
    "bytes": ("upload", lambda request: request.path.startswith("/upload/session")),
    "poll": ("file", lambda request: True),
    "cache": ("cache", lambda request: True),
}
AGAIN: dict[str, tuple[Behaviour, list[float]]] = {
    "429-retry-after": (fail(429, retry_after=7), [7, 7]),
    "429": (fail(429), [1, 2]),
    "500": (fail(500), [1, 2]),
    "503": (fail(503), [1, 2]),
    "529": (fail(529), [1, 2]),
    "reset": (reset(), [1, 2]),
}
FINAL: dict[str, Behaviour] = {
    "401": fail(401),
    "quota": quota_used_up(),
    "malformed": malformed(),
    "wrong-type": wrong_content_type(),
}
BY_STEP = pytest.mark.parametrize("step", STEPS)


def _request(shown: Shown) -> Any:
    return critic(MODEL, shown, delivery=Delivery(uses=10, context_cache=True), limits=LIMITS)


def _meets(wire: Wire, step: str, behaviour: Behaviour, often: int, then: Any = None) -> None:
    """The step meets this so often; all else is served."""
    purpose, is_step = STEPS[step]
    left = [often]

    def plan(request: Received) -> Behaviour:
        if not is_step(request) or not left[0]:
            return serve()
        left[0] -= 1
        if then:
            then()
        return behaviour

    wire.meets(purpose, *[plan] * 50)


def _at(wire: Wire, step: str) -> int:
    purpose, is_step = STEPS[step]
    return sum(r.purpose == purpose and is_step(r) for r in wire.requests)


def _polls(step: str) -> int:
    return int(step == "poll")


@BY_STEP
@pytest.mark.parametrize("fault", AGAIN)
def test_what_may_pass_is_tried_by_one_layer(
    step: str, fault: str, shown: Shown, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    behaviour, delays = AGAIN[fault]
    with serving(monkeypatch, polls=_polls(step)) as wire:
        _meets(wire, step, behaviour, 50)
        failure = failure_of(_request(shown))
        assert _at(wire, step) == 3
        assert not wire.calls
        assert len(wire.store.files) == {"open": 0, "bytes": 3}.get(step, 1)
    assert clock.delays == [1.0] * _polls(step) + delays
    assert failure.call.retries == 2
    assert str(failure).endswith("(after 2 retries)")


@BY_STEP
@pytest.mark.parametrize("fault", FINAL)
def test_what_will_not_pass_is_tried_once(
    step: str, fault: str, shown: Shown, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, polls=_polls(step)) as wire:
        _meets(wire, step, FINAL[fault], 50)
        failure = failure_of(_request(shown))
        assert _at(wire, step) == 1
        assert not wire.calls
    assert clock.delays == [1.0] * _polls(step)
    assert failure.call.retries == 0


@BY_STEP
def test_what_hangs_is_cut_off_and_let_go_of(
    step: str, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Cutting()
    with serving(monkeypatch, polls=_polls(step)) as wire, use_clock(clock):
        _meets(wire, step, hang(), 50, clock.hang)
        failure = failure_of(_request(shown))
        assert wire.left.wait(20)
        assert _at(wire, step) == 1
    assert failure.call.total_s == LIMIT_S + _polls(step)
    assert "no reply within 300 s" in str(failure)


@BY_STEP
def test_what_passes_in_the_end_goes_up_once(
    step: str, shown: Shown, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, polls=_polls(step)) as wire:
        _meets(wire, step, fail(503), 2)
        assert ask_now(_request(shown)).call.retries == 2
        assert (len(wire.calls), wire.uploads) == (1, 1)
        assert wire.sent < shown.clip.size_bytes * (3 if step == "bytes" else 1) + 10_000


def test_a_file_that_is_gone_before_it_could_be_used_goes_up_again(
    shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch, polls=1) as wire:
        _meets(wire, "poll", fail(503), 1, wire.store.expire)
        assert ask_now(_request(shown)).call.retries == 1
        assert wire.uploads == 2
