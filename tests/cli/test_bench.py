"""`aurelia bench …`: results on stdout, one sentence and exit 2 for what can't be used."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from aurelia.saved import save_run
from aurelia.types.trajectory import Trajectory
from tests.bench.fakes import Fake
from tests.clips import make_clip
from tests.models.wire.script import say
from tests.models.wire.server import Wire

Typed = Callable[..., Result]


@pytest.fixture
def fake_source(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small clips in the place of rendered ones."""
    from aurelia.bench.mechanism import run
    from aurelia.cli import bench_mechanism

    monkeypatch.setattr(run, "Rendered", Fake)
    monkeypatch.setattr(bench_mechanism, "chosen_families", lambda names: ["order"])


def case(folder: Path, name: str, caption: str, **more: Any) -> str:
    if not (folder / "a.mp4").exists():
        make_clip(folder / "a.mp4", 3.0, moves=[(0.4, 0.9)], sounds=[(1.9, 2.5)])
    return json.dumps({"id": name, "clip": "a.mp4", "caption": caption, "truth": "true", **more})


def test_render_writes_samples_and_cases(typed: Typed, tmp_path: Path) -> None:
    words = ("--family", "av_compositional", "--count", "1", "--split", "dev")
    result = typed("bench", "render", *words, "--difficulty", "both", "-o", "out")
    assert result.exit_code == 0, result.stderr
    assert "out/samples.jsonl (2 clips)" in result.stdout
    lines = (tmp_path / "out" / "critic_cases.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    assert {c["truth"] for c in cases} == {"true", "lie"}
    assert all((tmp_path / "out" / c["clip"]).is_file() for c in cases)


def test_mechanism_prints_tables_of_80_columns(typed: Typed, fake_source: None) -> None:
    result = typed("bench", "mechanism", "--count", "2", "--difficulty", "clean", "--workers", "1")
    assert result.exit_code == 0, result.stderr
    lines = result.stdout.splitlines()
    tables = [line for line in lines if "no evidence" not in line]
    assert max(map(len, tables)) <= 80
    assert sum("no evidence of the paper's gains" in line for line in lines) == 2
    assert "clean clips, held_out, seed 0" in lines
    row = next(line for line in lines if line.startswith("order")).split()
    assert row[:3] == ["order", "2", "0.50"]
    assert row[5] == "1.00"
    assert any(line.startswith("true captions") for line in lines)
    assert "\x1b" not in result.stdout


def test_mechanism_says_where_a_text_budget_left_out_parts_of_r_star(
    typed: Typed, fake_source: None, tmp_path: Path, configured: Callable[[str], Path]
) -> None:
    from aurelia.bench.mechanism.report import MechanismReport
    from aurelia.cli.bench_tables import mechanism_rows

    words = ("--count", "1", "--difficulty", "clean", "--workers", "1", "--target", "small")
    with Wire(say("Answer: A")) as wire:
        configured(
            f'[models.small]\nbase_url = "{wire.openai}"\nmodel = "m1"\nvideo = "off"\n'
            'audio = "off"\ntext = { budget = 95, prompt = "brief" }\n'
        )
        result = typed("bench", "mechanism", *words, "-o", "out")
    assert result.exit_code == 0, result.stderr
    assert "of 1, less than all of r* was sent" in result.stdout
    report = json.loads((tmp_path / "out" / "mechanism.json").read_text("utf-8"))
    assert report["pooled"]["clean"]["shortened"]["distilled"] == 1
    assert "the target was not asked" not in result.stdout
    report["pooled"]["clean"]["refused"] = {"plan_only": 1}
    rows = mechanism_rows(MechanismReport.model_validate(report))
    told = [each.body.plain for each in rows]
    assert any(t.startswith("of 1, the target was not asked") and "plan_only 1" in t for t in told)


def test_mechanism_as_json_and_kept(typed: Typed, fake_source: None, tmp_path: Path) -> None:
    words = ("--count", "1", "--difficulty", "noisy", "--workers", "1", "--json", "-o", "out")
    result = typed("bench", "mechanism", *words)
    assert result.exit_code == 0, result.stderr
    report = json.loads(result.stdout)
    assert report["families"]["order"]["noisy"]["n"] == 1
    assert json.loads((tmp_path / "out" / "mechanism.json").read_text("utf-8")) == report
    assert (tmp_path / "out" / "noisy" / "order-0.mp4").is_file()


def test_critic_prints_what_it_rejects(typed: Typed, tmp_path: Path) -> None:
    moves = "The picture moves from 0.4 s to 0.9 s."
    lines = [
        case(tmp_path, "a", f"Sound is heard from 1.9 s to 2.5 s. {moves}"),
        case(tmp_path, "b", f"It is silent. {moves}", truth="lie", kind="order\x1b[2J"),
    ]
    (tmp_path / "cases.jsonl").write_text("\n".join(lines), "utf-8")
    result = typed("bench", "critic", "--cases", "cases.jsonl")
    assert result.exit_code == 0, result.stderr
    rows = [line.split() for line in result.stdout.splitlines()]
    assert ["true", "1", "0.00", "0.00", "to", "0.79", "0", "0"] in rows
    assert ["order", "1", "1.00", "0.21", "to", "1.00", "0", "0"] in rows
    report = json.loads(typed("bench", "critic", "--cases", "cases.jsonl", "--json").stdout)
    assert report["lies"]["rejected"] == 1


def test_critics_may_be_grounded_and_several(
    typed: Typed, tmp_path: Path, fake_source: None
) -> None:
    (tmp_path / "cases.jsonl").write_text(case(tmp_path, "a", "It is silent.", truth="lie"))
    critics = ("--critic", "grounded:offline:perception", "--panel", "offline:perception")
    result = typed("bench", "critic", "--cases", "cases.jsonl", *critics)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines()[:2] == [
        "Critic grounded:offline:perception, threshold 6",
        "with offline:perception on its panel",
    ]
    words = ("--count", "1", "--difficulty", "clean", "--workers", "1", "--json", *critics)
    report = json.loads(typed("bench", "mechanism", *words).stdout)
    assert report["models"]["critic"] == "grounded:offline:perception"
    assert report["models"]["panel 1"] == "offline:perception"
    assert report["families"]["order"]["clean"]["failed"] == 0


def test_mutate_writes_cases_that_critic_reads(
    typed: Typed, trajectory: Trajectory, tmp_path: Path
) -> None:
    from aurelia.media.open import open_clip

    (tmp_path / "clips").mkdir()
    clip = make_clip(tmp_path / "clips" / "ball.mp4", 3.0, moves=[(0.4, 0.9)], sounds=[(1.9, 2.5)])
    trajectory.clip = open_clip(clip)
    save_run(trajectory, tmp_path / "run")
    result = typed("bench", "mutate", "run", "--clips", "clips", "-o", "critic_cases.jsonl")
    assert result.exit_code == 0, result.stderr
    assert "True       1 accepted caption" in result.stdout
    assert "time_shifted" in result.stdout
    none = next(line for line in result.stdout.splitlines() if line.startswith("None of"))
    assert "text_changed" in none
    assert "time_shifted" not in none
    told = typed("bench", "critic", "--cases", "critic_cases.jsonl")
    assert told.exit_code == 0, told.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("render --family weather -o out", "no family 'weather'; there are: av_compositional"),
        ("render --count 0 -o out", "--count is 0"),
        ("render --count 1 -o file", "file can't be made"),
        ("mechanism --family weather", "no family 'weather'"),
        ("mechanism --count 0", "count is 0"),
        ("mechanism --count 1 --target nothing", "'nothing' names no model"),
        ("mechanism --count 1 -o file", "file can't be made"),
        ("critic --cases none.jsonl", "none.jsonl can't be read"),
        ("critic --cases empty.jsonl", "empty.jsonl holds no case"),
        ("critic --cases bad.jsonl", "bad.jsonl, line 1"),
        ("critic --cases lost.jsonl", "there is no file gone.mp4"),
        ("mutate nowhere -o out.jsonl", "no saved run 'nowhere'"),
    ],
)
def test_what_can_not_be_used_is_one_sentence_and_exit_2(
    typed: Typed, tmp_path: Path, words: str, said: str
) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty.jsonl").write_text("")
    (tmp_path / "bad.jsonl").write_text("{")
    lost = {"id": "a", "clip": "gone.mp4", "caption": "x", "truth": "true"}
    (tmp_path / "lost.jsonl").write_text(json.dumps(lost))
    result = typed("bench", *words.split())
    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""


def test_an_interrupted_run_prints_what_was_done_and_ends_with_130(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    from aurelia.bench.mechanism import run
    from aurelia.bench.mechanism.report import CriticShares, MechanismReport
    from aurelia.bench.rejected import count_rejected

    none = count_rejected([])
    nothing = CriticShares(
        true=none,
        corrupted=none,
        kinds={},
        true_rejected=None,
        true_n=0,
        corrupted_rejected=None,
        by_kind={},
        by_kind_n={},
        wrong_given_actor_wrong=None,
        wrong_given_actor_wrong_n=0,
    )
    report = MechanismReport(
        count=9,
        n=1,
        difficulties=["clean"],
        models={},
        threshold=6.0,
        max_iterations=5,
        versions={},
        seed=0,
        split="dev",
        target="t",
        note="note",
        families={},
        pooled={},
        critic=nothing,
        seconds_per_clip=1.0,
        workers=2,
        interrupted=True,
    )
    monkeypatch.setattr(run, "run_mechanism", lambda *_, **__: report)
    result = typed("bench", "mechanism", "--json")
    assert result.exit_code == 130
    told = json.loads(result.stdout)
    assert (told["count"], told["n"], told["interrupted"]) == (9, 1, True)
    assert "interrupted" in result.stderr
