"""The clip and r*: what each gives, alone and together."""

from aurelia.bench.controls.contrast import Scores, common, contrast, scores_by
from aurelia.bench.controls.probed import TITLES
from aurelia.bench.controls.written import ranged, share
from aurelia.bench.run.score import ScoredRun
from aurelia.bench.stats_paired import FEW
from aurelia.bench.tables.grid import Grid, GridRow

ROWS: dict[str, str] = {"text_only": "no clip", **{str(k): v for k, v in TITLES.items()}}
"""Ways of losing the clip, or a part of it; each has a twin `<name>_r_star`."""


def media_grid(run: ScoredRun, seed: int = 0) -> Grid:
    """A 2x2 for each loss: the clip there or not, r* there or not, and what they do together.

    Each block rests on the samples that have all four replies, so its first line differs from one
    block to the next where a probe can't be made of every clip.
    """
    grid = Grid("The clip and r*", ("n", "without r*", "with r*", "gain of r* (95 %)"))
    scores = scores_by(run)
    for target in run.targets:
        own = scores[target, "zero_shot"], scores[target, "distilled"]
        for name, title in ROWS.items():
            lost = scores[target, name], scores[target, f"{name}_r_star"]
            grid.rows += _block(target, title, own, lost, seed)
    grid.notes += _notes(grid)
    return grid


def _block(
    target: str, title: str, own: tuple[Scores, Scores], lost: tuple[Scores, Scores], seed: int
) -> list[GridRow]:
    keys = common(*own, *lost)
    if not keys:
        return []
    (alone, helped), (bare, told) = (
        tuple({key: scores[key] for key in keys} for scores in pair) for pair in (own, lost)
    )
    videos = len({alone[key].video for key in keys})

    def line(label: str, first: Scores, second: Scores) -> GridRow:
        gain = contrast((1, second), (-1, first), seed=seed, tested=False)
        values = share(contrast((1, first), seed=seed)), share(contrast((1, second), seed=seed))
        return GridRow(target, label, (str(len(keys)), *values, ranged(gain)))

    both = contrast((1, helped), (-1, alone), (-1, told), (1, bare), seed=seed, tested=False)
    worth = (
        ranged(contrast((1, alone), (-1, bare), seed=seed, tested=False)),
        ranged(contrast((1, helped), (-1, told), seed=seed, tested=False)),
    )
    few = "*" if videos < FEW else ""
    return [
        line("the clip", alone, helped),
        line(title, bare, told),
        GridRow(target, f"  lost by that{few}", ("", *worth, ranged(both)), "interval"),
    ]


def _notes(grid: Grid) -> list[str]:
    notes = [
        "In percent and points. Lost by that: the first line less the second; in the last column "
        "the interaction, what r* gains more where the clip is whole (bootstrap by video). Near 0 "
        "where r* gains, it gains as much without what was taken away: it then tells, and does not "
        "guide. All alike: every video agrees, and no interval can be had from them. Where nothing "
        "was accepted the reply without r* stands in both columns."
    ]
    if any(row.label.endswith("*") for row in grid.rows):
        notes.append(
            f"*: fewer than {FEW} videos; a bootstrap interval of so few is too narrow to be left "
            "alone."
        )
    return notes
