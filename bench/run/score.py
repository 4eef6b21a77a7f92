"""Replies of a run against the samples' ground truth; no target is asked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from aurelia.bench.lines import Lines, named
from aurelia.bench.run.files import write_file
from aurelia.bench.run.reply import HEAD, KEY, REPLIES, Reply, Said, Spent
from aurelia.bench.run.spent import add
from aurelia.bench.run.vote import elected
from aurelia.bench.sample import Sample, read_samples
from aurelia.bench.scorers.reply import score_reply
from aurelia.bench.scorers.scored import Scored, failed
from aurelia.bench.settled import NAME, read_settled
from aurelia.bench.tables.results import Result, caption_result, result_of
from aurelia.errors import InputError

SAMPLES = "samples.jsonl"
RESULTS = "results.jsonl"
Unit = tuple[str, str, int]
"""Target, sample id, repeat."""


class Scorer(Protocol):
    """Scores replies to open questions."""

    @property
    def by(self) -> str:
        """Who compares, in words."""

    def __call__(self, sample: Sample, raw: str, problem: str) -> Scored:
        """The score of a reply; `problem` says why it can't be accepted, or is empty."""


@dataclass(slots=True)
class ScoredRun:
    """Everything that tables are made of.

    Attributes:
        folder: of the run.
        manifest: what it was made with.
        results: in the order of targets, conditions, samples, repeats.
        accepted: for which target, sample and repeat accepted steps were handed over.
        missing: by target and condition, how many samples the condition had nothing to say about.
        shortened: by target and condition, for how many samples less than all of r* was sent.
        faltered: by target and condition, how many replies were made without calls that failed.
        stood: by target and condition, for how many another condition's reply stands, by reason.
        taken: by target and condition, what its replies took (a rollout's calls included).
        expected: replies of a finished run by target and condition.
        compared_by: who compared open answers; empty where there are none.
    """

    folder: Path
    manifest: dict[str, object]
    results: list[Result] = field(default_factory=list)
    accepted: set[Unit] = field(default_factory=set)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)
    shortened: Counter[tuple[str, str]] = field(default_factory=Counter)
    faltered: Counter[tuple[str, str]] = field(default_factory=Counter)
    stood: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    taken: dict[tuple[str, str], Spent] = field(default_factory=dict)
    expected: int = 0
    compared_by: str = ""

    @property
    def targets(self) -> list[str]:
        """In order of appearance."""
        return list(dict.fromkeys(target for target, _ in self.taken))

    @property
    def conditions(self) -> list[str]:
        """In order of appearance."""
        return list(dict.fromkeys(condition for _, condition in self.taken))

    @property
    def unfinished(self) -> dict[tuple[str, str], int]:
        """By target and condition, how many replies are still to come."""
        there = Counter((r.target, r.condition) for r in self.results) + self.missing
        return {key: self.expected - there[key] for key in self.taken if there[key] < self.expected}


def score_run(folder: Path, judged: Scorer | None = None) -> ScoredRun:
    """Score all replies of a run.

    Args:
        folder: of the run.
        judged: scores open answers; None: by string match.

    Raises:
        InputError: the folder holds no run, or a line of it is damaged.
    """
    manifest = read_settled(folder)
    samples = {sample.id: sample for sample in read_samples(folder / SAMPLES)}
    repeats = _repeats(manifest, folder)
    run = ScoredRun(folder, manifest, expected=len(samples) * repeats)
    if any(sample.answer_type == "open" for sample in samples.values()):
        run.compared_by = judged.by if judged else "string match, a lower bound"
    place = {sample_id: number for number, sample_id in enumerate(samples)}
    # Replies that only another condition had needed are there for some samples alone.
    wanted = manifest.get("conditions")
    for reply in read_replies(folder):
        sample = samples.get(reply.sample_id)
        if sample and (not wanted or reply.condition in wanted):
            _take(run, sample, reply, judged)
    if not run.taken:
        raise InputError(f"{folder} holds no reply yet; `aurelia bench run` makes them.")
    ranks = [list(manifest.get(name) or ()) for name in ("targets", "conditions")]
    # As they were asked for; replies come as it happens, and those of others in their own order.
    run.taken = dict(sorted(run.taken.items(), key=lambda entry: _rank(entry[0], ranks)))
    order = {key: number for number, key in enumerate(run.taken)}
    run.results.sort(key=lambda r: (order[r.target, r.condition], place[r.sample_id], r.repeat))
    return run


