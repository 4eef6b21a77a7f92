"""Records as the text that fills a prompt's variables."""

from collections.abc import Mapping, Sequence

from aurelia.types.reasoning import Claim, Complaint, Modality, Reasoning, Step

_SENSES: dict[Modality, str] = {
    "visual": "picture",
    "audio": "sound",
    "both": "picture and sound",
}


def where(modality: Modality | None, start_s: float | None, end_s: float | None) -> str:
    """`sound, 3.0–3.6 s`; empty where nothing is known."""
    parts = [_SENSES[modality]] if modality else []
    if start_s is not None and end_s is not None:
        parts.append(f"{start_s:.2f}–{end_s:.2f} s")
    elif start_s is not None:
        parts.append(f"from {start_s:.2f} s")
    return ", ".join(parts)


def options_text(options: Mapping[str, str] | None) -> str:
    """One option a line."""
    return "\n".join(f"{letter}. {text}" for letter, text in (options or {}).items())


def steps_text(steps: Sequence[Step]) -> str:
    """Numbered steps."""
    return "\n".join(f"{n}. {_located(step)}" for n, step in enumerate(steps, start=1))


def previous_text(reasoning: Reasoning) -> str:
    """An earlier reply, with the ids that complaints refer to."""
    lines = [f"{step.id}. {_located(step)}" for step in reasoning.steps]
    if reasoning.findings:
        lines.append(f"Findings: {reasoning.findings}")
    if reasoning.answer:
        lines.append(f"Answer: {reasoning.answer}")
    return "\n".join(lines)


def complaints_text(complaints: Sequence[Complaint]) -> str:
    """Complaints with their ids, senses and windows."""
    lines = []
    for complaint in complaints:
        place = where(complaint.modality, complaint.start_s, complaint.end_s)
        about = f" (about {complaint.step_id})" if complaint.step_id else ""
        lines.append(f"{complaint.id}{f' [{place}]' if place else ''}{about}: {complaint.action}")
    return "\n".join(lines)


def contradicted_text(claims: Sequence[Claim]) -> str:
    """Contradicted claims with what was perceived instead."""
    lines = []
    for claim in claims:
        if claim.status == "contradicted":
            observed = f" Observed: {claim.observed}" if claim.observed else ""
            lines.append(f"- {claim.text}{observed}")
    return "\n".join(lines)


def bullet_text(items: Sequence[str]) -> str:
    """One item a line."""
    return "\n".join(f"- {item}" for item in items)


def _located(step: Step) -> str:
    place = where(step.modality, step.start_s, step.end_s)
    return f"[{place}] {step.text}" if place else step.text
