"""One run on the command line: shown while it runs, saved when it ends, its exit code."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from aurelia.cli.console import open_console, signs_for, write_result
from aurelia.cli.ending import ending_rows
from aurelia.cli.exits import exit_code
from aurelia.cli.header import ROLES, header_rows
from aurelia.cli.live import LoopView
from aurelia.cli.plain import clean
from aurelia.cli.reviewing import Reviewer, require_terminal
from aurelia.cli.rows import blank, field_row, row, show
from aurelia.cli.used_media import used_media
from aurelia.cli.view import iteration_of
from aurelia.errors import MediaError
from aurelia.graph.context import Context, make_context
from aurelia.graph.forms import PROMPT_NODES, SUFFIX
from aurelia.graph.run import Fork, reason
from aurelia.models.registry import is_offline
from aurelia.prompts.loader import SETS
from aurelia.saved import check_destination, portable, save_run
from aurelia.settings import load_settings
from aurelia.types.clip import Clip
from aurelia.types.review import ReviewRequest
from aurelia.types.trajectory import Trajectory


class Session:
    """Runs the loop for a person, or for a program that reads JSON.

    Args:
        as_json: whether stdout belongs to the trajectory alone.
        save: the folder to save in; None for one below the runs folder.
        keep: whether to save at all.

    Raises:
        InputError: `save` holds something that saving would destroy.
    """

    def __init__(self, as_json: bool, save: Path | None, keep: bool) -> None:
        self.console = open_console(stderr=as_json)
        self._as_json = as_json
        self._save = save
        self._keep = keep
        if keep:
            check_destination(save or load_settings().runs_dir / "new")

    def run(
        self,
        clip: Clip,
        question: str,
        options: dict[str, str] | None,
        context: Mapping[str, Any],
        fork: Fork | None = None,
        thread: str | None = None,
    ) -> Trajectory:
        """The loop, with its live view.

        Raises:
            ConfigurationError: a setting has no such name, or its value is out of bounds.
        """
        context = {**inherited(fork.trajectory), **context} if fork else dict(context)
        settings = make_context(**context)
        roles = {role: getattr(settings, role) for role in (*ROLES, "panel")}
        show(self.console, header_rows(clip, question, options, roles, signs_for(self.console)))
        note = offline_prompts_note(settings)
        if note:
            show(self.console, [field_row("Note", note, "yellow"), blank()])
        if settings.review != "off":
            require_terminal()
        before = iteration_of(fork.trajectory, fork.iteration) if fork else None
        moving = self.console.file.isatty()  # FORCE_COLOR makes a pipe look like a terminal
        with LoopView(self.console, settings.target is not None, before, moving) as view:
            reviewer = Reviewer(self.console, seen=view.has_shown)

            def on_review(request: ReviewRequest) -> Any:
                with view.paused():
                    return reviewer(request)

            return reason(
                clip,
                question,
                options,
                on_event=view.on_event,
                on_review=on_review,
                fork=fork,
                thread=thread,
                **context,
            )

    def save(self, trajectory: Trajectory, clip: Clip) -> Path | None:
        """Write the run with the frames and sound it used; None where nothing is kept."""
        if not self._keep:
            return None
        directory = self._save or load_settings().runs_dir / trajectory.id
        try:
            media = used_media(trajectory, clip)
        except MediaError as error:  # the record is worth keeping without them
            note = f"saved without frames and sound: {error}"
            show(self.console, [field_row("Note", clean(note), "yellow")])
            media = None
        return save_run(trajectory, directory, media)

    def finish(self, trajectory: Trajectory, clip: Clip, named: str) -> None:
        """Save, print the end, and leave with the run's exit code.

        Raises:
            InputError: the run could not be saved; it has been printed all the same.
            typer.Exit: always where the code is not 0.
        """
        self.end(trajectory, clip, named)
        code = exit_code(trajectory.stop_reason)
        if code:
            raise typer.Exit(code)

    def end(self, trajectory: Trajectory, clip: Clip, named: str) -> None:
        """Save and print the end; what can't be saved is printed before that is reported.

        Raises:
            InputError: the run could not be saved.
        """
        saved: Path | None = None
        try:
            saved = self.save(trajectory, clip)
        finally:
            show(self.console, ending_rows(trajectory, saved, named))
            if self._as_json:
                write_result(portable(trajectory).model_dump_json(indent=2))

    def say(self, text: str = "", style: str = "") -> None:
        """Print one line."""
        show(self.console, [row(text, style=style)])


def inherited(trajectory: Trajectory) -> dict[str, Any]:
    """The settings of an earlier run, for one that goes on from it.

    A folder of prompts may be gone, or hold other texts by now: the texts recorded with the run
    stand in for it.
    """
    known = {k: v for k, v in trajectory.context.items() if k in Context.model_fields}
    if known.get("prompts", SETS[0]) not in SETS:
        texts = {template.name: template.text for template in trajectory.templates.values()}
        # Recorded texts need no pins, and prompts that the run never used have other ones now.
        known |= {"prompts": SETS[0], "prompt_overrides": texts, "prompt_pins": []}
        known |= {f"{name}{SUFFIX}": "" for name in PROMPT_NODES}
    return known


def offline_prompts_note(context: Context) -> str:
    """What a user who edited prompts has to know where models measure; empty otherwise."""
    if context.prompts in SETS and not context.overrides:
        return ""
    measuring = [role for role in ROLES if is_offline(getattr(context, role) or "")]
    if not measuring:
        return ""
    return (
        f"{', '.join(measuring)}: offline models measure the clip and read no prompt, so "
        "rewording a prompt changes nothing in what they say."
    )
