"""`aurelia reason`: the loop on a clip, shown while it runs, saved when it ends."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from aurelia.graph.run import Fork
    from aurelia.types.clip import Clip


def reason(
    clip: Annotated[str, typer.Argument(metavar="CLIP", help="A video or audio file.")],
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="What to answer.")],
    audio: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="A sound file that replaces the clip's own sound."),
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            metavar="[A=]TEXT", help="An answer to choose from; repeatable. Letters are optional."
        ),
    ] = None,
    candidate: Annotated[
        list[str] | None,
        typer.Option(metavar="LABEL=FILE", help="A candidate sound to compare; repeatable."),
    ] = None,
    start: Annotated[
        float | None, typer.Option(metavar="S", help="Look at the clip from here, seconds.")
    ] = None,
    end: Annotated[
        float | None, typer.Option(metavar="S", help="Look at the clip up to here, seconds.")
    ] = None,
    actor: Annotated[
        str | None, typer.Option(metavar="M", help="The model that proposes steps.")
    ] = None,
    summarizer: Annotated[
        str | None, typer.Option(metavar="M", help="The model that writes the caption.")
    ] = None,
    critic: Annotated[
        str | None, typer.Option(metavar="M", help="The model that scores the caption.")
    ] = None,
    target: Annotated[
        str | None,
        typer.Option(metavar="M", help="The model that answers without and with the steps."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option(metavar="N", min=1, max=10, help="Accept at this score, 1 to 10."),
    ] = None,
    max_iterations: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Give up after so many passes.")
    ] = None,
    prompts: Annotated[
        str | None,
        typer.Option(metavar="SET_OR_DIR", help="A prompt set by name, or a folder of templates."),
    ] = None,
    panel: Annotated[
        list[str] | None,
        typer.Option(metavar="MODEL", help="A further critic, repeatable; the median counts."),
    ] = None,
    evidence: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            help="Measured sentences for models: off, missing_modalities or always.",
        ),
    ] = None,
    max_cost: Annotated[
        float | None, typer.Option(metavar="USD", help="Stop when the calls have cost this much.")
    ] = None,
    preset: Annotated[
        str | None, typer.Option(metavar="P", help="Named settings: default or published.")
    ] = None,
    review: Annotated[
        str | None,
        typer.Option(
            metavar="WHERE",
            help="Ask you about every pass's `steps`, every `verdict`, or when `exhausted`.",
        ),
    ] = None,
    thread: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="Keep every step under this name; the same command goes on."
        ),
    ] = None,
    stream: Annotated[
        bool, typer.Option("--stream", help="Show replies while they are written.")
    ] = False,
    fork: Annotated[
        str | None,
        typer.Option("--from", metavar="RUN@K", help="Go on after iteration K of a saved run."),
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Save the run in this folder (default: below runs/)."),
    ] = None,
    no_save: Annotated[bool, typer.Option("--no-save", help="Save nothing.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the trajectory, and nothing else, on stdout.")
    ] = False,
) -> None:
    """Answer a question about a clip, and show why.

    An actor proposes steps, a critic checks them against the clip, until it is satisfied.
    Write -- before CLIP when its name begins with a dash.
    """
    from aurelia.cli.inputs import parse_candidates, parse_options
    from aurelia.cli.session import Session
    from aurelia.errors import ConfigurationError
    from aurelia.media.open import open_clip

    if save is not None and no_save:
        raise ConfigurationError("--save and --no-save exclude each other; give one of them.")
    settings: dict[str, Any] = {
        "actor": actor,
        "summarizer": summarizer,
        "critic": critic,
        "target": target,
        "threshold": threshold,
        "max_iterations": max_iterations,
        "prompts": prompts,
        "preset": preset,
        "panel": panel or None,
        "evidence": evidence,
        "max_cost": max_cost,
        "review": review,
        "stream_tokens": stream or None,
    }
    context = {name: value for name, value in settings.items() if value is not None}
    options = parse_options(option or [])
    session = Session(as_json=as_json, save=save, keep=not no_save)
    opened = open_clip(clip, audio, start, end, parse_candidates(candidate or []))
    parent = _fork(fork, opened, question) if fork is not None else None
    if parent is not None and options is None:
        options = parent.trajectory.options
    trajectory = session.run(opened, question, options, context, fork=parent, thread=thread)
    session.finish(trajectory, opened, named=clip)


def _fork(text: str, clip: "Clip", question: str) -> "Fork":
    """The run and iteration to go on from; it must be about the same clip and question."""
    from aurelia.cli.ending import clip_options
    from aurelia.cli.inputs import parse_fork
    from aurelia.cli.view import iteration_of
    from aurelia.errors import InputError
    from aurelia.graph.run import Fork
    from aurelia.saved import find_run, load_run
    from aurelia.settings import load_settings

    name, index = parse_fork(text)
    trajectory = load_run(find_run(name, load_settings().runs_dir))
    iteration_of(trajectory, index)
    if trajectory.clip.sha256 != clip.sha256:
        raise InputError(
            f"--from {name}: that run is about another clip, {trajectory.clip.path}; "
            "give the same file."
        )
    if _looked_at(trajectory.clip) != _looked_at(clip):
        raise InputError(
            f"--from {name}: that run looked at another window, or heard other sounds; give the "
            f"same: {clip_options(trajectory.clip).strip() or 'no --start, --end, --audio'}."
        )
    if " ".join(trajectory.question.split()) != " ".join(question.split()):
        raise InputError(
            f"--from {name}: that run asked {trajectory.question!r}; ask the same question."
        )
    return Fork(trajectory=trajectory, iteration=index)


def _looked_at(clip: "Clip") -> tuple[object, ...]:
    """What of a clip a run perceived, besides its file."""
    sounds = sorted((candidate.label, candidate.sha256) for candidate in clip.candidates)
    return clip.start_s, clip.end_s, clip.audio_sha256, sounds
