"""Does the critic's score say anything? Against the actor's answer, and against what r* did."""

from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from aurelia.bench.analysis.asked import Handed
from aurelia.bench.analysis.auroc import auroc_estimate
from aurelia.bench.analysis.estimates import DRAWS, Estimate, Share, share
from aurelia.bench.analysis.logged import Log, Pass
from aurelia.bench.analysis.replay import thresholds
from aurelia.bench.stats_tests import smallest_p
from aurelia.types.reasoning import Record

EVERY_PASS, DECISION = "every pass", "the decision"
Place = tuple[Log, Pass]
_Known = tuple[Handed, float | None, str]
_NOT_RECORDED = "they are in none of these rollouts, and their replies do not say what they scored"
_ANEW = (
    "they were drawn for the benchmark run and judged by its critic, and nobody asked this one "
    "about them"
)


class ScoreCount(Record):
    """How many passes got a score, by what their answer was worth."""

    score: float
    right: int = 0
    wrong: int = 0
    unread: int = Field(default=0, description="Answers that could not be read.")
    neither: int = Field(default=0, description="Captions, which are graded.")


class CriticRow(Record):
    """A critic on the passes of one kind."""

    variant: str
    critic: str
    where: str = Field(
        description="`pass 1` …; `every pass`; `the decision`: where the loop ended."
    )
    n: int = Field(description="Passes with an answer that is right or wrong.")
    right: int
    wrong: int
    unread: int = Field(
        default=0,
        description="Passes whose answer nobody could read, or that have none: neither right nor "
        "wrong, in none of the rates, and not among `n`.",
    )
    unscored: int = Field(description="Of `n`, passes without a score; in none of the rates.")
    auroc: Estimate = Field(description="Of the score, against the actor's answer being right.")
    false_accept: Share = Field(description="Accepted at the logged threshold, of the wrong.")
    false_reject: Share = Field(description="Not accepted, of the right.")
    scores: list[ScoreCount] = Field(description="The distribution, from the lowest.")


class ThresholdRow(Record):
    """What a critic would let pass at a threshold, over all recorded passes."""

    variant: str
    threshold: float
    false_accept: Share
    false_reject: Share
    unread: int = Field(default=0, description="Scored passes that are in neither rate.")


class BenefitRow(Record):
    """A critic's score against what a target made of the steps it was handed."""

    variant: str
    target: str
    condition: str
    helped: int = Field(description="Right with the steps, wrong without.")
    harmed: int = Field(description="The reverse.")
    same: int = Field(description="Alike with and without; they tell nothing here.")
    unscored: int = Field(description="Of helped and harmed, passes without a score.")
    left_out: int = Field(
        default=0,
        description="Passes that were handed over and are in no count here, for nobody knows what "
        "this critic said of them; the note says why.",
    )
    auroc: Estimate = Field(description="Of the score, helped against harmed.")
    note: str = ""


def critic_rows(logs: Sequence[Log], *, seed: int = 0, draws: int = DRAWS) -> list[CriticRow]:
    """By variant: each pass index, every pass, and the pass on which the loop decided."""
    rows = []
    for variant in dict.fromkeys(log.variant for log in logs):
        chosen = [log for log in logs if log.variant == variant]
        every = [(log, p) for log in chosen for p in log.passes]
        for index in sorted({p.index for _, p in every}):
            there = [(log, p) for log, p in every if p.index == index]
            rows.append(_row(f"pass {index}", variant, there, seed, draws))
        rows.append(_row(EVERY_PASS, variant, every, seed, draws))
        rows.append(_row(DECISION, variant, _decisions(chosen), seed, draws))
    return rows


def threshold_rows(logs: Sequence[Log]) -> list[ThresholdRow]:
    """Rates of false acceptance and rejection by threshold, over all recorded passes.

    These are rates of scores as they stand, not of the loop at that threshold: for that, see
    `aurelia.bench.analysis.grid`.
    """
    rows = []
    for variant in dict.fromkeys(log.variant for log in logs):
        chosen = [log for log in logs if log.variant == variant]
        scored = [
            (p.score, p.right)
            for log in chosen
            for p in log.passes
            if p.score is not None and p.right is not None
        ]
        unread = sum(p.unread and p.score is not None for log in chosen for p in log.passes)
        for threshold in thresholds(chosen):
            accepts, rejects = _rates(scored, threshold)
            rows.append(
                ThresholdRow(
                    variant=variant,
                    threshold=threshold,
                    false_accept=accepts,
                    false_reject=rejects,
                    unread=unread,
                )
            )
    return rows