def _repeats(manifest: Mapping[str, object], folder: Path) -> int:
    """How often each question was to be asked."""
    settings = manifest.get("settings") or {}
    repeats = settings.get("repeats", 1) if isinstance(settings, dict) else None
    if not isinstance(repeats, int):
        raise InputError(f"{folder / NAME} is damaged: its 'settings' are none of a benchmark run.")
    return repeats


def _rank(key: Sequence[str], ranks: Sequence[list[str]]) -> list[int]:
    """Where names stand in lists; behind all where they don't."""
    return [
        rank.index(name) if name in rank else len(rank)
        for name, rank in zip(key, ranks, strict=True)
    ]


def read_replies(folder: Path) -> Iterator[Reply]:
    """The replies of a run, one at a time.

    Raises:
        InputError: there are none, or a line is damaged; names it.
    """
    path = folder / REPLIES
    if not path.is_file():
        raise InputError(f"{folder} holds no {REPLIES}; `aurelia bench run … -o DIR` makes it.")
    lines = Lines(path, KEY, HEAD)
    for key in lines.done:
        try:
            yield Reply.model_validate_json(lines.raw(key) or b"")
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            raise InputError(
                f"{path}: the reply {named(key)} is damaged at {where} ({first['msg'].lower()}); "
                "take its line out and run again."
            ) from None


def open_replies(folder: Path) -> Iterator[tuple[Sample, Said]]:
    """Replies to open questions that a judge is to compare: those that can be accepted at all."""
    samples = {sample.id: sample for sample in read_samples(folder / SAMPLES)}
    for reply in read_replies(folder):
        sample = samples.get(reply.sample_id)
        if sample and sample.answer_type == "open" and reply.said:
            said = elected(sample, reply.said)
            if not said.problem:
                yield sample, said


def _take(run: ScoredRun, sample: Sample, reply: Reply, judged: Scorer | None) -> None:
    key = reply.target, reply.condition
    run.taken[key] = add(run.taken.get(key, Spent()), add(reply.spent, reply.elsewhere))
    if reply.status == "missing":
        run.missing[key] += 1
        return
    if reply.condition == "distilled" and reply.is_accepted:
        run.accepted.add((reply.target, reply.sample_id, reply.repeat))
    if reply.injected and reply.injected.sent is not None:
        run.shortened[key] += 1
    if reply.faults:
        run.faltered[key] += 1
    if reply.stands_for:
        run.stood.setdefault(key, Counter())[reply.why] += 1
    run.results.append(_result(sample, reply, judged))


def _result(sample: Sample, reply: Reply, judged: Scorer | None) -> Result:
    target, condition, _, repeat = reply.key
    if sample.answer_type == "caption" and not sample.true_facts:
        said = elected(sample, reply.said) if reply.said else None
        return caption_result(
            sample,
            said.raw if said else None,
            said.problem if said else reply.why,
            target=target,
            condition=condition,
            repeat=repeat,
        )
    scored = scored_reply(sample, reply, judged)
    return result_of(sample, scored, target=target, condition=condition, repeat=repeat)


def scored_reply(sample: Sample, reply: Reply, judged: Scorer | None = None) -> Scored:
    """The score of a reply by itself; captions without facts have none but in their set.

    Args:
        sample: what was asked.
        reply: one that is not `missing`.
        judged: as of `score_run`.
    """
    if not reply.said:
        metric = "fact_f1" if sample.answer_type == "caption" else "accuracy"
        return failed(sample.id, reply.why, metric)
    said = elected(sample, reply.said)
    if sample.answer_type == "open" and judged:
        return judged(sample, said.raw, said.problem)
    return score_reply(sample, said.raw, said.problem)


def write_results(folder: Path, results: Sequence[Result]) -> Path:
    """Write `results.jsonl`, whole or not at all.

    Raises:
        InputError: it can't be written.
    """
    return write_file(
        folder / RESULTS, "".join(result.model_dump_json() + "\n" for result in results)
    )
