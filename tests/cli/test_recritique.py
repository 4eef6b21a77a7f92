"""Recorded captions judged anew: only the downstream roles are asked, and the record says so."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import Result

from aurelia.bench.rollouts import RolloutLine, open_rollouts
from aurelia.bench.sample import write_samples
from aurelia.bench.settled import read_settled
from aurelia.saved import save_run
from tests.bench.generate import serving
from tests.bench.samples import make_sample
from tests.cli.conftest import Typed
from tests.clips import make_clip
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, fail, say
from tests.models.wire.server import Wire

SAMPLES = 2


@pytest.fixture
def server() -> Iterator[Wire]:
    """A server of all roles; `strict` gives every caption 2, `down` fails, `words` can't score."""

    def answer(request: Received) -> Behaviour:
        model = str(request.body["model"])
        if model == "down":
            return fail(400, "this model is gone")
        if model == "words":
            return say("A fine caption.")
        if model == "strict":
            return say(json.dumps({"score": 2}))
        if model == "poet":
            return say(json.dumps({"sentences": [{"text": "Pass 2: a song.", "steps": [1]}]}))
        return say(json.dumps(serving.reply(request)))

    with Wire(answer) as wire:
        yield wire


@pytest.fixture
def generated(typed: Typed, tmp_path: Path, server: Wire, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rollouts at full depth; its second pass is accepted."""
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    make_clip(tmp_path / "one.mp4", 0.5, width=64, height=48, fps=10, sounds=[(0.2, 0.4)])
    listed = [make_sample(id=f"s{n}", question=f"What sounds {n} times?") for n in range(SAMPLES)]
    write_samples(tmp_path / "samples.jsonl", listed)
    result = typed(
        *("generate", "samples.jsonl", "-o", "first", *serving.options(server)),
        *("--stop-when", "never", "--max-iterations", str(serving.PASSES)),
    )
    assert result.exit_code == 0, result.stderr
    assert len(server.calls) == SAMPLES * serving.CALLS
    return tmp_path / "first"


def lines(folder: Path) -> list[RolloutLine]:
    return sorted(open_rollouts(folder), key=lambda line: line.sample_id)


def pairs(one: Path, other: Path) -> list[tuple[RolloutLine, RolloutLine]]:
    return list(zip(lines(one), lines(other), strict=True))


def models_asked(server: Wire, since: int) -> list[str]:
    return [str(call.body["model"]) for call in server.calls[since:]]


def test_another_critic_is_asked_and_nobody_else(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    asked = len(server.calls)
    words = ("recritique", "first", "-o", "second", "--critic", f"{server.openai}#strict")
    result = typed(*words)
    assert result.exit_code == 0, result.stderr
    assert "2 accepted → exhausted" in result.stdout
    assert models_asked(server, asked) == ["strict"] * SAMPLES * serving.PASSES
    for before, after in pairs(generated, tmp_path / "second"):
        old, new = before.trajectory, after.trajectory
        assert old is not None
        assert new is not None
        assert new.parent is not None
        assert (new.parent.id, list(new.parent.changed)) == (old.id, ["critic"])
        assert [i.reasoning for i in new.iterations] == [i.reasoning for i in old.iterations]
        assert [i.caption for i in new.iterations] == [i.caption for i in old.iterations]
        assert [i.feedback for i in new.iterations] == [i.feedback for i in old.iterations]
        assert [i.score for i in new.iterations] == [2, 2]
        assert new.stop_reason == "exhausted"
        assert new.totals.calls == after.calls == serving.PASSES
        assert any("feedback, which was not asked for again" in text for text in new.warnings)
        assert new.replayable_to == 10
        named = {name for i in new.iterations for c in i.calls for name in (c.raw,)}
        assert named <= new.texts.keys()
        assert {call.role for i in new.iterations for call in i.calls} == {
            *("actor", "summarizer", "critic")
        }
    again = len(server.calls)
    assert typed(*words).exit_code == 0
    assert len(server.calls) == again, "what is there stands"
    compared = typed(
        *("bench", "analyse", "first", "--against", "second", "--samples", "samples.jsonl"),
        *("--format", "json"),
    )
    assert compared.exit_code == 0, compared.stderr
    critics = json.loads(compared.stdout)["against"][0]["critics"]
    assert (critics["n"], critics["other_answers"]) == (SAMPLES * serving.PASSES, 0)
    assert [d["sample_id"] for d in critics["disagreements"]] == ["s0", "s1"]


def test_the_recorded_critic_is_served_from_the_ledger(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    asked = len(server.calls)
    critic, summarizer = serving.models(server)["critic"], serving.models(server)["summarizer"]
    result = typed(
        *("recritique", "first", "-o", "same", "--critic", critic, "--summarizer", summarizer)
    )
    assert result.exit_code == 0, result.stderr
    assert "no outcome" in result.stdout
    assert len(server.calls) == asked, "the requests are the loop's own"
    for before, after in pairs(generated, tmp_path / "same"):
        assert before.trajectory is not None
        assert after.trajectory is not None
        assert after.cached == after.calls == 2 * serving.PASSES
        assert after.paid_usd == 0
        for one, other in zip(
            before.trajectory.iterations, after.trajectory.iterations, strict=True
        ):
            assert one.verdict == other.verdict
            assert one.caption_sources == other.caption_sources
        assert after.trajectory.best == before.trajectory.best


def test_another_summarizer_writes_first(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    asked = len(server.calls)
    poet = f"{server.openai}#poet"
    assert typed("recritique", "first", "-o", "sung", "--summarizer", poet).exit_code == 0
    roles = models_asked(server, asked)
    assert roles.count("poet") == SAMPLES * serving.PASSES
    assert set(roles) == {"poet", "critic"}
    for line in lines(tmp_path / "sung"):
        assert line.trajectory is not None
        assert {i.caption for i in line.trajectory.iterations} == {"Pass 2: a song."}
        assert line.trajectory.best is not None
        assert line.trajectory.best.index == 1


def test_captions_are_written_anew_where_the_prompt_of_the_summarizer_differs(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    assert typed("prompts", "init", "mine").exit_code == 0
    change(tmp_path / "mine" / "evaluator.md", lambda text: f"{text}\nBe strict.\n")
    asked = len(server.calls)
    assert typed("recritique", "first", "-o", "a", "--prompts", "mine").exit_code == 0
    assert set(models_asked(server, asked)) == {"critic"}
    change(tmp_path / "mine" / "summarizer.md", lambda text: f"{text}\nBe brief.\n")
    asked = len(server.calls)
    assert typed("recritique", "first", "-o", "b", "--prompts", "mine").exit_code == 0
    # It says what it said before, and so the critic's reply is known.
    assert models_asked(server, asked) == ["summarizer"] * SAMPLES * serving.PASSES
    refused = typed("recritique", "first", "-o", "a", "--prompts", "mine")
    assert refused.exit_code == 2
    assert "summarizer" in refused.stderr


def test_a_panel_comes_and_goes(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    strict = f"{server.openai}#strict"
    assert typed("recritique", "first", "-o", "panel", "--panel", strict).exit_code == 0
    for line in lines(tmp_path / "panel"):
        assert line.trajectory is not None
        assert [i.score for i in line.trajectory.iterations] == [2.5, 5.5]
    assert typed("recritique", "panel", "-o", "alone", "--no-panel").exit_code == 0
    for line in lines(tmp_path / "alone"):
        assert line.trajectory is not None
        assert [i.score for i in line.trajectory.iterations] == [3, 9]
    before = read_settled(tmp_path / "alone")["recritiqued"]["before"]
    assert before == read_settled(tmp_path / "panel")["recritiqued"]


def test_what_fails_is_kept_as_failed_and_asked_again_on_demand(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    result = typed("recritique", "first", "-o", "down", "--critic", f"{server.openai}#down")
    assert result.exit_code == 1
    assert "this model is gone" in result.stdout
    assert {line.stop_reason for line in lines(tmp_path / "down")} == {"failed"}
    asked = len(server.calls)
    words = ("recritique", "first", "-o", "down", "--critic", f"{server.openai}#down")
    typed(*words)
    assert len(server.calls) == asked
    typed(*words, "--retry-failed")
    assert len(server.calls) == asked + SAMPLES


def test_a_bound_that_can_not_be_kept_is_refused(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    strict = f"{server.openai}#strict"
    words = ("recritique", "first", "-o", "bound", "--critic", strict, "--max-cost", "1")
    result = typed(*words)
    assert result.exit_code == 2
    assert "strict" in result.stderr
    assert not (tmp_path / "bound").exists()


def test_a_critic_without_a_score_is_unscored(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    assert (
        typed(
            *("recritique", "first", "-o", "words", "--critic", f"{server.openai}#words")
        ).exit_code
        == 0
    )
    assert {line.unscored for line in lines(tmp_path / "words")} == {serving.PASSES}


def test_saved_runs_and_their_clips(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    for line in lines(generated):
        assert line.trajectory is not None
        save_run(line.trajectory, tmp_path / "runs" / line.trajectory.id)
    runs = sorted(path.name for path in (tmp_path / "runs").iterdir())
    (tmp_path / "elsewhere").mkdir()
    shutil.move(tmp_path / "one.mp4", tmp_path / "elsewhere" / "one.mp4")
    strict = ("--critic", f"{server.openai}#strict")
    lost = typed("recritique", *runs, "-o", "lost", *strict)
    assert lost.exit_code == 1
    assert "name its folder with --clips" in lost.stdout
    found = typed("recritique", *runs, "-o", "found", *strict, "--clips", "elsewhere")
    assert found.exit_code == 0, found.stdout
    assert [line.sample_id for line in lines(tmp_path / "found")] == ["s0", "s1"]
    make_clip(tmp_path / "one.mp4", 0.6, width=64, height=48, fps=10, sounds=[(0.2, 0.4)])
    other = typed("recritique", *runs, "-o", "other", *strict, "--clips", ".")
    assert "not the file that the run was about" in other.stdout
    twice = typed("recritique", runs[0], f"runs/{runs[0]}", "-o", "twice", *strict)
    assert twice.exit_code == 2
    assert "are both about" in twice.stderr


def test_a_log_that_the_first_critic_ended_goes_no_further(
    typed: Typed, generated: Path, server: Wire, tmp_path: Path
) -> None:
    words = ("generate", "samples.jsonl", "-o", "short", *serving.options(server))
    assert typed(*words, "--max-iterations", "4").exit_code == 0
    strict = f"{server.openai}#strict"
    assert typed("recritique", "short", "-o", "strict", "--critic", strict).exit_code == 0
    for line in lines(tmp_path / "strict"):
        assert line.trajectory is not None
        assert line.trajectory.replayable_to == 2
        assert "what would have come next is not known" in line.trajectory.stop_detail
    result = typed("bench", "analyse", "strict", "--samples", "samples.jsonl")
    assert "can't be replayed" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Nothing is to be judged anew"),
        (["--critic", "nobody:x"], "nobody"),
        (["--panel", "offline:perception", "--no-panel"], "contradict each other"),
        (["--prompts", "nowhere"], "nowhere"),
    ],
)
def test_what_can_not_be_done(
    typed: Callable[..., Result], tmp_path: Path, words: list[str], said: str
) -> None:
    result = typed("recritique", "first", "-o", "second", *words)
    assert result.exit_code == 2
    assert said in result.stderr
    assert not (tmp_path / "second").exists()


def change(path: Path, how: Callable[[str], str]) -> None:
    path.write_text(how(path.read_text("utf-8")), "utf-8")
