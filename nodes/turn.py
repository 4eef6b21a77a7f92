"""What every node begins with: plain state parsed into records, settings, prompts."""

import threading
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from langgraph.runtime import Runtime

from aurelia.graph.context import Context, context_for
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.graph.known import known
from aurelia.graph.state import Json, State
from aurelia.media.prepare import media_in_use, prepare_media
from aurelia.media.prepared import PreparedMedia
from aurelia.models.attend import in_thread
from aurelia.models.deltas import Delta, Listener, listen
from aurelia.models.grounded import bare
from aurelia.models.limits import provider_of
from aurelia.models.registry import find_model
from aurelia.models.request import Delivery, Draw
from aurelia.nodes.edited import check_state
from aurelia.nodes.parsed import clip_of, enter, iteration_of
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.template import Template
from aurelia.settings import load_settings
from aurelia.types.clip import Clip
from aurelia.types.events import Event, TokenStreamed
from aurelia.types.trajectory import Iteration

unheard: ContextVar[Context | None] = ContextVar("aurelia_unheard", default=None)
"""The settings of a run of which it is known that nobody follows its events."""

_MOST_HELD = 256
"""Runs whose media are kept in use; those that began first go first."""
_held: dict[int, tuple[Clip, tuple[object, ...], PreparedMedia]] = {}
_guard = threading.Lock()


@dataclass(frozen=True, slots=True)
class Turn:
    """A node's view of the run."""

    context: Context
    clip: Clip
    question: str
    options: dict[str, str] | None
    task: str | None
    index: int
    iterations: list[Iteration]
    prompts: PromptSet
    changes: dict[str, Any] = field(default_factory=dict)
    granted: int = 0

    @property
    def most(self) -> int:
        """Passes there may be, with those that a person granted."""
        return self.context.max_iterations + self.granted

    @property
    def current(self) -> Iteration:
        """The iteration under way."""
        return next(i for i in self.iterations if i.index == self.index)

    def template(self, name: str) -> Template:
        """A prompt, in its variant for the sample's task if there is one."""
        return self.prompts.get(name, self.task)

    def draw(self) -> Draw:
        """The draw of a call in this iteration."""
        return Draw(seed=self.context.seed, iteration=self.index)

    def record_changes(self, update: Json) -> Json:
        """`update`, with the settings now in force where they differ from those before.

        The change stands on the iteration that the update begins or goes on with.
        """
        if not self.changes:
            return update
        iteration = update["iterations"][0]
        known = next((i for i in self.iterations if i.index == iteration["index"]), None)
        before = known.context_changes if known else {}
        iteration["context_changes"] = {**before, **self.noted()}
        return {**update, "context": self.context.model_dump(mode="json")}

    def noted(self) -> dict[str, Any]:
        """The settings that changed, texts of prompts as `name@hash`: the context holds them."""
        return {name: self._named(name, value) for name, value in self.changes.items()}

    def _named(self, setting: str, value: Any) -> Any:
        if setting == "prompt_overrides":
            return {name: self._identity(name) for name in value}
        prompt = setting.removesuffix(SUFFIX)
        return self._identity(prompt) if value and prompt in PROMPT_NODES else value

    def _identity(self, prompt: str) -> str:
        template = self.prompts.templates.get(prompt)
        return template.identity if template else prompt  # a partial is part of other texts


async def read_turn(state: State, runtime: Runtime[Context], *, with_calls: bool = True) -> Turn:
    """Parse state, the one place where nodes do.

    Args:
        state: of the run.
        runtime: of the node.
        with_calls: False: iterations come without the records of their calls, which are most of
            what there is to parse; then none of them may be written back whole.

    Raises:
        InputError: a client edited state into something of no use.
        PromptError: the prompt set can't be loaded.
    """
    check_state(state)
    ready = known(state, runtime)
    if ready is None:
        ready = await in_thread(partial(_settings, state, runtime))
    context, changes, prompts = ready
    enter(state["run"]["id"])
    listen(_reporter(runtime) if context.stream_tokens else None)  # for this node's calls
    return Turn(
        context=context,
        clip=clip_of(state["clip"]),
        question=state["question"],
        options=state.get("options"),
        task=(state.get("sample") or {}).get("task"),
        index=state.get("iteration", 0),
        iterations=[
            iteration_of(item, with_calls=with_calls) for item in state.get("iterations") or []
        ],
        prompts=prompts,
        changes=changes,
        granted=state.get("granted", 0),
    )


