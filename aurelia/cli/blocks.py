"""How one iteration is shown: score, steps with their check marks, complaints, changes."""

from collections.abc import Sequence

from rich.text import Text

from aurelia.cli.console import STYLES, Signs
from aurelia.cli.marks import FATES, complaints_after
from aurelia.cli.plain import clean, count, where, window
from aurelia.cli.rows import Row, blank, note_row, row
from aurelia.cli.worddiff import StepChange, diff_steps
from aurelia.evaluators.marks import claims_of, step_mark
from aurelia.types.reasoning import Cap, Claim, Complaint, Reasoning, Step, Unscored, Verdict
from aurelia.types.trajectory import Iteration

FATE_STYLES = {"verified": "green", "addressed": "yellow", "raised": "yellow"}


def number(score: float) -> str:
    """A score as people write it: `6`, `7.5`."""
    return f"{score:.1f}".removesuffix(".0")


def score_rows(
    verdict: Verdict | Unscored | None, threshold: float, error: str | None = None
) -> list[Row]:
    """Score and threshold, and each cap that bounded the score."""
    if error:
        return [row(Text.assemble(("no reasoning: ", "bold"), clean(error)), "  ")]
    if verdict is None:
        return []
    if isinstance(verdict, Unscored):
        rows = [row(Text.assemble(("not scored: ", "bold"), clean(verdict.reason)), "  ")]
        return rows + member_rows(verdict)
    reached = verdict.score >= threshold
    text = Text.assemble(
        (f"score {number(verdict.score)} of 10", "bold green" if reached else "bold"),
        f", {'reaches' if reached else 'below'} the threshold of {number(threshold)}",
    )
    rows = [row(text, "  ")]
    binding = [cap for cap in verdict.caps if cap.limit <= verdict.score + 1e-9]
    rows += [row(_cap_text(cap, verdict), "  ") for cap in binding]
    return rows + grounded_rows(verdict) + member_rows(verdict)


def grounded_rows(verdict: Verdict, gutter: str = "  ") -> list[Row]:
    """The score by measurement, beside that of the language model."""
    grounded = verdict.grounded
    if grounded is None:
        return []
    if grounded.problem:
        return [row(Text(f"not measured: {clean(grounded.problem)}", style="yellow"), gutter)]
    wrong = count(len(grounded.contradicted), "claim")
    text = f"the critic gave {number(verdict.raw_score)}"
    if grounded.score is not None:
        text += f", {clean(grounded.critic)} gives {number(grounded.score)}"
    return [row(Text(f"{text}; measurement contradicts {wrong}", style="dim"), gutter)]


def member_rows(verdict: Verdict | Unscored) -> list[Row]:
    """What each critic of a panel gave, and how far they are apart."""
    if not verdict.members:
        return []
    rows = []
    if isinstance(verdict, Verdict) and verdict.disagreement is not None:
        scored = sum(isinstance(m.verdict, Verdict) for m in verdict.members)
        text = f"median of {count(scored, 'critic')}, {number(verdict.disagreement)} apart"
        rows.append(row(text, "  "))
    for member in verdict.members:
        said = member.verdict
        gave = (
            f"not scored: {clean(said.reason)}"
            if isinstance(said, Unscored)
            else number(said.score)
        )
        rows.append(row(Text.assemble((f"{clean(member.critic)}: ", "dim"), gave), "    "))
        if isinstance(said, Verdict):
            rows += grounded_rows(said, "      ")
    return rows


def _cap_text(cap: Cap, verdict: Verdict) -> Text:
    before = (
        f", the critic gave {number(verdict.raw_score)}" if verdict.raw_score > cap.limit else ""
    )
    reason = clean(cap.reason or cap.rule)
    return Text(f"capped at {number(cap.limit)}{before}: {reason}", style="yellow")


def step_rows(
    steps: Sequence[Step], verdict: Verdict | Unscored | None, signs: Signs, pending: bool = False
) -> list[Row]:
    """Each step with sign, id, modality and window; below it what the critic saw otherwise."""
    ids = [clean(step.id) for step in steps]
    modalities = [step.modality or "" for step in steps]
    windows = [window(step.start_s, step.end_s) for step in steps]
    id_width = max(map(len, ids), default=0)
    modality_width = max(map(len, modalities), default=0)
    window_width = max(map(len, windows), default=0)
    rows = []
    for step, step_id, modality, times in zip(steps, ids, modalities, windows, strict=True):
        mark = step_mark(step.id, verdict)
        sign = " " if pending else signs.of(mark)
        columns = [f"{step_id:<{id_width}}"]
        columns += [f"{modality:<{modality_width}}"] if modality_width else []
        columns += [f"{times:<{window_width}}"] if window_width else []
        gutter = Text.assemble("  ", (sign, STYLES[mark]), " ", ("  ".join(columns), "dim"), "  ")
        rows.append(row(clean(step.text), gutter))
        # Several claims of a step may meet the same objection; once is enough.
        objections = [
            _objection(claim)
            for claim in claims_of(step.id, verdict)
            if claim.status != "supported"
        ]
        unique = {text.plain: text for text in objections}.values()
        rows += [row(text, " " * gutter.cell_len) for text in unique]
    return rows


