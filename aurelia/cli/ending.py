"""How a run ended: stop, leak, answers, calls, cost, time, where it is saved, what comes next."""

import math
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from rich.text import Text

from aurelia.cli.blocks import number
from aurelia.cli.plain import clean, count
from aurelia.cli.rows import Row, blank, command_row, field_row
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Answer
from aurelia.types.trajectory import Call, TargetRecord, Trajectory

LOCAL_MODELS = ("offline:", "scripted:", "replay:")
"""Prefixes of models that run here and cost nothing."""


MAX_SAID = 160
"""Longest explanation of a target that is shown with its answer, in characters."""

MORE_ITERATIONS = 3
"""How many more passes are suggested after a run that was not accepted."""


def all_calls(trajectory: Trajectory) -> Iterator[Call]:
    """Every call of a run, in order: the loop's, then the targets'."""
    for iteration in trajectory.iterations:
        yield from iteration.calls
    for target in trajectory.targets.values():
        yield from target.calls


def stop_words(trajectory: Trajectory) -> Text:
    """Why the run ended, and which iteration is kept."""
    best = trajectory.best_iteration
    score = best.score if best is not None else None
    kept = f" with {number(score)} of 10" if score is not None else ""
    at = f"iteration {best.index}{kept}" if best is not None else "no iteration"
    last = len(trajectory.iterations)
    words, style = {
        "accepted": (f"accepted at {at}", "bold green"),
        "exhausted": (f"not accepted after {count(last, 'iteration')}; the best is {at}", "bold"),
        "cannot_answer": ("the actor cannot answer this question about this clip", "bold yellow"),
        "budget": (f"the budget is spent; the best is {at}", "bold yellow"),
        "rejected": ("rejected by a person", "bold yellow"),
        "failed": ("the run failed", "bold red"),
    }[trajectory.stop_reason]
    text = Text(words, style=style)
    declined = trajectory.stop_reason == "cannot_answer"  # the iteration has said why
    details = [] if declined else [clean(trajectory.stop_detail)]
    if trajectory.best is not None and trajectory.stop_reason != "failed":
        details.append(clean(trajectory.best.why))
    for detail in dict.fromkeys(filter(None, details)):
        text.append(f"; {detail.rstrip('.')}", style="default not bold")
    return text


def leak_rows(trajectory: Trajectory) -> list[Row]:
    """Spans of the steps that give the answer away."""
    if not trajectory.leaks:
        return (
            [field_row("Leak", "none: the kept steps do not give the answer away")]
            if (trajectory.best is not None)
            else []
        )
    rows = []
    for position, leak in enumerate(trajectory.leaks):
        against = "the actor's answer" if leak.against == "actor_answer" else "an option"
        said, matched = clean(leak.text), clean(leak.matched)
        text = f"step {clean(leak.step_id)} says “{said}”, which gives away {against}: “{matched}”"
        rows.append(field_row("Leak" if position == 0 else "", text, "yellow"))
    return rows


def answer_words(answer: Answer, options: Mapping[str, str] | None) -> str:
    """An answer in words; a chosen option is spelled out."""
    text = clean(answer.text) or "(empty reply)"
    if answer.option:
        letter = clean(answer.option)
        wording = clean((options or {}).get(answer.option, ""))
        text = (
            f"{letter}) {wording}" if wording else (text if text == letter else f"{letter}: {text}")
        )
    if not answer.parsed:
        text += " (no explicit answer found in the reply)"
    return text + (f" ({clean(answer.note).rstrip('.')})" if answer.note else "")


def target_rows(name: str, record: TargetRecord, options: Mapping[str, str] | None) -> list[Row]:
    """A target's answers without and with r*."""
    rows = [field_row("Target", clean(name))]
    if record.zero_shot is not None:
        rows.append(field_row("  without", answer_words(record.zero_shot, options)))
        rows += _why_rows(record.zero_shot)
    if record.distilled is not None:
        form = f" [r* as {record.form.replace('_', ' ')}]" if record.form else ""
        rows.append(field_row("  with r*", answer_words(record.distilled, options) + form))
        rows += _why_rows(record.distilled)
    if record.error:
        rows.append(field_row("  failed", clean(record.error), "bold red"))
    return rows


def _why_rows(answer: Answer) -> list[Row]:
    """What a target said before its answer, where it is short enough to help."""
    said = clean(answer.raw.rpartition("\n")[0])
    return [field_row("", f"“{said}”", "dim")] if 0 < len(said) <= MAX_SAID else []


def calls_words(trajectory: Trajectory) -> str:
    """Calls, what of them was served or tried again, and tokens, on one line."""
    totals = trajectory.totals
    text = count(totals.calls, "call") + (
        f", {totals.cached:,} from cache" if totals.cached else ""
    )
    if totals.retries:
        text += f", {totals.retries:,} {'retry' if totals.retries == 1 else 'retries'}"
    if totals.input_tokens is None and totals.output_tokens is None:
        return text + ", tokens not counted"
    given = [
        f"{n:,} {way}{_kinds(details)}"
        for n, way, details in (
            (totals.input_tokens, "in", totals.input_details),
            (totals.output_tokens, "out", totals.output_details),
        )
        if n is not None
    ]
    return f"{text}, tokens {' and '.join(given)}"


