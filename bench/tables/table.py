"""The numbers of a table: each target in each column under each condition, and what one gains."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aurelia.bench.scorers.captions import FREQUENCY_NOTE
from aurelia.bench.stats import Interval
from aurelia.bench.stats_metric import Measured
from aurelia.bench.stats_paired import Gain, gain, metric_interval, share_interval, swap_p
from aurelia.bench.stats_tests import McNemar, holm, mcnemar, too_small
from aurelia.bench.tables.measure import measured, metrics_of
from aurelia.bench.tables.results import Result
from aurelia.errors import InputError

ASYMMETRY = 0.05
"""Shares of unread replies that differ by more between two conditions are pointed out."""

Place = tuple[str, str, str]
"""Target, column and metric."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One target in one column under one condition.

    Attributes:
        n: replies, failed and unread ones among them.
        videos: how many videos they are about.
        value: the metric, 0 to 1 (CIDEr-D 0 to 10).
        interval: 95 %, clustered by video.
        outcomes: how many of each.
    """

    n: int
    videos: int
    value: float
    interval: Interval
    outcomes: Counter[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two conditions on the samples that have both.

    Attributes:
        p: of the permutation test by video.
        adjusted: after Holm, over all targets and columns of the table.
        binary: McNemar's, where each video has one right-or-wrong sample; else None.
        warnings: what so few videos can't say.
    """

    n: int
    videos: int
    differing: int
    gain: Gain
    p: float
    adjusted: float
    binary: McNemar | None
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class ResultTable:
    """Everything that is printed, as numbers."""

    first: str
    second: str
    targets: list[str]
    columns: list[tuple[str, str]]
    conditions: list[str]
    cells: dict[tuple[Place, str], Cell] = field(default_factory=dict)
    comparisons: dict[Place, Comparison] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def make_table(
    results: Sequence[Result],
    *,
    first: str = "zero_shot",
    second: str = "distilled",
    seed: int = 0,
    draws: int = 4_000,
) -> ResultTable:
    """Compute a table.

    Args:
        results: of any targets, columns and conditions.
        first: the condition that gains are relative to.
        second: the condition that is compared with it; any two may be.
        seed: of the bootstrap and the permutation test.
        draws: of the bootstrap.

    Raises:
        InputError: there are no results, the two conditions are one, or they disagree about a
            sample's video or references.
    """
    if not results:
        raise InputError("There are no results to make a table of.")
    if first == second:
        raise InputError(f"{first!r} can't be compared with itself; name two conditions.")
    table = ResultTable(
        first=first,
        second=second,
        targets=list(dict.fromkeys(r.target for r in results)),
        columns=[],
        conditions=list(dict.fromkeys(r.condition for r in results)),
    )
    groups: dict[tuple[str, str, tuple[str, ...]], list[Result]] = {}
    for result in results:
        groups.setdefault((result.target, result.column, metrics_of(result)), []).append(result)
    for (_, column, metrics), chosen in groups.items():
        table.columns += [(column, m) for m in metrics if (column, m) not in table.columns]
        _fill(table, chosen, seed, draws)
    _correct(table)
    table.notes += _notes(table, results)
    return table


def _fill(table: ResultTable, results: list[Result], seed: int, draws: int) -> None:
    """All cells of one target in one column by the same metrics, and their comparisons."""
    target, column = results[0].target, results[0].column
    found = {
        condition: {(r.sample_id, r.repeat): r for r in results if r.condition == condition}
        for condition in dict.fromkeys(r.condition for r in results)
    }
    whole = {condition: measured(list(listed.values())) for condition, listed in found.items()}
    for condition, metrics in whole.items():
        for metric, values in metrics.items():
            cell = _cell(list(found[condition].values()), metric, values, seed, draws)
            table.cells[(target, column, metric), condition] = cell
    one, other = found.get(table.first, {}), found.get(table.second, {})
    common = [key for key in one if key in other]
    if not common:
        return
    _check_alike([(one[key], other[key]) for key in common])
    pairs = [one[key] for key in common], [other[key] for key in common]
    if list(one) == list(other):  # measuring captions takes a while
        both = whole[table.first], whole[table.second]
    else:
        both = measured(pairs[0]), measured(pairs[1])
    for metric in both[0]:
        compared = _compare(*pairs, both[0][metric], both[1][metric], metric, seed, draws)
        table.comparisons[target, column, metric] = compared
    if alone := one.keys() ^ other.keys():
        table.notes.append(
            f"{target}, {column}: {len(alone)} replies have no partner under the other condition "
            "and are left out of the gain."
        )


