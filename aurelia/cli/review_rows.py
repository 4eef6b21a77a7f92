"""What a review shows: all that its request holds and a person needs to decide.

A run that was taken up again shows its earlier passes nowhere, so nothing here counts on them.
"""

from aurelia.cli.blocks import complaint_rows, score_rows, step_rows
from aurelia.cli.console import Signs
from aurelia.cli.plain import clean
from aurelia.cli.rows import Row, blank, field_row, note_row, row
from aurelia.cli.view import claim_rows
from aurelia.types.reasoning import Step, Unscored, Verdict
from aurelia.types.review import ReviewRequest

_HEAD = {
    "steps": "Review of the steps of pass {index}",
    "verdict": "Review of the verdict on pass {index}",
    "exhausted": "No pass is left, and none reached the threshold of {threshold:g}",
}


def request_rows(request: ReviewRequest, signs: Signs, seen: bool = False) -> list[Row]:
    """A review request in rows.

    Args:
        request: what a person is asked.
        signs: the signs beside claims.
        seen: whether the pass stands right above, with its score, steps and complaints; what is
            shown there is not repeated.
    """
    head = _HEAD[request.kind].format(index=request.index, threshold=request.threshold)
    rows = [row(head, style="bold")]
    verdict = verdict_of(request)
    if not seen:
        rows += [row(f"  pass {request.index}:")] if request.kind == "exhausted" else []
        rows += score_rows(verdict, request.threshold)
        steps = [Step.model_validate(step) for step in request.steps]
        rows += step_rows(steps, None, signs, pending=True)
    for name in ("findings", "answer", "caption"):
        text = clean(getattr(request, name))
        rows += [field_row(name.capitalize(), text)] if text else []
    if isinstance(verdict, Verdict):
        rows += _verdict_rows(verdict, signs, seen)
    if request.kind != "steps" and request.best is not None:
        rows.append(field_row("Best", f"pass {request.best}"))
    rows += [field_row(name, clean(text), "dim") for name, text in request.reply.items()]
    return [*rows, *problem_rows(request), blank()]


def problem_rows(request: ReviewRequest) -> list[Row]:
    """What was wrong with the last reply, if anything."""
    return [row(clean(request.problem), style="yellow")] if request.problem else []


def verdict_of(request: ReviewRequest) -> Verdict | Unscored | None:
    """The verdict as far as a request holds it; the critic's own score is not in it."""
    given = request.verdict or {}
    if "unscored" in given:
        return Unscored(reason=str(given["unscored"]))
    score = given.get("score", request.score)
    if score is None:
        return None
    return Verdict.model_validate({**given, "score": score, "raw_score": score})


def _verdict_rows(verdict: Verdict, signs: Signs, seen: bool) -> list[Row]:
    rows = claim_rows(verdict.claims, signs)
    if not seen:
        rows += [note_row("missing", clean(text)) for text in verdict.omissions]
        rows += complaint_rows(verdict.complaints)
    return rows + ([row(clean(verdict.rationale), "  ")] if verdict.rationale else [])
