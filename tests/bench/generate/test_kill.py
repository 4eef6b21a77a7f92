"""Kills at any moment: no rollout is lost or doubled, and no recorded reply is paid for again."""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aurelia.bench.generate.sessions import lost_calls
from aurelia.bench.rollouts import RolloutKey, open_rollouts
from aurelia.bench.sample import write_samples
from tests.bench.generate.serving import CALLS, distinct, options, served, wire
from tests.bench.samples import make_sample
from tests.clips import make_clip

AT_ONCE = 4
COMMAND = [sys.executable, "-c", "from aurelia.cli.main import main; main()"]


class Killer:
    """Kills a process once the server has been asked so many times."""

    def __init__(self) -> None:
        self._at: int | None = None
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()

    def start(self, command: list[str], folder: Path, at: int) -> "subprocess.Popen[str]":
        """Start a process that is killed as the server gets its call number `at`."""
        with self._lock:
            self._at = at
            self._process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, "AURELIA_CACHE_DIR": str(folder / "cache")},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            return self._process

    def __call__(self, served: int) -> None:
        with self._lock:
            if self._process is not None and self._at is not None and served >= self._at:
                self._process.send_signal(signal.SIGKILL)
                self._process.wait()
                self._at = None


@pytest.mark.parametrize(
    ("kills", "samples", "seed"),
    [(4, 8, 1), pytest.param(20, 24, 2, marks=pytest.mark.slow)],
)
def test_killed_at_random_points_the_same_command_ends_as_if_nothing_had_been(
    tmp_path: Path, kills: int, samples: int, seed: int
) -> None:
    make_clip(tmp_path / "one.mp4", 0.5, width=64, height=48, fps=10, sounds=[(0.2, 0.4)])
    listed = [make_sample(id=f"s{n}", question=f"What sounds {n} times?") for n in range(samples)]
    write_samples(tmp_path / "samples.jsonl", listed)
    chance, killer, killed = random.Random(seed), Killer(), 0
    with wire(killer) as server:
        words = ["generate", "samples.jsonl", "-o", "out", "-j", str(AT_ONCE), *options(server)]
        most = samples * CALLS // (kills + 1)
        while True:
            # Points are drawn so that all kills come before the last rollout ends.
            at = len(server.calls) + chance.randint(1, most) if killed < kills else sys.maxsize
            process = killer.start([*COMMAND, *words], tmp_path, at)
            said = process.communicate()[1]
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL, said
            killed += 1
        assert killed == kills
        assert "the command before did not end" in said
        asked, different = served(server), distinct(server)

    rollouts = open_rollouts(tmp_path / "out")
    assert set(rollouts.keys) == {RolloutKey(f"s{n}") for n in range(samples)}
    lines = (tmp_path / "out" / "trajectories.jsonl").read_bytes().splitlines()
    assert len(lines) == samples
    for line in rollouts:
        assert line.trajectory is not None
        assert [i.score for i in line.trajectory.iterations] == [3, 9]
        assert line.stop_reason == "accepted"
    in_flight = lost_calls(tmp_path / "out")
    assert different == samples * CALLS
    assert asked <= different + in_flight
    assert 0 < in_flight <= kills * AT_ONCE