def _cell(results: list[Result], metric: str, values: Measured, seed: int, draws: int) -> Cell:
    videos = [r.video for r in results]
    shares = metric not in ("cider_d", "bleu_4") and all(0 <= r.score <= 1 for r in results)
    interval = (
        share_interval(values.parts[:, 0].tolist(), videos, seed=seed, draws=draws)
        if shares
        else metric_interval(values, videos, seed=seed, draws=draws)
    )
    outcomes = Counter(str(r.outcome) for r in results)
    return Cell(len(results), len(set(videos)), values.value, interval, outcomes)


def _check_alike(pairs: list[tuple[Result, Result]]) -> None:
    """Refuse conditions that disagree about what the sample is."""
    for one, other in pairs:
        if (one.video, one.references) != (other.video, other.references):
            what = "video" if one.video != other.video else "references"
            raise InputError(
                f"{one.target}, {one.column}, {one.sample_id}: {one.condition} and "
                f"{other.condition} name different {what}; they are not the same sample."
            )


def _compare(
    first: list[Result],
    second: list[Result],
    one: Measured,
    other: Measured,
    metric: str,
    seed: int,
    draws: int,
) -> Comparison:
    videos = [r.video for r in first]
    differs = (one.parts != other.parts).any(axis=1)
    single = len(set(videos)) == len(videos)
    binary = metric == "accuracy" and all(r.score in (0, 1) for r in (*first, *second))
    return Comparison(
        n=len(first),
        videos=len(set(videos)),
        differing=len({video for video, yes in zip(videos, differs, strict=True) if yes}),
        gain=gain(one, other, videos, seed=seed, draws=draws),
        p=swap_p(one, other, videos, seed=seed),
        adjusted=1.0,
        binary=mcnemar([r.score for r in first], [r.score for r in second], videos)
        if single and binary
        else None,
    )


def _correct(table: ResultTable) -> None:
    """Holm over the whole table, and warnings that know how many tests there are."""
    adjusted = holm({place: found.p for place, found in table.comparisons.items()})
    for place, found in table.comparisons.items():
        cell = table.cells[place, table.second]
        width = cell.interval if place[2] == "accuracy" else None
        warnings = too_small(found.videos, found.differing, len(adjusted), width)
        table.comparisons[place] = replace(
            found, adjusted=adjusted[place], warnings=tuple(warnings)
        )


def _notes(table: ResultTable, results: Sequence[Result]) -> list[str]:
    notes = []
    if any(metric == "cider_d" for _, metric in table.columns):
        clips = len({(r.column, r.sample_id) for r in results if r.caption is not None})
        notes.append(FREQUENCY_NOTE.format(clips=clips))
    for place in table.comparisons:
        pair = [table.cells[place, condition] for condition in (table.first, table.second)]
        shares = [cell.outcomes["unparsed"] / cell.n for cell in pair]
        if abs(shares[1] - shares[0]) > ASYMMETRY and place[2] not in ("bleu_4", "rouge_l"):
            notes.append(
                f"{place[0]}, {place[1]}: {100 * shares[0]:.0f} % of the replies under "
                f"{table.first} could not be read and {100 * shares[1]:.0f} % under "
                f"{table.second}; part of the difference may be one of form."
            )
    return notes
