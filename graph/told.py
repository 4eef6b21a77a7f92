"""What a language model is told of a run: the answer, how far to trust it, and what it rests on."""

from collections.abc import Mapping

from aurelia.types.reasoning import Step, Verdict
from aurelia.types.trajectory import Iteration, Trajectory

_MOST_NOTES = 3


def told(run: Trajectory, answer: str, max_chars: int) -> str:
    """A run in plain text.

    Args:
        run: that did not fail.
        answer: its answer.
        max_chars: length at most; steps are left out from the end, and the text says how many.
    """
    best = run.best_iteration
    if run.stop_reason == "cannot_answer":
        return f"This can't be answered from the clip: {run.stop_detail}"
    reasoning = best.reasoning if best else None
    head = [f"Answer: {_lettered(answer, run.options) or 'none'}", _trust(run, best)]
    if best and best.caption:
        head.append(f"Seen and heard: {best.caption}")
    tail = _notes(run, best)
    steps = [_step(n, step) for n, step in enumerate(reasoning.steps if reasoning else [], 1)]
    shown = len(steps)
    while True:
        text = "\n".join([*head, *_shown(steps, shown), *tail])
        if len(text) <= max_chars or shown == 0:
            return text if len(text) <= max_chars else f"{text[: max_chars - 1]}…"
        shown -= 1


def _shown(steps: list[str], shown: int) -> list[str]:
    if not steps:
        return []
    rest = len(steps) - shown
    more = [f"({rest} more steps are left out here.)"] if rest else []
    return ["Steps:", *steps[:shown], *more]


def _lettered(answer: str, options: Mapping[str, str] | None) -> str:
    text = (options or {}).get(answer.strip().upper())
    return f"{answer.strip().upper()}: {text}" if text else answer


def _trust(run: Trajectory, best: Iteration | None) -> str:
    passes = f"{len(run.iterations)} pass" + ("es" if len(run.iterations) != 1 else "")
    score = "no score" if best is None or best.score is None else f"score {best.score:g} of 10"
    threshold = float(run.context["threshold"])
    if run.stop_reason == "accepted":
        return f"Checked against the clip: {score} after {passes} ({threshold:g} is needed)."
    why = {
        "exhausted": "no pass convinced the critic",
        "budget": "the budget was spent",
        "rejected": "a person rejected it",
    }.get(run.stop_reason, run.stop_reason)
    return f"Uncertain: {why}; {score} after {passes}, {threshold:g} is needed."


def _step(number: int, step: Step) -> str:
    times = [f"{t:.1f}" for t in (step.start_s, step.end_s) if t is not None]
    window = f"{'–'.join(times)} s" if times else ""
    where = " ".join(filter(None, [step.modality or "", window]))
    return f"{number}. [{where}] {step.text}" if where else f"{number}. {step.text}"


def _notes(run: Trajectory, best: Iteration | None) -> list[str]:
    """What the critic saw otherwise, and what didn't reach a model."""
    verdict = best.verdict if best else None
    claims = verdict.claims if isinstance(verdict, Verdict) else []
    wrong = [
        f"Contradicted by the clip: {claim.text}" + (f" ({claim.observed})" * bool(claim.observed))
        for claim in claims
        if claim.status == "contradicted"
    ]
    return [*wrong[:_MOST_NOTES], *(f"Note: {text}" for text in run.warnings[:_MOST_NOTES])]
