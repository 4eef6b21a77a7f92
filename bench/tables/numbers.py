"""How numbers of a table are written."""

from aurelia.bench.stats import Interval

CONDITIONS = {"zero_shot": "zero-shot", "distilled": "with r*"}
METRICS = {"cider_d": "CIDEr-D", "bleu_4": "BLEU-4", "rouge_l": "ROUGE-L", "fact_f1": "F1"}
SMALLEST_P = 0.001


def percent(value: float | None, digits: int = 1) -> str:
    """A share as percent without the sign: `70.6`; `-` where there is none."""
    return "-" if value is None else f"{100 * value:.{digits}f}"


def signed(value: float | None) -> str:
    """A relative change in percent: `+24.3`; `-` where it is not defined."""
    return "-" if value is None else f"{100 * value:+.1f}"


def span(interval: Interval | None, *, sign: bool = False) -> str:
    """The ends of an interval in percent: `65.2–74.9`; changes as `+3.1…+9.0`."""
    if interval is None:
        return "-"
    if sign:
        return f"{100 * interval.low:+.1f}…{100 * interval.high:+.1f}"
    return f"{100 * interval.low:.1f}–{100 * interval.high:.1f}"


def p_text(p: float) -> str:
    """A p value: `0.032`, `<0.001`."""
    return f"<{SMALLEST_P:g}" if p < SMALLEST_P else f"{p:.3f}"


def condition_text(condition: str) -> str:
    """A condition as a table names it."""
    return CONDITIONS.get(condition, condition)
