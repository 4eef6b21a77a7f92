"""What a run is about: clip, question, options, and who plays which role."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from rich.text import Text

from aurelia.cli.console import Signs
from aurelia.cli.plain import clean, seconds, window
from aurelia.cli.rows import Row, blank, field_row
from aurelia.models.registry import GROUNDED
from aurelia.types.clip import Clip

ROLES = ("actor", "summarizer", "critic", "target")


def clip_words(clip: Clip) -> str:
    """Name, length and streams of a clip on one line."""
    streams = {
        (True, True): "picture and sound",
        (True, False): "picture, no sound",
        (False, True): "sound, no picture",
        (False, False): "neither picture nor sound",
    }[clip.has_video, clip.has_audio]
    parts = [clean(PurePath(clip.path).name), f"{seconds(clip.duration_s)} s", streams]
    if clip.start_s is not None or clip.end_s is not None:
        parts.append(f"window {window(*clip.window)}")
    if clip.audio:
        parts.append(f"sound from {clean(PurePath(clip.audio).name)}")
    return ", ".join(parts)


def option_rows(options: Mapping[str, str] | None) -> list[Row]:
    """One row for each option."""
    lettered = list((options or {}).items())
    return [
        field_row("Options" if position == 0 else "", f"{clean(letter)}) {clean(text)}")
        for position, (letter, text) in enumerate(lettered)
    ]


def model_rows(roles: Mapping[str, Any]) -> list[Row]:
    """The models with their roles, one model a row; `roles` holds the `panel` as a list."""
    by_model: dict[str, list[str]] = {}
    for role, name in played(roles):
        kind = "grounded " if name.startswith(GROUNDED) else ""
        model = clean(name.removeprefix(GROUNDED))
        by_model.setdefault(model, []).append(f"{kind}{role}")
    return [
        field_row(
            "Models" if position == 0 else "", Text.assemble(model, (f" as {_list(names)}", "dim"))
        )
        for position, (model, names) in enumerate(by_model.items())
    ]


def played(roles: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each role that is played and its model's string, members of the panel after the critic."""
    found: list[tuple[str, str]] = []
    for role in ROLES:
        if roles.get(role):
            found.append((role, str(roles[role])))
        if role == "critic":
            panel = enumerate(roles.get("panel") or (), 1)
            found += [(f"panel member {number}", str(name)) for number, name in panel]
    return found


def _list(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


def header_rows(
    clip: Clip,
    question: str,
    options: Mapping[str, str] | None,
    roles: Mapping[str, Any],
    signs: Signs,
) -> list[Row]:
    """The head of every view of a run."""
    rows = [
        field_row("Clip", clip_words(clip)),
        field_row("Question", Text(clean(question), style="bold")),
        *option_rows(options),
    ]
    rows += [
        field_row(
            "Candidate" if position == 0 else "",
            f"{clean(c.label)}: {clean(PurePath(c.path).name)}",
        )
        for position, c in enumerate(clip.candidates)
    ]
    rows += model_rows(roles)
    rows.append(field_row("Signs", signs.legend, "dim"))
    return [*rows, blank()]