def _objection(claim: Claim) -> Text:
    observed = clean(claim.observed) or clean(claim.text)
    return Text.assemble((f"{claim.status}: ", STYLES[claim.status]), observed)


def loose_claim_rows(verdict: Verdict | Unscored | None, signs: Signs) -> list[Row]:
    """Claims in doubt that rest on no step, and what the caption leaves out."""
    if not isinstance(verdict, Verdict):
        return []
    rows = []
    for claim in verdict.claims:
        if not claim.step_ids and claim.status != "supported":
            gutter = Text.assemble("  ", (signs.of(claim.status), STYLES[claim.status]), " ")
            text = Text.assemble(f"caption: {clean(claim.text)} ", _objection(claim))
            rows.append(row(text, gutter))
    rows += [note_row("missing", clean(text)) for text in verdict.omissions]
    return rows


def complaint_rows(complaints: Sequence[Complaint]) -> list[Row]:
    """What the critic asks for next."""
    rows = []
    for complaint in complaints:
        place = where(complaint.modality, complaint.start_s, complaint.end_s)
        step = f"step {clean(complaint.step_id)}" if complaint.step_id else ""
        about = ", ".join(part for part in (step, place) if part)
        lead = (f"{about}: " if about else "", "dim")
        text = Text.assemble(lead, clean(complaint.action), _name(complaint))
        rows.append(note_row("asks", text))
    return rows


def fate_rows(previous: Iteration | None, iteration: Iteration) -> list[Row]:
    """What became of the complaints raised at the pass before."""
    rows = []
    for complaint in complaints_after(previous, iteration) if previous else []:
        fate = (FATES[complaint.status], FATE_STYLES[complaint.status])
        text = Text.assemble(fate, f": {clean(complaint.action)}", _name(complaint))
        rows.append(note_row("asked", text))
    return rows


def _name(complaint: Complaint) -> tuple[str, str]:
    return (f"  [{clean(complaint.id)}]", "dim")


def diff_rows(old: Reasoning | None, new: Reasoning | None, since: int) -> list[Row]:
    """Word diff of the steps: `[-removed-]` and `{+added+}`, so that colour is not needed."""
    if old is None or new is None:
        return []
    changes = diff_steps(
        [clean(step.text) for step in old.steps], [clean(step.text) for step in new.steps]
    )
    changed = [change for change in changes if change.changed]
    if not changed:
        return [note_row("changed", f"nothing since iteration {since}", "yellow")]
    same = len(changes) - len(changed)
    unchanged = f"; {count(same, 'step')} as before" if same else ""
    rows = [note_row("changed", Text(f"since iteration {since}{unchanged}", style="dim"))]
    return rows + [_change_row(change, old.steps, new.steps) for change in changed]


def _change_row(change: StepChange, old: Sequence[Step], new: Sequence[Step]) -> Row:
    if change.new is None:
        sign, step = "-", old[change.old or 0]
    else:
        sign, step = ("+" if change.old is None else "~"), new[change.new]
    text = Text()
    for run in change.runs:
        if run.op == "same":
            text.append(run.words)
        elif run.op == "removed":
            text.append(f"[-{run.words}-]", style="red")
        else:
            text.append(f"{{+{run.words}+}}", style="green")
        text.append(" ")
    text.rstrip()
    return row(text, Text.assemble(" " * 4, (f"{sign} {clean(step.id)}", "dim"), "  "))


def iteration_rows(
    iteration: Iteration,
    previous: Iteration | None,
    signs: Signs,
    threshold: float,
    max_iterations: int | None = None,
) -> list[Row]:
    """One whole iteration, as the live view and `aurelia show` print it."""
    of = f" of {max_iterations}" if max_iterations else ""
    reasoning, verdict = iteration.reasoning, iteration.verdict
    rows = [row(f"Iteration {iteration.index}{of}", style="bold cyan")]
    rows += score_rows(verdict, threshold, iteration.error)
    if reasoning is not None and reasoning.cannot_answer is not None:
        rows.append(note_row("declined", clean(reasoning.cannot_answer.reason)))
        rows += [note_row("needed", clean(item)) for item in reasoning.cannot_answer.needed]
    rows += step_rows(reasoning.steps if reasoning else [], verdict, signs)
    rows += loose_claim_rows(verdict, signs)
    rows += fate_rows(previous, iteration)
    if isinstance(verdict, Verdict):
        rows += complaint_rows(verdict.complaints)
    if previous is not None:
        rows += diff_rows(previous.reasoning, reasoning, previous.index)
    return [*rows, blank()]
