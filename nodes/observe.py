"""Node: look at what was given, once. Opens the clip, prepares it, resolves the settings."""

import string
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any

from langgraph.runtime import Runtime
from langgraph.types import Overwrite
from pydantic import ValidationError

from aurelia.errors import InputError
from aurelia.graph.context import Context, context_for
from aurelia.graph.state import Json, State
from aurelia.media.open import open_clip
from aurelia.media.prepared import PreparedMedia
from aurelia.media.render import demo_clip
from aurelia.models.adapters.check import check_media
from aurelia.models.attend import in_thread
from aurelia.models.grounded import asked_as
from aurelia.models.registry import resolve_model
from aurelia.nodes.budget import check_prices
from aurelia.nodes.injecting import check_injection
from aurelia.nodes.parsed import enter, written
from aurelia.nodes.review import require_checkpointer
from aurelia.nodes.turn import hold_media, prepared
from aurelia.nodes.unread import unread
from aurelia.prompts.loader import PromptSet
from aurelia.settings import load_settings
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Trajectory

DEMO_QUESTION = "Which comes first, the sound or the movement?"
DEMO_OPTIONS = {"A": "the sound", "B": "the movement"}
DEMO_NOTE = "Neither a clip nor a question was given, so this is about the demo clip."
_CLIP_KEYS = {"path", "audio", "start_s", "end_s", "candidates"}


async def observe(state: State, runtime: Runtime[Context]) -> Json:
    """Open and prepare the clip; write the resolved settings into state.

    Raises:
        InputError: clip, question, options or settings can't be used, `max_cost` among them where
            a model's price is not known.
    """
    # All that looks at files, in one go: each change of threads takes its time.
    seen = await in_thread(partial(_begin, state, runtime))
    context, clip, media = seen.context, seen.clip, seen.media
    run = uuid.uuid4().hex[:12]
    enter(run)
    hold_media(clip, context, media)
    fork = state.get("fork")
    update: Json = {
        "clip": written(clip),
        "question": seen.question,
        "options": seen.options,
        "context": context.model_dump(mode="json"),
        "media": {"prepared": media.manifest()},
        "run": {
            "id": run,
            "started_at": time.time(),
            "code_version": _code_version(),
            "parent": _parent(fork, context) if fork else None,
        },
        "warnings": [*clip.warnings, *media.warnings, *seen.warnings],
        **(_kept(fork, clip, context) if fork else {"iteration": 0}),
        "fork": None,
    }
    return _anew(update) if state.get("run") else update


