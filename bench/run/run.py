"""`open_run`: everything is looked at before anything is asked; then a run can be begun."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aurelia.bench.controls.texts import templates_of
from aurelia.bench.folder import made
from aurelia.bench.generate.sessions import Begun, Sessions
from aurelia.bench.journal import Journal
from aurelia.bench.run.hall import Hall
from aurelia.bench.run.manifest import manifest_of, settle_run
from aurelia.bench.run.order import (
    RunOrder,
    checked_targets,
    chosen_conditions,
    found_rollouts,
    limited,
    missing_clips,
    missing_rollouts,
)
from aurelia.bench.run.prompts import keep_prompts
from aurelia.bench.run.reply import HEAD, KEY, REPLIES, Reply
from aurelia.bench.run.score import SAMPLES
from aurelia.bench.run.work import Why, Work
from aurelia.bench.sample import Sample, read_samples, write_samples
from aurelia.bench.settled import check_kind
from aurelia.graph.context import Context, make_context
from aurelia.graph.sync import run_sync
from aurelia.models.faults import redact
from aurelia.nodes.budget import check_prices
from aurelia.nodes.injecting import target_prompts
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.template import Template


@dataclass(frozen=True, slots=True)
class OpenRun:
    """A run that can be begun.

    Attributes:
        work: what is to be asked; its `tally` goes on changing.
        total: replies in all.
        to_make: of them, those that are to be asked for.
        notes: what a reader should know, a sentence each.
        torn: bytes of a last line that a crash had torn off, and that were cut.
        session: number, and what became of the one before.
    """

    work: Work
    total: int
    to_make: int
    notes: list[str]
    torn: int
    session: Begun


@dataclass(frozen=True, slots=True)
class RunEnded:
    """How a run ended.

    Attributes:
        why: no more was begun.
        missing: replies that are not there.
        tally: how many replies of each status there are.
        paid_usd: for the replies, as far as prices are known.
        cost: the same in words, with the calls of unknown price.
    """

    why: Why
    missing: int
    tally: Counter[str]
    paid_usd: float
    cost: str


@contextmanager
def open_run(order: RunOrder) -> Iterator[OpenRun]:
    """Look at all that is given, take the folder's lock, and hand the run over.

    Reads files and looks models up; asks nobody.

    Raises:
        InputError: something given can't be used, the folder holds another run, or another process
            works on it; nothing was asked.
    """
    every = read_samples(order.samples)
    chosen = limited(every, order.limit)
    context = make_context(**order.context)
    prompts = context.load_prompts()
    targets = checked_targets(order)
    for bound in {order.max_cost, context.max_cost}:
        check_prices(context.model_copy(update={"max_cost": bound}), targets)
    conditions = chosen_conditions(order)
    rollouts, notes, repeats = found_rollouts(order, conditions, every)
    tasks = list(dict.fromkeys(sample.task for sample in chosen))
    asked = {t: _asked_with(t, context, prompts, tasks) for t in targets}
    manifest = manifest_of(
        order.samples,
        every,
        settings=order.settings,
        context=context,
        prompts=prompts,
        targets=targets,
        target_prompts={name: list(found) for name, found in asked.items()},
        conditions=conditions,
        rollouts=rollouts,
        rendered=order.rendered,
    )
    own = templates_of([c.name for c in conditions], context, tasks)
    folder = made(order.folder)
    check_kind(folder, "benchmark")
    with Journal(folder / REPLIES, KEY, HEAD) as journal:
        settle_run(folder, manifest)
        chosen = _keep_samples(folder, chosen, every)
        keep_prompts(folder, [t for t in prompts.templates.values() if t.role == "target"])
        keep_prompts(folder, [t for found in asked.values() for t in found.values()])
        keep_prompts(folder, own.values())
        by_id = {sample.id: sample for sample in chosen}
        hall = Hall(by_id, rollouts, context, prompts, order.settings, repeats)
        work = Work(
            hall,
            journal,
            conditions,
            targets,
            order.retry_failed,
            order.give_up_after,
            order.max_cost,
        )
        sessions = Sessions(folder)
        try:
            yield OpenRun(
                work,
                total=sum(1 for _ in work),
                to_make=work.to_make(),
                notes=notes + missing_clips(chosen) + missing_rollouts(hall, conditions),
                torn=journal.torn,
                session=sessions.begin(
                    versions=manifest["versions"],
                    aurelia=manifest["aurelia"],
                    targets=[redact(target) for target in targets],
                    conditions=[condition.name for condition in conditions],
                    samples=len(chosen),
                ),
            )
        finally:
            work.close()
            sessions.end(replies=len(journal))
            sessions.close()


def carry_out(
    opened: OpenRun, at_once: int, on_reply: Callable[[Reply], None] = lambda _: None
) -> RunEnded:
    """Ask for whatever is missing, `at_once` items at a time.

    Args:
        opened: what `open_run` handed over.
        at_once: items under way together.
        on_reply: called with each reply once it is on disk, from another thread.

    Raises:
        AureliaError: nothing more can be asked or kept; what was finished stands.
    """
    work = opened.work
    work.on_reply = on_reply
    why = run_sync(work.run(at_once))
    return RunEnded(why, opened.total - work.tally.total(), work.tally, work.paid_usd, work.cost)


def _asked_with(
    target: str, context: Context, prompts: PromptSet, tasks: Sequence[str]
) -> dict[str, Template]:
    """The prompts that a target is asked with, by identity."""
    pairs = [run_sync(target_prompts(target, context, prompts, task)) for task in tasks]
    both = [template for pair in pairs for template in (pair.zero_shot, pair.distilled)]
    return {template.identity: template for template in both}


def _keep_samples(folder: Path, chosen: list[Sample], every: list[Sample]) -> list[Sample]:
    """Write the samples that are asked about beside their replies: scoring needs no other file.

    A run with a higher limit goes on with more of them, and one with a lower limit with no fewer.
    """
    path = folder / SAMPLES
    held = len(read_samples(path)) if path.exists() else 0
    kept = every[: max(len(chosen), held)]
    write_samples(path, kept)
    return kept
