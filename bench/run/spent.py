"""What calls took, and what they would have cost without a cache."""

from collections.abc import Iterable
from typing import TypeVar

from aurelia.bench.run.reply import Spent
from aurelia.bench.worth import worth_usd
from aurelia.types.trajectory import Call

N = TypeVar("N", int, float)


def spent_by(calls: Iterable[Call]) -> Spent:
    """Sums over calls. One that failed counts as a call and takes nothing. May read files and
    import a provider's package: in async code, call it in a thread."""
    total = Spent()
    for call in calls:
        total = add(total, _of(call))
    return total


def add(one: Spent, other: Spent) -> Spent:
    """Both together; a sum with something unknown in it is unknown."""
    return Spent(
        calls=one.calls + other.calls,
        cached=one.cached + other.cached,
        input_tokens=_plus(one.input_tokens, other.input_tokens),
        output_tokens=_plus(one.output_tokens, other.output_tokens),
        paid_usd=_plus(one.paid_usd, other.paid_usd),
        worth_usd=_plus(one.worth_usd, other.worth_usd),
    )


def _of(call: Call) -> Spent:
    if call.error:
        return Spent(calls=1)
    usage = call.usage
    free = usage.cost_usd == 0 and not call.cached  # a model that computes counts no tokens
    return Spent(
        calls=1,
        cached=int(call.cached),
        input_tokens=0 if free and usage.input_tokens is None else usage.input_tokens,
        output_tokens=0 if free and usage.output_tokens is None else usage.output_tokens,
        paid_usd=usage.cost_usd,
        worth_usd=worth_usd(call),
    )


def _plus(one: N | None, other: N | None) -> N | None:
    return None if one is None or other is None else one + other
