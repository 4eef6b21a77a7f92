"""The functional leak: what a reader without the clip gains from r*."""

from collections.abc import Iterable, Sequence

from aurelia.bench.controls.contrast import Contrast, Scores, contrast, scores_by
from aurelia.bench.controls.written import ranged, share
from aurelia.bench.run.score import SAMPLES, ScoredRun
from aurelia.bench.sample import Sample, read_samples
from aurelia.bench.stats_tests import holm
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import p_text, percent


def leak_grid(run: ScoredRun, seed: int = 0) -> Grid:
    """The reader's gain, over all samples and over those that have accepted steps."""
    head = ("n", "no clip", "with r*", "gain (95 %)", "p (Holm)", "with clip", "chance")
    grid = Grid("What r* gives away", head)
    chance, scores = _chance_of(run), scores_by(run)
    lines: dict[tuple[str, str], Sequence[Scores]] = {}
    for target in run.targets:
        names = ("text_only", "text_only_r_star", "zero_shot", "distilled")
        every = [scores[target, name] for name in names]
        kept = [
            {k: r for k, r in of.items() if (target, k[1], k[2]) in run.accepted} for of in every
        ]
        lines |= {(target, "all samples"): every, (target, "with accepted steps"): kept}
    gains = {
        place: gain
        for place, (bare, told, *_) in lines.items()
        if (gain := contrast((1, told), (-1, bare), seed=seed))
    }
    # Each label is a family: where nothing was accepted nothing changes, so that a target's two
    # lines are one test, and correcting for both would hide a leak.
    ps: dict[tuple[str, str], float] = {}
    for label in dict.fromkeys(label for _, label in gains):
        ps |= holm({place: gain.p for place, gain in gains.items() if place[1] == label})
    for place, gain in gains.items():
        grid.rows.append(_row(place, lines[place], gain, ps[place], chance, seed))
    if grid.rows:
        readers = len({target for target, _ in gains})
        grid.notes.append(
            "A reader who has no clip can't follow steps into it: what it gains, r* gives away; "
            f"p of the permutation test by video, after Holm over readers ({readers}). "
            "With clip: what the target gains with the clip at hand. Chance: of the choices "
            "that a question offers; `-` where it offers none. Accuracy without clip above chance "
            "is what questions and options give away by themselves."
        )
    return grid


def _row(
    place: tuple[str, str],
    scores: Sequence[Scores],
    gain: Contrast,
    p: float,
    chance: dict[str, float],
    seed: int,
) -> GridRow:
    bare, told, alone, helped = scores
    guessed = [chance[key[1]] for key in bare if key in told and key[1] in chance]
    cells = (
        str(gain.n),
        share(contrast((1, {key: bare[key] for key in bare if key in told}), seed=seed)),
        share(contrast((1, {key: told[key] for key in told if key in bare}), seed=seed)),
        ranged(gain),
        p_text(p),
        ranged(contrast((1, helped), (-1, alone), seed=seed, tested=False)),
        percent(sum(guessed) / gain.n) if len(guessed) == gain.n else "-",
    )
    return GridRow(*place, cells)


def _chance_of(run: ScoredRun) -> dict[str, float]:
    return chances(read_samples(run.folder / SAMPLES))


def chances(samples: Iterable[Sample]) -> dict[str, float]:
    """By sample, the accuracy of a blind guess among what a question offers."""
    found = {}
    for sample in samples:
        if sample.answer_type == "option" and sample.options:
            found[sample.id] = len(set(sample.ground_truth)) / len(sample.options)
        elif sample.answer_type == "yes_no":
            found[sample.id] = 0.5
    return found