def benefit_rows(
    logs: Sequence[Log], handed: Sequence[Handed], *, seed: int = 0, draws: int = DRAWS
) -> list[BenefitRow]:
    """By variant, target and condition, over the passes that were handed to a target.

    A pass that was drawn for the benchmark is in no rollout, and its score stands in the reply; but
    where the rollouts were judged anew, that is another critic's.
    """
    by_id = {name: log for log in logs for name in (log.id, log.same_as) if name}
    videos = {log.sample_id: log.video for log in logs}
    anew = {log.variant for log in logs if log.same_as}
    groups: dict[tuple[str, str, str], list[_Known]] = {}
    left: dict[tuple[str, str, str], Counter[str]] = {}
    for one in handed:
        log = by_id.get(one.run)
        if log is None and one.sample_id not in videos:
            continue  # of a task that is not asked about
        place = (log.variant if log else one.variant, one.target, one.condition)
        known = groups.setdefault(place, [])
        if log is not None:
            score = next((p.score for p in log.passes if p.index == one.iteration), None)
            known.append((one, score, log.video))
        elif one.score is not None and one.variant not in anew:
            known.append((one, one.score, videos[one.sample_id]))
        else:
            left.setdefault(place, Counter())[_NOT_RECORDED if one.score is None else _ANEW] += 1
    return [
        _benefit(place, known, left.get(place, Counter()), seed, draws)
        for place, known in groups.items()
    ]


def _benefit(
    place: tuple[str, str, str],
    known: Sequence[_Known],
    left: Counter[str],
    seed: int,
    draws: int,
) -> BenefitRow:
    differing = [each for each in known if each[0].after != each[0].before]
    helped = sum(one.after > one.before for one, _, _ in differing)
    scored = [
        (score, one.after > one.before, video)
        for one, score, video in differing
        if score is not None
    ]
    notes = [f"{count} passes are left out: {why}." for why, count in left.items()]
    return BenefitRow(
        variant=place[0],
        target=place[1],
        condition=place[2],
        helped=helped,
        harmed=len(differing) - helped,
        same=len(known) - len(differing),
        unscored=len(differing) - len(scored),
        left_out=left.total(),
        auroc=auroc_estimate(
            [score for score, _, _ in scored],
            [yes for _, yes, _ in scored],
            [video for _, _, video in scored],
            seed=seed,
            draws=draws,
        ),
        note=" ".join(filter(None, [*notes, _too_few(helped, len(differing) - helped)])),
    )


def _row(where: str, variant: str, places: Sequence[Place], seed: int, draws: int) -> CriticRow:
    told = [(log, p) for log, p in places if p.right is not None]
    scored = [(log, p, p.score, bool(p.right)) for log, p in told if p.score is not None]
    accepted = [(score >= log.threshold, right) for log, _, score, right in scored]
    wrong = sum(not right for _, right in accepted)
    return CriticRow(
        variant=variant,
        critic=next((log.critic for log, _ in places if log.critic), ""),
        where=where,
        n=len(told),
        right=sum(bool(p.right) for _, p in told),
        wrong=sum(not p.right for _, p in told),
        unread=sum(p.unread for _, p in places),
        unscored=len(told) - len(scored),
        auroc=auroc_estimate(
            [score for _, _, score, _ in scored],
            [right for _, _, _, right in scored],
            [log.video for log, _, _, _ in scored],
            seed=seed,
            draws=draws,
        ),
        false_accept=share(sum(yes and not right for yes, right in accepted), wrong),
        false_reject=share(
            sum(right and not yes for yes, right in accepted), len(accepted) - wrong
        ),
        scores=_histogram(places),
    )


def _decisions(logs: Sequence[Log]) -> list[Place]:
    """The pass that was accepted, else the last that the critic was asked about."""
    places = []
    for log in logs:
        reached = [p for p in log.passes if p.score is not None and p.score >= log.threshold]
        asked = [p for p in log.passes if p.bare.verdict is not None]
        if decided := (reached[:1] or asked[-1:]):
            places.append((log, decided[0]))
    return places


def _histogram(places: Sequence[Place]) -> list[ScoreCount]:
    counts: dict[float, ScoreCount] = {}
    for _, p in places:
        if p.score is not None:
            count = counts.setdefault(p.score, ScoreCount(score=p.score))
            count.right += p.right is True
            count.wrong += p.right is False
            count.unread += p.unread
            count.neither += p.right is None and not p.unread
    return [counts[score] for score in sorted(counts)]


def _rates(scored: Sequence[tuple[float, bool]], threshold: float) -> tuple[Share, Share]:
    wrong = [score for score, right in scored if not right]
    right = [score for score, right in scored if right]
    return (
        share(sum(score >= threshold for score in wrong), len(wrong)),
        share(sum(score < threshold for score in right), len(right)),
    )


def _too_few(helped: int, harmed: int) -> str:
    if not helped or not harmed:
        return "One side is empty: there is nothing to tell apart."
    if smallest_p(min(helped, harmed)) > 0.05:
        return f"With {min(helped, harmed)} on one side this says next to nothing."
    return ""
