"""OpenAI's chat protocol, at OpenAI and at servers that speak it."""

from collections.abc import Sequence

from aurelia.models.adapters.media import Medium
from aurelia.models.adapters.wire import Block, data_url, encoded, labelled, standard
from aurelia.models.capabilities import Capabilities


def blocks(media: Sequence[Medium], takes: Capabilities) -> list[Block]:
    """Labelled images and sounds; raw `video_url` and `audio_url` parts where configured."""

    def convert(medium: Medium) -> Block:
        if medium.kind == "video":
            url = str(medium.path) if takes.sight == "path" else data_url(medium)
            return {"type": "video_url", "video_url": {"url": url}}
        if medium.kind == "frame":
            return standard(medium)
        if takes.hearing == "path":
            return {"type": "audio_url", "audio_url": {"url": str(medium.path)}}
        if takes.hearing == "raw":
            return {"type": "audio_url", "audio_url": {"url": data_url(medium)}}
        sound = {"data": encoded(medium), "format": "wav"}
        return {"type": "input_audio", "input_audio": sound}

    return labelled(media, convert)
