"""The frames and the sound that a run used, from the cache where the run left them."""

from typing import Any

from aurelia.graph.context import Context
from aurelia.media.prepare import prepare_media
from aurelia.media.prepared import PreparedMedia
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Trajectory


def used_media(trajectory: Trajectory, clip: Clip) -> PreparedMedia:
    """What was prepared for the run's models, prepared again if the cache has dropped it.

    Raises:
        MediaError: it is neither in the cache nor can the clip be read any more.
    """
    known: dict[str, Any] = {
        name: value for name, value in trajectory.context.items() if name in Context.model_fields
    }
    context = Context(**known)
    return prepare_media(
        clip,
        context.max_frames,
        max_side=context.max_side,
        frame_rule=context.frame_rule,
        frames_per_minute=context.frames_per_minute,
    )
