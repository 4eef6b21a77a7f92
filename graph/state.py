"""What travels through the graph: plain JSON, never media bytes, never pydantic objects."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from aurelia.errors import InputError

Json = dict[str, Any]


def upsert_iterations(old: list[Json] | None, new: list[Json] | None) -> list[Json]:
    """Merge iterations by their index.

    A record that brings a new start (`reasoning` or `error`) replaces what stood at its index and
    drops all that came after: so a fork from iteration k is k passes and then its own. Any other
    record adds its fields to the iteration of its index, and its calls to that iteration's calls.

    Raises:
        InputError: what a client edited in has no iterations.
    """
    if not isinstance(new, list | None):
        raise InputError("iterations must be a list of objects, each with an index.")
    merged = {item["index"]: item for item in old or []}
    for item in new or []:
        index = _index(item)
        if "reasoning" in item or "error" in item:
            merged = {i: kept for i, kept in merged.items() if i < index}
            merged[index] = item
        elif index in merged:
            calls = merged[index].get("calls", []) + item.get("calls", [])
            merged[index] = {**merged[index], **item, "calls": calls}
        else:
            merged[index] = item
    return [merged[index] for index in sorted(merged)]


def _index(item: object) -> int:
    """Which pass a record is of."""
    index = item.get("index") if isinstance(item, dict) else None
    if not isinstance(item, dict) or not isinstance(index, int) or index < 1:
        raise InputError("iterations must be objects, each with an index: a whole number from 1.")
    if not isinstance(item.get("calls", []), list):
        raise InputError(f"calls of iteration {index} must be a list.")
    return index


def merge(old: Json | None, new: Json | None) -> Json:
    """Union of two mappings; the newer value wins.

    Raises:
        InputError: what a client edited in is none.
    """
    if not isinstance(new, dict | None):
        raise InputError("media, texts, templates and scores must be objects.")
    return {**(old or {}), **(new or {})}


def add_new(old: list[str] | None, new: list[str] | None) -> list[str]:
    """Append what isn't there yet.

    Raises:
        InputError: what a client edited in is no list of texts.
    """
    if not isinstance(new, list | None) or not all(isinstance(text, str) for text in new or []):
        raise InputError("warnings must be a list of texts.")
    return list(dict.fromkeys([*(old or []), *(new or [])]))


class Asked(TypedDict, total=False):
    """What is asked. Clip and question may both be left out: then it is about the demo clip."""

    clip: Annotated[
        str | Json | None,
        Field(
            description="Path of a video or sound file; or an object with `path` and, as wanted, "
            "`audio` (a file that replaces its sound), `start_s` and `end_s` (the window that is "
            "looked at, seconds), `candidates` (label to sound file). Left out together with the "
            "question: the demo clip. On a server, paths begin at the directories that its owner "
            "opened.",
            examples=[
                "clips/kitchen.mp4",
                {"path": "clips/kitchen.mp4", "start_s": 2.0, "end_s": 9.5},
                {"path": "dance.mp4", "candidates": {"A": "waltz.wav", "B": "polka.wav"}},
            ],
        ),
    ]
    question: Annotated[
        str | None,
        Field(
            description="What to answer about the clip. Left out together with the clip: the demo "
            "question.",
            examples=["Which comes first, the sound or the movement?"],
        ),
    ]
    options: Annotated[
        Json | list[str] | None,
        Field(
            description="Answers to choose from, by letter, or a list that is lettered A, B, C …; "
            "left out: an open question.",
            examples=[{"A": "the sound", "B": "the movement"}, ["the sound", "the movement"]],
        ),
    ]


class InputState(Asked, total=False):
    """What a caller gives: what is asked, and where it belongs."""

    sample: Annotated[
        Json | None,
        Field(
            description="Which benchmark item this is: `id`, `task`, `repeat`. Never its truth.",
            examples=[{"id": "q17", "task": "av_meme", "repeat": 0}],
        ),
    ]
    fork: Annotated[
        Json | None,
        Field(
            description="Go on after iteration k of an earlier run: its `trajectory` and "
            "`iteration`. Within a thread, edit a checkpoint instead."
        ),
    ]


class Ended(TypedDict, total=False):
    """Why the loop ended."""

    stop_reason: Annotated[
        str,
        Field(
            description="Why the loop ended: accepted, exhausted, cannot_answer, budget, rejected "
            "or failed."
        ),
    ]


class OutputState(Ended, total=False):
    """What a caller gets: the record, the answer, and why the loop ended."""

    trajectory: Annotated[Json, Field(description="The whole record of the run.")]
    answer: Annotated[str, Field(description="The target's answer, or the actor's without one.")]


class State(TypedDict, total=False):
    """Everything between input and output."""

    clip: Json
    question: str
    options: Json | None
    sample: Json | None
    fork: Json | None
    run: Json
    context: Json
    media: Annotated[Json, merge]
    iteration: int
    iterations: Annotated[list[Json], upsert_iterations]
    scores: Annotated[Json, merge]
    failure: str
    rejected: str
    approved: int
    granted: int
    templates: Annotated[Json, merge]
    texts: Annotated[Json, merge]
    warnings: Annotated[list[str], add_new]
    trajectory: Json
    answer: str
    stop_reason: str


def texts_so_far(state: State, name: Literal["texts", "templates"]) -> Json:
    """What a run's calls refer to by hash. Once a run has ended its record holds it, and state
    doesn't a second time; a thread that goes on after its end finds it there."""
    record = state.get("trajectory") or {}
    ended = record.get("id") is not None and record.get("id") == (state.get("run") or {}).get("id")
    return {**(record.get(name) or {} if ended else {}), **(state.get(name) or {})}
