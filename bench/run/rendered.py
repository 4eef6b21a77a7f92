"""The rendered benchmark on the road of any other: samples, rollouts, and then a run."""

from collections.abc import Callable, Sequence
from itertools import count as iterate
from pathlib import Path
from typing import Any, Literal

from aurelia.bench.folder import made
from aurelia.bench.generate.order import Order, make_variants
from aurelia.bench.generate.pool import Bounds
from aurelia.bench.generate.run import generate
from aurelia.bench.sample import read_samples
from aurelia.bench.settled import settle
from aurelia.errors import RunError
from aurelia.graph.context import OFFLINE

CLIPS, ROLLOUTS = "clips", "rollouts"
SETTINGS: dict[str, Any] = {
    "actor": OFFLINE,
    "summarizer": OFFLINE,
    "critic": OFFLINE,
    "panel": [],
    # Logs of full depth cost nothing here, and every analysis can read them.
    "stop_when": "never",
    "max_iterations": 3,
}
_SPLIT: Literal["dev"] = "dev"
"""Whatever is looked at while something is built; the held-out clips are for the last word."""


def render_samples(
    folder: Path,
    families: Sequence[str],
    count: int,
    seed: int,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Path:
    """Render clips below a folder of results, once.

    Returns:
        The samples file.

    Raises:
        InputError: others were rendered there.
    """
    from aurelia.bench.rendered.render import render

    clips = made(folder / CLIPS)
    wanted = {"families": list(families), "count": count, "seed": seed, "split": _SPLIT}
    settle(clips, {"kind": "rendered", **wanted})
    path, done = clips / "samples.jsonl", iterate(1)
    if not path.exists():  # written last
        total = count * len(families)
        render(
            families,
            count,
            seed,
            clips,
            split=_SPLIT,
            on_sample=lambda _: on_progress(next(done), total),
        )
    return path


def generate_rendered(
    samples: Path,
    folder: Path,
    at_once: int,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
    **settings: Any,
) -> Path:
    """Rollouts of rendered samples by the offline models, on the road of `aurelia generate`.

    Args:
        samples: of the file.
        folder: below which they are kept.
        at_once: rollouts under way.
        on_progress: told how many of how many are done.
        settings: further fields of `Context`.

    Returns:
        The folder of the rollouts.
    """
    listed, done = read_samples(samples), iterate(1)
    variants = make_variants({}, {**SETTINGS, **settings})
    order = Order(samples, listed, variants)
    ended = generate(
        order,
        listed,
        folder / ROLLOUTS,
        Bounds(at_once),
        on_rollout=lambda _: on_progress(next(done), len(listed)),
    )
    if ended.missing:
        raise RunError(f"{ended.missing} rollouts of rendered clips are missing; run it again.")
    return folder / ROLLOUTS
