"""What a call cost, from the price list that comes with `genai-prices`; no network.

A price that isn't known is None, never 0. Servers of one's own have none.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aurelia.errors import ConfigurationError
from aurelia.models.faults import redact
from aurelia.types.trajectory import Usage

# LangChain's name of a provider, where that of the price list is another.
_PROVIDERS = {
    "google_genai": "google",
    "google_vertexai": "google",
    "mistralai": "mistral",
    "xai": "x-ai",
    "azure_openai": "azure",
    "azure_ai": "azure",
    "bedrock": "aws",
    "bedrock_converse": "aws",
    "anthropic_bedrock": "aws",
}
# Sound costs what text costs there, where the list has no price of its own for it.
_SOUND_AS_TEXT = {"google"}


@dataclass(frozen=True, slots=True)
class Price:
    """USD for a million tokens, as a profile gives it for a model that no list knows."""

    input_mtok: float
    output_mtok: float

    def __str__(self) -> str:
        return f"${self.input_mtok:g}/input MTok, ${self.output_mtok:g}/output MTok"

    def cost(self, usage: Usage) -> float | None:
        """USD of a call; None where the server counts no tokens."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        tokens = usage.input_tokens * self.input_mtok + usage.output_tokens * self.output_mtok
        return tokens / 1e6


def cost_usd(
    usage: Usage, model: str, reported: str | None = None, price: Price | None = None
) -> float | None:
    """USD of one call; None where a price or the number of tokens is unknown.

    Args:
        usage: what the provider counted.
        model: the role's string, such as `openai:gpt-4o?temperature=0`.
        reported: the model that answered, as it names itself.
        price: what the user's configuration says; it beats the list.
    """
    if price:
        return price.cost(usage)
    if usage.input_tokens is None or usage.output_tokens is None:
        return None
    provider, requested = _named(model)
    for name in (reported, requested):
        cost = _listed(usage, name, provider) if name and provider else None
        if cost is not None:
            return cost
    return None


def has_price(model: str) -> bool:
    """Whether the list knows what a role's model costs."""
    return cost_usd(Usage(input_tokens=1, output_tokens=1), model) is not None


def list_price(model: str) -> str:
    """The price in words, such as `$2.5/input MTok, $10/output MTok`; `unknown` where it is."""
    from genai_prices import Usage as Counted
    from genai_prices import calc_price

    provider, name = _named(model)
    try:
        found = calc_price(Counted(input_tokens=1, output_tokens=1), name, provider_id=provider)
    except (LookupError, ValueError):
        return "unknown"
    return str(found.model_price)


def require_prices(unpriced: Iterable[str]) -> None:
    """Refuse `max_cost` where it could not be kept.

    Args:
        unpriced: roles' models that may cost something nobody knows.

    Raises:
        ConfigurationError: there are such models.
    """
    names = ", ".join(dict.fromkeys(redact(name) for name in unpriced))
    if names:
        raise ConfigurationError(
            f"max_cost can't be kept, as no price is known for {names}; use "
            "max_tokens or max_seconds instead."
        )


def _named(model: str) -> tuple[str, str]:
    """Provider in the price list's words, and model; no provider for a server or a bare name."""
    kind, _, rest = model.partition(":")
    if not rest or kind in ("http", "https"):
        return "", model
    return _PROVIDERS.get(kind, kind), rest.partition("?")[0]


def _listed(usage: Usage, name: str, provider: str) -> float | None:
    from genai_prices import Usage as Counted
    from genai_prices import calc_price

    said, told = usage.input_details, usage.output_details
    counts = {
        "cache_read_tokens": said.get("cache_read", 0),
        "cache_write_tokens": said.get("cache_creation", 0),
        "input_audio_tokens": said.get("audio", 0),
        "output_audio_tokens": told.get("audio", 0),
    }
    counts = {key: count for key, count in counts.items() if count}
    if "input_audio_tokens" in counts and "cache_read_tokens" in counts:
        counts["cache_audio_read_tokens"] = 0  # nobody says which were cached: the dearer reading
    try:
        found = calc_price(
            Counted(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, **counts),
            name,
            provider_id=provider,
        )
    except (LookupError, ValueError):  # no such provider or model, or counts that contradict
        return None
    if provider not in _SOUND_AS_TEXT:
        for unit in ("input_audio", "output_audio"):
            # Sound is many times dearer than text: without its price the sum would be wrong.
            if f"{unit}_tokens" in counts and not getattr(found.model_price, f"{unit}_mtok", None):
                return None
    return float(found.total_price)
