"""From outcomes to the numbers of a report."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import product

from aurelia.bench.facts import score_caption, stated
from aurelia.bench.mechanism.arms import truth_of
from aurelia.bench.mechanism.outcome import ARMS, Arm, Outcome
from aurelia.bench.mechanism.plan import TRUE, Difficulty
from aurelia.bench.mechanism.report import Cell, CriticShares
from aurelia.bench.rejected import Said, count_rejected
from aurelia.bench.sample import Sample
from aurelia.bench.stats import paired_lower, sign_flip_p, wilson

Blind = dict[str, float | None]
_MOST_CONSTANTS = 40  # references that are tried as the one caption for all clips


def cell(outcomes: Sequence[Outcome], seed: int, blind: Blind | None = None) -> Cell:
    """The numbers of one family at one difficulty, or of several with `blind` given.

    Args:
        outcomes: at least one.
        seed: of the bootstrap and the permutation test.
        blind: `chance` and `majority`; None: computed from the outcomes' samples.
    """
    videos = [o.video for o in outcomes]
    values = {arm: [o.value(arm) for o in outcomes] for arm in ARMS}
    zero, distilled = values["zero_shot"], values["distilled"]
    kept = [o for o in outcomes if o.accepted and not o.failed]
    ran = [o for o in outcomes if not o.failed]
    swapped = [o for o in ran if "other_clip" in o.scores]
    blind = blind or blind_scores([o.sample for o in outcomes if o.sample])
    return Cell(
        n=len(outcomes),
        chance=blind["chance"],
        majority=blind["majority"],
        zero_shot=_mean(zero),
        distilled=_mean(distilled),
        distilled_lower=wilson(sum(distilled), len(outcomes)).low,
        gain=_mean(distilled) - _mean(zero),
        gain_lower=paired_lower(zero, distilled, videos, seed=seed),
        p=sign_flip_p(zero, distilled, videos, seed=seed),
        other_clip=_mean([o.value("other_clip") for o in swapped]) if swapped else None,
        zero_shot_other=_mean([o.value("zero_shot") for o in swapped]) if swapped else None,
        other_clip_n=len(swapped),
        plan_only=_mean(values["plan_only"]),
        plan_and_findings=_mean(values["plan_and_findings"]),
        actor_answer=_mean(values["actor_answer"]),
        single_pass=_mean(values["single_pass"]),
        accepted=len(kept) / len(outcomes),
        distilled_accepted=_mean([o.value("distilled") for o in kept]) if kept else None,
        zero_shot_accepted=_mean([o.value("zero_shot") for o in kept]) if kept else None,
        mean_iterations=_mean([o.iterations for o in ran]) if ran else None,
        failed=len(outcomes) - len(ran),
        unparsed={arm: _unparsed(ran, arm) for arm in ARMS},
        shortened=_by_arm(o.shortened for o in outcomes),
        refused=_by_arm(o.refused for o in outcomes),
    )


def cells(
    outcomes: Sequence[Outcome],
    families: Iterable[str],
    difficulties: Iterable[Difficulty],
    seed: int,
) -> dict[str, dict[Difficulty, Cell]]:
    """The numbers of each family at each difficulty of which anything was done."""
    found: dict[str, dict[Difficulty, Cell]] = {}
    for family, difficulty in product(families, difficulties):
        if chosen := [o for o in outcomes if (o.family, o.difficulty) == (family, difficulty)]:
            found.setdefault(family, {})[difficulty] = cell(chosen, seed)
    return found


def pooled(outcomes: Sequence[Outcome], cells: Iterable[Cell], seed: int) -> Cell:
    """All families together; chance and majority are the families' own, weighted by size."""
    listed = list(cells)
    blind: Blind = {}
    for name in ("chance", "majority"):
        known = [(getattr(c, name), c.n) for c in listed if getattr(c, name) is not None]
        total = sum(n for _, n in known)
        blind[name] = sum(value * n for value, n in known) / total if total else None
    return cell(outcomes, seed, blind)


def blind_scores(samples: Sequence[Sample]) -> Blind:
    """What is right without looking at a clip: by chance, and by the best constant answer.

    The constant is chosen after the fact, which flatters it: a bar, not a rival.
    """
    if not samples:
        return {"chance": None, "majority": None}
    if samples[0].answer_type == "caption":
        return _blind_captions(samples)
    chance = [1 / len(s.options) for s in samples if s.options]
    letters = Counter(letter for s in samples for letter in set(s.ground_truth))
    texts = Counter(truth_of(s) for s in samples)
    most = max(letters.most_common(1)[0][1], texts.most_common(1)[0][1])
    return {"chance": _mean(chance) if chance else None, "majority": most / len(samples)}


def _blind_captions(samples: Sequence[Sample]) -> Blind:
    """References of other clips: the next one's for each sample, and the best one for all."""
    if len(samples) < 2:
        return {"chance": None, "majority": None}
    said = [stated(s.ground_truth[0]) for s in samples]
    shifted = [
        score_caption(said[(place + 1) % len(said)], sample.true_facts).f1
        for place, sample in enumerate(samples)
    ]
    constants = said[:_MOST_CONSTANTS]
    means = [_mean([score_caption(one, s.true_facts).f1 for s in samples]) for one in constants]
    return {"chance": _mean(shifted), "majority": max(means)}


def critic_shares(outcomes: Iterable[Outcome], threshold: float) -> CriticShares:
    """How the critic took true captions, corrupted ones, and false ones of the actor."""
    said: defaultdict[str, list[Said]] = defaultdict(list)
    fooled: list[bool] = []
    for outcome in outcomes:
        fooled += outcome.wrong_accepted
        for judged in outcome.judged:
            said[judged.kind].append(judged.said(threshold))
    true = count_rejected(said.pop(TRUE, []))
    corrupted = count_rejected([one for each in said.values() for one in each])
    kinds = {kind: count_rejected(each) for kind, each in sorted(said.items())}
    return CriticShares(
        true=true,
        corrupted=corrupted,
        kinds=kinds,
        true_rejected=true.share,
        true_n=true.n,
        corrupted_rejected=corrupted.share,
        by_kind={kind: each.share for kind, each in kinds.items()},
        by_kind_n={kind: each.n for kind, each in kinds.items()},
        wrong_given_actor_wrong=_mean(fooled) if fooled else None,
        wrong_given_actor_wrong_n=len(fooled),
    )


def _unparsed(outcomes: Iterable[Outcome], arm: Arm) -> int:
    return sum(arm in o.scores and not o.scores[arm].parsed for o in outcomes)


def _by_arm(noted: Iterable[set[Arm]]) -> dict[str, int]:
    """How many samples noted an arm; those that none did are left out."""
    counts = Counter(arm for arms in noted for arm in arms)
    return {arm: counts[arm] for arm in ARMS if counts[arm]}


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