def _settings(state: State, runtime: Runtime[Context]) -> tuple[Context, dict[str, Any], PromptSet]:
    """All of a turn that looks at files, in one go: each change of threads takes its time."""
    context, changes = context_for(state, runtime)
    return context, changes, context.load_prompts()


async def media_for(model: str, clip: Clip, context: Context) -> PreparedMedia | None:
    """Frames and sound for a model that reads them; None for one that measures the clip itself."""
    if (await find_model(bare(model))).computes:
        return None
    held = _held.get(id(clip))
    if held is not None and held[1] == _prepared_as(context):
        return held[2]
    in_use = media_in_use(
        clip,
        context.max_frames,
        max_side=context.max_side,
        frame_rule=context.frame_rule,
        frames_per_minute=context.frames_per_minute,
    )
    return await in_thread(partial(prepared, clip, context)) if in_use is None else in_use


def hold_media(clip: Clip, context: Context, media: PreparedMedia) -> None:
    """Keep what was prepared as a run began until it ends, so that no call looks for it.

    It is found by the very object of the clip, which this holds.
    """
    with _guard:
        _held[id(clip)] = (clip, _prepared_as(context), media)
        while len(_held) > _MOST_HELD:
            del _held[next(iter(_held))]


def release_media(clip: Clip) -> None:
    """A run has ended."""
    with _guard:
        _held.pop(id(clip), None)


def _prepared_as(context: Context) -> tuple[object, ...]:
    """What makes prepared media other media, and where they are."""
    return (
        context.max_frames,
        context.max_side,
        context.frame_rule,
        context.frames_per_minute,
        load_settings().cache_dir,
    )


def delivery_for(model: str, context: Context) -> Delivery:
    """How the clip is to be sent to `model`: what several calls of a run use is uploaded once."""
    provider = provider_of(bare(model))
    passes = context.max_iterations
    asked = [(context.actor, passes), (context.target or "", 2)]
    asked += [(name, passes) for name in (context.critic, *context.panel)]
    uses = sum(
        times for name, times in asked if name == model or provider_of(bare(name)) == provider
    )
    return Delivery(
        uses=max(1, uses),
        video_fps=context.video_fps,
        context_cache=context.context_cache,
    )


def prepared(clip: Clip, context: Context) -> PreparedMedia:
    """The clip's prepared media, from the cache where it was prepared before.

    Reads files, and may decode the clip: in async code, call it in a thread.
    """
    return prepare_media(
        clip,
        context.max_frames,
        max_side=context.max_side,
        frame_rule=context.frame_rule,
        frames_per_minute=context.frames_per_minute,
    )


def template_records(templates: Iterable[Template]) -> Json:
    """Template texts by hash, as the trajectory keeps them."""
    return {t.hash: {"name": t.name, "text": t.text, "source": t.source} for t in templates}


def _reporter(runtime: Runtime[Context]) -> Listener:
    """Reports pieces of replies as events."""

    def report(delta: Delta) -> None:
        emit(
            runtime,
            TokenStreamed(
                index=delta.iteration,
                role=delta.role,
                purpose=delta.purpose,
                repeat=delta.repeat,
                call=delta.call,
                attempt=delta.attempt,
                text=delta.text,
            ),
        )

    return report


def emit(runtime: Runtime[Context], event: Event) -> None:
    """Report an event to whoever streams the run."""
    silent = unheard.get()
    if silent is None or runtime.context is not silent:
        runtime.stream_writer(event.model_dump(mode="json"))
