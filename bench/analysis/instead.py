"""What another rule would have kept of the same passes: the best score, the last, chance."""

from collections import Counter
from collections.abc import Callable, Sequence

from pydantic import Field

from aurelia.bench.analysis.asked import TargetAnswers
from aurelia.bench.analysis.estimates import DRAWS, Estimate, mean
from aurelia.bench.analysis.grid import TargetThere, has_mark, target_there
from aurelia.bench.analysis.logged import HIGHEST, Log, Pass
from aurelia.bench.analysis.replay import Replayed, replay, replayable
from aurelia.evaluators.selection import best_so_far
from aurelia.types.reasoning import Record

Keep = Callable[[Sequence[Pass]], Pass | None]


class Rule(Record):
    """One way of choosing a pass, over all rollouts of a variant."""

    variant: str
    rule: str
    passes: int = Field(description="Of each rollout that the rule may look at.")
    accuracy: Estimate = Field(description="Of the actor's answer at the pass that is kept.")
    unread: float = Field(
        default=0.0,
        description="Rollouts whose answer nobody could read, or that have none: 0 each in the "
        "accuracy. Expected, where chance chooses.",
    )
    calls: float = Field(description="A rollout, on average.")
    note: str = ""
    targets: list[TargetThere] = []


def rules(
    logs: Sequence[Log],
    known: dict[str, TargetAnswers] | None = None,
    *,
    seed: int = 0,
    draws: int = DRAWS,
) -> list[Rule]:
    """The loop's own rule beside others, by variant.

    `accepted` is the loop at its logged threshold. `random acceptance` deals the same stopping
    passes out to the rollouts by chance: as often accepted and as early, but without looking. It is
    computed as an expectation, over all ways of dealing. `best of k` keeps the highest score of the
    first k passes; those were made with feedback, so it is no best of k draws. `best of n draws` is
    one: the highest-scored first pass of the repeats of a sample.
    """
    found: list[Rule] = []
    for variant in dict.fromkeys(log.variant for log in logs):
        chosen = [log for log in logs if log.variant == variant and has_mark(log)]
        if not chosen:
            continue
        deepest = max(len(log.passes) for log in chosen)
        made = _Maker(variant, chosen, known or {}, seed, draws)
        threshold, most = chosen[0].threshold, min(log.most for log in chosen)
        same = all((log.threshold, log.most) == (threshold, most) for log in chosen)
        whole = [k for k in range(1, deepest + 1) if not replayable(chosen, HIGHEST, k)]
        if same and not replayable(chosen, threshold, most):
            found += _accepted(made, threshold, dealt=most in whole)
        found.append(made.rule("the first pass", 1, _last))
        found += [made.rule(f"best of {k}", k, _best) for k in whole if k > 1]
        if deepest > 1 and deepest in whole:
            found += [made.rule("the last pass", deepest, _last), _uniform(made, deepest)]
        found += _draws(made)
    return found


class _Maker:
    """What rules of one variant have in common."""

    def __init__(
        self, variant: str, logs: list[Log], known: dict[str, TargetAnswers], seed: int, draws: int
    ) -> None:
        self.variant, self.logs, self.known = variant, logs, known
        self.seed, self.draws = seed, draws
        self.videos = [log.video for log in logs]

    def rule(self, name: str, passes: int, keep: Keep) -> Rule:
        """A rule that looks at the first passes of each rollout, all of which it pays for."""
        gone = []
        for log in self.logs:
            within = [p for p in log.passes if p.index <= passes]
            reasoned = [p for p in within if p.bare.reasoning]
            kept = keep(within) or (reasoned[-1] if reasoned else None)
            spent = log.spent(len(within))
            gone.append(Replayed(kept, kept, True, "accepted", len(within), spent))
        return self.made(name, passes, gone)

    def made(self, name: str, passes: int, gone: Sequence[Replayed], note: str = "") -> Rule:
        """What came of it."""
        marks = [one.mark for one in gone]
        return Rule(
            variant=self.variant,
            rule=name,
            passes=passes,
            accuracy=mean(marks, self.videos, seed=self.seed, draws=self.draws),
            unread=sum(one.unread for one in gone),
            calls=sum(one.spent.calls for one in gone) / len(gone),
            note=note,
            targets=[target_there(t, k, self.logs, gone) for t, k in self.known.items()],
        )


