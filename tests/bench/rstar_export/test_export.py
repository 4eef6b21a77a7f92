"""Accepted steps as data: whole files, documented columns, a card that says what they are."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.imports.manifest import OWN_NOTE
from aurelia.bench.rollouts import open_rollouts
from aurelia.bench.rstar_export.card import escaped, table
from aurelia.bench.rstar_export.export import card_path, export
from aurelia.bench.rstar_export.rows import RStarRow
from aurelia.bench.rstar_export.written import ExportFormat, _avrt_schema
from aurelia.errors import InputError, MissingExtra
from aurelia.types.reasoning import RStarForm
from aurelia.types.trajectory import Best
from tests.bench.rstar_export.folders import folder_of, run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two accepted rollouts, one exhausted, one declined, and one without a clip."""
    return folder_of(
        tmp_path / "out",
        run("b"),
        run("a"),
        run("exhausted", stop_reason="exhausted", best=Best(index=1, why="the best")),
        run("declined", stop_reason="cannot_answer", best=None),
    )


def exported(
    folder: Path,
    name: str = "r.jsonl",
    file_format: ExportFormat = "jsonl",
    form: RStarForm | None = None,
    **how: Any,
) -> list[dict[str, Any]]:
    """What an export holds."""
    path = folder / name
    export(open_rollouts(folder), path, file_format, form, **how)
    if name.endswith(".parquet"):
        rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_accepted_steps_are_rows_of_the_schema_in_the_order_of_their_keys(folder: Path) -> None:
    rows = [RStarRow.model_validate(row) for row in exported(folder)]
    assert [row.sample_id for row in rows] == ["a", "b"]
    row = rows[0]
    assert (row.dataset, row.task, row.split) == ("music-avqa", "music_avqa", "test")
    assert (row.iteration, row.passes, row.score, row.threshold) == (2, 2, 8.5, 6.0)
    assert [step.id for step in row.steps] == ["s1", "s2", "s3"]
    assert (row.actor_answer, row.actor_option) == ("the movement", "B")
    assert row.prompts == {"actor": "actor@abc123", **{r: f"{r}@abc123" for r in OTHERS}}
    assert row.models["actor"] == "offline:perception"
    assert row.text
    assert row.clip == "ball.mp4"


OTHERS = ("summarizer", "critic")


def test_no_path_of_this_machine_and_no_truth_is_in_it(folder: Path) -> None:
    exported(folder, all_rollouts=True)
    text = (folder / "r.jsonl").read_text("utf-8") + (folder / "r.jsonl.card.md").read_text("utf-8")
    assert "/somewhere" not in text
    assert "ground_truth" not in text


def test_rollouts_that_were_not_accepted_come_when_asked_for(folder: Path) -> None:
    rows = exported(folder, all_rollouts=True)
    assert [(r["sample_id"], r["accepted"], r["iteration"]) for r in rows] == [
        ("a", True, 2),
        ("b", True, 2),
        ("declined", False, 2),
        ("exhausted", False, 1),
    ]


@pytest.mark.parametrize("form", ["plan", "plan_and_findings", "evidence"])
def test_the_text_is_what_a_target_is_given(tmp_path: Path, form: RStarForm) -> None:
    from aurelia.nodes.rstar import r_star_text

    made = run("a")
    rows = exported(folder_of(tmp_path, made), form=form)
    reasoning = made.iterations[1].reasoning
    assert reasoning is not None
    assert (rows[0]["form"], rows[0]["text"]) == (form, r_star_text(reasoning, form))


def test_leaks_are_marked_and_counted(tmp_path: Path) -> None:
    made = run("a")
    reasoning = made.iterations[1].reasoning
    assert reasoning is not None
    reasoning.steps[1].text = "So the answer is the movement."
    rows = exported(folder_of(tmp_path, made))
    assert [step["leaks"] for step in rows[0]["steps"]] == [False, True, False]
    assert rows[0]["leaks"] == rows[0]["leaks_left_in"] >= 1
    card = (tmp_path / "r.jsonl.card.md").read_text("utf-8")
    assert "1 of 1 rows have a `text` that repeats" in card


