"""What a person's decision means: read from whatever a client sends, and put into state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast, get_args

from pydantic import ValidationError

from aurelia.errors import InputError
from aurelia.evaluators.selection import best_so_far
from aurelia.graph.state import Json
from aurelia.nodes.turn import Turn
from aurelia.types.reasoning import Reasoning, Step, Verdict
from aurelia.types.review import Review, ReviewAction, ReviewKind
from aurelia.types.trajectory import Feedback, Iteration

MOST_PASSES = 50
"""Passes of a run at most, those that a person grants included."""

_FIELDS: dict[ReviewKind, tuple[str, ...]] = {
    "steps": ("steps", "findings", "answer"),
    "verdict": ("score", "feedback", "steps", "findings", "answer"),
    "exhausted": ("score", "feedback", "passes", "steps", "findings", "answer"),
}
_ACTIONS: tuple[str, ...] = get_args(ReviewAction)


@dataclass(frozen=True, slots=True)
class Decision:
    """A reply that can be used: the action, a reason, and the edits by field."""

    action: ReviewAction
    note: str = ""
    edits: dict[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> list[str]:
        """The fields that change."""
        return [name for name in self.edits if name != "passes"]


def read_decision(reply: Any, kind: ReviewKind, turn: Turn) -> Decision:
    """A decision from `"approve"`, `"reject"`, or `{"action": …, "note": …, field: value}`.

    Raises:
        InputError: it is none of these, or a field has no such value; one sentence.
    """
    given: Json = {"action": reply} if isinstance(reply, str) else reply
    if not isinstance(given, Mapping) or given.get("action") not in _ACTIONS:
        raise InputError(
            'Answer "approve", "reject", or an object such as '
            '{"action": "edit", "steps": ["…"], "note": "why"}.'
        )
    action = cast(ReviewAction, given["action"])
    edits = {k: v for k, v in given.items() if k not in ("action", "note") and v is not None}
    if action != "edit":
        if edits:
            raise InputError(
                f'{", ".join(sorted(edits))} can\'t be given with "{action}"; use "edit".'
            )
        return Decision(action, str(given.get("note") or ""))
    if unknown := sorted(set(edits) - set(_FIELDS[kind])):
        raise InputError(
            f"{', '.join(unknown)} can't be edited in a review of {kind}; these can: "
            f"{', '.join(_FIELDS[kind])}."
        )
    if not edits:
        raise InputError(f'"edit" changes nothing; give one of: {", ".join(_FIELDS[kind])}.')
    return Decision(action, str(given.get("note") or ""), _read_edits(edits, turn))


def _read_edits(edits: Mapping[str, Any], turn: Turn) -> dict[str, Any]:
    read = dict(edits)
    if "steps" in read:
        read["steps"] = _steps(read["steps"], turn.current.reasoning)
    for name in ("findings", "answer", "feedback"):
        if name in read and not isinstance(read[name], str):
            raise InputError(f"{name} must be a text.")
    score = read.get("score")
    if "score" in read and (
        isinstance(score, bool) or not isinstance(score, (int, float)) or not 1 <= score <= 10
    ):
        raise InputError(f"score is {score!r}; give a number from 1 to 10.")
    passes = read.get("passes", 1)
    left = MOST_PASSES - turn.most
    if isinstance(passes, bool) or not isinstance(passes, int) or not 1 <= passes <= max(left, 1):
        raise InputError(f"passes is {passes!r}; give a whole number from 1 to {max(left, 1)}.")
    return read


def _steps(given: Any, before: Reasoning | None) -> list[Step]:
    """Steps from texts or objects; one that keeps its id or its text keeps what it rests on."""
    if not isinstance(given, list) or not given:
        raise InputError("steps must be a list with at least one text, or object with a text.")
    old = before.steps if before else []
    known = {step.text: step for step in old} | {step.id: step for step in old}
    steps: list[Step] = []
    for number, item in enumerate(given, start=1):
        fields = {"text": item} if isinstance(item, str) else item
        if not isinstance(fields, Mapping) or not str(fields.get("text") or "").strip():
            raise InputError(f"Step {number} has no text.")
        kept = known.get(str(fields.get("id") or "")) or known.get(fields["text"])
        merged: Json = {**(kept.model_dump() if kept else {}), **fields, "id": f"s{number}"}
        if kept and kept.text != merged["text"]:
            merged["plan"] = ""  # said of the step as it was
        try:
            steps.append(Step.model_validate(merged))
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InputError(f"Step {number} can't be used: {where}: {first['msg']}.") from None
    return steps


def apply(turn: Turn, kind: ReviewKind, decision: Decision) -> Json:
    """The update of state that a decision makes."""
    current = turn.current
    record = current.model_dump(mode="json")
    kept = Review(
        kind=kind,
        action=decision.action,
        note=decision.note,
        before={name: record_of(current, name) for name in decision.fields},
    )
    edited = [*current.edited, *(f for f in decision.fields if f not in current.edited)]
    record |= {
        "reviews": [*record.get("reviews", []), kept.model_dump(mode="json")],
        "edited": edited,
        **_edited(current, decision),
    }
    update: Json = {"iterations": [record]}
    if "score" in decision.edits:
        update["scores"] = {str(turn.index): float(decision.edits["score"])}
    if decision.action == "reject":
        update["rejected"] = decision.note or "rejected in review"
    elif kind == "exhausted" and decision.action == "approve":
        best = best_so_far(turn.iterations) or current
        update["approved"] = best.index
    elif kind == "exhausted" and _goes_on(turn, decision):
        update["granted"] = turn.granted + int(decision.edits.get("passes", 1))
    return update


def _goes_on(turn: Turn, decision: Decision) -> bool:
    """Whether a spent run gets further passes: each is paid for, so only where they are asked for,
    by their number or by what the actor is told in them."""
    reaches = float(decision.edits.get("score", 0.0)) >= turn.context.threshold
    return not reaches and bool({"passes", "feedback"} & {*decision.edits})


def record_of(iteration: Iteration, name: str) -> Any:
    """What a field that a person can edit holds, as plain JSON."""
    if name == "score":
        return iteration.score
    if name == "feedback":
        return iteration.feedback.text if iteration.feedback else ""
    reasoning = (iteration.reasoning or Reasoning()).model_dump(mode="json")
    return reasoning[name]


def _edited(current: Iteration, decision: Decision) -> Json:
    """The fields of the iteration that an edit changes."""
    edits, changed = decision.edits, {}
    in_reasoning = {k: v for k, v in edits.items() if k in ("steps", "findings", "answer")}
    if in_reasoning:
        reasoning = (current.reasoning or Reasoning()).model_copy(update=in_reasoning)
        changed["reasoning"] = reasoning.model_dump(mode="json")
    if "score" in edits:
        score = float(edits["score"])
        if isinstance(current.verdict, Verdict):
            verdict = current.verdict.model_copy(update={"score": score})
        else:
            verdict = Verdict(score=score, raw_score=score, rationale="Scored by a person.")
        changed["verdict"] = verdict.model_dump(mode="json")
    if "feedback" in edits:
        known = current.verdict.complaints if isinstance(current.verdict, Verdict) else []
        given = Feedback(text=edits["feedback"], complaint_ids=[c.id for c in known])
        changed["feedback"] = given.model_dump(mode="json")
    return changed
