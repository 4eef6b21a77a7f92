"""What was replied stands: after failures, refusals, kills, and with more samples or conditions."""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aurelia.bench.generate.sessions import lost_calls
from aurelia.bench.journal import Journal
from aurelia.bench.rollouts import HEAD, KEY, TRAJECTORIES, RolloutKey, RolloutLine
from aurelia.bench.run.reply import REPLIES
from aurelia.bench.run.run import carry_out, open_run
from aurelia.bench.run.score import read_replies, score_run
from aurelia.bench.run.settings import RunSettings
from aurelia.errors import InputError
from tests.bench.analysis.made import made
from tests.bench.generate.serving import distinct
from tests.bench.generate.test_kill import COMMAND, Killer
from tests.bench.run.study import follower, make_study, run, target
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, fail, say
from tests.models.wire.server import Wire


def test_a_finished_run_asks_nobody_again(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)], "s1": [(2, True)]})
    with Wire(follower) as server:
        order = study.order(target(server))
        run(order)
        lines, asked = (study.out / REPLIES).read_bytes(), len(server.calls)
        run(order)
        assert len(server.calls) == asked
    assert (study.out / REPLIES).read_bytes() == lines


def test_a_target_that_fails_on_a_sample_is_recorded_and_the_run_goes_on(tmp_path: Path) -> None:
    def moody(request: Received) -> Behaviour:
        return fail(400, "no such thing") if b"What of s0?" in request.raw else follower(request)

    study = make_study(tmp_path, {"s0": [(2, True)], "s1": [(9, True)]})
    with Wire(moody) as server:
        order = study.order(target(server))
        run(order)
        replies = study.replies()
        failed = replies["zero_shot", "s0"]
        assert (failed.status, failed.said) == ("failed", [])
        assert "no such thing" in failed.why
        assert failed.calls[0].error
        stands = replies["distilled", "s0"]
        assert (stands.status, stands.stands_for) == ("failed", "zero_shot")
        scored = score_run(study.out)
        counted = [(r.condition, r.sample_id, r.outcome) for r in scored.results]
        assert counted.count(("zero_shot", "s0", "failed")) == 1
        assert counted.count(("distilled", "s0", "failed")) == 1
        asked = len(server.calls)
        run(order)  # without being told to, nobody asks again
        assert len(server.calls) == asked
        server.plays(follower)
        run(study.order(target(server), retry_failed=True))
        assert len(server.calls) == asked + 1
    replies = study.replies()
    assert replies["zero_shot", "s0"].status == "answered"
    assert replies["zero_shot", "s0"].attempt == 1
    assert replies["distilled", "s0"].status == "stands"
    assert not any(r.outcome == "failed" for r in score_run(study.out).results)


def test_a_missing_clip_fails_its_sample_in_every_condition(tmp_path: Path) -> None:
    study = make_study(
        tmp_path,
        {"s0": [(9, True)], "s1": [(9, True)]},
        lambda s: {"clip": "gone.mp4"} if s.id == "s0" else {},
    )
    with Wire(follower) as server, open_run(study.order(target(server))) as opened:
        (note,) = opened.notes
        assert "gone.mp4 of 's0'" in note
        assert "stay in the denominator" in note
        carry_out(opened, at_once=1)
    outcomes = {(r.condition, r.sample_id): r.outcome for r in score_run(study.out).results}
    assert outcomes["zero_shot", "s0"] == outcomes["distilled", "s0"] == "failed"
    assert outcomes["distilled", "s1"] == "right"
    assert "gone.mp4" in study.replies()["zero_shot", "s0"].why


def test_many_failures_in_a_row_end_a_run_that_can_go_on(tmp_path: Path) -> None:
    study = make_study(tmp_path, {f"s{n}": [(2, True)] for n in range(6)})
    with Wire(fail(401, "wrong key")) as server:
        with open_run(study.order(target(server), give_up_after=2)) as opened:
            ended = carry_out(opened, at_once=1)
        assert ended.why == "failures"
        assert len(server.calls) == 2
        assert ended.missing == 8
        assert score_run(study.out).unfinished
        server.plays(follower)
        run(study.order(target(server), retry_failed=True))
    assert not score_run(study.out).unfinished


def test_money_ends_a_run_that_can_go_on(tmp_path: Path, configured: Callable[[str], Path]) -> None:
    study = make_study(tmp_path, {f"s{n}": [(2, True)] for n in range(4)})
    with Wire(follower) as server:  # 11 tokens in and 7 out a call
        profile = f'[models.mine]\nbase_url = "{server.openai}"\nmodel = "one"\n'
        configured(profile)
        with pytest.raises(InputError, match="max_cost can't be kept"):
            run(study.order("mine", max_cost=1.0))
        configured(profile + "price = { input = 10000, output = 20000 }\n")
        with open_run(study.order("mine", max_cost=0.4)) as opened:
            ended = carry_out(opened, at_once=1)
        assert (ended.why, ended.missing) == ("budget", 4)
        assert ended.paid_usd == pytest.approx(0.5)
        assert len(server.calls) == 2
        run(study.order("mine"))
        assert len(server.calls) == 4
    assert not score_run(study.out).unfinished


