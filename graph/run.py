"""Run the loop, ask a critic, ask a target: the functions behind the public API."""

import asyncio
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.types import Durability

from aurelia.errors import ConfigurationError
from aurelia.graph.context import Context, make_context
from aurelia.graph.rollout import OnEvent, open_rollout
from aurelia.graph.state import InputState
from aurelia.graph.sync import run_sync
from aurelia.media.open import open_clip
from aurelia.models.attend import in_thread
from aurelia.models.grounded import asked_as
from aurelia.models.lane import in_lane
from aurelia.models.registry import resolve_model
from aurelia.models.request import Draw
from aurelia.nodes.answering import Question, ask_target
from aurelia.nodes.budget import budget_of, check_prices
from aurelia.nodes.judging import judge
from aurelia.nodes.observe import read_options
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Answer, RStarForm, Unscored, Verdict
from aurelia.types.review import ReviewRequest
from aurelia.types.trajectory import Trajectory

ClipLike = Clip | str | Path
Options = Mapping[str, str] | Sequence[str]


@dataclass(frozen=True, slots=True)
class Fork:
    """Go on after iteration `iteration` of an earlier run, with other settings if you like."""

    trajectory: Trajectory
    iteration: int


async def areason(
    clip: ClipLike,
    question: str,
    options: Options | None = None,
    *,
    on_event: OnEvent | None = None,
    on_review: Callable[[ReviewRequest], Any] | None = None,
    fork: Fork | None = None,
    sample: Mapping[str, Any] | None = None,
    thread: str | None = None,
    checkpointer: BaseCheckpointSaver[str] | None = None,
    durability: Durability = "sync",
    **context: Any,
) -> Trajectory:
    """Run the whole loop on one clip and question.

    Args:
        clip: what `open_clip` returned, or the path of a file.
        question: what to answer.
        options: `{"A": text, …}` or texts that are lettered A, B, …; None: an open question.
        on_event: called with each event as it happens (see `aurelia.types.events`).
        on_review: called where `review=` wants a person; returns "approve", "reject" or an object
            with edits (see docs/review.md). It may be a coroutine function.
        fork: an earlier run to go on from.
        sample: `id`, `task` and `repeat` of a benchmark item, for the record. No ground truth.
        thread: a name under which every step is kept, so that the same call goes on after a
            crash; a thread that has ended gives its record again.
        checkpointer: keeps threads; None: SQLite, `threads.sqlite` in the runs folder.
        durability: when a thread is written: `sync`, each step before the next begins, so that a
            kill costs the call in flight alone; `async`, while the next goes on; `exit`, once, when
            the run ends or waits for a review.
        **context: fields of `Context`, such as `actor`, `critic`, `threshold`, `preset`.

    Returns:
        The record of the run. Its `stop_reason` says how it ended; a failed model call is
        `failed` with what had been produced, not an exception.

    Raises:
        InputError: clip, question, options, prompts or settings can't be used.
    """
    given = _given(clip, question, options, fork, sample)
    async with in_lane():
        settings = await in_thread(partial(make_context, **context))
    return await conduct(
        settings,
        given,
        on_event=on_event,
        on_review=on_review,
        thread=thread,
        checkpointer=checkpointer,
        durability=durability,
    )


async def conduct(
    settings: Context,
    given: InputState,
    *,
    on_event: OnEvent | None = None,
    on_review: Callable[[ReviewRequest], Any] | None = None,
    thread: str | None = None,
    checkpointer: BaseCheckpointSaver[str] | None = None,
    durability: Durability = "sync",
) -> Trajectory:
    """`areason`, of settings that `make_context` gave and the graph's own input.

    Raises:
        InputError: clip, question, options or prompts can't be used.
    """
    async with open_rollout(
        settings,
        thread=thread,
        checkpointer=checkpointer,
        on_event=on_event,
        reviewed=on_review is not None,
        durability=durability,
    ) as rollout:
        outcome = await rollout.start(given)
        while isinstance(outcome, ReviewRequest):
            decision = _reviewer(on_review, outcome)(outcome)
            outcome = await rollout.reply(
                await decision if inspect.isawaitable(decision) else decision
            )
    return outcome


