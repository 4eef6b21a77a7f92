"""Another harness's replies as a benchmark run: the same files, scored and verified alike."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aurelia.bench.folder import made
from aurelia.bench.harness.lmms_results import read_lmms
from aurelia.bench.harness.logged import Logged, failure
from aurelia.bench.harness.vlmeval_results import read_vlmeval
from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import Rollouts
from aurelia.bench.run.manifest import FREE, check_same_samples, manifest_of
from aurelia.bench.run.reply import HEAD, KEY, REPLIES, Injected, Reply, Said, Spent
from aurelia.bench.run.score import SAMPLES
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.spent import spent_by
from aurelia.bench.run.steps import Steps, accepted_steps, calls_of, form_of
from aurelia.bench.sample import Sample, read_samples, write_samples
from aurelia.bench.settled import check_kind, settle
from aurelia.errors import InputError
from aurelia.graph.context import make_context
from aurelia.models.faults import redact
from aurelia.types.trajectory import Trajectory

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
            with other steps than the rollouts hold; or the folder holds something else.
    """
    samples = {sample.id: sample for sample in read_samples(logs.samples)}
    note = check_same_samples(rollouts, list(samples.values()), logs.samples) if rollouts else ""
    found = _by_condition(_read(logs), samples, logs.condition)
    if "distilled" in found and rollouts is None:
        raise InputError(
            "These logs hold distilled replies; give the rollouts whose steps were handed over "
            "(--r-star DIR), so that they can be told from zero-shot ones."
        )
    replies = _Replies(logs, samples, rollouts)
    made_of = [reply for condition in MODES for reply in replies.of(condition, found)]
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


@dataclass(frozen=True, slots=True)
class _Replies:
    """Makes records of what was logged."""

    logs: Logs
    samples: Mapping[str, Sample]
    rollouts: Rollouts | None

    def of(self, condition: str, found: Mapping[str, Mapping[str, Logged]]) -> list[Reply]:
        """One for each sample, if the condition was run at all."""
        if condition not in found:
            return []
        made = []
        for sample in self.samples.values():
            entry = found[condition].get(sample.id)
            if condition == "zero_shot":
                made.append(self._reply(sample, condition, entry))
            else:
                made.append(self._distilled(sample, entry, found.get("zero_shot", {})))
        return made

    def _distilled(
        self, sample: Sample, entry: Logged | None, zero_shot: Mapping[str, Logged]
    ) -> Reply:
        rollout = (
            self.rollouts.get(sample.id, self.logs.settings.variant) if self.rollouts else None
        )
        form = self.logs.settings.form or (form_of(rollout) if rollout else "plan")
        steps = accepted_steps(rollout, form, self.logs.settings.leaks)
        if entry is not None and not steps.text:
            raise InputError(
                f"{entry.where} is a distilled reply, and the rollouts hand nothing over for "
                f"{sample.id!r} ({steps.why}); give those that were exported, with the same "
                "settings."
            )
        if entry is not None and entry.prompt and not _has(entry.prompt, steps.text):
            raise InputError(
                f"{entry.where}: the steps that the rollouts hold for {sample.id!r} are not in "
                "what was asked; give the rollouts that were exported, with the same settings."
            )
        injected = Injected(text=steps.text, form=form, origin=steps.origin) if steps.text else None
        if injected is None:
            return self._stands(sample, zero_shot.get(sample.id), steps, rollout)
        return self._reply(sample, "distilled", entry).model_copy(
            update={"injected": injected, **_loop(rollout)}
        )

    def _reply(self, sample: Sample, condition: str, entry: Logged | None) -> Reply:
        given = [reply for reply in entry.replies if not failure(reply)] if entry else []
        if entry is None or not given:
            none = "the logs have no reply to this sample"
            failed = failure(entry.replies[0]) if entry and entry.replies else ""
            return Reply(
                **self._key(sample, condition),
                status="failed",
                why=f"{entry.where}: {redact(failed)}" if entry and failed else none,
            )
        spent = Spent(
            calls=len(entry.replies),
            input_tokens=entry.input_tokens,
            output_tokens=entry.output_tokens,
            paid_usd=None,
            worth_usd=None,
        )
        said = [Said(raw=raw) for raw in given]
        return Reply(
            **self._key(sample, condition),
            status="answered",
            said=said,
            why=f"logged in {entry.where}",
            spent=spent,
        )

    def _stands(
        self, sample: Sample, other: Logged | None, steps: Steps, rollout: Trajectory | None
    ) -> Reply:
        zero = self._reply(sample, "zero_shot", other)
        return zero.model_copy(
            update={
                "condition": "distilled",
                "status": "stands" if zero.said else zero.status,
                "why": steps.why if zero.said else f"{steps.why}; {zero.why}",
                "stands_for": "zero_shot",
                **_loop(rollout),
            }
        )

    def _key(self, sample: Sample, condition: str) -> dict[str, Any]:
        return {
            "target": redact(self.logs.target),
            "condition": condition,
            "sample_id": sample.id,
        }


def _loop(rollout: Trajectory | None) -> dict[str, Any]:
    """What the loop took, which belongs to the distilled reply."""
    if rollout is None:
        return {}
    return {"rollout": rollout.stop_reason, "elsewhere": spent_by(calls_of(rollout))}


def _has(prompt: str, text: str) -> bool:
    """Whether a text stands in a prompt, however the log folds its lines."""
    return " ".join(text.split()) in " ".join(prompt.split())


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
