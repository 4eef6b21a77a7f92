"""`aurelia demo`: the whole mechanism on a clip that is rendered on the spot."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from aurelia.cli.exits import FAILED

if TYPE_CHECKING:
    from aurelia.cli.rows import Row
    from aurelia.types.reasoning import Unscored, Verdict
    from aurelia.types.trajectory import Trajectory

QUESTION = "Which comes first, the sound or the movement?"
"""Asked without options: a target that cannot hear can then say so, instead of guessing."""
TARGET = "offline:perception?modality=deaf"
CRITIC = "offline:perception"
LIE = "The sound starts 1.00 s before the movement."
"""False by the making of the clip: a ball moves from 1.0 s, the first tone sounds at 3.0 s."""

SCOPE = (
    "This shows the mechanism, with models that measure a rendered clip; it is no claim about the "
    "paper's gains."
)


def demo(
    save: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Save the run in this folder (default: below runs/)."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the trajectory, and nothing else, on stdout.")
    ] = False,
) -> None:
    """Show the whole mechanism on a rendered clip.

    A deaf target answers without and with the steps, and the critic has to catch a planted lie.
    Needs no key and no network. Exits with 1 if any of it fails.
    """
    from aurelia.cli import rows
    from aurelia.cli.session import Session
    from aurelia.graph.context import Context
    from aurelia.graph.run import critique
    from aurelia.media.open import open_clip
    from aurelia.media.render import demo_clip
    from aurelia.settings import load_settings

    session = Session(as_json=as_json, save=save, keep=True)
    session.say("Rendering a clip of 8 s with moviepy (H.264 and AAC) …", style="dim")
    path = demo_clip(load_settings().cache_dir / "demo")
    clip = open_clip(path)
    settings = Context().model_dump()  # all of them: no configuration changes what is promised
    trajectory = session.run(clip, QUESTION, None, {**settings, "target": TARGET})
    session.end(trajectory, clip, named=str(path))
    accepted = trajectory.stop_reason == "accepted"
    best = trajectory.best_iteration
    verdict = None
    if accepted and best is not None and best.reasoning is not None:
        caption = with_lie(best.caption, best.reasoning.findings)
        verdict = critique(clip, caption, QUESTION, **{**settings, "critic": CRITIC})
    caught = lie_was_caught(verdict, float(trajectory.context["threshold"]))
    rows.show(session.console, what_happened(trajectory, verdict, caught))
    if not (accepted and caught and target_answered(trajectory)):
        raise typer.Exit(FAILED)


def target_answered(trajectory: "Trajectory") -> bool:
    """Whether the target answered without and with the steps."""
    return any(t.zero_shot and t.distilled and not t.error for t in trajectory.targets.values())


def with_lie(caption: str, findings: str) -> str:
    """The caption with the lie where its conclusion stood, or at its end."""
    if findings and findings in caption:
        return caption.replace(findings, LIE)
    return f"{caption.rstrip()} {LIE}".lstrip()


def lie_was_caught(verdict: "Verdict | Unscored | None", threshold: float) -> bool:
    """Whether the critic named a contradiction and scored the caption below the threshold."""
    from aurelia.types.reasoning import Verdict

    return (
        isinstance(verdict, Verdict)
        and verdict.score < threshold
        and any(claim.status == "contradicted" for claim in verdict.claims)
    )


def what_happened(
    trajectory: "Trajectory", verdict: "Verdict | Unscored | None", caught: bool
) -> "list[Row]":
    """The demo in plain words."""
    from aurelia.cli.blocks import number
    from aurelia.cli.ending import answer_words
    from aurelia.cli.plain import clean
    from aurelia.cli.rows import blank, heading, row
    from aurelia.types.reasoning import Verdict

    said = [heading("What happened")]
    if trajectory.best is not None and trajectory.stop_reason == "accepted":
        said.append(
            row(f"The critic accepted the caption of iteration {trajectory.best.index}.", "  1  ")
        )
    else:
        said.append(row("The critic accepted no caption: the demo failed.", "  1  ", "bold red"))
    record = next(iter(trajectory.targets.values()), None)
    if record is None or record.zero_shot is None or record.distilled is None:
        said.append(row("The target did not answer: the demo failed.", "  2  ", "bold red"))
    else:
        alone = answer_words(record.zero_shot, trajectory.options)
        helped = answer_words(record.distilled, trajectory.options)
        text = f"A target that cannot hear answered “{alone}” by itself, “{helped}” with the steps."
        said.append(row(text, "  2  "))
    if not isinstance(verdict, Verdict):
        said.append(row("The planted lie was not scored: the demo failed.", "  3  ", "bold red"))
    else:
        outcome = "rejected it" if caught else "let it pass: the demo failed"
        text = f"A lie was put in the place of its conclusion: “{LIE}” The critic {outcome}"
        said.append(row(f"{text}, with {number(verdict.score)} of 10.", "  3  "))
        said += [
            row(f"observed: {clean(claim.observed)}", "     ")
            for claim in verdict.claims
            if claim.status == "contradicted" and claim.observed
        ]
    return [*said, blank(), row(SCOPE, style="dim")]
