"""What preparing a clip costs beside other ways, and what its frames hit. Part of `make bench`.

Renders its clips, measures all ways in turn (so that a busy machine slows all alike), and prints
tables of ratios: the figures of one machine in seconds say little on another. Frames are scored
against the script that a clip was rendered from.

    python benchmarks/media.py            some ten minutes
    python benchmarks/media.py --quick    one round, fewer clips
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

from media_clips import Script, render, write_script

from aurelia.media.open import open_clip
from aurelia.media.prepare import prepare_media

FRAMES = 8
RIVALS = ("decode", "aurelia", "aurelia again", "opencv", "moviepy")
NAMES = {
    "decode": "decode alone (PyAV)",
    "aurelia": "aurelia, first call",
    "aurelia again": "aurelia, from the cache",
    "opencv": "OpenCV, every frame, resized",
    "moviepy": "moviepy iter_frames",
    "published": "published method",
}


@dataclass(frozen=True)
class Kind:
    """Clips of one length: what is in them, and how many are scored."""

    label: str
    duration_s: float
    height: int
    shots: int
    events: int
    distractions: int
    scored_height: int
    seeds: int
    limit: float

    def script(self, seed: int, height: int) -> Script:
        """The script of one clip."""
        return write_script(
            seed, self.duration_s, height, self.shots, self.events, self.distractions
        )


KINDS = (
    Kind("10 s, 720p", 10, 720, 3, 3, 3, 360, 20, 1.3),
    Kind("60 s, 720p", 60, 720, 4, 4, 8, 360, 8, 1.3),
    Kind("10 min, 360p", 600, 360, 4, 4, 30, 360, 4, 0.3),
)


def measure(rival: str, path: Path) -> dict[str, float]:
    """CPU and wall seconds of one way in a process of its own."""
    script = Path(__file__).with_name("media_rivals.py")
    done = subprocess.run(
        [sys.executable, str(script), rival, str(path)], capture_output=True, text=True, check=True
    )
    report: dict[str, float] = json.loads(done.stdout)
    return report


def costs(kind: Kind, path: Path, rivals: Sequence[str], rounds: int) -> None:
    """Measure interleaved rounds and print ratios to decoding alone."""
    seen: dict[str, list[dict[str, float]]] = {rival: [] for rival in rivals}
    for number in range(rounds):
        for rival in rivals:
            if rival != "published" or number == 0:  # it takes a minute of CPU
                seen[rival].append(measure(rival, path))
    print(f"\n{kind.label}: cost as a multiple of decoding alone, median of {rounds} rounds")
    print(f"  {'':32}{'CPU':>9}{'wall':>9}{'CPU s':>9}")
    for rival in rivals:
        pairs = list(zip(seen[rival], seen["decode"], strict=False))
        cpu = median(own["cpu"] / base["cpu"] for own, base in pairs)
        wall = median(own["wall"] / base["wall"] for own, base in pairs)
        seconds = median(own["cpu"] for own in seen[rival])
        print(f"  {NAMES[rival]:32}{cpu:9.2f}{wall:9.2f}{seconds:9.2f}")
    ours = median(
        own["cpu"] / base["cpu"] for own, base in zip(seen["aurelia"], seen["decode"], strict=True)
    )
    print(f"  to reach: at most {kind.limit} x CPU -> {verdict(ours <= kind.limit)}")
    if "published" in rivals:
        ratio = seen["published"][0]["cpu"] / median(own["cpu"] for own in seen["aurelia"])
        print(f"  published method / aurelia: {ratio:.0f} x CPU (one round)")
        print(f"  to reach: at least 40 x -> {verdict(ratio >= 40)}")
    else:
        print("  published method: not run at this length, since it takes minutes to hours.")


def verdict(reached: bool) -> str:
    """The word for it."""
    return "reached" if reached else "NOT reached"


def hits(script: Script, times: Sequence[float]) -> tuple[float, float]:
    """Shares of shots and of events in which at least one of the frames lies."""
    shots = [any(a - 1e-6 <= t < b - 1e-6 for t in times) for a, b in script.shots]
    events = [any(e.start_s - 1e-6 <= t < e.end_s - 1e-6 for t in times) for e in script.events]
    return mean(shots), mean(events)


def score(script: Script, directory: Path) -> dict[str, tuple[float, float]]:
    """Hits of our frames and of evenly spaced ones, on one clip."""
    path = render(script, directory)
    with tempfile.TemporaryDirectory() as cache:
        media = prepare_media(open_clip(path), FRAMES, cache_dir=Path(cache))
    step = script.duration_s / FRAMES
    return {
        "aurelia": hits(script, [frame.time_s for frame in media.frames]),
        "uniform": hits(script, [(i + 0.5) * step for i in range(FRAMES)]),
    }


def selection(kind: Kind, seeds: int, directory: Path) -> None:
    """Score a number of clips and print mean hit rates."""
    scripts = [kind.script(100 + seed, kind.scored_height) for seed in range(seeds)]
    with ProcessPoolExecutor() as pool:
        scores = list(pool.map(score, scripts, [directory] * seeds))
    label = kind.label.split(",")[0]
    print(
        f"\n{label}, {kind.scored_height}p: share hit by {FRAMES} frames, {seeds} clips with "
        f"{kind.shots} shots, {kind.events} events, {kind.distractions} unrelated sounds each"
    )
    print(f"  {'':32}{'shots':>9}{'events':>9}")
    for name in ("aurelia", "uniform"):
        shots, events = (mean(s[name][i] for s in scores) for i in (0, 1))
        print(f"  {name:32}{shots:9.2f}{events:9.2f}")
    reached = all(mean(s["aurelia"][i] for s in scores) >= 0.9 for i in (0, 1))
    print(f"  to reach: 0.9 of both -> {verdict(reached)}")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one round, fewer clips")
    parser.add_argument("--rounds", type=int, default=5, help="interleaved rounds (default 5)")
    parser.add_argument("--clips", type=Path, help="directory that keeps the rendered clips")
    parser.add_argument("--only", choices=("costs", "hits"), help="one half of it")
    given = parser.parse_args()
    rounds = 1 if given.quick else given.rounds
    kinds = KINDS[:2] if given.quick else KINDS
    with tempfile.TemporaryDirectory() as scratch:
        directory = given.clips or Path(scratch)
        directory.mkdir(parents=True, exist_ok=True)
        for kind in kinds if given.only != "hits" else ():
            path = render(kind.script(1, kind.height), directory)
            rivals = (*RIVALS, "published") if kind is KINDS[0] else RIVALS
            costs(kind, path, rivals, rounds)
        for kind in kinds if given.only != "costs" else ():
            selection(kind, max(1, kind.seeds // (4 if given.quick else 1)), directory)


if __name__ == "__main__":
    main()
