"""Recorded runs to judge anew: a folder of rollouts, or runs that were saved one by one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurelia.bench.rollouts import TRAJECTORIES, RolloutKey, RolloutLine, open_rollouts
from aurelia.errors import InputError
from aurelia.saved import find_run, load_run
from aurelia.types.hashing import json_hash
from aurelia.types.trajectory import Trajectory


@dataclass(frozen=True, slots=True)
class Source:
    """Recorded runs.

    Attributes:
        keys: under which each stands in the new folder.
        line: reads one.
        manifest: what they were made with; of saved runs little is known.
        sha256: of that, or of the saved runs' ids.
        outcome: how one ended, without reading it where that can be had.
    """

    keys: list[RolloutKey]
    line: Callable[[RolloutKey], RolloutLine]
    manifest: dict[str, Any]
    sha256: str
    outcome: Callable[[RolloutKey], str]


def open_source(runs: Sequence[str], runs_dir: Path) -> Source:
    """Look at what is to be judged anew.

    Args:
        runs: one folder of rollouts; or folders, `trajectory.json` files or ids of saved runs.
        runs_dir: where saved runs are looked for by id.

    Raises:
        InputError: there is nothing of that name, it is damaged, or two saved runs are about the
            same sample, variant and repeat.
    """
    folders = [Path(name) for name in runs if (Path(name) / TRAJECTORIES).is_file()]
    if not folders:
        return _saved([load_run(find_run(name, runs_dir)) for name in runs])
    if len(runs) > 1:
        raise InputError(
            f"{folders[0]} is a folder of rollouts; give it alone, and each such folder an output "
            "of its own."
        )
    rollouts = open_rollouts(folders[0])

    def line(key: RolloutKey) -> RolloutLine:
        found = rollouts.line(key)
        assert found is not None, key
        return found

    return Source(
        keys=rollouts.keys,
        line=line,
        manifest=rollouts.manifest,
        sha256=json_hash(rollouts.manifest),
        outcome=lambda key: str(rollouts.head(key)["stop_reason"]),
    )


def _saved(runs: Sequence[Trajectory]) -> Source:
    by_key: dict[RolloutKey, Trajectory] = {}
    for run in runs:
        about = run.sample or {}
        key = RolloutKey(
            str(about.get("id") or run.id),
            str(about.get("variant") or "default"),
            int(about.get("repeat") or 0),
        )
        if key in by_key:
            raise InputError(
                f"Runs {by_key[key].id} and {run.id} are both about {key.sample_id!r}, repeat "
                f"{key.repeat}; judge one of them anew, or give each an output of its own."
            )
        by_key[key] = run
    return Source(
        keys=list(by_key),
        line=lambda key: RolloutLine.of(key, by_key[key]),
        manifest={"kind": "rollouts", "settings": _shared(runs)},
        sha256=json_hash(sorted(run.id for run in runs)),
        outcome=lambda key: by_key[key].stop_reason,
    )


def _shared(runs: Sequence[Trajectory]) -> dict[str, Any]:
    """Settings that all runs have in common."""
    first = runs[0].context
    return {
        name: value
        for name, value in first.items()
        if name not in ("prompt_overrides", "prompt_pins")
        and all(run.context.get(name) == value for run in runs)
    }
