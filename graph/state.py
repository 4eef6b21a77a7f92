"""What travels through the graph: plain JSON, never media bytes, never pydantic objects."""

from typing import Annotated, Any

from typing_extensions import TypedDict

Json = dict[str, Any]


def upsert_iterations(old: list[Json] | None, new: list[Json] | None) -> list[Json]:
    """Merge iterations by their index.

    A record that brings a new start (`reasoning` or `error`) replaces what stood at its index and
    drops all that came after: so a fork from iteration k is k passes and then its own. Any other
    record adds its fields to the iteration of its index, and its calls to that iteration's calls.
    """
    merged = {item["index"]: item for item in old or []}
    for item in new or []:
        index = item["index"]
        if "reasoning" in item or "error" in item:
            merged = {i: kept for i, kept in merged.items() if i < index}
            merged[index] = item
        elif index in merged:
            calls = merged[index].get("calls", []) + item.get("calls", [])
            merged[index] = {**merged[index], **item, "calls": calls}
        else:
            merged[index] = item
    return [merged[index] for index in sorted(merged)]


def merge(old: Json | None, new: Json | None) -> Json:
    """Union of two mappings; the newer value wins."""
    return {**(old or {}), **(new or {})}


def add_new(old: list[str] | None, new: list[str] | None) -> list[str]:
    """Append what isn't there yet."""
    return list(dict.fromkeys([*(old or []), *(new or [])]))


class InputState(TypedDict, total=False):
    """What a caller gives.

    clip: path of a file, or `{"path", "audio", "start_s", "end_s", "candidates": {label: path}}`;
        left out: the rendered demo clip.
    question: what to answer; left out: the demo question.
    options: `{"A": text, …}` or a list of texts; left out: an open question.
    sample: `{"id", "task", "repeat"}` of a benchmark item. Never its ground truth.
    fork: `{"trajectory": …, "iteration": k}`: go on after iteration k of an earlier run.
    """

    clip: str | Json | None
    question: str | None
    options: Json | list[str] | None
    sample: Json | None
    fork: Json | None


class OutputState(TypedDict, total=False):
    """What a caller gets: the record, the answer, and why the loop ended."""

    trajectory: Json
    answer: str
    stop_reason: str


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
