"""A target as its data file has it: what it is, how it is served, and how it is asked."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from aurelia.configuration.problem import kind_of, unknown, wrong
from aurelia.configuration.profile import Profile, read_profile
from aurelia.errors import ConfigurationError

Status = Literal[
    "served by vLLM",
    "served by transformers serve",
    "worker",
    "hosted",
    "withdrawn",
    "no code",
]
"""The road to a target. `worker`: by `worker.py` in the model's own environment; `withdrawn`: by
its vendor; `no code`: none was published."""

ASKABLE: tuple[Status, ...] = (
    "served by vLLM",
    "served by transformers serve",
    "worker",
    "hosted",
)

_TEXTS = ("title", "status", "licence", "sees", "hears", "frames", "source")
_MORE = ("paper", "commit", "adapter", "environment", "budget_note")
_LISTS = ("serve", "instead", "verified", "unconfirmed")


@dataclass(frozen=True, slots=True)
class Target:
    """One file of `data/`.

    Attributes:
        name: of the file; `target:NAME` leads to it.
        title: as tables print it.
        status: the road to it.
        licence: of the weights, then of the code where that differs.
        sees: what of the picture reaches it, in words.
        hears: what of the sound reaches it, in words.
        frames: how many pictures of a clip it takes, and who chooses them.
        source: the repository, or the vendor's page, that all this was read from.
        commit: of that repository.
        paper: its row of the published table (`target` in `bench/published/poster.csv`); empty: a
            current model.
        adapter: its file in `models/worker/adapters`; empty where it needs none.
        environment: what its environment needs, in words.
        budget_note: what the text budget counts, and where the number comes from.
        serve: commands that serve it.
        instead: names of targets to take in its place, where it can't be asked.
        verified: what was tried here beyond what holds for all targets of its road.
        unconfirmed: what could not be confirmed, a sentence each.
        profile: how it is asked; None where it can't be.
        table: that profile's table of `aurelia.toml`, as the file has it.
    """

    name: str
    title: str
    status: Status
    licence: str
    sees: str
    hears: str
    frames: str
    source: str
    commit: str = ""
    paper: str = ""
    adapter: str = ""
    environment: str = ""
    budget_note: str = ""
    serve: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = ()
    profile: Profile | None = None
    table: Mapping[str, Any] | None = None

    @property
    def generation(self) -> Literal["paper", "current"]:
        """Whether it is a row of the published table."""
        return "paper" if self.paper else "current"


def read_target(path: Path) -> Target:
    """A target from its file.

    Raises:
        ConfigurationError: the file can't be read, a key is unknown, missing or of a wrong kind.
    """
    where = path.name
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{where} can't be read as TOML: {error}.") from None
    _check(where, table)
    status = cast(Status, table["status"])
    profile = table.get("profile")
    rest: dict[str, Any] = {
        **{key: table[key] for key in (*_TEXTS, *_MORE) if key != "status" and key in table},
        **{key: tuple(table.get(key, ())) for key in _LISTS},
    }
    return Target(
        name=path.stem,
        status=status,
        profile=read_profile(f"{where} [profile]", path.stem, profile) if profile else None,
        table=profile,
        **rest,
    )


def _check(where: str, table: Mapping[str, Any]) -> None:
    known = (*_TEXTS, *_MORE, *_LISTS, "profile")
    for key, value in table.items():
        if key not in known:
            raise ConfigurationError(unknown(where, key, known, "key"))
        wanted = list if key in _LISTS else dict if key == "profile" else str
        if not isinstance(value, wanted) or not value:
            raise wrong(where, f"{key} is {kind_of(value)}; give {kind_of(wanted())} that holds it")
        if wanted is list and not all(isinstance(item, str) and item for item in value):
            raise wrong(where, f"{key} holds what is no text; give texts")
    for key in _TEXTS:
        if key not in table:
            raise wrong(where, f"it has no {key}")
    if table["status"] not in get_args(Status):
        choices = ", ".join(get_args(Status))
        raise wrong(where, f"status is {table['status']!r}; give one of {choices}")
    if (table["status"] in ASKABLE) != ("profile" in table):
        raise wrong(where, f"a target that is {table['status']!r} and [profile] don't go together")
    if table["status"] == "worker" and "adapter" not in table:
        raise wrong(where, "a target of the worker needs an adapter")