def _accepted(made: _Maker, threshold: float, *, dealt: bool) -> list[Rule]:
    """The loop, and chance in its place where all passes are known."""
    most = made.logs[0].most
    gone = [replay(log, threshold, most) for log in made.logs]
    loop = made.made(f"accepted at {threshold:g}", most, gone)
    if not dealt:
        return [loop]
    stops = Counter(one.passes if one.accepted else 0 for one in gone)
    marks, unknown, unread = [], 0, 0.0
    for log in made.logs:
        by_index = {p.index: p for p in log.passes}
        reasoned = [p for p in log.passes if p.index <= most and p.bare.reasoning]
        ending = reasoned[-1] if reasoned else None
        unknown += any(index and index not in by_index for index in stops)
        dealt_to = {index: by_index.get(index, ending) for index in stops}
        marks.append(sum(_mark(dealt_to[i]) * times for i, times in stops.items()) / len(gone))
        unread += sum(_unread(dealt_to[i]) * times for i, times in stops.items()) / len(gone)
    note = (
        f"{unknown} rollouts ended before some of the dealt passes; their last pass stands in."
        if unknown
        else ""
    )
    chance = Rule(
        variant=made.variant,
        rule="random acceptance",
        passes=most,
        accuracy=mean(marks, made.videos, seed=made.seed, draws=made.draws),
        unread=unread,
        calls=sum(one.spent.calls for one in gone) / len(gone),
        note=note,
    )
    return [loop, chance]


def _uniform(made: _Maker, passes: int) -> Rule:
    """Each pass as likely: what the benchmark's control of random acceptance draws."""
    marks, calls, unread = [], 0.0, 0.0
    for log in made.logs:
        there = [p for p in log.passes if p.bare.reasoning]
        marks.append(sum(_mark(p) for p in there) / len(there) if there else 0.0)
        unread += sum(_unread(p) for p in there) / len(there) if there else 1.0
        places = [n for n, p in enumerate(log.passes, start=1) if p.bare.reasoning]
        spent = [log.spent(n).calls for n in places or [len(log.passes)]]
        calls += sum(spent) / len(spent)
    return Rule(
        variant=made.variant,
        rule="a random pass",
        passes=passes,
        accuracy=mean(marks, made.videos, seed=made.seed, draws=made.draws),
        unread=unread,
        calls=calls / len(made.logs),
    )


def _draws(made: _Maker) -> list[Rule]:
    """The best of independent first passes, where samples were run more than once."""
    by_sample: dict[str, list[Log]] = {}
    for log in made.logs:
        by_sample.setdefault(log.sample_id, []).append(log)
    counts = {len(each) for each in by_sample.values()}
    if counts == {1}:
        return []
    marks, calls, videos, unread = [], 0, [], 0
    for each in by_sample.values():
        firsts = [log.passes[0] for log in each if log.passes]
        scored = [p for p in firsts if p.score is not None]
        kept = max(scored, key=lambda p: p.score or 0.0) if scored else next(iter(firsts), None)
        marks.append(_mark(kept))
        unread += _unread(kept)
        calls += sum(p.spent.calls for p in firsts)
        videos.append(each[0].video)
    note = "" if len(counts) == 1 else "Samples have differing numbers of repeats."
    return [
        Rule(
            variant=made.variant,
            rule=f"best of {max(counts)} draws",
            passes=1,
            accuracy=mean(marks, videos, seed=made.seed, draws=made.draws),
            unread=unread,
            calls=calls / len(by_sample),
            note=note,
        )
    ]


def _mark(kept: Pass | None) -> float:
    return (kept.mark or 0.0) if kept else 0.0


def _unread(kept: Pass | None) -> bool:
    return kept.unread if kept else True


def _best(within: Sequence[Pass]) -> Pass | None:
    best = best_so_far([p.bare for p in within])
    return next((p for p in within if best and p.index == best.index), None)


def _last(within: Sequence[Pass]) -> Pass | None:
    reasoned = [p for p in within if p.bare.reasoning]
    return reasoned[-1] if reasoned else None