def _kinds(details: Mapping[str, int]) -> str:
    """What of the tokens was sound, images …, as far as the provider said."""
    said = [f"{n:,} {clean(kind).replace('_', ' ')}" for kind, n in details.items()]
    return f" (of which {', '.join(said)})" if said else ""


def cost_words(trajectory: Trajectory) -> str:
    """What the run cost, or why that is not known."""
    cost = trajectory.totals.cost_usd
    models = {call.requested_model for call in all_calls(trajectory)}
    if models and all(model.startswith(LOCAL_MODELS) for model in models):
        return "none: offline"
    if not models:
        return "none: no call was made"
    return _unknown_cost(trajectory) if cost is None else f"${cost:.4f}"


def _unknown_cost(trajectory: Trajectory) -> str:
    """Of how many calls the cost is unknown, and what the others cost."""
    totals = trajectory.totals
    if not totals.unpriced:  # a record of an older version
        return "unknown"
    text = f"unknown for {count(totals.unpriced, 'call')}"
    before = trajectory.parent.iteration if trajectory.parent else 0
    own = [c for c in all_calls(trajectory) if c.iteration is None or c.iteration > before]
    known = sum(call.usage.cost_usd or 0.0 for call in own)
    if known:
        return f"{text}; the others cost ${known:.4f}"
    return text if totals.unpriced == totals.calls else f"{text}; the others cost nothing"


def next_commands(trajectory: Trajectory, saved: Path, clip: str) -> list[str]:
    """Commands worth typing next, quoted for a shell."""
    run = shlex.quote(clean(str(saved)))
    last = trajectory.best.index if trajectory.best else len(trajectory.iterations)
    commands = [f"aurelia show {run}" + (f" --iteration {last}" if last else "")]
    dash = "-- " if clip.startswith("-") else ""
    asked = f"{dash}{shlex.quote(clean(clip))} {shlex.quote(clean(trajectory.question))}"
    asked = f"{clip_options(trajectory.clip)}{asked}"
    further = _how_to_go_on(trajectory)
    if further:
        fork = shlex.quote(f"{clean(str(saved))}@{len(trajectory.iterations)}")
        commands.append(f"aurelia reason --from {fork} {further} {asked}")
    elif trajectory.stop_reason == "cannot_answer":
        commands.append(f"aurelia reason --actor PROVIDER:MODEL {asked}")
    return commands


def clip_options(clip: Clip) -> str:
    """The options that open the same part of a clip with the same sounds, each with a space."""
    options: list[tuple[str, str]] = []
    if clip.audio:
        options.append(("--audio", clip.audio))
    options += [("--candidate", f"{c.label}={c.path}") for c in clip.candidates]
    options += [("--start", f"{clip.start_s:g}")] if clip.start_s is not None else []
    options += [("--end", f"{clip.end_s:g}")] if clip.end_s is not None else []
    return "".join(f"{name} {shlex.quote(clean(value))} " for name, value in options)


def _how_to_go_on(trajectory: Trajectory) -> str:
    """The setting that makes a fork after the last iteration do more; empty where none does."""
    best = trajectory.best_iteration
    score = best.score if best is not None else None
    if trajectory.stop_reason == "accepted" and score is not None and score < 10:
        return f"--threshold {min(10, math.floor(score) + 1)}"
    if trajectory.stop_reason == "exhausted":
        return f"--max-iterations {len(trajectory.iterations) + MORE_ITERATIONS}"
    return ""


def ending_rows(trajectory: Trajectory, saved: Path | None, clip: str) -> list[Row]:
    """The foot of every view of a run. `clip` is how the user named the clip."""
    rows = [field_row("Stopped", stop_words(trajectory))]
    rows += leak_rows(trajectory)
    if trajectory.actor_answer:
        rows.append(field_row("Answer", Text(clean(trajectory.actor_answer), style="bold")))
    for name, record in trajectory.targets.items():
        rows += target_rows(name, record, trajectory.options)
    rows += [
        field_row("Warning", clean(text), "yellow") for text in dict.fromkeys(trajectory.warnings)
    ]
    rows.append(field_row("Calls", calls_words(trajectory)))
    rows.append(field_row("Cost", cost_words(trajectory)))
    rows.append(field_row("Time", f"{trajectory.totals.seconds:.1f} s"))
    if saved is None:
        return [*rows, blank()]
    rows.append(field_row("Saved", clean(str(saved))))
    for position, command in enumerate(next_commands(trajectory, saved, clip)):
        rows.append(command_row("Next" if position == 0 else "", command))
    return [*rows, blank()]
