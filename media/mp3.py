"""A prepared sound as MP3: a quarter of the bytes, for models that take it."""

import hashlib
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from aurelia.media.cache import Cache, entry_key
from aurelia.settings import load_settings

BIT_RATE = 64_000
METHOD_VERSION = 1
"""Raise it when the same sound gives other bytes."""

_BLOCK = 1 << 16


def read_mp3(wav: Path, *, cache_dir: Path | None = None) -> bytes:
    """The sound of a 16-bit mono WAV file as MP3, encoded once for each content.

    The file says how many samples its encoder put before the sound (some 70 ms at 16 kHz); decoders
    that heed that, such as FFmpeg's, give the sound its own times.

    Args:
        wav: as `prepare_media` writes it.
        cache_dir: directory of caches; None for the setting.

    Raises:
        MediaError: the cache can't be written.
    """
    settings = load_settings()
    root = Path(cache_dir or settings.cache_dir) / "media"
    with wav.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    key = entry_key({"mp3": METHOD_VERSION, "bit_rate": BIT_RATE, "wav": content})
    cache = Cache(root=root, max_bytes=settings.cache_max_bytes)
    # The lease is held while the file is read.
    directory, lease = cache.get(key, lambda place: _encode(wav, place / "sound.mp3"))
    data = (directory / "sound.mp3").read_bytes()
    lease.release()
    return data


def _encode(wav: Path, path: Path) -> None:
    options = {"id3v2_version": "0"}  # no tags; the frame that tells the delay stays
    with (
        wave.open(str(wav), "rb") as sound,
        av.open(str(path), "w", format="mp3", container_options=options) as container,
    ):
        rate = sound.getframerate()
        stream: Any = container.add_stream("libmp3lame", rate=rate, layout="mono")
        stream.bit_rate = BIT_RATE
        count = 0
        # An empty sound is one sample of silence: a file without any is none.
        while data := sound.readframes(_BLOCK) or (b"" if count else b"\0\0"):
            samples = np.frombuffer(data, "<i2")[None, :]
            frame = av.AudioFrame.from_ndarray(samples, format="s16p", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = rate, count, Fraction(1, rate)
            container.mux(stream.encode(frame))
            count += samples.shape[1]
        container.mux(stream.encode())
