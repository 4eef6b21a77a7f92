"""`run_mechanism`: render, run the loop, ask a target that lacks a sense, and sum up."""

import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

from aurelia.bench.folder import made
from aurelia.bench.mechanism.plan import (
    DEAF,
    DIFFICULTIES,
    Difficulty,
    Models,
    Plan,
    Rendered,
    Source,
    Split,
    jobs_for,
)
from aurelia.bench.mechanism.pool import Pool
from aurelia.bench.mechanism.report import MechanismReport
from aurelia.bench.mechanism.summary import cells, critic_shares, pooled
from aurelia.errors import InputError
from aurelia.graph.context import OFFLINE, PRESETS, make_context
from aurelia.models.registry import resolve_model
from aurelia.nodes.judging import critic_models
from aurelia.types.reasoning import RStarForm

MOST_WORKERS = 4


def run_mechanism(
    count: int,
    seed: int,
    *,
    families: Sequence[str] | None = None,
    difficulties: Sequence[Difficulty] = DIFFICULTIES,
    split: Split = "held_out",
    target: str = DEAF,
    actor: str = OFFLINE,
    summarizer: str = OFFLINE,
    critic: str = OFFLINE,
    panel: Sequence[str] = (),
    threshold: float = 6.0,
    max_iterations: int = 5,
    workers: int | None = None,
    folder: Path | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    source: Source | None = None,
) -> MechanismReport:
    """Measure on rendered clips what r* does for a target, and what the critic lets pass.

    Runs in processes that import this program anew: a script that calls it needs the usual
    `if __name__ == "__main__":`, and names given to `register_model` are unknown there. Ctrl-C
    ends it after the samples under way; the report is of what was done until then, marked
    `interrupted`.

    Args:
        count: samples for each family and difficulty.
        seed: of the clips, and of bootstrap and permutations.
        families: names of families; None: all that `source` has.
        difficulties: `clean`, `noisy`, or both.
        split: which appearances the clips have.
        target: the model that answers without and with r*.
        actor: the model that proposes steps.
        summarizer: the model that writes captions.
        critic: the model that scores captions, `grounded:` included.
        panel: further critics; the median of all their scores counts.
        threshold: a caption is accepted at this score, 1 to 10.
        max_iterations: passes of the loop at most.
        workers: number of processes; None: one for each CPU, at most 4.
        folder: where clips and the cache (with replies that were paid for) are kept; None: both
            are deleted.
        on_progress: called now and then with samples done and samples in all.
        source: where samples come from; None: the renderer.

    Raises:
        InputError: a number, a name, a model or the folder can't be used.
        KeyboardInterrupt: interrupted before any sample was done.
    """
    source = source or Rendered()
    families = list(dict.fromkeys(families or source.families))
    models = Models(target, actor, summarizer, critic, threshold, max_iterations, tuple(panel))
    _check(count, families, source, models, workers)
    jobs = jobs_for(families, difficulties, count)
    total = count * len(families) * len(difficulties)
    workers = min(workers or min(MOST_WORKERS, os.cpu_count() or 1), len(jobs))
    begun = time.monotonic()
    with ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="aurelia-bench-")))
        home = made(folder) if folder else scratch
        pool = Pool(
            Plan(seed, split, models, home, folder is not None, source),
            workers,
            home / "cache",
            lambda done: on_progress(min(done, total), total) if on_progress else None,
        )
        finished = pool.run(jobs)
    if not pool.outcomes:
        raise KeyboardInterrupt
    outcomes = sorted(pool.outcomes, key=lambda o: (o.difficulty, o.family, o.index))
    by_family = cells(outcomes, families, difficulties, seed)
    return MechanismReport(
        count=count,
        n=len(outcomes),
        interrupted=not finished,
        seed=seed,
        split=split,
        difficulties=list(difficulties),
        target=target,
        models=models.by_role,
        threshold=threshold,
        max_iterations=max_iterations,
        versions=_versions(),
        configured=_configured(models),
        note=note(models),
        families=by_family,
        pooled={
            difficulty: pooled(
                [o for o in outcomes if o.difficulty == difficulty],
                [each[difficulty] for each in by_family.values() if difficulty in each],
                seed,
            )
            for difficulty in difficulties
            if any(o.difficulty == difficulty for o in outcomes)
        },
        critic=critic_shares(outcomes, threshold),
        seconds_per_clip=(time.monotonic() - begun) / len(outcomes),
        workers=workers,
        failures=[o.failed for o in outcomes if o.failed],
    )


def _versions() -> dict[str, str]:
    """What the numbers depend on, as installed."""
    names = ("aurelia", "av", "langgraph", "numpy", "scipy")
    return {"python": platform.python_version()} | {name: version(name) for name in names}


def _configured(models: Models) -> dict[str, Any]:
    """What `aurelia.toml` and the environment change of a run's settings."""
    context = make_context(**models.settings)
    defaults = {"default", *(f"preset {name}" for name in PRESETS)}
    named = {k: s for k, s in context.sources.items() if s not in defaults}
    held = context.model_dump(mode="json", include=set(named) - set(models.settings))
    return {name: {"value": value, "from": named[name]} for name, value in held.items()}


def note(models: Models) -> str:
    """What a run with these models is evidence for, and what it is not."""
    lacking = {"deaf": "deaf by construction", "blind": "blind by construction"}
    target = next((v for k, v in lacking.items() if f"modality={k}" in models.target), "as named")
    return (
        f"Rendered clips; r* as {_form(models)}, the target {target}: this shows the mechanism, "
        "and is no evidence of the paper's gains."
    )


def _form(models: Models) -> RStarForm:
    return make_context(**models.settings).r_star


def _check(
    count: int, families: Sequence[str], source: Source, models: Models, workers: int | None
) -> None:
    if count < 1:
        raise InputError(f"The count is {count}; render at least 1 clip of each family.")
    if workers is not None and workers < 1:
        raise InputError(f"The number of workers is {workers}; give 1 or more.")
    known = source.families
    for name in families:
        if name not in known:
            raise InputError(f"There is no family {name!r}; there are: {', '.join(known)}.")
    critics = critic_models(make_context(**models.settings))
    for model in (models.target, models.actor, models.summarizer, *critics):
        resolve_model(model)
