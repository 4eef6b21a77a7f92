"""Tokens, money and time: of one reply, of a run, and against a budget."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

from aurelia.types.trajectory import Call, Totals

# How OpenAI's wire names what LangChain's own counts leave out.
_PROMPT_PARTS = {"image_tokens": "image", "text_tokens": "text"}


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may take; None: no bound.

    Attributes:
        max_cost: USD.
        max_tokens: tokens in and out.
        max_seconds: seconds spent on calls, queueing and retries included.
    """

    max_cost: float | None = None
    max_tokens: int | None = None
    max_seconds: float | None = None

    def spent(self, calls: Sequence[Call]) -> str:
        """Which bound these calls have reached, in words; empty while there is something left.

        A call whose cost nobody knows ends a run with `max_cost`, and one whose tokens nobody
        counted a run with `max_tokens`: the bound can't be kept.
        """
        if self.max_cost is not None:
            known = [c.usage.cost_usd for c in calls if not c.error]
            cost = sum(c for c in known if c is not None)
            if cost >= self.max_cost:
                return f"max_cost of ${self.max_cost:g} is spent (${cost:.4f})"
            if None in known:
                return f"max_cost of ${self.max_cost:g} can't be kept: a call's cost is unknown"
        if self.max_tokens is not None:
            tokens = sum(_tokens(call) for call in calls)
            if tokens >= self.max_tokens:
                return f"max_tokens of {self.max_tokens:,} are spent ({tokens:,})"
            if any(_uncounted(call) for call in calls):
                return f"max_tokens of {self.max_tokens:,} can't be kept: a model counts no tokens"
        if self.max_seconds is not None:
            seconds = seconds_of(calls)
            if seconds >= self.max_seconds:
                return f"max_seconds of {self.max_seconds:g} are spent ({seconds:.1f} s)"
        return ""


def seconds_of(calls: Iterable[Call]) -> float:
    """Seconds during which at least one of the calls was under way.

    Time in which a run waited for a person, or lay interrupted, doesn't count.
    """
    total, until = 0.0, float("-inf")
    for begin, end in sorted(
        (c.started_at or 0.0, (c.started_at or 0.0) + c.total_s) for c in calls
    ):
        total += max(0.0, end - max(begin, until))
        until = max(until, end)
    return total


def totals_of(calls: Sequence[Call], *, seconds: float, accepted_at: int | None) -> Totals:
    """Sums over a run; served replies count with their tokens, and cost nothing.

    Args:
        calls: of the run, without those that a fork took over.
        seconds: from start to end, on the clock.
        accepted_at: index of the first accepted iteration.
    """
    costs = [call.usage.cost_usd for call in calls]
    unpriced = sum(cost is None for cost in costs)
    return Totals(
        calls=len(calls),
        cached=sum(call.cached for call in calls),
        retries=sum(call.retries for call in calls),
        queue_s=round(sum(call.queue_s for call in calls), 4),
        input_tokens=_sum(call.usage.input_tokens for call in calls),
        output_tokens=_sum(call.usage.output_tokens for call in calls),
        input_details=_by_kind(call.usage.input_details for call in calls),
        output_details=_by_kind(call.usage.output_details for call in calls),
        # A partial sum would look like a total.
        cost_usd=None if unpriced else sum(cost for cost in costs if cost is not None),
        unpriced=unpriced,
        seconds=seconds,
        accepted_at=accepted_at,
    )


def counted(message: BaseMessage) -> dict[str, Any]:
    """Tokens as the ledger keeps them: sums, and what the wire says of modality and caching."""
    usage = message.usage_metadata if isinstance(message, AIMessage) else None
    if not usage:
        return {"input_tokens": None, "output_tokens": None}
    said = message.response_metadata.get("token_usage")
    parts = said.get("prompt_tokens_details") if isinstance(said, Mapping) else None
    more = {ours: (parts or {}).get(theirs) for theirs, ours in _PROMPT_PARTS.items()}
    return {
        "input_tokens": usage["input_tokens"],
        "output_tokens": usage["output_tokens"],
        "input_details": _kinds({**more, **usage.get("input_token_details", {})}),
        "output_details": _kinds(usage.get("output_token_details", {})),
    }


def _kinds(details: Mapping[str, Any]) -> dict[str, int]:
    return {kind: count for kind, count in details.items() if isinstance(count, int) and count}


def _tokens(call: Call) -> int:
    if call.cached:
        return 0
    return (call.usage.input_tokens or 0) + (call.usage.output_tokens or 0)


def _uncounted(call: Call) -> bool:
    free = call.cached or call.usage.cost_usd == 0
    return not call.error and not free and call.usage.input_tokens is None


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _by_kind(details: Iterable[Mapping[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for counts in details:
        for kind, count in counts.items():
            sums[kind] = sums.get(kind, 0) + count
    return sums
