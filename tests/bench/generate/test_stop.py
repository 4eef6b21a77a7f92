"""Ctrl-C and the like: what has ended is written, and how to go on is said."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from aurelia.bench.generate.sessions import lost_calls
from aurelia.bench.rollouts import open_rollouts
from aurelia.bench.sample import write_samples
from tests.bench.generate.serving import CALLS, distinct, options, wire
from tests.bench.samples import make_sample
from tests.clips import make_clip

COMMAND = [sys.executable, "-c", "from aurelia.cli.main import main; main()"]
SAMPLES = 4


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A clip and a file of samples."""
    make_clip(tmp_path / "one.mp4", 0.5, width=64, height=48, fps=10, sounds=[(0.2, 0.4)])
    listed = [make_sample(id=f"s{n}", question=f"What sounds {n} times?") for n in range(SAMPLES)]
    write_samples(tmp_path / "samples.jsonl", listed)
    return tmp_path


def start(folder: Path, words: list[str]) -> "subprocess.Popen[str]":
    """The command, as a process of its own."""
    return subprocess.Popen(
        [*COMMAND, "generate", "samples.jsonl", "-o", "out", *words],
        cwd=folder,
        env={**os.environ, "AURELIA_CACHE_DIR": str(folder / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    "number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)]
)
def test_a_signal_ends_the_command_and_the_same_command_goes_on(
    folder: Path, number: signal.Signals
) -> None:
    running: list[subprocess.Popen[str]] = []

    def stop(served: int) -> None:
        if served == CALLS + 2:  # the first rollout has ended, the second is under way
            running[0].send_signal(number)
            running[0].wait()

    with wire(stop) as server:
        words = ["-j", "1", *options(server)]
        running.append(start(folder, words))
        said = running[0].communicate()[1]
        assert running[0].returncode == 130, said
        assert "1 of 4 rollouts are in out/trajectories.jsonl; the same command goes on" in said
        assert "Traceback" not in said
        assert [key.sample_id for key in open_rollouts(folder / "out").keys] == ["s0"]
        assert lost_calls(folder / "out") == 1

        done = start(folder, words)
        said = done.communicate()[1]
        assert done.returncode == 0, said
        assert "did not end" not in said  # it was ended, not cut off
        assert len(open_rollouts(folder / "out")) == SAMPLES
        assert len(server.calls) <= distinct(server) + 1 == SAMPLES * CALLS + 1