def _anew(update: Json) -> Json:
    """An update that leaves nothing of the run before: a thread may be asked one more question."""
    objects = ("media", "texts", "templates", "scores")
    nothing: Json = {"iterations": [], "warnings": [], **{name: {} for name in objects}}
    replaced = {name: Overwrite(update.get(name, empty)) for name, empty in nothing.items()}
    ended: Json = {"failure": "", "rejected": "", "approved": 0, "granted": 0}
    return {**update, **replaced, **ended}


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a run begins with; `warnings` are those about models and prompts."""

    context: Context
    question: str
    options: dict[str, str] | None
    clip: Clip
    media: PreparedMedia
    warnings: list[str]


def _begin(state: State, runtime: Runtime[Context]) -> _Seen:
    context, _ = context_for(state, runtime)
    require_checkpointer(context)
    _check_objects(state)
    given = state.get("clip")
    question, options = _question(state)
    clip, media, warnings = _look(given, context)
    if given is None:
        warnings = [DEMO_NOTE, *warnings]
    return _Seen(context, question, options, clip, media, warnings)


def _look(given: Any, context: Context) -> tuple[Clip, PreparedMedia, list[str]]:
    """The clip, opened and prepared, and what of it, or of the prompts, won't reach the models.

    Whatever can't be used is found before anything is asked, or paid.
    """
    clip = _open(given)
    prompts = context.load_prompts()
    unheard = _check_models(context, clip, prompts)
    check_prices(context)
    return clip, prepared(clip, context), [*unheard, *unread(context, prompts)]


@cache
def _code_version() -> str:
    return metadata.version("aurelia")


def _check_objects(state: State) -> None:
    """A parent graph may have channels of these names for something else."""
    for name, keys in (("sample", ()), ("fork", ("trajectory", "iteration"))):
        value: object = state.get(name)
        if value is not None and not (isinstance(value, Mapping) and {*keys} <= {*value}):
            needed = f" with {' and '.join(keys)}" if keys else ""
            raise InputError(f"{name} must be an object{needed}, or left out.")
    task: object = (state.get("sample") or {}).get("task")
    if not isinstance(task, str | None):
        raise InputError("The task of the sample must be a text.")
    if fork := state.get("fork"):
        _check_fork(fork)


def _check_fork(fork: Json) -> None:
    if isinstance(fork["iteration"], bool) or not isinstance(fork["iteration"], int):
        raise InputError("The iteration of a fork must be a whole number.")
    try:
        Trajectory.model_validate(fork["trajectory"])
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(
            f"The trajectory of the fork is no record of a run, at {place or 'its top'}: "
            f"{first['msg'].rstrip('.')}."
        ) from None


def _open(given: Any) -> Clip:
    if given is None:
        return open_clip(demo_clip(load_settings().cache_dir / "demo"))
    if isinstance(given, str):
        return open_clip(given)
    if not isinstance(given, Mapping) or "path" not in given:
        raise InputError("The clip must be a path, or an object with at least a 'path'.")
    if "sha256" in given:  # a Clip that was opened before: its file may have changed since
        tracks = given.get("candidates") or ()
        if not all(isinstance(t, Mapping) and {"label", "path"} <= {*t} for t in tracks):
            raise InputError("Each candidate of an opened clip must have a label and a path.")
        given = {
            **{key: given.get(key) for key in ("path", "audio", "start_s", "end_s")},
            "candidates": {str(track["label"]): track["path"] for track in tracks} or None,
        }
    if unknown := sorted(set(given) - _CLIP_KEYS):
        raise InputError(
            f"The clip has unknown keys ({', '.join(unknown)}); known are: "
            f"{', '.join(sorted(_CLIP_KEYS))}."
        )
    tracks = given.get("candidates")
    if not isinstance(tracks, Mapping | None):
        raise InputError("The clip's candidates must be an object of label to file.")
    files = [given["path"], *([given["audio"]] if given.get("audio") is not None else [])]
    if not all(isinstance(file, str | Path) for file in [*files, *(tracks or {}).values()]):
        raise InputError("Each file of the clip must be named by a text: its path.")
    return open_clip(**given)


def _check_models(context: Context, clip: Clip, prompts: PromptSet) -> list[str]:
    """Resolve every role's model; say what of the clip will not reach it.

    Raises:
        ConfigurationError: a role names no model, or one that can't take in what it is asked
            about; nothing was asked, or paid, by then.
    """
    summarizer = resolve_model(asked_as("summarizer", context.summarizer))
    summarizer.check_sampling(context.sampling("summarizer"))
    roles = [
        ("actor", context.actor, "generator"),
        ("critic", context.critic, "evaluator"),
        *(("critic", member, "evaluator") for member in context.panel),
        ("target", context.target, "target_distilled"),
    ]
    warnings: list[str] = []
    for role, name, template in roles:
        if name is not None:
            model = resolve_model(asked_as(role, name))
            model.check_sampling(context.sampling(role))
            placed = "evidence" in prompts.get(template).variables
            evidence = placed and context.evidence != "off"
            warnings += check_media(model, clip, who=role, evidence=evidence)
            if role == "target":
                check_injection(model, context, prompts)
    return list(dict.fromkeys(warnings))


def _question(state: State) -> tuple[str, dict[str, str] | None]:
    """What is asked; where there is neither clip nor question, that about the demo clip.

    With one of them alone somebody means something, which an answer about the demo would hide.
    """
    given: object = state.get("question")
    if not isinstance(given, str | None):
        raise InputError(f"The question must be a text, not {type(given).__name__}.")
    question, no_clip = (given or "").strip(), state.get("clip") is None
    options = read_options(state.get("options"))
    if question and no_clip:
        raise InputError(
            "There is a question but no clip; give clip as well, the path of a video or sound file."
        )
    if question:
        return question, options
    if no_clip:
        return DEMO_QUESTION, options or DEMO_OPTIONS
    raise InputError("The question is empty; ask something about the clip.")


def read_options(options: Any) -> dict[str, str] | None:
    """Options as letter to text; a list is lettered A, B, C …

    Raises:
        InputError: fewer than two options, an empty or a repeated one, or a wrong shape.
    """
    if not options:
        return None
    if isinstance(options, Mapping):
        lettered = {str(key).strip().upper(): str(text).strip() for key, text in options.items()}
        if len(lettered) != len(options):
            raise InputError("Two options have the same letter; give each one its own.")
    elif isinstance(options, Sequence) and not isinstance(options, str):
        if len(options) > len(string.ascii_uppercase):
            raise InputError(f"There are {len(options)} options; 26 are the most there can be.")
        lettered = {
            letter: str(text).strip()
            for letter, text in zip(string.ascii_uppercase, options, strict=False)
        }
    else:
        raise InputError("Options must be a list of texts, or an object of letter to text.")
    if any(len(key) != 1 or key not in string.ascii_uppercase for key in lettered):
        raise InputError("Option letters must be single letters, A to Z.")
    texts = list(lettered.values())
    if len(texts) < 2 or not all(texts) or len({text.lower() for text in texts}) < len(texts):
        raise InputError("Give at least two options, none empty and no two alike.")
    return lettered


def _parent(fork: Json, context: Context) -> Json:
    before = fork["trajectory"]["context"]
    now = context.model_dump(mode="json")
    changed = {name: value for name, value in now.items() if before.get(name) != value}
    return {
        "id": fork["trajectory"]["id"],
        "iteration": fork["iteration"],
        "changed": changed,
    }


def _kept(fork: Json, clip: Clip, context: Context) -> Json:
    """State of the forked run up to its iteration."""
    trajectory, index = fork["trajectory"], fork["iteration"]
    kept = [item for item in trajectory["iterations"] if item["index"] <= index]
    if index < 0 or len(kept) < index:
        raise InputError(
            f"Run {trajectory['id']} has {len(trajectory['iterations'])} iterations; "
            f"it can't be forked at iteration {index}."
        )
    if index >= context.max_iterations:
        raise InputError(
            f"A fork after iteration {index} has no pass left, as max_iterations is "
            f"{context.max_iterations}; give more than {index}."
        )
    if trajectory["clip"]["sha256"] != clip.sha256:
        raise InputError(f"Run {trajectory['id']} is about another clip than the one given.")
    return {
        "iteration": index,
        "iterations": kept,
        "texts": trajectory["texts"],
        "templates": trajectory["templates"],
    }