def test_parquet_holds_what_jsonl_holds(folder: Path) -> None:
    plain = exported(folder, all_rollouts=True)
    columns = exported(folder, "r.parquet", "parquet", all_rollouts=True)
    pairs = ("options", "models", "reported", "prompts")
    assert [
        {k: dict(v) if k in pairs and v is not None else v for k, v in row.items()}
        for row in columns
    ] == plain


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet"])
def test_the_columns_of_avrt(folder: Path, name: str) -> None:
    rows = exported(folder, name, "avrt", "plan_and_findings")
    assert [row["id"] for row in rows] == [0, 1]
    assert rows[0] == {
        "id": 0,
        "video_name": "ball.mp4",
        "video_id": 0,
        "question": "Which comes first, the sound or the movement?",
        "choices": ["the sound", "the movement"],
        "answer": "the movement",
        "question_relation": "",
        "question_type": "Audio/Counting",
        "av_reasoning": exported(folder, form="plan_and_findings")[0]["text"],
    }
    assert list(rows[0]) == _avrt_schema().names


def test_the_card_says_what_it_is_and_what_it_is_not_for(folder: Path) -> None:
    counted = export(open_rollouts(folder), folder / "r.jsonl", all_rollouts=False)
    card = card_path(folder / "r.jsonl").read_text("utf-8")
    assert "2 reasoning traces about 2 samples and 1 clips" in card
    assert "reconstruction" in card
    assert "Training anything that is then measured on these samples" in card
    assert "2 of 2 rows are of splits that are there to measure with" in card
    assert "| music-avqa | music\\_avqa | 2 |" in card
    assert "| left out: exhausted | 1 |" in card
    assert "| left out: failed | 1 |" in card
    assert "| 8 to below 9 | 2 |" in card
    assert "| music-avqa | for research |" in card
    assert "| actor@abc123 | 2 |" in card
    assert counted.left_out == {"exhausted": 1, "cannot_answer": 1, "failed": 1}


def test_without_pyarrow_parquet_is_refused_in_one_sentence(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(
        "aurelia.bench.rstar_export.written.find_spec",
        lambda name: None if name == "pyarrow" else found(name),
    )
    with pytest.raises(MissingExtra, match=r"pip install 'aurelia\[bench\]'"):
        exported(folder, "r.parquet", "parquet")
    assert len(exported(folder)) == 2


def test_a_failed_export_leaves_the_earlier_file(folder: Path) -> None:
    exported(folder)
    before = (folder / "r.jsonl").read_bytes()
    with (folder / "trajectories.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"sample_id": "z", "variant": "default", "repeat": 0, "stop_reason": "odd"}\n')
    with pytest.raises(InputError, match="the rollout z, default, 0 is damaged"):
        exported(folder)
    assert (folder / "r.jsonl").read_bytes() == before
    assert not list(folder.glob(".*.part"))


def test_a_place_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "file").write_text("")
    with pytest.raises(InputError, match=r"can't be written"):
        export(open_rollouts(folder), folder / "file" / "r.jsonl")


@given(st.text())
def test_nothing_in_a_card_is_markup(text: str) -> None:
    line = table(("name",), [(text,)]).splitlines()
    assert len(line) == 3
    cell = line[2].removeprefix("| ").removesuffix(" |")
    bare = cell.replace("\\\\", "").replace("\\|", "").replace("\\<", "").replace("\\[", "")
    assert not set("|<[") & set(bare)
    assert "\n" not in escaped(text)


def test_the_card_of_ones_own_table_does_not_speak_of_a_published_set(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["samples_file"] = {"imported": {"note": OWN_NOTE}}
    path.write_text(json.dumps(manifest), "utf-8")
    export(open_rollouts(folder), folder / "r.jsonl", all_rollouts=False)
    card = card_path(folder / "r.jsonl").read_text("utf-8")
    assert OWN_NOTE in card
    assert "the selection that the paper measured on" not in card
