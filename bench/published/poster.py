"""The figures of the AURELIA poster (ICCV 2025): facts in `poster.csv` and `categories.csv`.

The poster prints two zero-shot figures a cell, `a / b`, and does not say how they differ. All its
gains that can be recomputed follow from the second. Its closed models have no distilled figure, and
one open model lacks two columns.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOLERANCE = 0.15
"""A published gain within so many points of the recomputed one is taken to be rounded from it."""


@dataclass(frozen=True, slots=True)
class PublishedColumn:
    """A column of the poster.

    Attributes:
        title: as a table prints it.
        metric: what is measured in; None where nothing points to one.
        stated: whether the publication names that metric. None of the material at hand does;
            accuracy is assumed where the questions have closed answers.
    """

    title: str
    metric: str | None
    stated: bool = False


COLUMNS = {
    "music_avqa": PublishedColumn("Music-AVQA", "accuracy"),
    "avsd": PublishedColumn("AVSD", None),
    "av_captioning": PublishedColumn("AV caption", None),
    "av_compositional": PublishedColumn("AV-Comp", "accuracy"),
    "av_geoiq": PublishedColumn("AV-GeoIQ", "accuracy"),
    "av_meme": PublishedColumn("AV-Meme", "accuracy"),
    "dm_match": PublishedColumn("DM-Match", "accuracy"),
}
"""In the poster's order. `av_captioning` is VALOR, `dm_match` AV-Odyssey's dance and music."""


@dataclass(frozen=True, slots=True)
class PublishedCell:
    """One target in one column, in percent.

    Attributes:
        first, second: the two zero-shot figures.
        distilled: with r*; None for closed models.
        gain_percent: the relative gain as printed; None likewise.
    """

    target: str
    name: str
    column: str
    first: float
    second: float
    distilled: float | None
    gain_percent: float | None

    @property
    def recomputed(self) -> float | None:
        """(distilled - second) / second, in percent."""
        if self.distilled is None:
            return None
        return 100 * (self.distilled - self.second) / self.second

    @property
    def recomputes(self) -> bool | None:
        """Whether the printed gain follows from the printed figures; None without one."""
        if self.recomputed is None or self.gain_percent is None:
            return None
        return abs(self.recomputed - self.gain_percent) <= TOLERANCE + 1e-9


@dataclass(frozen=True, slots=True)
class PublishedCategory:
    """One of the seventeen categories; `classes` is None where none are counted."""

    name: str
    classes: int | None
    samples: int


@cache
def published() -> dict[tuple[str, str], PublishedCell]:
    """Every published cell, by target and column."""
    return {
        (row["target"], row["column"]): PublishedCell(
            target=row["target"],
            name=row["name"],
            column=row["column"],
            first=float(row["first"]),
            second=float(row["second"]),
            distilled=float(row["distilled"]) if row["distilled"] else None,
            gain_percent=float(row["gain_percent"]) if row["gain_percent"] else None,
        )
        for row in _rows("poster.csv")
    }


@cache
def published_categories() -> tuple[PublishedCategory, ...]:
    """The seventeen, in the published order."""
    return tuple(
        PublishedCategory(
            name=row["category"],
            classes=int(row["classes"]) if row["classes"] else None,
            samples=int(row["samples"]),
        )
        for row in _rows("categories.csv")
    )


def published_target(model: str) -> str | None:
    """The published target that a model string names exactly; None where it names none.

    `google_genai:gemini-1.5-pro?temperature=0` is `gemini-1.5-pro`; a local copy under another name
    has to be named by the user.
    """
    name = re.split(r"[:#/]", model.split("?", maxsplit=1)[0])[-1].casefold()
    return name if any(name == target for target, _ in published()) else None


def beside(
    target: str | None, column: str, metric: str, *, assume_accuracy: bool = False
) -> PublishedCell | None:
    """The published figures that may stand beside measured ones.

    Args:
        target: a published target; None: none.
        column: a task.
        metric: what was measured.
        assume_accuracy: take the likely metric of a column for its metric.

    Returns:
        None where target or metric differ, or the publication does not state its metric.
    """
    known = COLUMNS.get(column)
    if known is None or known.metric != metric or not (known.stated or assume_accuracy):
        return None
    return published().get((target or "", column))


def _rows(file: str) -> list[dict[str, str]]:
    with (Path(__file__).parent / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
