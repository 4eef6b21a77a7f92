"""The functional leak: what a reader without the clip gains from r*."""

from collections.abc import Iterable, Sequence

from aurelia.bench.controls.contrast import Scores, contrast, scores_by
from aurelia.bench.controls.written import ranged, share
from aurelia.bench.run.score import SAMPLES, ScoredRun
from aurelia.bench.sample import Sample, read_samples
from aurelia.bench.tables.grid import Grid, GridRow
from aurelia.bench.tables.numbers import p_text, percent


def leak_grid(run: ScoredRun, seed: int = 0) -> Grid:
    """The reader's gain, over all samples and over those that have accepted steps."""
    head = ("n", "no clip", "with r*", "gain (95 %)", "p", "with clip", "chance")
    grid = Grid("What r* gives away", head)
    chance, scores = _chance_of(run), scores_by(run)
    for target in run.targets:
        names = ("text_only", "text_only_r_star", "zero_shot", "distilled")
        every = [scores[target, name] for name in names]
        kept = [
            {k: r for k, r in of.items() if (target, k[1], k[2]) in run.accepted} for of in every
        ]
        grid.rows += _row(target, "all samples", every, chance, seed)
        grid.rows += _row(target, "with accepted steps", kept, chance, seed)
    if grid.rows:
        grid.notes.append(
            "A reader who has no clip can't follow steps into it: what it gains, r* gives away. "
            "With clip: what the target gains with the clip at hand. Chance: of the choices "
            "that a question offers; `-` where it offers none. Accuracy without clip above chance "
            "is what questions and options give away by themselves."
        )
    return grid


def _row(
    target: str, label: str, scores: Sequence[Scores], chance: dict[str, float], seed: int
) -> list[GridRow]:
    bare, told, alone, helped = scores
    gain = contrast((1, told), (-1, bare), seed=seed)
    if gain is None:
        return []
    guessed = [chance[key[1]] for key in bare if key in told and key[1] in chance]
    cells = (
        str(gain.n),
        share(contrast((1, {key: bare[key] for key in bare if key in told}), seed=seed)),
        share(contrast((1, {key: told[key] for key in told if key in bare}), seed=seed)),
        ranged(gain),
        p_text(gain.p),
        ranged(contrast((1, helped), (-1, alone), seed=seed, tested=False)),
        percent(sum(guessed) / gain.n) if len(guessed) == gain.n else "-",
    )
    return [GridRow(target, label, cells)]


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
