"""One way of getting at a clip's frames per function; run as a child process that reports its cost.

`python benchmarks/media_rivals.py NAME CLIP` prints CPU and wall seconds of the work alone, as
JSON: imports come before, and programs that a library starts are counted in.
"""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONG_SIDE = 768


def prepare_decode() -> Callable[[str], int]:
    """PyAV decodes every picture and does nothing with it: the yardstick."""
    import av

    def run(path: str) -> int:
        with av.open(path) as container:
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            return sum(1 for _ in container.decode(stream))

    return run


def prepare_aurelia() -> Callable[[str], int]:
    """`open_clip` and `prepare_media` with an empty cache: all that a call costs."""
    from aurelia.media.open import open_clip
    from aurelia.media.prepare import prepare_media

    def run(path: str) -> int:
        with tempfile.TemporaryDirectory() as cache:
            return len(prepare_media(open_clip(path), 8, cache_dir=Path(cache)).frames)

    return run


def prepare_aurelia_again() -> Callable[[str], int]:
    """The same call once more: from the cache. The first call is made beforehand."""
    from aurelia.media.open import open_clip
    from aurelia.media.prepare import prepare_media

    cache = tempfile.TemporaryDirectory()
    prepare_media(open_clip(sys.argv[2]), 8, cache_dir=Path(cache.name))

    def run(path: str) -> int:
        return len(prepare_media(open_clip(path), 8, cache_dir=Path(cache.name)).frames)

    return run


def prepare_opencv() -> Callable[[str], int]:
    """OpenCV reads every frame and scales it to 768 pixels."""
    import cv2

    def run(path: str) -> int:
        capture, count = cv2.VideoCapture(path), 0
        while True:
            read, picture = capture.read()
            if not read:
                capture.release()
                return count
            height, width = picture.shape[:2]
            factor = min(1.0, LONG_SIDE / max(height, width))
            size = (round(width * factor), round(height * factor))
            cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
            count += 1

    return run


def prepare_moviepy() -> Callable[[str], int]:
    """moviepy's `iter_frames` over the whole clip."""
    from moviepy import VideoFileClip

    def run(path: str) -> int:
        clip = VideoFileClip(path, audio=False)
        count = sum(1 for _ in clip.iter_frames())
        clip.close()
        return count

    return run


def prepare_published() -> Callable[[str], int]:
    """The published method: similarity of each pair of full frames, PNG files, first five read."""
    import cv2

    def frames(path: str) -> Iterator[NDArray[np.uint8]]:
        capture = cv2.VideoCapture(path)
        while True:
            read, picture = capture.read()
            if not read:
                capture.release()
                return
            yield picture  # type: ignore[misc]

    def run(path: str) -> int:
        with tempfile.TemporaryDirectory() as directory:
            before: NDArray[np.uint8] | None = None
            for index, picture in enumerate(frames(path)):
                if before is not None and structural_similarity(before, picture) < 0.6:
                    cv2.imwrite(f"{directory}/{index:06d}.png", picture)
                before = picture
            kept = sorted(Path(directory).iterdir())[:5]
            return len([cv2.imread(str(file)) for file in kept])

    return run


def structural_similarity(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    """Mean over channels, 7x7 uniform windows, in double precision.

    Gives scikit-image's values at about its speed.
    """
    window, c1, c2 = 7, (0.01 * 255) ** 2, (0.03 * 255) ** 2

    height, width = a.shape[:2]
    down, across = np.empty((height, width)), np.empty((height - window + 1, width))

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        np.cumsum(values, axis=0, out=down)
        rows = down[window - 1 :].copy()
        rows[1:] -= down[:-window]
        np.cumsum(rows, axis=1, out=across)
        sums = across[:, window - 1 :].copy()
        sums[:, 1:] -= across[:, :-window]
        sums /= window**2
        return sums

    unbiased = window**2 / (window**2 - 1)
    scores = []
    for channel in range(a.shape[2]):
        x, y = a[..., channel].astype(np.float64), b[..., channel].astype(np.float64)
        ux, uy = mean(x), mean(y)
        squares, product = ux * ux + uy * uy, ux * uy
        spread = unbiased * (mean(x * x + y * y) - squares)
        both = unbiased * (mean(x * y) - product)
        above = (2 * product + c1) * (2 * both + c2)
        scores.append(float((above / ((squares + c1) * (spread + c2))).mean()))
    return sum(scores) / len(scores)


RIVALS: dict[str, Callable[[], Callable[[str], int]]] = {
    "decode": prepare_decode,
    "aurelia": prepare_aurelia,
    "aurelia again": prepare_aurelia_again,
    "opencv": prepare_opencv,
    "moviepy": prepare_moviepy,
    "published": prepare_published,
}


def _cpu() -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def main() -> None:
    """Run one rival on one clip and report its cost."""
    name, path = sys.argv[1:3]
    run = RIVALS[name]()
    cpu, wall = _cpu(), time.perf_counter()
    count = run(path)
    report: dict[str, Any] = {
        "cpu": _cpu() - cpu,
        "wall": time.perf_counter() - wall,
        "frames": count,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
