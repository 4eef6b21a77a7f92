"""What a server says that its model takes, held against the form in which it is to be sent a clip.

Only our worker says it: in its list of models, next to the id. Of other servers nothing is known.
"""

from collections.abc import Mapping
from typing import Any

from aurelia.models.capabilities import Capabilities


def objection(said: object, takes: Capabilities) -> tuple[str, str] | None:
    """What will not reach the model as configured, and what would help; None where all will.

    Args:
        said: `capabilities` of its entry: how many of `image`, `video`, `audio` and, together,
            `media` a question may have, and whether it hears the track of a video file
            (`audio_in_video`).
        takes: the forms that are configured.
    """
    if not isinstance(said, Mapping) or "audio_in_video" not in said:
        return None  # another server's, by whatever words
    file = takes.sight in ("raw", "path")
    apart = takes.hearing not in ("in_video", "off")
    if file and not _many(said, "video"):
        help_ = "set video=frames" if _many(said, "image") else "set video=off"
        return "it takes no video file", help_
    if takes.sight == "frames" and not _many(said, "image"):
        return "it takes no images", "set video=raw" if _many(said, "video") else "set video=off"
    if apart and not _many(said, "audio"):
        heard = file and said["audio_in_video"] is True
        help_ = "set audio=in_video" if heard else "set audio=off"
        return "it takes no sound of its own", help_
    if takes.hearing == "in_video" and said["audio_in_video"] is not True:
        help_ = "set audio=input_audio" if _many(said, "audio") else "set audio=off"
        return "it does not hear the sound in a video file", help_
    if file and apart and said.get("media") == 1:
        return "it takes one medium a question", "set audio=off, or video=off"
    return None


def _many(said: Mapping[Any, Any], kind: str) -> bool:
    """Whether it takes any; where it does not say, it may."""
    count = said.get(kind)
    return not isinstance(count, int) or count > 0
