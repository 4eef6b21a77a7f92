"""How much changes when the same is run again, and how much from video to video.

A score is taken as the sum of what its video is like, what its question is like, and what this very
run added. The three variances are estimated by the analysis of variance of a nested design (Searle,
1971), for any numbers of questions a video and runs a question; an estimate below 0 is given as 0.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean, stdev

from pydantic import Field

from aurelia.bench.analysis.estimates import Share, share
from aurelia.types.reasoning import Record

_EQUAL = 1e-9


class RepeatRow(Record):
    """What repeats of one condition tell."""

    what: str = Field(description="E.g. `actor, default`, or `TARGET, distilled`.")
    repeats: int
    n: int = Field(description="Samples that have every repeat.")
    left_out: int = Field(description="Samples that lack one.")
    videos: int
    accuracies: list[float] = Field(description="Of each repeat, over the same samples.")
    mean: float
    sd: float | None = Field(description="Standard deviation of the accuracies; None for one.")
    expected_sd: float | None = Field(
        description="What single runs' variance alone would give: √(run / n)."
    )
    changed: Share = Field(description="Samples that do not come out alike in every repeat.")
    video_variance: float | None = None
    sample_variance: float | None = Field(default=None, description="Within a video.")
    run_variance: float | None = Field(default=None, description="Within a sample.")


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of one sample, one a repeat."""

    video: Hashable
    values: tuple[float, ...]


def repeat_row(
    what: str, scores: Mapping[tuple[str, int], float], videos: Mapping[str, str]
) -> RepeatRow | None:
    """The repeats of one condition; None where nothing was repeated.

    Args:
        what: a name for it.
        scores: by sample and repeat.
        videos: by sample.
    """
    numbers = sorted({repeat for _, repeat in scores})
    names = list(dict.fromkeys(name for name, _ in scores))
    if len(numbers) < 2:
        return None
    whole = [name for name in names if all((name, r) in scores for r in numbers)]
    if not whole:
        return None
    each = [Scores(videos[name], tuple(scores[name, r] for r in numbers)) for name in whole]
    accuracies = [fmean(s.values[n] for s in each) for n in range(len(numbers))]
    video, sample, run = components(each)
    return RepeatRow(
        what=what,
        repeats=len(numbers),
        n=len(whole),
        left_out=len(names) - len(whole),
        videos=len({s.video for s in each}),
        accuracies=accuracies,
        mean=fmean(accuracies),
        sd=stdev(accuracies),
        expected_sd=None if run is None else sqrt(run / len(each)),
        changed=share(sum(max(s.values) - min(s.values) > _EQUAL for s in each), len(each)),
        video_variance=video,
        sample_variance=sample,
        run_variance=run,
    )


def components(each: Sequence[Scores]) -> tuple[float | None, float | None, float | None]:
    """Variance between videos, between samples of a video, and between runs of a sample.

    None where the design can't tell them: one run a sample, one sample a video, one video. Where no
    video has two samples, the first two stand together as that between videos.
    """
    total = sum(len(s.values) for s in each)
    groups: dict[Hashable, list[Scores]] = {}
    for s in each:
        groups.setdefault(s.video, []).append(s)
    run_freedom = total - len(each)
    if not run_freedom:
        return None, None, None
    run = sum((v - fmean(s.values)) ** 2 for s in each for v in s.values) / run_freedom
    sizes = {video: sum(len(s.values) for s in group) for video, group in groups.items()}
    middles = {
        video: sum(sum(s.values) for s in group) / sizes[video] for video, group in groups.items()
    }
    squares = {video: sum(len(s.values) ** 2 for s in group) for video, group in groups.items()}
    within = sum(squares[video] / sizes[video] for video in groups)
    sample: float | None = None
    if freedom := len(each) - len(groups):
        mean_square = (
            sum(len(s.values) * (fmean(s.values) - middles[s.video]) ** 2 for s in each) / freedom
        )
        sample = max(0.0, (mean_square - run) / ((total - within) / freedom))
    if not (freedom := len(groups) - 1):
        return None, sample, run
    middle = sum(sum(s.values) for s in each) / total
    mean_square = sum(sizes[v] * (middles[v] - middle) ** 2 for v in groups) / freedom
    runs_a_sample = (within - sum(squares.values()) / total) / freedom
    runs_a_video = (total - sum(size**2 for size in sizes.values()) / total) / freedom
    rest = run + runs_a_sample * (sample or 0.0)
    return max(0.0, (mean_square - rest) / runs_a_video), sample, run
