"""How a recorded run is shown: as a whole, and one iteration in depth."""

from collections.abc import Sequence
from pathlib import Path

from rich.text import Text

from aurelia.cli.blocks import iteration_rows
from aurelia.cli.console import STYLES, Signs
from aurelia.cli.ending import ending_rows
from aurelia.cli.header import header_rows
from aurelia.cli.plain import clean, where
from aurelia.cli.rows import Row, blank, field_row, heading, note_row, row
from aurelia.errors import InputError
from aurelia.types.reasoning import Claim, Reasoning, Verdict
from aurelia.types.trajectory import Call, Iteration, Trajectory

DEFAULT_THRESHOLD = 6.0


def threshold_of(trajectory: Trajectory) -> float:
    """The threshold that the run was held to."""
    value = trajectory.context.get("threshold", DEFAULT_THRESHOLD)
    return float(value) if isinstance(value, int | float) else DEFAULT_THRESHOLD


def iteration_of(trajectory: Trajectory, index: int) -> Iteration:
    """The iteration with this number.

    Raises:
        InputError: the run has no such iteration; the message names those it has.
    """
    found = next((i for i in trajectory.iterations if i.index == index), None)
    if found is None:
        has = ", ".join(str(i.index) for i in trajectory.iterations) or "none"
        raise InputError(f"Run {clean(trajectory.id)} has no iteration {index}; it has: {has}.")
    return found


def before(trajectory: Trajectory, iteration: Iteration) -> Iteration | None:
    """The last earlier iteration that proposed steps: what this one revised."""
    earlier = [i for i in trajectory.iterations if i.index < iteration.index and i.reasoning]
    return max(earlier, key=lambda i: i.index, default=None)


def run_rows(trajectory: Trajectory, saved: Path | None, signs: Signs) -> list[Row]:
    """A whole run: head, every iteration, foot."""
    maximum = trajectory.context.get("max_iterations")
    rows = header_rows(
        trajectory.clip, trajectory.question, trajectory.options, trajectory.context, signs
    )
    if trajectory.parent is not None:
        changed = ", ".join(clean(str(key)) for key in trajectory.parent.changed) or "nothing"
        origin = f"run {clean(trajectory.parent.id)} at iteration {trajectory.parent.iteration}"
        rows[-1:] = [field_row("Forked", f"from {origin}; changed: {changed}"), blank()]
    for iteration in trajectory.iterations:
        rows += iteration_rows(
            iteration,
            before(trajectory, iteration),
            signs,
            threshold_of(trajectory),
            maximum if isinstance(maximum, int) else None,
        )
    rows += ending_rows(trajectory, saved, clean(trajectory.clip.path))
    for name, record in trajectory.targets.items():
        rows += calls_rows(record.calls, f"Calls to {clean(name)}")
    return rows


def one_iteration_rows(trajectory: Trajectory, index: int, signs: Signs) -> list[Row]:
    """One iteration in depth: proposed, written, checked, asked for, and by which calls."""
    iteration = iteration_of(trajectory, index)
    rows = iteration_rows(iteration, before(trajectory, iteration), signs, threshold_of(trajectory))
    rows += reasoning_rows(iteration.reasoning)
    rows += caption_rows(iteration)
    if isinstance(iteration.verdict, Verdict):
        rows += verdict_rows(iteration.verdict, signs)
    if iteration.feedback is not None:
        rows += [
            heading("Feedback to the actor"),
            row(clean(iteration.feedback.text), "  "),
            blank(),
        ]
    if iteration.context_changes:
        changed = ", ".join(
            f"{clean(k)} = {clean(str(v))}" for k, v in iteration.context_changes.items()
        )
        rows += [field_row("Changed", changed), blank()]
    if iteration.edited:
        rows += [
            field_row("Edited", "by a person: " + ", ".join(map(clean, iteration.edited))),
            blank(),
        ]
    return rows + calls_rows(iteration.calls)