def reason(
    clip: ClipLike,
    question: str,
    options: Options | None = None,
    *,
    on_event: OnEvent | None = None,
    on_review: Callable[[ReviewRequest], Any] | None = None,
    fork: Fork | None = None,
    sample: Mapping[str, Any] | None = None,
    thread: str | None = None,
    checkpointer: BaseCheckpointSaver[str] | None = None,
    durability: Durability = "sync",
    **context: Any,
) -> Trajectory:
    """`areason` for sync code; all sync calls of a process share one background loop.

    `on_review` is called in the thread of the caller, so that it may ask at a terminal.
    """
    given = _given(clip, question, options, fork, sample)
    opened = open_rollout(
        make_context(**context),
        thread=thread,
        checkpointer=checkpointer,
        on_event=on_event,
        reviewed=on_review is not None,
        durability=durability,
    )
    rollout = run_sync(opened.__aenter__())
    try:
        outcome = run_sync(rollout.start(given))
        while isinstance(outcome, ReviewRequest):
            outcome = run_sync(rollout.reply(_reviewer(on_review, outcome)(outcome)))
    finally:
        run_sync(opened.__aexit__(None, None, None))
    return outcome


def _given(
    clip: ClipLike,
    question: str,
    options: Options | None,
    fork: Fork | None,
    sample: Mapping[str, Any] | None,
) -> InputState:
    """The graph's input."""
    state: InputState = {
        "clip": clip.model_dump(mode="json") if isinstance(clip, Clip) else str(clip),
        "question": question,
        "options": dict(options)
        if isinstance(options, Mapping)
        else (list(options) if options else None),
        "sample": dict(sample) if sample else None,
    }
    if fork:
        state["fork"] = {
            "trajectory": fork.trajectory.model_dump(mode="json"),
            "iteration": fork.iteration,
        }
    return state


def _reviewer(
    on_review: Callable[[ReviewRequest], Any] | None, request: ReviewRequest
) -> Callable[[ReviewRequest], Any]:
    if on_review is None:
        raise ConfigurationError(
            f"The run waits for a review of pass {request.index}; give on_review=…, or resume the "
            "thread with `aurelia reason --review`."
        )
    return on_review


def critique(
    clip: ClipLike,
    caption: str,
    question: str | None = None,
    critic: str | None = None,
    **context: Any,
) -> Verdict | Unscored:
    """Score a caption against a clip, outside the loop.

    Args:
        clip: what `open_clip` returned, or a path.
        caption: what is claimed about the clip.
        question: what the caption should help to answer; None: judged as a description.
        critic: a model string; None: as configured.
        **context: further fields of `Context`. `max_cost`, `max_tokens` and `max_seconds` bound the
            calls of this one verdict: once they are spent, an unreadable reply isn't repaired.

    Raises:
        InputError: the clip or a setting can't be used, `max_cost` among them where the price of
            a critic is not known.
    """
    return run_sync(_critique(_opened(clip), caption, question, critic, context))


async def _critique(
    clip: Clip, caption: str, question: str | None, critic: str | None, settings: dict[str, Any]
) -> Verdict | Unscored:
    if critic is not None:
        settings = {**settings, "critic": critic}
    context = await asyncio.to_thread(partial(make_context, **settings))
    prompts = await asyncio.to_thread(context.load_prompts)
    await asyncio.to_thread(check_prices, context, [context.critic, *context.panel])
    judged = await judge(
        clip,
        caption,
        question,
        context=context,
        template=prompts.get("evaluator"),
        repair=prompts.get("repair"),
        draw=Draw(seed=context.seed, iteration=1),
        stop=budget_of(context),
    )
    return judged.verdict


def answer(
    target: str,
    clip: ClipLike,
    question: str,
    options: Options | None = None,
    r_star: str | None = None,
    *,
    form: RStarForm | None = None,
    **context: Any,
) -> Answer:
    """Ask a target, zero-shot or with r*; the two requests differ by the r* block alone.

    Args:
        target: a model string.
        clip: what `open_clip` returned, or a path.
        question: what to answer.
        options: as for `reason`.
        r_star: the text to inject; None: zero-shot.
        form: the form of `r_star`, for the record.
        **context: further fields of `Context`. It is one call, which nothing can end early but
            `call_timeout_s`; of the budgets, `max_cost` insists on a known price.

    Raises:
        InputError: the clip or a setting can't be used, `max_cost` among them where the target's
            price is not known.
        CallFailed: the target failed.
    """
    return run_sync(_answer(target, _opened(clip), question, options, r_star, form, context))


async def _answer(
    target: str,
    clip: Clip,
    question: str,
    options: Options | None,
    r_star: str | None,
    form: RStarForm | None,
    settings: dict[str, Any],
) -> Answer:
    context = await asyncio.to_thread(partial(make_context, target=target, **settings))
    await asyncio.to_thread(resolve_model, asked_as("target", target))
    await asyncio.to_thread(check_prices, context, [target])
    reply, _ = await ask_target(
        Question(clip, question, read_options(options)),
        target=target,
        context=context,
        prompts=await asyncio.to_thread(context.load_prompts),
        r_star=r_star,
        form=form,
    )
    return reply


def _opened(clip: ClipLike) -> Clip:
    return clip if isinstance(clip, Clip) else open_clip(clip)
