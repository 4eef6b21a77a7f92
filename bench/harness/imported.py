"""Another harness's replies as a benchmark run: the same files, scored and verified alike."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aurelia.bench.folder import made
from aurelia.bench.harness.lmms_results import read_lmms
from aurelia.bench.harness.logged import Logged
from aurelia.bench.harness.replies import Replies
from aurelia.bench.harness.vlmeval_results import read_vlmeval
from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import Rollouts
from aurelia.bench.run.manifest import FREE, check_same_samples, manifest_of
from aurelia.bench.run.reply import HEAD, KEY, REPLIES, Reply
from aurelia.bench.run.score import SAMPLES, read_replies
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample, read_samples, write_samples
from aurelia.bench.settled import check_kind, settle
from aurelia.errors import InputError
from aurelia.graph.context import make_context
from aurelia.models.faults import redact

Harness = Literal["lmms-eval", "vlmevalkit"]
MODES = ("zero_shot", "distilled")


@dataclass(frozen=True, slots=True)
class Logs:
    """What is to be read.

    Attributes:
        files: logs of one target.
        target: its name in tables.
        samples: the samples file.
        harness: who wrote the logs; None: told by the files' names.
        condition: of logs that don't say; `zero_shot` or `distilled`.
        id_field: where a log holds the sample's id, if not in the usual place.
        settings: variant, form and what was done about leaks.
    """

    files: Sequence[Path]
    target: str
    samples: Path
    harness: Harness | None = None
    condition: str = ""
    id_field: str = ""
    settings: RunSettings = field(default_factory=RunSettings)


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over.

    Attributes:
        replies: by condition, as logged.
        stand: distilled replies for which the zero-shot one stands.
        lost: by condition, samples that the logs have no reply to: failed, and counted.
        notes: what a reader should know, a sentence each.
    """

    replies: dict[str, int]
    stand: int
    lost: dict[str, int]
    notes: list[str]


def import_results(logs: Logs, folder: Path, rollouts: Rollouts | None = None) -> Taken:
    """Write a folder as `aurelia bench run` does; further targets may join it.

    Everything is read before anything is written.

    Args:
        logs: what is to be read.
        folder: of the run; one with the same samples, rollouts and settings is added to.
        rollouts: whose steps were handed over; needed for distilled replies.

    Raises:
        InputError: a file can't be read, names a sample that is not there or one twice, or asked
            with other steps than the rollouts hold, or with any in a zero-shot log; distilled
            replies have no zero-shot ones beside them; or the folder holds something else.
    """
    samples = {sample.id: sample for sample in read_samples(logs.samples)}
    note = check_same_samples(rollouts, list(samples.values()), logs.samples) if rollouts else ""
    found = _by_condition(_read(logs), samples, logs.condition)
    if "distilled" in found and rollouts is None:
        raise InputError(
            "These logs hold distilled replies; give the rollouts whose steps were handed over "
            "(--r-star DIR), so that they can be told from zero-shot ones."
        )
    earlier = _earlier(folder, logs.target)
    replies = Replies(redact(logs.target), logs.settings, samples, rollouts, earlier)
    made_of = [reply for condition in MODES for reply in replies.of(condition, found)]
    if "distilled" in found and "zero_shot" not in found and not earlier:
        raise InputError(
            f"These logs hold distilled replies of {redact(logs.target)!r} and no zero-shot ones, "
            f"and {folder} holds none: where no steps were accepted the zero-shot reply stands. "
            "Give the zero-shot log as well, or before."
        )
    _write(folder, logs, list(samples.values()), rollouts, made_of)
    given = Counter(reply.condition for reply in made_of if reply.status == "answered")
    lost = Counter(reply.condition for reply in made_of if reply.status == "failed")
    stand = sum(reply.status == "stands" for reply in made_of)
    return Taken(dict(given), stand, dict(lost), [note] if note else [])


def _read(logs: Logs) -> Iterable[Logged]:
    for path in logs.files:
        harness = logs.harness or _harness_of(path)
        read = read_lmms if harness == "lmms-eval" else read_vlmeval
        yield from read(path, logs.id_field)


def _harness_of(path: Path) -> Harness:
    return "lmms-eval" if path.suffix.lower() == ".jsonl" else "vlmevalkit"


def _by_condition(
    entries: Iterable[Logged], samples: Mapping[str, Sample], condition: str
) -> dict[str, dict[str, Logged]]:
    found: dict[str, dict[str, Logged]] = defaultdict(dict)
    for entry in entries:
        if entry.sample_id not in samples:
            raise InputError(
                f"{entry.where}: there is no sample {entry.sample_id!r} in the samples file; give "
                "the file that was exported, or say with --id where the sample's id stands."
            )
        if condition and entry.condition not in ("", condition):
            raise InputError(
                f"{entry.where} says that it is {entry.condition}, not {condition}; leave "
                "--condition out."
            )
        kind = entry.condition or condition
        if kind not in MODES:
            raise InputError(
                f"{entry.where} doesn't say how the target was asked; give --condition zero_shot "
                "or --condition distilled."
            )
        if entry.sample_id in found[kind]:
            raise InputError(
                f"{entry.where}: the sample {entry.sample_id!r} is there twice as {kind}, first in "
                f"{found[kind][entry.sample_id].where}; give the logs of one run."
            )
        found[kind][entry.sample_id] = entry
    if not found:
        raise InputError("The logs hold no reply.")
    return found


def _earlier(folder: Path, target: str) -> dict[str, Reply]:
    """Zero-shot replies of a target that the folder holds, by sample."""
    if not (folder / REPLIES).is_file():
        return {}
    return {
        reply.sample_id: reply
        for reply in read_replies(folder)
        if (reply.target, reply.condition) == (redact(target), "zero_shot")
    }


def _write(
    folder: Path,
    logs: Logs,
    samples: list[Sample],
    rollouts: Rollouts | None,
    replies: Iterable[Reply],
) -> None:
    context = make_context()
    manifest = manifest_of(
        logs.samples,
        samples,
        settings=logs.settings,
        context=context,
        prompts=context.load_prompts(),
        rollouts=rollouts,
    )
    # What the other harness was set to is known to it alone.
    manifest |= {"kind": "imported", "context": {}, "prompts": {}}
    made(folder)
    check_kind(folder, "imported")
    with Journal(folder / REPLIES, KEY, HEAD) as journal:
        settle(folder, manifest, free=FREE)
        write_samples(folder / SAMPLES, samples)
        fresh = list(replies)
        known = next((reply for reply in fresh if reply.key in journal), None)
        if known is not None:
            raise InputError(
                f"{folder} holds replies of {known.target!r} as {known.condition} already; give "
                "another --target, or another folder."
            )
        for reply in fresh:
            journal.append(reply)
