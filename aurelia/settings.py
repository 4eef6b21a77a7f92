"""The only place that reads the environment. Explicit arguments beat what stands here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from aurelia.errors import ConfigurationError

DEFAULT_CACHE_BYTES = 2 * 1024**3
DEFAULT_CONCURRENCY = 8


@dataclass(frozen=True, slots=True)
class PerProvider:
    """A limit for every provider, and others for some; None: no limit."""

    default: int | None = None
    by_provider: Mapping[str, int] = field(default_factory=dict)

    def of(self, provider: str) -> int | None:
        """The limit of `provider`, such as `openai` or `127.0.0.1:8000`."""
        return self.by_provider.get(provider, self.default)


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths and limits of this process.

    Attributes:
        cache_dir: prepared media and model replies (`AURELIA_CACHE_DIR`).
        cache_max_bytes: size cap of each cache below it (`AURELIA_CACHE_MAX_MB`, megabytes).
        runs_dir: where the CLI saves runs (`AURELIA_RUNS_DIR`, default `runs`).
        max_concurrency: requests at once (`AURELIA_MAX_CONCURRENCY`, such as `8,openai=4`).
        rpm: requests a minute (`AURELIA_RPM`, such as `google_genai=10`; default: no limit).
    """

    cache_dir: Path
    cache_max_bytes: int = DEFAULT_CACHE_BYTES
    runs_dir: Path = Path("runs")
    max_concurrency: PerProvider = PerProvider(DEFAULT_CONCURRENCY)
    rpm: PerProvider = PerProvider()


def load_settings() -> Settings:
    """Read the environment once per call; nothing is cached, so that tests can change it.

    Raises:
        ConfigurationError: a variable can't be read.
    """
    cache = os.environ.get("AURELIA_CACHE_DIR")
    cap = os.environ.get("AURELIA_CACHE_MAX_MB")
    try:
        max_bytes = int(float(cap) * 1024**2) if cap else DEFAULT_CACHE_BYTES
    except (ValueError, OverflowError):
        raise ConfigurationError(
            f"AURELIA_CACHE_MAX_MB is {cap!r}; give a number of megabytes, such as 2048."
        ) from None
    return Settings(
        cache_dir=Path(cache) if cache else platformdirs.user_cache_path("aurelia"),
        cache_max_bytes=max_bytes,
        runs_dir=Path(os.environ.get("AURELIA_RUNS_DIR") or "runs"),
        max_concurrency=_per_provider("AURELIA_MAX_CONCURRENCY", DEFAULT_CONCURRENCY),
        rpm=_per_provider("AURELIA_RPM", None),
    )


def _per_provider(variable: str, default: int | None) -> PerProvider:
    """A limit written as `8`, `openai=4,google_genai=2` or both: `8,openai=4`."""
    text = os.environ.get(variable, "")
    limits: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        provider, _, number = part.rpartition("=")
        if not number.strip().isdecimal() or int(number) < 1:
            raise ConfigurationError(
                f"{variable} is {text!r}; give whole numbers from 1 on, for all providers or by "
                "name, such as 8,openai=4,127.0.0.1:8000=2."
            )
        if provider.strip():
            limits[provider.strip().lower()] = int(number)
        else:
            default = int(number)
    return PerProvider(default, limits)


def secret_values() -> list[str]:
    """Values of the environment that must never be shown, longest first."""
    names = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
    found = {v for k, v in os.environ.items() if k.upper().endswith(names) and len(v) >= 6}
    return sorted(found, key=len, reverse=True)
