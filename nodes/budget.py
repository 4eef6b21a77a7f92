"""What a run may still take. Reads state alone, so that forks and resumed runs decide alike."""

from collections.abc import Callable, Iterable, Sequence

from aurelia.graph.context import Context
from aurelia.graph.state import State
from aurelia.models.grounded import bare
from aurelia.models.prices import has_price, require_prices
from aurelia.models.registry import ResolvedModel, resolve_model
from aurelia.models.retry import CallLimits
from aurelia.models.usage import Budget
from aurelia.nodes.parsed import call_of
from aurelia.types.trajectory import Call


def call_limits(context: Context) -> CallLimits:
    """How much one call may try."""
    return CallLimits(max_retries=context.max_retries, timeout_s=context.call_timeout_s)


def check_prices(context: Context, asked: Iterable[str] | None = None) -> None:
    """Refuse `max_cost` where a role's model may cost something nobody knows.

    Args:
        context: whose `max_cost` it is.
        asked: strings of the models that will be asked; None: those of all roles.

    Raises:
        ConfigurationError: there is such a model.
    """
    if context.max_cost is None:
        return
    if asked is None:
        critics = (context.critic, *context.panel)
        asked = [context.actor, context.summarizer, *critics, context.target or ""]
    named = [bare(name) for name in asked if name]
    require_prices(name for name in named if not _is_priced(resolve_model(name)))


def budget_of(context: Context) -> Callable[[Sequence[Call]], str]:
    """Which budget is spent by the calls given, in words; empty while there is none that is."""
    bounds = Budget(
        max_cost=context.max_cost, max_tokens=context.max_tokens, max_seconds=context.max_seconds
    )
    return lambda calls: bounds.spent(calls)


def _is_priced(model: ResolvedModel) -> bool:
    return model.computes or model.price is not None or has_price(model.identity)


def budget_spent(state: State, more: Sequence[Call] = ()) -> str:
    """Which budget is spent, in words; empty while the run may go on.

    Args:
        state: of the run; calls of passes that a fork took over don't count.
        more: calls that are not in state yet.
    """
    context = state.get("context") or {}
    bounds = {name: context.get(name) for name in ("max_cost", "max_tokens", "max_seconds")}
    if all(bound is None for bound in bounds.values()):
        return ""
    return Budget(**bounds).spent([*_calls(state), *more])


def stops(state: State) -> Callable[[Sequence[Call]], str]:
    """`budget_spent` as `ask` wants it: given the calls made so far."""
    return lambda more: budget_spent(state, more)


def _calls(state: State) -> list[Call]:
    parent = (state.get("run") or {}).get("parent")
    before = int(parent["iteration"]) if parent else 0
    return [
        call_of(call)
        for iteration in state.get("iterations") or []
        if iteration["index"] > before
        for call in iteration.get("calls", [])
    ]
