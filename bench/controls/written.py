"""How shares, changes and their p values stand in a cell."""

from aurelia.bench.controls.contrast import Contrast
from aurelia.bench.tables.numbers import p_text, percent, span


def share(found: Contrast | None) -> str:
    """`58.3 (50.1–66.0)`, in percent; `-` where there is none."""
    return f"{percent(found.value)} ({span(found.interval)})" if found else "-"


def change(found: Contrast | None, p: float | None = None) -> str:
    """`+3.1 (0.032)`: points, and a p value; its own unless another is given."""
    if found is None:
        return "-"
    return f"{100 * found.value:+.1f} ({p_text(found.p if p is None else p)})"


def ranged(found: Contrast | None) -> str:
    """`+3.1 (+0.4…+5.9)`, in points with the 95 % interval; where all videos agree, resampling them
    says nothing of how sure that is, and the cell says so."""
    if found is None:
        return "-"
    point = found.interval.low == found.interval.high
    return f"{100 * found.value:+.1f} ({'all alike' if point else span(found.interval, sign=True)})"
