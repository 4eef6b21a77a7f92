"""What is to be measured, and whether it can be: everything that is looked at before a run."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aurelia.bench.rollouts import Rollouts, open_rollouts
from aurelia.bench.run.condition import Condition
from aurelia.bench.run.conditions import choose_conditions
from aurelia.bench.run.hall import Hall, check_rollouts
from aurelia.bench.run.manifest import check_same_samples
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample
from aurelia.errors import InputError
from aurelia.graph.context import make_context
from aurelia.media.fetch import is_url
from aurelia.models.faults import redact
from aurelia.models.grounded import asked_as
from aurelia.models.registry import resolve_model


@dataclass(frozen=True, slots=True)
class RunOrder:
    """What is to be measured.

    Attributes:
        samples: of the file.
        folder: where replies are kept.
        targets: model strings.
        modes: names.
        controls: `cheap`, `all`, `none`, or names with commas between them.
        r_star: the folder of rollouts; None: no condition may need one.
        settings: of the benchmark.
        context: fields of `Context` for all requests.
        limit: only so many samples, the first ones.
        retry_failed: whether replies that failed are asked for again.
        give_up_after: replies in a row whose models failed; 0: never.
        max_cost: USD; once all replies of the folder have cost it, no further one is begun.
        rendered: how the clips were rendered, where they were.
    """

    samples: Path
    folder: Path
    targets: Sequence[str]
    modes: Sequence[str] = ("zero_shot", "distilled")
    controls: str = "cheap"
    r_star: Path | None = None
    settings: RunSettings = field(default_factory=RunSettings)
    context: Mapping[str, Any] = field(default_factory=dict)
    limit: int | None = None
    retry_failed: bool = False
    give_up_after: int = 50
    max_cost: float | None = None
    rendered: Mapping[str, Any] | None = None


def limited(samples: list[Sample], limit: int | None) -> list[Sample]:
    """The first samples.

    Raises:
        InputError: the limit is none.
    """
    if limit is not None and limit < 1:
        raise InputError(f"The limit is {limit}; give 1 or more samples.")
    return samples[:limit]


def checked_targets(order: RunOrder) -> list[str]:
    """The targets, each one that can be asked.

    Raises:
        InputError: there is none, one is given twice, or a string names no model.
    """
    if not order.targets:
        raise InputError("No target is given; name one or more with --targets.")
    for name, count in Counter(order.targets).items():
        if count > 1:
            raise InputError(f"The target {redact(name)!r} is given {count} times; give it once.")
    sampling = make_context(**order.context).target_sampling
    for name in order.targets:
        make_context(**{**order.context, "target": name})
        resolve_model(asked_as("target", name)).check_sampling(sampling)
    return list(order.targets)


def chosen_conditions(order: RunOrder) -> list[Condition]:
    """The conditions; of a group of controls, those that need rollouts go where there are none.

    Raises:
        InputError: a name is unknown, or a condition needs rollouts and there are none.
    """
    chosen = choose_conditions(order.modes, order.controls)
    if order.r_star is not None:
        return chosen
    grouped = order.controls in ("cheap", "all")
    kept = [c for c in chosen if not c.needs_rollout or c.name in order.modes or not grouped]
    if needing := [c.name for c in kept if c.needs_rollout]:
        raise InputError(
            f"{', '.join(needing)} can't be asked without rollouts; make them with `aurelia "
            f"generate {order.samples} -o DIR` and give --r-star DIR."
        )
    return kept


def found_rollouts(
    order: RunOrder, conditions: Sequence[Condition], samples: Sequence[Sample]
) -> tuple[Rollouts | None, list[str], int]:
    """The rollouts, what should be known of them, and how many repeats they have.

    Raises:
        InputError: there are none, or they are of other samples or too few repeats.
    """
    if order.r_star is None or not any(c.needs_rollout for c in conditions):
        return None, [], 1
    rollouts = open_rollouts(order.r_star)
    note = check_same_samples(rollouts, samples, order.samples)
    return rollouts, [note] if note else [], check_rollouts(rollouts, order.settings)


def missing_clips(samples: Sequence[Sample]) -> list[str]:
    """A note where clips are missing."""
    gone = [s for s in samples if not is_url(s.clip) and not Path(s.clip).exists()]
    if not gone:
        return []
    many = f"{len(gone)} samples" if len(gone) > 1 else "1 sample"
    return [
        f"The clip of {many} is missing, first {gone[0].clip} of {gone[0].id!r}: they are recorded "
        "as failed and stay in the denominator."
    ]


def missing_rollouts(hall: Hall, conditions: Sequence[Condition]) -> list[str]:
    """A note where samples have no rollout."""
    if hall.rollouts is None or not any(c.needs_rollout for c in conditions):
        return []
    gone = [sample_id for sample_id in hall.samples if not hall.rollout_state(sample_id, 0)]
    if not gone:
        return []
    return [
        f"{len(gone)} of {len(hall.samples)} samples have no rollout, first {gone[0]!r}: their "
        "zero-shot reply stands until there is one and this command is run again."
    ]
