"""Run the loop, ask a critic, ask a target: the functions behind the public API."""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, cast

from aurelia.errors import RunError
from aurelia.graph.build import AureliaGraph, build_graph
from aurelia.graph.context import make_context
from aurelia.graph.state import InputState
from aurelia.media.open import open_clip
from aurelia.models.grounded import asked_as
from aurelia.models.registry import resolve_model
from aurelia.models.request import Draw
from aurelia.nodes.answering import Question, ask_target
from aurelia.nodes.budget import budget_of, check_prices
from aurelia.nodes.judging import judge
from aurelia.nodes.observe import read_options
from aurelia.types.clip import Clip
from aurelia.types.events import AnyEvent, parse_event
from aurelia.types.reasoning import Answer, RStarForm, Unscored, Verdict
from aurelia.types.trajectory import Trajectory

ClipLike = Clip | str | Path
Options = Mapping[str, str] | Sequence[str]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fork:
    """Go on after iteration `iteration` of an earlier run, with other settings if you like."""

    trajectory: Trajectory
    iteration: int


@cache
def _graph() -> AureliaGraph:
    return build_graph()


@cache
def _background_loop() -> asyncio.AbstractEventLoop:
    """One loop for all sync calls: provider clients keep connections that belong to a loop."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=_keep_running, args=(loop,), name="aurelia-loop", daemon=True).start()
    return loop


def _keep_running(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop for ever. An exit raised in a callback belongs to its caller, who gets it through
    the future; here it would end the loop and leave that caller waiting."""
    while True:
        with contextlib.suppress(SystemExit, KeyboardInterrupt):
            loop.run_forever()


def run_sync(work: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine from sync code, in a notebook too; Ctrl-C cancels it."""
    future = asyncio.run_coroutine_threadsafe(work, _background_loop())
    try:
        return future.result()
    except KeyboardInterrupt:
        future.cancel()
        raise


async def areason(
    clip: ClipLike,
    question: str,
    options: Options | None = None,
    *,
    on_event: Callable[[AnyEvent], None] | None = None,
    fork: Fork | None = None,
    sample: Mapping[str, Any] | None = None,
    **context: Any,
) -> Trajectory:
    """Run the whole loop on one clip and question.

    Args:
        clip: what `open_clip` returned, or the path of a file.
        question: what to answer.
        options: `{"A": text, …}` or texts that are lettered A, B, …; None: an open question.
        on_event: called with each event as it happens (see `aurelia.types.events`).
        fork: an earlier run to go on from.
        sample: `id`, `task` and `repeat` of a benchmark item, for the record. No ground truth.
        **context: fields of `Context`, such as `actor`, `critic`, `threshold`, `preset`.

    Returns:
        The record of the run. Its `stop_reason` says how it ended; a failed model call is
        `failed` with what had been produced, not an exception.

    Raises:
        InputError: clip, question, options, prompts or settings can't be used.
    """
    given = clip.model_dump(mode="json") if isinstance(clip, Clip) else str(clip)
    state: InputState = {
        "clip": given,
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
    result: dict[str, Any] | None = None
    settings = await asyncio.to_thread(partial(make_context, **context))
    stream = _graph().astream(state, context=settings, stream_mode=["custom", "values"])
    async for mode, chunk in stream:
        if mode == "values":
            result = cast("dict[str, Any]", chunk)
        elif on_event:
            on_event(parse_event.validate_python(chunk))
    if not result or "trajectory" not in result:
        raise RunError("The run ended without a trajectory; this is a bug worth reporting.")
    return Trajectory.model_validate(result["trajectory"])


def reason(
    clip: ClipLike,
    question: str,
    options: Options | None = None,
    *,
    on_event: Callable[[AnyEvent], None] | None = None,
    fork: Fork | None = None,
    sample: Mapping[str, Any] | None = None,
    **context: Any,
) -> Trajectory:
    """`areason` for sync code; all sync calls of a process share one background loop."""
    return run_sync(
        areason(clip, question, options, on_event=on_event, fork=fork, sample=sample, **context)
    )


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
