"""What calls cost, served or not, and how sums with something unknown in them are said."""

from collections.abc import Iterable

from aurelia.errors import ConfigurationError
from aurelia.types.trajectory import Call


def worth_usd(call: Call) -> float | None:
    """USD of a call at list price: of one that was served, what it would have cost; None where its
    price is unknown. May read files and import a provider's package: in async code, call it in a
    thread."""
    return _list_price(call) if call.cached else call.usage.cost_usd


def known_sum(costs: Iterable[float | None]) -> tuple[float, int]:
    """The sum of those that are known, USD, and how many are not."""
    total, unknown = 0.0, 0
    for cost in costs:
        if cost is None:
            unknown += 1
        else:
            total += cost
    return total, unknown


def in_dollars(usd: float, unknown: int = 0, what: str = "") -> str:
    """A sum in words: `$1.20`, `$0.0043`, `$1.20 + 3 calls of unknown price`.

    Args:
        usd: of the calls whose price is known.
        unknown: how many others there are.
        what: is added to the sum, such as ` at list price`.
    """
    known = f"${usd:.2f}" if usd >= 0.1 else f"${usd:.4f}"
    known = f"{'$0' if usd == 0 else known}{what}"
    if not unknown:
        return known
    calls = f"{unknown:,} call{'' if unknown == 1 else 's'} of unknown price"
    return f"{known} + {calls}" if usd else calls


def _list_price(call: Call) -> float | None:
    # Imported where a price is looked up: whoever only reads a folder needs none of it.
    from aurelia.models.prices import cost_usd
    from aurelia.models.registry import resolve_model

    try:
        model = resolve_model(call.requested_model)
    except ConfigurationError:  # its key is gone, or its name was redacted
        return cost_usd(call.usage, call.requested_model, call.reported_model)
    return cost_usd(call.usage, model.identity, call.reported_model, model.price)
