"""The benchmark's words: its tasks, its categories, and how many samples of each were published.

Counts are the poster's. It counts by category alone and names each category's sources, so a task
is known only as a range: what comes from it alone, and what it may share with others.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal, get_args

Task = Literal[
    "music_avqa",
    "avsd",
    "av_captioning",
    "av_compositional",
    "av_geoiq",
    "av_meme",
    "dm_match",
]
"""The columns of the published table: its six kinds of task, of which AVQA has two data sets."""

FurtherTask = Literal["daily_omni", "worldsense", "omnivideobench", "avhbench"]
"""Data sets that can be imported and have no column in the published table."""

TASKS: tuple[str, ...] = get_args(Task)
FURTHER_TASKS: tuple[str, ...] = get_args(FurtherTask)
OWN = "own"
"""The task of samples of your own; `own_<name>` names one of several."""


@dataclass(frozen=True, slots=True)
class Category:
    """One of the seventeen, with the tasks it draws on and its published number of samples."""

    name: str
    tasks: tuple[str, ...]
    samples: int


CATEGORIES = (
    Category("Country Recognition", ("av_geoiq",), 21),
    Category("Famous Landmark", ("av_geoiq",), 23),
    Category("Popular Dish/Food", ("av_geoiq",), 19),
    Category("Currency", ("av_geoiq",), 13),
    Category("Continent", ("av_geoiq",), 17),
    Category("Flag Specifics", ("av_geoiq",), 15),
    Category("Popular Dance Form", ("av_geoiq",), 20),
    Category("Geographical", ("av_geoiq",), 31),
    Category("Language", ("av_geoiq",), 13),
    Category("Commonsense Reasoning", ("av_geoiq", "av_meme", "dm_match"), 165),
    Category("Musical Performances", ("music_avqa", "av_geoiq"), 1014),
    Category("Dynamic Scene", ("avsd",), 931),
    Category("Meme and Humor", ("av_meme",), 50),
    Category("Dance Performances", ("dm_match",), 100),
    Category("Indoor/Kitchen Scenarios", ("av_captioning",), 945),
    Category("Compositional", ("av_compositional",), 968),
    Category("Miscellaneous", ("av_geoiq", "avsd", "av_captioning"), 159),
)
CATEGORY_NAMES = tuple(category.name for category in CATEGORIES)
PUBLISHED_TOTAL = sum(category.samples for category in CATEGORIES)
"""4,504; the paper's text says 4,500."""


def published_range(task: str) -> tuple[int, int] | None:
    """Fewest and most samples that the published counts leave a task; None outside the table."""
    if task not in TASKS:
        return None
    drawn = [category for category in CATEGORIES if task in category.tasks]
    return sum(c.samples for c in drawn if len(c.tasks) == 1), sum(c.samples for c in drawn)


def is_task(name: str) -> bool:
    """Whether a task is known: published, further, or marked as the user's own."""
    return name in (*TASKS, *FURTHER_TASKS) or bool(re.fullmatch(rf"{OWN}(_[A-Za-z0-9]+)*", name))


def nearest(name: str, known: Sequence[str]) -> str:
    """`; did you mean …?` where a known name is near, else nothing."""
    near = get_close_matches(name.lower(), [k.lower() for k in known], n=1, cutoff=0.6)
    spelt = next((k for k in known if near and k.lower() == near[0]), None)
    return f"; did you mean {spelt!r}?" if spelt else ""
