"""A prepared sound as MP3: smaller, on time, encoded once."""

import io
import wave
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from aurelia.errors import MediaError
from aurelia.media.mp3 import read_mp3
from tests.clips import RATE, tones, wav


def _decoded(data: bytes) -> NDArray[np.float32]:
    with av.open(io.BytesIO(data), "r") as container:
        assert [stream.type for stream in container.streams] == ["audio"]
        frames = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    return np.concatenate(frames)


def test_it_is_a_quarter_of_the_size_and_keeps_its_times(tmp_path: Path) -> None:
    path = wav(tmp_path, "a.wav", [(1.0, 1.3)])
    data = read_mp3(path, cache_dir=tmp_path / "cache")
    with wave.open(str(path)) as sound:
        count, rate = sound.getnframes(), sound.getframerate()
    samples = _decoded(data)
    assert len(data) < 2 * count / 3
    assert len(samples) == count  # what the encoder put before and after is left out
    begins = int(np.argmax(np.abs(samples) > 0.1)) / rate
    assert begins == pytest.approx(1.0, abs=0.01)


def test_one_sound_is_encoded_once_wherever_it_lies(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = read_mp3(wav(tmp_path, "a.wav", [(0.1, 0.2)]), cache_dir=cache)
    (kept,) = cache.glob("media/*/*/sound.mp3")
    written = kept.stat().st_mtime_ns
    again = read_mp3(wav(tmp_path, "b.wav", [(0.1, 0.2)]), cache_dir=cache)
    other = read_mp3(wav(tmp_path, "c.wav", [(0.3, 0.4)]), cache_dir=cache)
    assert (again, kept.stat().st_mtime_ns) == (first, written)
    assert other != first
    assert len(list(cache.glob("media/*/*/sound.mp3"))) == 2


@pytest.mark.parametrize("count", [0, 1, 100])
def test_a_sound_of_hardly_anything_is_still_a_file(tmp_path: Path, count: int) -> None:
    path = tmp_path / "short.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes((tones(1.0, [(0.0, 1.0)])[:count] * 32767).astype("<i2").tobytes())
    assert len(_decoded(read_mp3(path, cache_dir=tmp_path / "cache"))) <= 1152


def test_a_place_that_can_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MediaError, match="set AURELIA_CACHE_DIR to one that can"):
        read_mp3(wav(tmp_path), cache_dir=tmp_path / "file")
