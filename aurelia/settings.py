"""The only place that reads the environment. The file beats it, explicit arguments beat both."""

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import platformdirs

from aurelia.configuration.file import ConfigFile, check_owner, find_file, read_file
from aurelia.configuration.problem import kind_of, unknown, wrong
from aurelia.errors import ConfigurationError
from aurelia.serving import VARIABLES

PREFIX = "AURELIA_"
CONFIG = "AURELIA_CONFIG"
DEFAULT_CACHE_BYTES = 2 * 1024**3
DEFAULT_CONCURRENCY = 8

LIMITS = ("cache_dir", "cache_max_mb", "runs_dir", "max_concurrency", "rpm")
"""Settings of the process: keys of `[limits]`, and variables in capitals behind `AURELIA_`."""

_SECRET_ENDINGS = ("_KEY", "_TOKEN", "_SECRET", "_PASSWORD")
_HOST_ENDINGS = ("_BASE", "_URL", "_HOST", "_ENDPOINT")
_READ_ENDINGS = (*_SECRET_ENDINGS, *_HOST_ENDINGS, "_PROXY")
_READ_BEGINNINGS = (
    *("OPENAI_", "AZURE_", "GOOGLE_", "GEMINI_", "ANTHROPIC_", "OLLAMA_", "AWS_", "SSL_CERT_"),
)

_current: ConfigFile | None = None
_environment_seen: Mapping[Any, Any] = {}
_last: "tuple[ConfigFile, Mapping[Any, Any], Settings] | None" = None
_secrets: "tuple[ConfigFile | None, Mapping[Any, Any], list[str]] | None" = None
_of_clients: "tuple[Mapping[Any, Any], frozenset[tuple[str, str]]] | None" = None


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
        sources: which of `LIMITS` come from where; what is missing is a default.
    """

    cache_dir: Path
    cache_max_bytes: int = DEFAULT_CACHE_BYTES
    runs_dir: Path = Path("runs")
    max_concurrency: PerProvider = PerProvider(DEFAULT_CONCURRENCY)
    rpm: PerProvider = PerProvider()
    sources: Mapping[str, str] = field(default_factory=dict, compare=False)


def refresh_configuration() -> ConfigFile:
    """Look for the configuration file anew, and read it: what every run begins with.

    It lists directories and reads a file: call it in a thread from async code.

    Raises:
        ConfigurationError: the file is wrong; what was read before then stays in force.
    """
    global _current
    named = os.environ.get(CONFIG)
    if named:
        path: Path | None = Path(named).expanduser().absolute()
        if path is not None and not path.is_file():
            raise ConfigurationError(
                f"{CONFIG} names {named!r}, and there is no such file; correct or unset it."
            )
    else:
        path = find_file(*_here())
        if path:
            check_owner(path)
    found = read_file(path) if path else ConfigFile()
    # The same object where nothing changed: what was made of it needs no making again.
    _current = found if _current is None or found != _current else _current
    return _current


def _here() -> tuple[Path | None, Path | None]:
    """Where the search begins and ends; None where there is no such directory (any more)."""
    try:
        here = Path.cwd()
    except OSError:
        here = None
    try:
        home = Path.home().resolve()
    except RuntimeError:  # a user whom the system doesn't know, as in some containers
        home = None
    return here, home


def configuration() -> ConfigFile:
    """The configuration file as last read; read now where it never was.

    Raises:
        ConfigurationError: it is read for the first time, and wrong.
    """
    return _current if _current is not None else refresh_configuration()


def has_configuration() -> bool:
    """Whether the file was looked for, so that `configuration` reads nothing."""
    return _current is not None


def forget_configuration() -> None:
    """Have the file looked for anew when it is next needed."""
    global _current
    _current = None


def load_settings() -> Settings:
    """Paths and limits; the environment is read at each call, so that tests can change it.

    Raises:
        ConfigurationError: a variable, or a key of `[limits]`, can't be read.
    """
    global _last
    file, environment, last = configuration(), _environment(), _last
    # Several calls of every rollout ask, and nothing has changed.
    if last is None or last[0] is not file or last[1] is not environment:
        texts = {name: os.environ.get(PREFIX + name.upper()) for name in LIMITS}
        last = _last = (file, environment, _settings(file, texts))
    return last[2]


def _environment() -> Mapping[Any, Any]:
    """All variables; the same object as at the last call unless one has changed since."""
    global _environment_seen
    # To compare what Python holds them in takes a microsecond, and to read each of them fifty.
    held = getattr(os.environ, "_data", os.environ)
    if _environment_seen != held:
        _environment_seen = dict(held)
    return _environment_seen


def _settings(file: ConfigFile, texts: Mapping[str, str | None]) -> Settings:
    for name in file.limits:
        if name not in LIMITS:
            raise ConfigurationError(unknown(f"{file.label} [limits]", name, LIMITS, "key"))
    given: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for name in LIMITS:
        variable = PREFIX + name.upper()
        if name in file.limits:
            where = f"{file.label} [limits]"
            given[name] = _from_file(where, name, file.limits[name], file)
            sources[name] = where
        elif text := texts[name]:
            given[name] = _from_variable(variable, name, text)
            sources[name] = variable
    megabytes = given.get("cache_max_mb")
    return Settings(
        cache_dir=given.get("cache_dir") or platformdirs.user_cache_path("aurelia"),
        cache_max_bytes=DEFAULT_CACHE_BYTES if megabytes is None else int(megabytes * 1024**2),
        runs_dir=given.get("runs_dir", Path("runs")),
        max_concurrency=given.get("max_concurrency", PerProvider(DEFAULT_CONCURRENCY)),
        rpm=given.get("rpm", PerProvider()),
        sources=sources,
    )


def run_variables(names: Collection[str]) -> dict[str, tuple[str, str]]:
    """Settings of a run that the environment gives: name to variable and text."""
    variables = {name: PREFIX + name.upper() for name in names}
    return {
        name: (variable, text)
        for name, variable in variables.items()
        if (text := os.environ.get(variable))
    }


def stray_variables(names: Collection[str]) -> list[str]:
    """Variables that begin with `AURELIA_` and mean nothing, each in a sentence."""
    known = {PREFIX + name.upper() for name in (*names, *LIMITS)} | {CONFIG, *VARIABLES}
    strays = sorted(k for k in os.environ if k.startswith(PREFIX) and k not in known)
    return [f"{name} is set and means nothing{_near(name, known)}" for name in strays]


def variable(name: str) -> str | None:
    """What a variable holds, such as a profile's key; None where it is not set, or empty."""
    return os.environ.get(name) or None


