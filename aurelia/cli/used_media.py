"""The frames and the sound that a run used, from the cache where the run left them."""

from pathlib import Path
from typing import Any

from aurelia.graph.context import Context
from aurelia.media.prepare import prepare_media
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Trajectory


def used_media(trajectory: Trajectory, clip: Clip) -> tuple[list[Path], Path | None]:
    """Paths of the frames in order of time, and of the sound; None where there is none."""
    known: dict[str, Any] = {
        name: value for name, value in trajectory.context.items() if name in Context.model_fields
    }
    context = Context(**known)
    media = prepare_media(
        clip,
        context.max_frames,
        max_side=context.max_side,
        frame_rule=context.frame_rule,
        frames_per_minute=context.frames_per_minute,
    )
    return [Path(frame.path) for frame in media.frames], Path(media.wav) if media.wav else None
