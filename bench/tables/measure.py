"""Scored replies of one target in one column as metrics."""

from collections.abc import Sequence

from aurelia.bench.scorers.captions import CAPTION_METRICS, caption_parts
from aurelia.bench.stats_metric import Measured, mean_of
from aurelia.bench.tables.results import Result
from aurelia.errors import InputError
from aurelia.evaluators.bleu import bleu_4


def metrics_of(results: Sequence[Result]) -> tuple[str, ...]:
    """The metrics that some replies are measured by.

    Raises:
        InputError: captions stand among other answers, or several metrics are mixed.
    """
    captions = {result.caption is not None for result in results}
    names = {result.metric for result in results if result.caption is None}
    if len(captions) > 1 or len(names) > 1:
        mixed = sorted({*names, *(["captions"] if True in captions else [])})
        first = results[0]
        raise InputError(
            f"{first.target}, {first.column}: {' and '.join(mixed)} stand in one column; give each "
            "metric a column of its own."
        )
    return CAPTION_METRICS if True in captions else (names.pop(),)


def measured(results: Sequence[Result]) -> dict[str, Measured]:
    """What each reply adds to each metric that it is measured by, in the order given.

    Args:
        results: of one target, column and condition; of captions all of the set, for their
            references make the document frequency.

    Raises:
        InputError: as for `metrics_of`.
    """
    names = metrics_of(results)
    if results[0].caption is None:
        return {names[0]: mean_of([result.score for result in results])}
    parts = caption_parts([r.caption or "" for r in results], [r.references for r in results])
    return {
        "cider_d": mean_of(parts.cider.tolist()),
        "bleu_4": Measured(parts.bleu, bleu_4),
        "rouge_l": mean_of(parts.rouge.tolist()),
    }
