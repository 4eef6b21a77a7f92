"""A folder of rollouts, and what a benchmark run made of them, ready to be analysed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aurelia.bench.analysis.asked import answers_of, scores_of
from aurelia.bench.analysis.logged import Log
from aurelia.bench.analysis.logs import read_logs
from aurelia.bench.analysis.report import Asked
from aurelia.bench.imports.manifest import items_hash
from aurelia.bench.recritique.wish import RECRITIQUED
from aurelia.bench.rollouts import Rollouts, open_rollouts
from aurelia.bench.run.score import RESULTS, SAMPLES, read_replies
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample, read_samples
from aurelia.bench.settled import read_settled
from aurelia.bench.tables.results import read_results
from aurelia.errors import InputError
from aurelia.types.hashing import json_hash


@dataclass(frozen=True, slots=True)
class Opened:
    """All that is analysed.

    Attributes:
        logs: of the folder.
        asked: what targets replied; nothing without a run.
        against: logs of the other folder; none without.
        notes: what is missing, or differs, in sentences.
    """

    logs: list[Log]
    asked: Asked
    against: list[Log]
    notes: list[str]


def open_folder(
    folder: Path,
    samples: Path | None = None,
    run: Path | None = None,
    against: Path | None = None,
    tasks: Sequence[str] = (),
) -> Opened:
    """Read rollouts, samples, and what else is given; nobody is asked.

    Args:
        folder: of `aurelia generate`, or of `aurelia recritique`.
        samples: with ground truth; None: those that the run keeps.
        run: of `aurelia bench run`, scored, on these rollouts.
        against: other rollouts of the same samples.
        tasks: only these; none: all.

    Raises:
        InputError: something is missing, is damaged, or doesn't belong together.
    """
    if samples is None and run is None:
        raise InputError(
            "Ground truth is not kept with rollouts: give the samples they were made of with "
            "--samples, or a benchmark run on them with --run."
        )
    rollouts = open_rollouts(folder)
    settings = RunSettings()
    asked = Asked()
    notes: list[str] = []
    if run is not None:
        manifest = read_settled(run)
        _check_same(rollouts, manifest.get("r_star") or {}, run)
        settings = RunSettings.model_validate(manifest.get("settings", {}))
        if not (run / RESULTS).is_file():
            raise InputError(f"{run} holds no {RESULTS}; `aurelia bench score {run}` makes it.")
        results = read_results(run / RESULTS)
        known, handed = answers_of(read_replies(run), results, settings.variant)
        asked = Asked(known, handed, scores_of(results))
    path = samples or (run or folder) / SAMPLES
    listed = {sample.id: sample for sample in read_samples(path)}
    logs, missing = _logs(rollouts, listed, settings, path)
    others: list[Log] = []
    notes += missing
    if against is not None:
        other = open_rollouts(against)
        others, missing = _logs(other, listed, settings, path)
        notes += [f"{against}: {note}" for note in missing]
    if tasks:
        there = sorted({log.task for log in logs})
        if unknown := [task for task in tasks if task not in there]:
            raise InputError(
                f"{folder} has no rollout of the task {unknown[0]!r}; it has: {', '.join(there)}."
            )
        logs = [log for log in logs if log.task in tasks]
        others = [log for log in others if log.task in tasks]
    return Opened(logs, asked, others, notes)


def _logs(
    rollouts: Rollouts, samples: Mapping[str, Sample], settings: RunSettings, path: Path
) -> tuple[list[Log], list[str]]:
    logs, notes = read_logs(
        rollouts,
        samples,
        rollouts.manifest.get("settings") or {},
        settings.form,
        settings.leaks,
        list(rollouts.manifest.get("variants") or {}),
    )
    there = (rollouts.manifest.get("samples") or {}).get("items_sha256")
    if there and there != items_hash(list(samples.values())):
        notes.append(
            f"{path} is another state of the samples than {rollouts.folder} was made of; each "
            "question was compared, ground truths could not be."
        )
    return logs, notes


def _check_same(rollouts: Rollouts, handed: Mapping[str, object], run: Path) -> None:
    """Replies are of use only where they were made with these very steps."""
    judged_anew = rollouts.manifest.get(RECRITIQUED) or {}
    mine = {json_hash(rollouts.manifest), judged_anew.get("manifest_sha256")}
    if handed.get("manifest_sha256") not in mine - {None}:
        raise InputError(
            f"{run} was run without the rollouts of {rollouts.folder}, or with others; give the "
            "folder that its --r-star named."
        )
