"""Whether a record of a run holds all that an earlier record of it holds."""

from typing import Any

from aurelia.types.reasoning import Verdict
from aurelia.types.trajectory import Call, Iteration, TargetRecord, Trajectory


def holds_all_of(newer: Trajectory, held: Trajectory) -> bool:
    """Whether nothing is lost where `newer` takes the place of `held`.

    A thread keeps the id of its run where somebody goes back to an earlier step of it. What comes
    then is another history under the same id, which holds other passes or other answers.

    Args:
        newer: a record without paths of this machine, as saved ones are.
        held: a saved record.
    """
    more = len(newer.iterations) - len(held.iterations)
    ended = held.stop_reason != "failed"  # as what had not ended when it was saved counts
    if newer.id != held.id or more < 0:
        return False
    if ended and more == 0 and newer.stop_reason != held.stop_reason:
        return False
    pairs = zip(held.iterations, newer.iterations, strict=False)
    return all(_goes_on(*pair) for pair in pairs) and all(
        _answers(record) == _answers(newer.targets.get(name))
        for name, record in held.targets.items()
    )


def _goes_on(held: Iteration, newer: Iteration) -> bool:
    """Whether one pass is another as it was, or was under way, some steps earlier."""
    said, reviewed = len(held.calls), len(held.reviews)
    if (
        newer.index != held.index
        or _called(newer.calls[:said]) != _called(held.calls)
        or newer.reviews[:reviewed] != held.reviews
    ):
        return False
    if len(newer.reviews) > reviewed:  # what it held before an edit stands in the review
        return True
    before, after = _fields(held), _fields(newer)
    return all(after[name] == value for name, value in before.items() if value)


def _fields(iteration: Iteration) -> dict[str, Any]:
    """What models and people gave a pass; not what became of its complaints, which comes later."""
    verdict = iteration.verdict.model_dump() if iteration.verdict else {}
    if isinstance(iteration.verdict, Verdict):
        for complaint in verdict["complaints"]:
            del complaint["status"]
    fields = ("reasoning", "caption", "feedback", "error")
    return {"verdict": verdict, **iteration.model_dump(include={*fields})}


def _called(calls: list[Call]) -> list[tuple[str, str]]:
    return [(call.id, call.raw) for call in calls]


def _answers(record: TargetRecord | None) -> list[tuple[str, str]] | None:
    return None if record is None else _called(record.calls)
