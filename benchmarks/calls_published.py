"""What the published script sends in a rollout, for `benchmarks/calls.py`.

Written anew from what is known of that script (see docs/published.md): for every call of the
generator and of the evaluator it picks frames again and sends the first five as full-size PNG
files, and uploads the sound again as a WAV file of its own. The summarizer gets text. It makes
three calls an iteration.

What is our reading, each in favour of one side:

- Five frames go along, which is the most; they are evenly spaced. The script's own rule picks fewer
  on steady footage, and none on the clip of 10 s (so the row without frames).
- Frames go in the request itself, as the client sends pictures: base64 takes a third more.
- The sound is as moviepy writes it unless told otherwise: 44.1 kHz, stereo, 16 bit.
- Its prompts are a line here; ours are sent whole.
"""

import asyncio
import base64
import io
import sys
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
from langchain_core.messages import HumanMessage
from PIL import Image

sys.path.append(str(Path(__file__).parents[1]))  # the server is a part of the tests

from tests.models.wire.clients import gemini
from tests.models.wire.server import Wire

FRAMES = 5
ASKED = "The prompt of this role, and what the roles before it said."


@dataclass(frozen=True)
class Form:
    """One reading of what is sent.

    Attributes:
        frames: how many.
        uploaded: frames go up as files, without base64.
        rate: of the sound, Hz.
        layout: `stereo` or `mono`.
    """

    name: str
    frames: int = FRAMES
    uploaded: bool = False
    rate: int = 44_100
    layout: str = "stereo"


PUBLISHED = (
    Form("published"),
    Form("published, all uploaded, 16 kHz mono", uploaded=True, rate=16_000, layout="mono"),
    Form("published, where its rule picks no frame", frames=0),
)
"""The first is what we compare with; the others tell how much hangs on our reading."""


def roll_out(wire: Wire, clip: Path, passes: int, form: Form, scratch: Path) -> None:
    """Send what a rollout of `passes` iterations sends, all of it, to the server."""
    sound = scratch / "sound.wav"
    write_sound(clip, sound, form)
    pictures = read_frames(clip, form.frames)

    async def rollout() -> None:
        chat: Any = gemini(wire, model="gemini-2.5-pro")
        for _ in range(passes):
            for role in ("generator", "summarizer", "evaluator"):
                blocks: list[Any] = [{"type": "text", "text": ASKED}]
                if role != "summarizer":
                    blocks += [await _picture(chat, data, form) for data in pictures]
                    blocks.append(await _file(chat, sound.read_bytes(), "audio/wav"))
                await chat.ainvoke([HumanMessage(blocks)])

    asyncio.run(rollout())


def read_frames(clip: Path, count: int) -> list[bytes]:
    """Evenly spaced full-size frames as PNG."""
    found: list[bytes] = []
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        length = float((container.duration or 0) / av.time_base)
        for frame in container.decode(stream):
            if len(found) == count:
                break
            if (frame.time or 0.0) >= (len(found) + 0.5) * length / count - 1e-6:
                data = io.BytesIO()
                Image.fromarray(frame.to_ndarray(format="rgb24")).save(data, format="PNG")
                found.append(data.getvalue())
    return found


def write_sound(clip: Path, path: Path, form: Form) -> None:
    """The clip's sound as a 16-bit WAV file."""
    resampler = av.AudioResampler(format="s16", layout=form.layout, rate=form.rate)
    with av.open(str(clip)) as container, wave.open(str(path), "wb") as out:
        out.setnchannels(2 if form.layout == "stereo" else 1)
        out.setsampwidth(2)
        out.setframerate(form.rate)
        for frame in container.decode(container.streams.audio[0]):
            for piece in resampler.resample(frame):
                out.writeframesraw(piece.to_ndarray().tobytes())
        for piece in resampler.resample(None):
            out.writeframesraw(piece.to_ndarray().tobytes())


async def _picture(chat: Any, data: bytes, form: Form) -> dict[str, Any]:
    if form.uploaded:
        return await _file(chat, data, "image/png")
    text = base64.b64encode(data).decode("ascii")
    return {"type": "image", "base64": text, "mime_type": "image/png"}


async def _file(chat: Any, data: bytes, mime: str) -> dict[str, Any]:
    config = {"mime_type": mime}
    file = await chat.client.aio.files.upload(file=io.BytesIO(data), config=config)
    return {"type": "media", "file_uri": file.uri, "mime_type": mime}
