"""Killed while it judges, the same command goes on: nothing is lost, doubled or paid for again."""

import random
import signal
import sys
from pathlib import Path

import pytest

from aurelia.bench.generate.sessions import lost_calls
from aurelia.bench.rollouts import open_rollouts
from aurelia.bench.sample import write_samples
from tests.bench.generate.serving import PASSES, options, wire
from tests.bench.generate.test_kill import COMMAND, Killer
from tests.bench.samples import make_sample
from tests.cli.conftest import Typed
from tests.clips import make_clip

SAMPLES, AT_ONCE = 6, 2


@pytest.mark.parametrize("kills", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_it_goes_on_as_if_nothing_had_been(
    typed: Typed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kills: int
) -> None:
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    make_clip(tmp_path / "one.mp4", 0.5, width=64, height=48, fps=10, sounds=[(0.2, 0.4)])
    listed = [make_sample(id=f"s{n}", question=f"What sounds {n} times?") for n in range(SAMPLES)]
    write_samples(tmp_path / "samples.jsonl", listed)
    chance, killer, killed = random.Random(3), Killer(), 0
    with wire(killer) as server:
        first = typed("generate", "samples.jsonl", "-o", "first", *options(server))
        assert first.exit_code == 0, first.stderr
        recorded = len(server.calls)
        again = ["recritique", "first", "-o", "out", "--critic", f"{server.openai}#other"]
        words = [*COMMAND, *again, "-j", str(AT_ONCE)]
        most = SAMPLES * PASSES // (kills + 1)
        while True:
            at = len(server.calls) + chance.randint(1, most) if killed < kills else sys.maxsize
            process = killer.start(words, tmp_path, at)
            shown, said = process.communicate()
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL, said
            killed += 1
        assert killed == kills
        assert "the command before did not end" in shown
        # A request that the kill cut in two is none.
        whole = [call.raw for call in server.calls if call.body]
    rollouts = open_rollouts(tmp_path / "out")
    assert {key.sample_id for key in rollouts.keys} == {f"s{n}" for n in range(SAMPLES)}
    lines = (tmp_path / "out" / "trajectories.jsonl").read_bytes().splitlines()
    assert len(lines) == SAMPLES
    for line in rollouts:
        assert line.trajectory is not None
        assert [i.score for i in line.trajectory.iterations] == [3, 9]
    assert len(set(whole)) == recorded + SAMPLES * PASSES
    assert len(whole) <= len(set(whole)) + lost_calls(tmp_path / "out")
