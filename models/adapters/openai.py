"""OpenAI's chat protocol, at OpenAI and at servers that speak it."""

import base64
from collections.abc import Sequence

from aurelia.media.mp3 import read_mp3
from aurelia.models.adapters.media import Medium
from aurelia.models.adapters.wire import Block, data_url, encoded, labelled
from aurelia.models.capabilities import Capabilities


def blocks(media: Sequence[Medium], takes: Capabilities) -> list[Block]:
    """Labelled images and sounds; raw `video_url` and `audio_url` parts where configured.

    Sound goes as `input_audio`, WAV or MP3; that protocol calls the latter `mp3`, not `mpeg`.

    Raises:
        MediaError: there is no room for the MP3 in the cache.
    """

    def convert(medium: Medium) -> Block:
        if medium.kind == "video":
            url = str(medium.path) if takes.sight == "path" else data_url(medium)
            return {"type": "video_url", "video_url": {"url": url}}
        if medium.kind == "frame":
            # LangChain looks at its own blocks of images at length, more than once a call.
            return {"type": "image_url", "image_url": {"url": data_url(medium)}}
        if takes.hearing == "path":
            return {"type": "audio_url", "audio_url": {"url": str(medium.path)}}
        if takes.hearing == "raw":
            return {"type": "audio_url", "audio_url": {"url": data_url(medium)}}
        if takes.hearing == "mp3" and medium.path:
            data = base64.b64encode(read_mp3(medium.path)).decode("ascii")
            return {"type": "input_audio", "input_audio": {"data": data, "format": "mp3"}}
        sound = {"data": encoded(medium), "format": "wav"}
        return {"type": "input_audio", "input_audio": sound}

    return labelled(media, convert)
