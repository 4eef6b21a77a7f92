"""The shipped targets, found by name. Files are read when asked for, once."""

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from re import fullmatch

from aurelia.errors import ConfigurationError
from aurelia.models.faults import redact
from aurelia.models.targets.record import Target, read_target

DATA = Path(__file__).parent / "data"


def target_names() -> list[str]:
    """Names of all targets, in order. Lists a directory: in async code, call it in a thread."""
    return sorted(path.stem for path in DATA.glob("*.toml"))


def targets() -> list[Target]:
    """All targets: those of the published table in its order of names, then the current ones."""
    return sorted(
        (find_target(name) for name in target_names()),
        key=lambda target: (target.generation == "current", target.name),
    )


def find_target(name: str) -> Target:
    """The target of a name.

    Raises:
        ConfigurationError: there is none; names the nearest.
    """
    path = DATA / f"{name}.toml"
    if not fullmatch(r"[a-z0-9][a-z0-9.-]*", name) or not path.is_file():
        near = get_close_matches(name, target_names(), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]!r}?" if near else "`aurelia targets list` names all."
        raise ConfigurationError(f"There is no target {redact(name)!r}; {hint}")
    return _read(path)


@lru_cache(maxsize=256)
def _read(path: Path) -> Target:
    return read_target(path)