def reasoning_rows(reasoning: Reasoning | None) -> list[Row]:
    """Findings, answer and the measurements behind the steps."""
    if reasoning is None:
        return []
    rows: list[Row] = []
    if reasoning.findings:
        rows += [heading("Findings"), row(clean(reasoning.findings), "  "), blank()]
    if reasoning.answer:
        rows += [heading("Answer"), row(clean(reasoning.answer), "  "), blank()]
    if reasoning.evidence:
        rows.append(heading("Evidence"))
    for item in reasoning.evidence:
        place = where(item.modality, item.start_s, item.end_s)
        unit = f" {clean(item.unit)}" if item.unit else ""
        value = "" if item.value is None else f" = {clean(str(item.value))}{unit}"
        text = f"{clean(item.kind)}{value} ({place}), confidence {item.confidence:.2f}"
        source = f", {clean(item.source)}" if item.source else ""
        rows.append(row(Text.assemble(text, (source, "dim")), f"  {clean(item.id)}  "))
    return [*rows, blank()] if reasoning.evidence else rows


def caption_rows(iteration: Iteration) -> list[Row]:
    """The caption, sentence by sentence with the steps behind it where that is known."""
    if not iteration.caption:
        return []
    rows = [heading("Caption")]
    if not iteration.caption_sources:
        return [*rows, row(clean(iteration.caption), "  "), blank()]
    for sentence in iteration.caption_sources:
        steps = ", ".join(map(clean, sentence.step_ids))
        source = f"  [steps {steps}]" if steps else ""
        rows.append(row(Text.assemble(clean(sentence.text), (source, "dim")), "  "))
    return [*rows, blank()]


def verdict_rows(verdict: Verdict, signs: Signs) -> list[Row]:
    """What the critic perceived first, and every claim with what it observed."""
    rows = [heading("Verdict")]
    for sense, text in verdict.perceived.items():
        rows.append(row(clean(text), f"  {clean(sense)} perceived  "))
    rows += claim_rows(verdict.claims, signs)
    rows += [note_row("missing", clean(text)) for text in verdict.omissions]
    for cap in verdict.caps:
        rows.append(row(f"cap {clean(cap.rule)} at {cap.limit:g}: {clean(cap.reason)}", "  "))
    rows.append(row(f"score {verdict.score:g}, raw score {verdict.raw_score:g}", "  "))
    if verdict.spread is not None:
        rows.append(row(f"standard deviation of the critics' scores {verdict.spread:.2f}", "  "))
    rows += measured_rows(verdict)
    if verdict.rationale:
        rows.append(row(clean(verdict.rationale), "  "))
    return [*rows, blank()]


def claim_rows(claims: Sequence[Claim], signs: Signs) -> list[Row]:
    """Every claim with its status, and what the critic observed."""
    rows: list[Row] = []
    for claim in claims:
        gutter = Text.assemble(
            "  ",
            (signs.of(claim.status), STYLES[claim.status]),
            " ",
            (clean(claim.id), "dim"),
            "  ",
        )
        place = where(claim.modality, claim.start_s, claim.end_s)
        about = "; ".join(
            part
            for part in (
                claim.status,
                place,
                f"steps {', '.join(map(clean, claim.step_ids))}" if claim.step_ids else "",
                f"confidence {claim.confidence:.2f}",
            )
            if part
        )
        rows.append(row(Text.assemble(clean(claim.text), (f"  ({about})", "dim")), gutter))
        if claim.observed:
            rows.append(row(f"observed: {clean(claim.observed)}", " " * gutter.cell_len))
    return rows


def measured_rows(verdict: Verdict) -> list[Row]:
    """What measurement contradicts, of this critic or of a panel's members."""
    rows: list[Row] = []
    if verdict.grounded is not None:
        for claim in verdict.grounded.contradicted:
            about = f"{clean(claim.text)} measured: {clean(claim.observed)}"
            rows.append(row(f"contradicted by {clean(verdict.grounded.critic)}: {about}", "  "))
    for member in verdict.members:
        if isinstance(member.verdict, Verdict):
            rows += measured_rows(member.verdict)
    return rows


def calls_rows(calls: list[Call], title: str = "Calls") -> list[Row]:
    """Calls with their ids, which are what `--call` takes."""
    if not calls:
        return []
    rows = [heading(title)]
    for call in calls:
        member = f", member {call.repeat}" if call.role == "critic" and call.repeat else ""
        purpose = "" if call.purpose == "main" else f" ({call.purpose}{member})"
        state = f", failed: {clean(call.error)}" if call.error else ""
        model, prompt = clean(call.requested_model), clean(call.prompt)
        text = f"{call.role}{purpose}, {model}, prompt {prompt}{state}"
        rows.append(row(text, Text.assemble("  ", (clean(call.id), "cyan"), "  ")))
    return [*rows, blank()]
