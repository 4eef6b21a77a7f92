"""The only place that reads the environment. Explicit arguments beat what stands here."""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from aurelia.errors import ConfigurationError

DEFAULT_CACHE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths and limits of this process.

    Attributes:
        cache_dir: prepared media and model replies (`AURELIA_CACHE_DIR`).
        cache_max_bytes: size cap of each cache below it (`AURELIA_CACHE_MAX_MB`, megabytes).
        runs_dir: where the CLI saves runs (`AURELIA_RUNS_DIR`, default `runs`).
    """

    cache_dir: Path
    cache_max_bytes: int = DEFAULT_CACHE_BYTES
    runs_dir: Path = Path("runs")


def load_settings() -> Settings:
    """Read the environment once per call; nothing is cached, so that tests can change it."""
    cache = os.environ.get("AURELIA_CACHE_DIR")
    cap = os.environ.get("AURELIA_CACHE_MAX_MB")
    try:
        max_bytes = int(float(cap) * 1024**2) if cap else DEFAULT_CACHE_BYTES
    except ValueError:
        raise ConfigurationError(
            f"AURELIA_CACHE_MAX_MB is {cap!r}; give a number of megabytes, such as 2048."
        ) from None
    return Settings(
        cache_dir=Path(cache) if cache else platformdirs.user_cache_path("aurelia"),
        cache_max_bytes=max_bytes,
        runs_dir=Path(os.environ.get("AURELIA_RUNS_DIR") or "runs"),
    )


def secret_values() -> list[str]:
    """Values of the environment that must never be shown, longest first."""
    names = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
    found = {v for k, v in os.environ.items() if k.upper().endswith(names) and len(v) >= 6}
    return sorted(found, key=len, reverse=True)
