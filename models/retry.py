"""The one retry policy: what is tried again, when, and for how long.

    status 408, 409, 425, 429, 5xx, 529   again, unless the quota is used up
    timeouts, resets, name resolution     again, unless a certificate is wrong
    400, 401, 402, 403, 404, …            at once a failure
    replies that break the protocol       at once a failure: they were paid for
    safety blocks and refusals            no failure at all, see `models/finish`

Clients have their own retries switched off: two layers would multiply.
"""

import email.utils
import ssl
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aurelia.models.clock import Clock, OutOfTime, clock
from aurelia.models.limits import Gate

T = TypeVar("T")

_AGAIN = {408, 409, 425, 429}
_USED_UP = {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"}
_TRANSPORT = (
    ("httpx", "TransportError"),
    ("httpx2", "TransportError"),
    ("aiohttp", "ClientConnectionError"),
    ("aiohttp", "ClientPayloadError"),
)
_FIRST_DELAY_S = 1.0
_LONGEST_DELAY_S = 60.0


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How much one call may try.

    Attributes:
        max_retries: further tries of a call that failed for now.
        timeout_s: seconds for all tries and the delays between them; queueing doesn't count.
    """

    max_retries: int = 4
    timeout_s: float = 300.0


@dataclass(slots=True)
class Effort:
    """What a call took: `retries` made, and seconds in the queue."""

    retries: int = 0
    queue_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """What a failure says about trying again.

    Attributes:
        status: of the HTTP reply; None where there was none.
        again: whether the same request may succeed later.
        after_s: seconds that the server asks to wait; None where it doesn't say.
    """

    status: int | None
    again: bool
    after_s: float | None = None


def fault_of(error: BaseException, wall: float) -> Fault:
    """Read a client's error, and those that it was raised from.

    Args:
        error: as the client raised it.
        wall: seconds since 1970, for a Retry-After that is a date.
    """
    chain = list(_chain(error))
    status = next((s for e in chain if (s := _status(e)) is not None), None)
    if (
        isinstance(error, OutOfTime)
        or any(isinstance(e, ssl.SSLCertVerificationError) for e in chain)
        or any(_used_up(e) for e in chain)
    ):
        again = False
    elif status is not None:
        again = status in _AGAIN or status >= 500
    else:
        again = any(_broke_off(e) for e in chain)
    asked = (_after(e, wall) for e in chain)
    return Fault(status, again, next((s for s in asked if s is not None), None))


def delay(tries: int, after_s: float | None, random: float) -> float:
    """Seconds to wait before the next try: full jitter below a doubling bound.

    Args:
        tries: how many there were, 1 or more.
        after_s: what the server asked for, which is never undercut.
        random: from 0 up to 1.
    """
    bound = min(_LONGEST_DELAY_S, _FIRST_DELAY_S * 2.0 ** min(tries - 1, 16))
    return max(random * bound, after_s or 0.0)


async def persist(
    attempt: Callable[[], Awaitable[T]],
    *,
    limits: CallLimits,
    gate: Gate,
    faults: tuple[type[Exception], ...],
    effort: Effort,
) -> T:
    """The result of `attempt`, tried again while that may help.

    Args:
        attempt: one request; called once a try.
        limits: tries and total time.
        gate: what lets requests of this provider through.
        faults: what a failed attempt may raise; anything else is a bug, and passes through.
        effort: counts retries and queueing, also of a call that fails in the end.

    Raises:
        OutOfTime: the time is up.
        Exception: the last of `faults`, where trying again doesn't help or isn't allowed.
    """
    now: Clock = clock()
    used = 0.0
    while True:
        async with gate.passage(now) as queued:
            effort.queue_s += queued
            began = now.now()
            try:
                return await now.within(attempt(), limits.timeout_s - used)
            except faults as error:
                used += now.now() - began
                fault = fault_of(error, now.wall())
                wait = delay(effort.retries + 1, fault.after_s, now.random())
                # A wait that ends after the time is up can as well be spared.
                if not fault.again or used + wait >= limits.timeout_s:
                    raise
                if effort.retries >= limits.max_retries:
                    raise
        effort.retries += 1
        used += wait
        await now.sleep(wait)


def _chain(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    seen: set[int] = set()
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__ or current.__context__


def _status(error: BaseException) -> int | None:
    response = getattr(error, "response", None)
    for holder, name in (
        (error, "status_code"),
        (error, "code"),
        (error, "status"),
        (response, "status_code"),
    ):
        value = getattr(holder, name, None)
        if isinstance(value, int) and 100 <= value < 600:
            return int(value)
    return None


def _broke_off(error: BaseException) -> bool:
    if isinstance(error, TimeoutError | ConnectionError):
        return True
    if getattr(error, "is_retryable", False) is True:
        return True
    return any(
        isinstance(base := getattr(sys.modules.get(module), name, None), type)
        and isinstance(error, base)
        for module, name in _TRANSPORT
    )


def _used_up(error: BaseException) -> bool:
    """Whether waiting a minute helps nothing: no credit, or a quota that counts by the day."""
    if _USED_UP & {getattr(error, "code", None), getattr(error, "type", None)}:
        return True
    return any(
        "PerDay" in str(violation.get("quotaId", ""))
        for detail in _google_details(error)
        for violation in detail.get("violations", ())
        if isinstance(violation, Mapping)
    )


def _google_details(error: BaseException) -> list[Mapping[str, Any]]:
    details = getattr(error, "details", None)
    body = details.get("error") if isinstance(details, Mapping) else None
    entries = body.get("details") if isinstance(body, Mapping) else None
    return [e for e in entries if isinstance(e, Mapping)] if isinstance(entries, list) else []


def _after(error: BaseException, wall: float) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", None)
    value = headers.get("retry-after") if isinstance(headers, Mapping) else None
    if isinstance(value, str) and (seconds := _seconds(value, wall)) is not None:
        return seconds
    for detail in _google_details(error):
        told = str(detail.get("retryDelay", ""))
        if told.endswith("s") and (seconds := _seconds(told[:-1], wall)) is not None:
            return seconds
    return None


def _seconds(value: str, wall: float) -> float | None:
    """A Retry-After: seconds, or an HTTP date."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = email.utils.parsedate_to_datetime(value).timestamp() - wall
        except ValueError:
            return None
    return max(0.0, seconds) if seconds == seconds and abs(seconds) < 1e9 else None
