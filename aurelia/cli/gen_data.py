"""`aurelia gen-data`: the published script's command line, on this graph."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from aurelia.types.trajectory import Trajectory


def gen_data(
    video_path: Annotated[str, typer.Option("--video_path", metavar="FILE", help="The video.")],
    query: Annotated[str, typer.Option("--query", metavar="TEXT", help="What to answer.")],
    save_path: Annotated[
        Path, typer.Option("--save_path", metavar="FILE", help="The JSON file to write.")
    ],
    audio_path: Annotated[
        str | None,
        typer.Option("--audio_path", metavar="FILE", help="The sound, if not the video's own."),
    ] = None,
    max_tries: Annotated[
        int, typer.Option("--max_tries", metavar="N", min=1, help="Give up after so many passes.")
    ] = 5,
    score_threshold: Annotated[
        float,
        typer.Option("--score_threshold", metavar="N", min=1, max=10, help="Accept at this score."),
    ] = 6,
) -> None:
    """Write accepted steps as the published script does.

    The file holds query, video_path, audio_path and reasoning_steps. Nothing is kept where the
    threshold was not reached: then reasoning_steps is an empty list.
    """
    from aurelia.cli.session import Session
    from aurelia.errors import InputError
    from aurelia.media.open import open_clip

    if save_path.is_dir():
        raise InputError(f"--save_path {save_path} is a folder; give the name of a JSON file.")
    clip = open_clip(video_path, audio_path)
    session = Session(as_json=False, save=None, keep=False)
    trajectory = session.run(
        clip,
        query,
        None,
        {"preset": "published", "max_iterations": max_tries, "threshold": score_threshold},
    )
    steps = accepted_steps(trajectory)
    if trajectory.stop_reason != "failed":
        write_record(
            save_path,
            {
                "query": query,
                "video_path": video_path,
                "audio_path": audio_path,
                "reasoning_steps": steps,
            },
        )
        session.say(saved_words(save_path, len(steps), score_threshold))
    session.finish(trajectory, clip, named=video_path)


def saved_words(path: Path, steps: int, threshold: float) -> str:
    """What the file now holds, in one sentence."""
    if steps:
        return f"Saved {steps} reasoning steps to {path}."
    return (
        f"No steps reached the threshold of {threshold:g}, so reasoning_steps in {path} is empty: "
        "as published, nothing below it is kept."
    )


def accepted_steps(trajectory: "Trajectory") -> list[str]:
    """Texts of the accepted steps; none unless the run ended by acceptance."""
    best = trajectory.best_iteration
    if trajectory.stop_reason != "accepted" or best is None or best.reasoning is None:
        return []
    return [step.text for step in best.reasoning.steps]


def write_record(path: Path, record: dict[str, object]) -> None:
    """Write JSON so that an interrupted run leaves the earlier file whole.

    Raises:
        InputError: the place can't be written.
    """
    import json

    from aurelia.errors import InputError

    scratch = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", "utf-8")
        scratch.replace(path)
    except OSError as error:
        raise InputError(f"{path} can't be written: {error.strerror or error}.") from error
