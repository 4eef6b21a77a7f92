"""What the owner of a server sets in its environment: which clips and models a client may name."""

import math
import os
from dataclasses import dataclass
from pathlib import Path

from aurelia.errors import ConfigurationError

DEFAULT_CLIP_BYTES = 2 * 1024**3
DEFAULT_DOWNLOAD_BYTES = 200 * 1024**2
DEFAULT_DOWNLOAD_S = 60.0

VARIABLES = (
    "AURELIA_MEDIA_ROOTS",
    "AURELIA_MEDIA_MAX_MB",
    "AURELIA_MEDIA_URLS",
    "AURELIA_MEDIA_URL_MAX_MB",
    "AURELIA_MEDIA_URL_MAX_S",
    "AURELIA_ALLOWED_MODELS",
)
"""Every variable that is read here."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a client of a server may name.

    Attributes:
        media_roots: directories below which clips are read (`AURELIA_MEDIA_ROOTS`, separated as in
            `PATH`); empty: the working directory in which the server started.
        media_max_bytes: largest file of a clip (`AURELIA_MEDIA_MAX_MB`, megabytes).
        allowed_models: model strings that a client may use beside profiles and `offline:…`
            (`AURELIA_ALLOWED_MODELS`, separated by commas; a trailing `*` stands for any rest).
    """

    media_roots: tuple[Path, ...] = ()
    media_max_bytes: int = DEFAULT_CLIP_BYTES
    allowed_models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DownloadSettings:
    """Whether a clip may be a URL, on a server and elsewhere, and how large it may be.

    Attributes:
        enabled: `AURELIA_MEDIA_URLS=1`.
        max_bytes: largest file (`AURELIA_MEDIA_URL_MAX_MB`, megabytes).
        max_seconds: longest that it may take, redirects included (`AURELIA_MEDIA_URL_MAX_S`).
    """

    enabled: bool = False
    max_bytes: int = DEFAULT_DOWNLOAD_BYTES
    max_seconds: float = DEFAULT_DOWNLOAD_S


def server_settings() -> ServerSettings:
    """Read the environment; nothing is kept, so that tests can change it.

    Raises:
        ConfigurationError: a variable can't be read.
    """
    roots = os.environ.get("AURELIA_MEDIA_ROOTS", "").split(os.pathsep)
    models = os.environ.get("AURELIA_ALLOWED_MODELS", "").split(",")
    return ServerSettings(
        media_roots=tuple(Path(root) for root in roots if root.strip()),
        media_max_bytes=_bytes("AURELIA_MEDIA_MAX_MB", DEFAULT_CLIP_BYTES),
        allowed_models=tuple(filter(None, (name.strip() for name in models))),
    )


def download_settings() -> DownloadSettings:
    """Read the environment; nothing is kept.

    Raises:
        ConfigurationError: a variable can't be read.
    """
    switch = os.environ.get("AURELIA_MEDIA_URLS", "").strip()
    if switch not in ("", "0", "1"):
        raise ConfigurationError(
            f"AURELIA_MEDIA_URLS is {switch!r}; give 1 to let clips be URLs, or 0."
        )
    return DownloadSettings(
        enabled=switch == "1",
        max_bytes=_bytes("AURELIA_MEDIA_URL_MAX_MB", DEFAULT_DOWNLOAD_BYTES),
        max_seconds=_number("AURELIA_MEDIA_URL_MAX_S", "seconds, such as 60") or DEFAULT_DOWNLOAD_S,
    )


def _bytes(variable: str, default: int) -> int:
    megabytes = _number(variable, "megabytes, such as 200")
    return default if megabytes is None else max(1, int(megabytes * 1024**2))


def _number(variable: str, of_what: str) -> float | None:
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 < value < math.inf:
        raise ConfigurationError(
            f"{variable} is {text!r}; give a number of {of_what}, more than 0."
        )
    return value
