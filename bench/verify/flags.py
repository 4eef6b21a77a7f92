"""Reasons to doubt what a difference means, though every file is what it should be."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from aurelia.bench.run.score import ScoredRun
from aurelia.bench.sample import Sample
from aurelia.bench.scorers.scored import Judgement, Scored
from aurelia.bench.stats_metric import mean_of
from aurelia.bench.stats_paired import gain
from aurelia.bench.tables.results import Result
from aurelia.bench.tables.table import ASYMMETRY
from aurelia.bench.verify.findings import Finding, finding, some
from aurelia.bench.verify.held import DISTILLED, MODES, ZERO_SHOT, Held

TEXT_ONLY, TEXT_ONLY_R_STAR = "text_only", "text_only_r_star"
MATCHED = 0.1
"""Two conditions are matched where calls differ by no more than this share."""

ALTERNATIVES = ("best_of_k", "self_consistency")
"""Controls that spend as many calls on something else than the loop. Others that hand over what a
loop made book its calls by construction, and say nothing about what calls alone would gain."""

_Replies = Mapping[tuple[str, str, str, int], Held]


def leak_flags(replies: _Replies, results: Sequence[Result]) -> list[Finding]:
    """r* that states an answer, and what somebody gains from it who neither sees nor hears."""
    leaking = [
        one.name
        for one in replies.values()
        if one.key[1] == DISTILLED and one.origin and one.origin.leaks
    ]
    found = some(
        "leak", False, "In {n} distilled replies the steps state the actor's answer.", leaking
    )
    for target in dict.fromkeys(r.target for r in results):
        pairs = _pairs(results, target, TEXT_ONLY, TEXT_ONLY_R_STAR)
        if not pairs:
            continue
        before, after = (mean_of([pair[n].score for pair in pairs]) for n in (0, 1))
        videos = [pair[0].video for pair in pairs]
        moved = gain(before, after, videos, draws=2_000)
        if moved.absolute > 0:
            sure = " (the interval leaves out 0)" if moved.absolute_interval.low > 0 else ""
            found.append(
                finding(
                    "leak",
                    False,
                    f"{target}: without the clip, r* alone gains {100 * moved.absolute:+.1f} "
                    f"points on {len(pairs)} samples, 95 % "
                    f"{100 * moved.absolute_interval.low:+.1f} to "
                    f"{100 * moved.absolute_interval.high:+.1f}{sure}: so much of its gain need "
                    "not come from looking or listening.",
                    [target],
                )
            )
    return found


def selection_flags(run: ScoredRun) -> list[Finding]:
    """Denominators that differ, and replies that are not there."""
    found: list[Finding] = []
    for (target, condition), count in run.unfinished.items():
        text = f"{target}, {condition}: {count} of {run.expected} replies are missing."
        found.append(finding("selection", False, text, [condition]))
    counts = Counter((r.target, r.column, r.condition) for r in run.results)
    for target in run.targets:
        for column in dict.fromkeys(r.column for r in run.results if r.target == target):
            sizes = {c: counts[target, column, c] for c in run.conditions}
            of_modes = {c: n for c, n in sizes.items() if c in MODES}
            if len(set(of_modes.values())) > 1:
                listed = ", ".join(f"{c} {n}" for c, n in of_modes.items())
                text = f"{target}, {column}: the modes have different denominators: {listed}."
                found.append(finding("selection", False, text, [column]))
    for (target, condition), count in run.missing.items():
        if condition in MODES:
            text = f"{target}, {condition}: {count} samples are left out of this mode."
            found.append(finding("selection", True, text, [condition]))
    for target in run.targets:
        partial = [
            f"{condition}: {count} of {run.expected} samples"
            for (of, condition), count in run.missing.items()
            if of == target and condition not in MODES
        ]
        text = f"{target}: {{n}} controls say nothing about some samples; the rest is compared."
        found += some("selection", False, text, partial)
    return found


def parse_flags(results: Sequence[Result]) -> list[Finding]:
    """Replies that could not be read, or failed, more often in one mode."""
    found: list[Finding] = []
    for target, column in dict.fromkeys((r.target, r.column) for r in results):
        for outcome, what in (("unparsed", "could not be read"), ("failed", "failed")):
            shares = {}
            for mode in MODES:
                there = [
                    r
                    for r in results
                    if (r.target, r.column, r.condition) == (target, column, mode)
                ]
                if there:
                    shares[mode] = sum(r.outcome == outcome for r in there) / len(there)
            if len(shares) == 2 and abs(shares[DISTILLED] - shares[ZERO_SHOT]) > ASYMMETRY:
                text = (
                    f"{target}, {column}: {100 * shares[ZERO_SHOT]:.0f} % of the zero-shot replies "
                    f"{what} and {100 * shares[DISTILLED]:.0f} % of the distilled ones; part of "
                    "the difference may be one of form."
                )
                found.append(finding("parse", False, text, [column]))
    return found


def budget_flags(replies: _Replies) -> list[Finding]:
    """What the modes take, and whether a control takes as much as the one with r*."""
    found: list[Finding] = []
    for target in dict.fromkeys(key[0] for key in replies):
        taken: dict[str, tuple[float, float]] = {}
        worth: dict[str, float | None] = {}
        for condition in dict.fromkeys(key[1] for key in replies if key[0] == target):
            there = (r for key, r in replies.items() if key[:2] == (target, condition))
            of = [r for r in there if r.status != "missing"]
            if of:
                own, whole = sum(r.calls for r in of), sum(r.calls + r.elsewhere for r in of)
                taken[condition] = own / len(of), whole / len(of)
                costs = [r.worth_usd for r in of]
                known = [c for c in costs if c is not None]
                worth[condition] = sum(known) / len(of) if len(known) == len(of) else None
        if not {*MODES} <= taken.keys():
            continue
        zero, with_r = taken[ZERO_SHOT], taken[DISTILLED]
        if not _alike(zero[0], with_r[0]):
            text = (
                f"{target}: the target itself was asked {zero[0]:.2f} times a sample zero-shot and "
                f"{with_r[0]:.2f} times with r*."
            )
            found.append(finding("budget", False, text, [target]))
        if _alike(zero[1], with_r[1]):
            continue
        matched = [
            name
            for name, (_, calls) in taken.items()
            if name in ALTERNATIVES and _alike(calls, with_r[1])
        ]
        usd = worth[ZERO_SHOT], worth[DISTILLED]
        money = "" if None in usd else f" (${usd[0]:.4f} and ${usd[1]:.4f} at list price)"
        beside = (
            f"controls that take as much: {', '.join(matched)}"
            if matched
            else "no control that takes as much was run: more calls alone may explain a gain"
        )
        text = (
            f"{target}: zero-shot takes {zero[1]:.1f} calls a sample and r* {with_r[1]:.1f}, the "
            f"loop's included{money}; {beside}."
        )
        found.append(finding("budget", False, text, [target]))
    return found


def judge_flags(
    replies: Mapping[str, Sequence[tuple[Sample, str, str]]],
    judged: Callable[[Sample, str, str], Scored] | None,
) -> list[Finding]:
    """Open answers of the modes that different judges, or different prompts, compared.

    Args:
        replies: by mode, samples with the reply and why it can't be accepted.
        judged: gives the kept judgement of a reply; None: string match.
    """
    if judged is None:
        return []
    asked: dict[str, Counter[str]] = {}
    none: dict[str, int] = {}
    for mode, listed in replies.items():
        verdicts: list[Judgement | None] = []
        for sample, raw, problem in listed:
            if not problem:
                verdicts.append(judged(sample, raw, problem).judge)
        asked[mode] = Counter(f"{v.model} with {v.prompt}" for v in verdicts if v)
        none[mode] = sum(v is None for v in verdicts)
    found: list[Finding] = []
    if len({frozenset(counts) for counts in asked.values() if counts}) > 1:
        listed_ = "; ".join(f"{mode}: {', '.join(sorted(c))}" for mode, c in asked.items())
        text = f"The modes' open answers were judged by different judges or prompts: {listed_}."
        found.append(finding("judge", True, text, sorted(asked)))
    for mode, count in none.items():
        if count:
            text = f"{count} open answers of {mode} have no judgement, and count as failed."
            found.append(finding("judge", False, text, [mode]))
    return found


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= MATCHED * max(one, other)


def _pairs(
    results: Sequence[Result], target: str, first: str, second: str
) -> list[tuple[Result, Result]]:
    by = {
        (r.condition, r.sample_id, r.repeat): r
        for r in results
        if r.target == target and r.caption is None
    }
    return [
        (r, by[second, r.sample_id, r.repeat])
        for (condition, *_), r in by.items()
        if condition == first and (second, r.sample_id, r.repeat) in by
    ]
