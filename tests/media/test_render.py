"""Rendering, and what importing moviepy must not do."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from aurelia.errors import MediaError
from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media
from aurelia.media.render import demo_clip, render_clip


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo_clip(tmp_path_factory.mktemp("demo"))


def test_the_demo_clip_is_what_it_says(demo: Path, cache: Path) -> None:
    clip = open_clip(demo)
    assert (clip.video_codec, clip.audio_codec) == ("h264", "aac")
    assert (clip.width, clip.height, clip.fps, clip.duration_s) == (640, 360, 25.0, 8.0)
    media = prepare_media(clip, cache_dir=cache)
    assert [o.time_s for o in media.onsets] == pytest.approx([3.0, 5.5], abs=0.05)
    assert [s.start_s for s in media.shots] == pytest.approx([0.0, 4.52], abs=0.03)
    times, motion = media.signals.times_s, media.signals.motion
    still = (times > 2.4) & (times < 4.4)
    for start, end in ((1.1, 2.1), (5.6, 6.4)):
        assert motion[(times > start) & (times < end)].mean() > 5 * motion[still].mean()
    luma = media.signals.luma
    assert luma[times > 4.6].mean() > luma[times < 4.4].mean() + 80
    assert media.warnings == ()


def test_the_demo_clip_is_rendered_once_and_always_the_same(demo: Path, tmp_path: Path) -> None:
    stamp = demo.stat().st_mtime_ns
    assert demo_clip(demo.parent).stat().st_mtime_ns == stamp
    assert demo_clip(tmp_path).read_bytes() == demo.read_bytes()


def test_nothing_is_left_beside_a_rendered_clip(tmp_path: Path) -> None:
    frame = np.zeros((36, 64, 3), np.uint8)
    render_clip(tmp_path / "a.mp4", lambda time: frame, 0.2, sound=np.zeros(6400))
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    frame = np.zeros((36, 64, 3), np.uint8)
    with pytest.raises(MediaError, match="could not be written"):
        render_clip(tmp_path / "file" / "a.mp4", lambda time: frame, 0.2)


def test_rendering_leaves_the_environment_alone(tmp_path: Path) -> None:
    # moviepy would load the first `.env` above its own folder; dotenv is told to find this one.
    (tmp_path / ".env").write_text("PLANTED=1\n")
    code = (
        "import os, sys, dotenv\n"
        f"dotenv.find_dotenv = lambda: {str(tmp_path / '.env')!r}\n"
        "from pathlib import Path\n"
        "from aurelia.media.render import render_clip\n"
        "import numpy as np\n"
        "before = dict(os.environ)\n"
        "assert 'moviepy' not in sys.modules\n"
        "frame = np.zeros((36, 64, 3), np.uint8)\n"
        f"render_clip(Path({str(tmp_path / 'a.mp4')!r}), lambda t: frame, 0.2)\n"
        "assert dict(os.environ) == before, set(os.environ) - set(before)\n"
        "assert sys.modules['dotenv'] is dotenv\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "PLANTED"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