def test_a_rollout_that_came_later_is_handed_over(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": None, "s1": [(9, True)]})
    with Wire(follower) as server:
        run(study.order(target(server)))
        assert study.replies()["distilled", "s0"].status == "stands"
        with Journal(study.rollouts / TRAJECTORIES, KEY, HEAD) as journal:
            journal.append(RolloutLine.of(RolloutKey("s0"), made(study.samples[0], [(9, True)])))
        run(study.order(target(server)))
        assert len(server.calls) == 4
    assert study.replies()["distilled", "s0"].is_accepted


def test_a_run_can_be_widened_and_never_mixed(tmp_path: Path) -> None:
    study = make_study(tmp_path, {f"s{n}": [(9, True)] for n in range(3)})
    with Wire(follower) as server:
        name = target(server)
        run(study.order(name, limit=1, modes=["zero_shot"]))
        assert len(server.calls) == 1
        run(study.order(name))  # more samples, another condition
        assert len(server.calls) == 6
        run(study.order(name, limit=1))  # fewer are no step back
        assert score_run(study.out).expected == 3
        with pytest.raises(InputError, match=r"settings\.repeats was 1, now 2"):
            run(study.order(name, settings=RunSettings(repeats=2)))
        assert len(server.calls) == 6


def test_targets_may_join_and_none_may_change_under_its_name(
    tmp_path: Path, configured: Callable[[str], Path]
) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)]})
    with Wire(follower) as server:
        profile = '[models.mine]\nbase_url = "{0}"\nmodel = "{1}"\n'
        configured(profile.format(server.openai, "one"))
        run(study.order(target(server)))
        run(study.order("mine", target(server)))
        assert len(server.calls) == 4
        configured(profile.format(server.openai, "another"))
        with pytest.raises(InputError, match=r"targets\.mine was .*one.*, now .*another"):
            run(study.order("mine"))
        assert len(server.calls) == 4
    assert {reply.target for reply in read_replies(study.out)} == {"mine", target(server)}


def test_repeats_are_draws_of_their_own(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)]})
    with Wire(follower) as server:
        order = study.order(target(server), settings=RunSettings(repeats=3))
        run(order)
        assert len(server.calls) == 6
        assert distinct(server) == 2
    assert sorted(r.repeat for r in score_run(study.out).results) == [0, 0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    ("kills", "samples", "seed"),
    [(2, 8, 5), pytest.param(20, 60, 6, marks=pytest.mark.slow)],
)
def test_killed_at_random_points_the_same_command_goes_on(
    tmp_path: Path, kills: int, samples: int, seed: int
) -> None:
    study = make_study(tmp_path, {f"s{n}": [(9, True)] for n in range(samples)})
    chance, killer, killed = random.Random(seed), Killer(), 0
    calls, at_once = 2 * samples, 4

    def answer(request: Received) -> Behaviour:
        killer(len(server.calls))
        return follower(request)

    with Wire(answer) as server:
        words = ["bench", "run", "samples.jsonl", "--targets", target(server), "-o", "out"]
        words += ["--r-star", "rollouts", "--controls", "none", "-j", str(at_once)]
        while True:
            most = calls // (kills + 1)
            at = len(server.calls) + chance.randint(1, most) if killed < kills else sys.maxsize
            process = killer.start([*COMMAND, *words], tmp_path, at)
            said = process.communicate()[1]
            if process.returncode == 0:
                break
            assert process.returncode == -signal.SIGKILL, said
            killed += 1
        served = len(server.calls)
        # Of a process that is killed as it sends, half a request may arrive.
        different = len({call.raw for call in server.calls if call.body is not None})
    assert killed == kills
    assert "the command before did not end" in said
    lines = (study.out / REPLIES).read_bytes().splitlines()
    assert len(lines) == calls == len(study.replies())
    assert {r.outcome for r in score_run(study.out).results if r.condition == "distilled"} == {
        "right"
    }
    in_flight = lost_calls(study.out)
    assert different == calls
    assert served <= different + in_flight
    assert in_flight <= kills * at_once


def test_ctrl_c_ends_in_a_sentence_and_the_same_command_goes_on(tmp_path: Path) -> None:
    study = make_study(tmp_path, {f"s{n}": [(9, True)] for n in range(6)})
    held: list[subprocess.Popen[str]] = []

    def answer(request: Received) -> Behaviour:
        if len(server.calls) == 4 and held:
            held[0].send_signal(signal.SIGINT)
        return follower(request)

    with Wire(answer) as server:
        words = ["bench", "run", "samples.jsonl", "--targets", target(server), "-o", "out"]
        words += ["--r-star", "rollouts", "--controls", "none", "-j", "1"]
        held.append(
            subprocess.Popen(
                [*COMMAND, *words],
                cwd=tmp_path,
                env={**os.environ, "AURELIA_CACHE_DIR": str(tmp_path / "cache")},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        said = held[0].communicate()[1]
        assert held[0].returncode == 130
        assert "the same command goes on" in said
        assert "Traceback" not in said
        kept = len((study.out / REPLIES).read_bytes().splitlines())
        assert 3 <= kept < 12
        server.plays(say("Answer: B"))
        run(study.order(target(server)))
    assert len(study.replies()) == 12