def client_variables() -> frozenset[tuple[str, str]]:
    """All that a provider's client may have read when it was set up: keys, hosts, accounts.

    For comparing alone: it holds secrets.
    """
    global _of_clients
    environment, last = _environment(), _of_clients
    if last is None or last[0] is not environment:
        last = _of_clients = (environment, _client_variables())
    return last[1]


def _client_variables() -> frozenset[tuple[str, str]]:
    return frozenset(
        (name, value)
        for name, value in os.environ.items()
        if not name.startswith(PREFIX)
        and (name.upper().endswith(_READ_ENDINGS) or name.upper().startswith(_READ_BEGINNINGS))
    )


def host_variables(provider: str) -> list[tuple[str, str]]:
    """Variables that may lead a provider's client to another server, with their values."""
    beginning = f"{provider.upper()}_"
    return sorted(
        (name, value)
        for name, value in os.environ.items()
        if name.upper().startswith(beginning) and name.upper().endswith(_HOST_ENDINGS) and value
    )


def secret_values() -> list[str]:
    """Values of the environment that must never be shown, longest first."""
    global _secrets
    environment, last = _environment(), _secrets
    if last is None or last[0] is not _current or last[1] is not environment:
        last = _secrets = (_current, environment, _secret_values())
    return last[2]


def _secret_values() -> list[str]:
    named = {p.api_key_env for p in _current.models.values()} if _current else set()
    # By name first: to read each variable takes longer than to name it.
    holding = [
        name for name in os.environ if name.upper().endswith(_SECRET_ENDINGS) or name in named
    ]
    found = {value for name in holding if len(value := os.environ.get(name, "")) >= 6}
    return sorted(found, key=len, reverse=True)


def _near(name: str, known: Collection[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.8)
    return f"; did you mean {near[0]}?" if near else "."


def _from_file(where: str, name: str, value: object, file: ConfigFile) -> Any:
    if name in ("cache_dir", "runs_dir"):
        if not isinstance(value, str) or not value:
            raise wrong(where, f"{name} is {kind_of(value)}; give the path of a folder")
        return Path(file.located(value))
    if name == "cache_max_mb":
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not is_number or not 0 <= float(str(value)) < float("inf"):
            said = repr(value) if is_number else kind_of(value)
            raise wrong(where, f"{name} is {said}; give a number of megabytes, such as 2048")
        return value
    table: dict[str, Any] = value if isinstance(value, dict) else {"default": value}
    for provider, limit in table.items():
        if type(limit) is not int or limit < 1:
            raise wrong(
                where,
                f"{name} has {limit!r} for {provider}; give whole numbers from 1 on, such as 8 or "
                '{ default = 8, openai = 4, "127.0.0.1:8000" = 2 }',
            )
    default = DEFAULT_CONCURRENCY if name == "max_concurrency" else None
    limits = {key.lower(): limit for key, limit in table.items() if key != "default"}
    return PerProvider(table.get("default", default), limits)


def _from_variable(variable: str, name: str, text: str) -> Any:
    if name in ("cache_dir", "runs_dir"):
        return Path(text)
    if name == "cache_max_mb":
        try:
            int(float(text) * 1024**2)
        except (ValueError, OverflowError):
            raise ConfigurationError(
                f"{variable} is {text!r}; give a number of megabytes, such as 2048."
            ) from None
        return float(text)
    default = DEFAULT_CONCURRENCY if name == "max_concurrency" else None
    return _per_provider(variable, text, default)


def _per_provider(variable: str, text: str, default: int | None) -> PerProvider:
    """A limit written as `8`, `openai=4,google_genai=2` or both: `8,openai=4`."""
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
