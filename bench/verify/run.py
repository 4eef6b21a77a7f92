"""A finished run checked from its raw replies up."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from aurelia.bench.run.judging import kept_judgements
from aurelia.bench.run.reply import Key, Reply
from aurelia.bench.run.score import SAMPLES, read_replies, score_run
from aurelia.bench.run.scoring import last_judge
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.run.vote import elected
from aurelia.bench.sample import Sample, read_samples
from aurelia.bench.settled import read_settled
from aurelia.bench.verify.alike import check_alike, check_standing
from aurelia.bench.verify.files import (
    check_judgements,
    check_lines,
    check_prompts,
    check_samples,
)
from aurelia.bench.verify.findings import Finding, Verification, some
from aurelia.bench.verify.flags import (
    budget_flags,
    judge_flags,
    leak_flags,
    parse_flags,
    selection_flags,
)
from aurelia.bench.verify.handed import check_handed, open_handed
from aurelia.bench.verify.held import MODES, Held, held
from aurelia.bench.verify.manifest import check_asked, check_shape, check_title
from aurelia.bench.verify.recompute import check_results, check_tables


def verify(folder: Path, r_star: Path | None = None, seed: int = 0) -> Verification:
    """Compute everything that was printed once more, and look for reasons to doubt it.

    Nobody is asked. Replies are scored again with the judgements that are kept, results and tables
    are computed again and compared, records are held against each other.

    Args:
        folder: of a run that was scored.
        r_star: where its rollouts are; None: where they were.
        seed: of the resampling, as the run was scored with.

    Raises:
        InputError: the folder holds no run, or a line is damaged.
    """
    manifest = read_settled(folder)
    check_shape(folder, manifest)
    samples = {sample.id: sample for sample in read_samples(folder / SAMPLES)}
    judge = last_judge(folder)
    judged = kept_judgements(folder, judge) if judge else None
    run = score_run(folder, judged)
    replies, judged_replies = _held(
        read_replies(folder), samples, logged=manifest.get("kind") == "imported"
    )
    settings = RunSettings.model_validate(manifest.get("settings") or {})
    rollouts, found = open_handed(r_star, manifest, replies)
    handed, compared = check_handed(replies, rollouts, settings, samples)
    tables, cells, printed = check_tables(run, seed)
    found = [
        *check_results(run),
        *tables,
        *_faults(replies),
        *check_lines(folder),
        *check_judgements(folder, judge),
        *check_samples(folder, manifest, samples),
        *check_prompts(folder, _used(replies), manifest),
        *check_title(manifest, samples),
        *check_asked(manifest, replies, run.expected),
        *found,
        *handed,
        *check_alike(folder, replies),
        *check_standing(replies),
        *leak_flags(replies, run.results),
        *selection_flags(run),
        *parse_flags(run.results),
        *budget_flags(replies),
        *judge_flags(judged_replies, judged),
    ]
    return Verification(
        folder=str(folder),
        replies=len(replies),
        results=len(run.results),
        cells=cells,
        tables=printed,
        rollouts=compared,
        findings=sorted(found, key=lambda one: not one.wrong),
    )


_Judged = dict[str, list[tuple[Sample, str, str]]]


def _held(
    replies: Iterable[Reply], samples: Mapping[str, Sample], logged: bool
) -> tuple[dict[Key, Held], _Judged]:
    kept: dict[Key, Held] = {}
    judged: _Judged = {mode: [] for mode in MODES}
    for reply in replies:
        kept[reply.key] = held(reply, logged)
        sample = samples.get(reply.sample_id)
        open_answer = sample is not None and sample.answer_type == "open" and reply.said
        if sample is not None and open_answer and reply.condition in judged:
            said = elected(sample, reply.said)
            judged[reply.condition].append((sample, said.raw, said.problem))
    return kept, judged


def _faults(replies: Mapping[Key, Held]) -> list[Finding]:
    """Records that contradict themselves, by what contradicts."""
    places: dict[str, list[str]] = {}
    for one in replies.values():
        for fault in one.faults:
            places.setdefault(fault, []).append(one.name)
    return [
        finding
        for fault, names in places.items()
        for finding in some("reply", True, f"{{n}} replies: {fault}.", names)
    ]


def _used(replies: Mapping[Key, Held]) -> set[str]:
    return {
        one.prompt
        for one in replies.values()
        if one.key[1] in MODES and one.status == "answered" and one.prompt
    }
