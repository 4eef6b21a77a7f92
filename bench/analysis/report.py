"""Everything that recorded rollouts say, in one record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import Field

from aurelia.bench.analysis.asked import Handed, TargetAnswers
from aurelia.bench.analysis.compare import Compared, compare
from aurelia.bench.analysis.critic import (
    BenefitRow,
    CriticRow,
    ThresholdRow,
    benefit_rows,
    critic_rows,
    threshold_rows,
)
from aurelia.bench.analysis.estimates import DRAWS
from aurelia.bench.analysis.grid import Replays, has_mark, replays
from aurelia.bench.analysis.instead import Rule, rules
from aurelia.bench.analysis.logged import Log
from aurelia.bench.analysis.passes import PassRow, pass_rows
from aurelia.bench.analysis.repeats import RepeatRow, repeat_row
from aurelia.bench.stats_paired import FEW
from aurelia.types.reasoning import Record

SCHEMA_VERSION = 1


class Analysis(Record):
    """What finished rollouts say; no model was asked."""

    schema_version: int = SCHEMA_VERSION
    rollouts: int
    samples: int
    videos: int
    thresholds_logged: dict[str, list[float]] = Field(description="By variant.")
    stop_reasons: dict[str, int]
    critic: list[CriticRow]
    by_threshold: list[ThresholdRow]
    benefit: list[BenefitRow]
    replays: Replays
    rules: list[Rule]
    passes: list[PassRow]
    repeats: list[RepeatRow]
    compared: list[Compared] = Field(description="Variants, each against the first.")
    against: list[Compared] = Field(default=[], description="The other folder's rollouts.")
    notes: list[str] = []


@dataclass(frozen=True, slots=True)
class Asked:
    """What a benchmark run knows: see `aurelia.bench.analysis.asked`."""

    known: Mapping[str, TargetAnswers] = field(default_factory=dict)
    handed: Sequence[Handed] = ()
    scores: Mapping[str, Mapping[tuple[str, int], float]] = field(default_factory=dict)


def analyse(
    logs: Sequence[Log],
    asked: Asked | None = None,
    against: Sequence[Log] = (),
    *,
    seed: int = 0,
    draws: int = DRAWS,
    notes: Sequence[str] = (),
) -> Analysis:
    """Every analysis that these logs allow.

    Args:
        logs: of any variants and repeats, at least one.
        asked: what targets replied, where they were asked.
        against: rollouts of the same samples to compare with, of the same variants or of one.
        seed: of the bootstrap and the permutation tests.
        draws: of the bootstrap.
        notes: what is known of missing rollouts.
    """
    asked = asked or Asked()
    variants = list(dict.fromkeys(log.variant for log in logs))
    by_variant = {name: [log for log in logs if log.variant == name] for name in variants}
    reasons = [log.stop_reason for log in logs]
    return Analysis(
        rollouts=len(logs),
        samples=len({log.sample_id for log in logs}),
        videos=len({log.video for log in logs}),
        thresholds_logged={
            name: sorted({log.threshold for log in each}) for name, each in by_variant.items()
        },
        stop_reasons={reason: reasons.count(reason) for reason in dict.fromkeys(reasons)},
        critic=critic_rows(logs, seed=seed, draws=draws),
        by_threshold=threshold_rows(logs),
        benefit=benefit_rows(logs, asked.handed, seed=seed, draws=draws),
        replays=replays(logs, dict(asked.known), seed=seed, draws=draws),
        rules=rules(logs, dict(asked.known), seed=seed, draws=draws),
        passes=pass_rows(logs, seed=seed, draws=draws),
        repeats=_repeats(by_variant, asked.scores),
        compared=[
            compare(by_variant[variants[0]], each, (variants[0], name), seed=seed, draws=draws)
            for name, each in by_variant.items()
            if name != variants[0]
        ],
        against=_against(by_variant, against, seed, draws),
        notes=[*notes, *_notes(logs)],
    )


def _repeats(
    by_variant: Mapping[str, Sequence[Log]],
    scores: Mapping[str, Mapping[tuple[str, int], float]],
) -> list[RepeatRow]:
    videos = {log.sample_id: log.video for each in by_variant.values() for log in each}
    rows = []
    for name, each in by_variant.items():
        marks = {(log.sample_id, log.repeat): _answered(log) for log in each if has_mark(log)}
        rows.append(repeat_row(f"the actor, {name}", marks, videos))
    for name, values in scores.items():
        there = {key: value for key, value in values.items() if key[0] in videos}
        rows.append(repeat_row(name, there, videos))
    return [row for row in rows if row]


def _answered(log: Log) -> float:
    """What the answer that the rollout itself gave is worth."""
    kept = [p for p in log.passes if p.index == log.best]
    reasoned = [p for p in log.passes if p.bare.reasoning]
    answering = kept or reasoned[-1:]
    return (answering[0].mark or 0.0) if answering else 0.0


def _against(
    by_variant: Mapping[str, Sequence[Log]], against: Sequence[Log], seed: int, draws: int
) -> list[Compared]:
    theirs: dict[str, list[Log]] = {}
    for log in against:
        theirs.setdefault(log.variant, []).append(log)
    pairs = [(name, name) for name in by_variant if name in theirs]
    if not pairs and theirs:
        pairs = [(next(iter(by_variant)), next(iter(theirs)))]
    return [
        compare(
            by_variant[one],
            theirs[other],
            (_called(one, by_variant[one]), _called(other, theirs[other])),
            seed=seed,
            draws=draws,
        )
        for one, other in pairs
    ]


def _called(variant: str, logs: Sequence[Log]) -> str:
    critics = list(dict.fromkeys(log.critic for log in logs))
    return f"{variant}, critic {' / '.join(critics)}"


def _notes(logs: Sequence[Log]) -> list[str]:
    notes = []
    if (videos := len({log.video for log in logs})) < FEW:
        notes.append(
            f"There are {videos} videos: below some {FEW} intervals of AUROC, which draw whole "
            "videos, are too narrow; those of accuracies and differences are widened."
        )
    cached = sum(p.spent.cached for log in logs for p in log.passes)
    if cached:
        notes.append(
            f"{cached} calls were served from the ledger: `worth` counts them at list price, "
            "`paid` as nothing."
        )
    if unread := sum(p.unread for log in logs for p in log.passes):
        notes.append(
            f"Passes whose answer nobody could read as one to its sample: {unread}. They are in "
            "none of the critic's rates; in an accuracy of the actor each counts 0, which is a "
            "lower bound. An actor that isn't shown the options (`actor_sees_options`) answers in "
            "words of its own. The control `actor_answer` asks its model again in that case, with "
            "the options and without steps: that is another answer than the one scored here."
        )
    if f1 := sum(log.graded and has_mark(log) for log in logs):
        notes.append(
            f"{f1} rollouts want a caption that is graded from 0 to 1; their grades are averaged "
            "with right and wrong answers: --task tells them apart."
        )
    if set_scored := sum(not has_mark(log) for log in logs):
        notes.append(
            f"{set_scored} rollouts want a caption that is scored as a set: they count for "
            "coverage, scores and cost, and for no accuracy."
        )
    if handled := sum(log.handled for log in logs):
        notes.append(f"{handled} rollouts were decided or edited by a person.")
    return notes
