"""Scored replies of one target in one column as metrics."""

from collections.abc import Sequence

from aurelia.bench.scorers.captions import CAPTION_METRICS, caption_parts
from aurelia.bench.stats_metric import Measured, mean_of
from aurelia.bench.tables.results import Result
from aurelia.evaluators.bleu import bleu_4


def metrics_of(result: Result) -> tuple[str, ...]:
    """The metrics that a reply is measured by; what shares them is measured together."""
    return (result.metric,) if result.caption is None else CAPTION_METRICS


def measured(results: Sequence[Result]) -> dict[str, Measured]:
    """What each reply adds to each metric that it is measured by, in the order given.

    Args:
        results: of one target, column and condition, with the same metrics; of captions all of the
            set, for their references make the document frequency.
    """
    if results[0].caption is None:
        return {results[0].metric: mean_of([result.score for result in results])}
    parts = caption_parts([r.caption or "" for r in results], [r.references for r in results])
    values = (
        mean_of(parts.cider.tolist()),
        Measured(parts.bleu, bleu_4),
        mean_of(parts.rouge.tolist()),
    )
    return dict(zip(CAPTION_METRICS, values, strict=True))
