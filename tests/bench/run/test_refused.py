"""What can't be used is refused in a sentence, before anything is asked or written."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from aurelia.bench.run.run import open_run
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import write_samples
from aurelia.cli.main import app
from aurelia.errors import InputError
from tests.bench.run.study import Study, make_study

DEAF = "offline:perception?modality=deaf"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return make_study(tmp_path_factory.mktemp("study"), {"s0": [(9, True)], "s1": [(2, True)]})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"targets": []}, "No target is given"),
        ({"targets": [DEAF, DEAF]}, "is given 2 times; give it once"),
        ({"targets": ["nothing-of-that-name"]}, "names no model"),
        ({"targets": ["grounded:offline:perception"]}, "can't be grounded"),
        ({"modes": ["zero-shot"]}, "There is no mode 'zero-shot'; did you mean 'zero_shot'?"),
        ({"modes": []}, "No mode is given"),
        (
            {"controls": "summariser_caption"},
            "no control 'summariser_caption'; did you mean 'summarizer_caption'?",
        ),
        ({"controls": "chaep"}, "did you mean 'cheap'?"),
        ({"r_star": None}, "distilled can't be asked without rollouts"),
        ({"limit": 0}, "The limit is 0"),
        (
            {"settings": RunSettings(variant="mine")},
            "no rollouts of the variant 'mine'; it has: default",
        ),
        (
            {"targets": ["http://127.0.0.1:9/v1#m"], "context": {"target_sampling": {"tmp": 0}}},
            "tmp",
        ),
    ],
)
def test_orders_that_make_no_sense(study: Study, changes: dict[str, Any], sentence: str) -> None:
    order = study.order(*changes.pop("targets", [DEAF]), **changes)
    with pytest.raises(InputError) as caught, open_run(order):
        pass
    assert sentence in str(caught.value)
    assert not study.out.exists()


def _truncate(path: Path) -> None:
    path.write_text(path.read_text("utf-8")[:-40], "utf-8")


def _double(path: Path) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[0]]), "utf-8")


def _untrue(path: Path) -> None:
    path.write_text(path.read_text("utf-8").replace('["B"]', '["Z"]'), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_truncate, "line 2"),
        (_double, "line 3: the id 's0' stands in line 1 already"),
        (_untrue, "line 1 (s0): the ground truth 'Z' is none of the options"),
    ],
)
def test_a_bad_samples_file_starts_nothing(
    tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)], "s1": [(2, True)]})
    spoil(study.file)
    with pytest.raises(InputError) as caught, open_run(study.order(DEAF)):
        pass
    assert sentence in str(caught.value)
    assert not study.out.exists()


def test_rollouts_of_other_samples(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)], "s1": [(2, True)]})
    write_samples(study.file, [study.samples[0].model_copy(update={"id": "other"})])
    wrong = pytest.raises(InputError, match=r"2 of its 2 ids, such as 's0', are not there")
    with wrong, open_run(study.order(DEAF)):
        pass
    # The same ids and another question: told at once, and each question is compared.
    changed = [s.model_copy(update={"question": "Something else?"}) for s in study.samples]
    write_samples(study.file, changed)
    from aurelia.bench.run.run import carry_out

    with open_run(study.order(DEAF)) as opened:
        assert "another state of the samples" in opened.notes[0]
        carry_out(opened, 1)
    replies = study.replies()
    assert replies["zero_shot", "s0"].status == "answered"
    failed = replies["distilled", "s0"]
    assert failed.status == "failed"
    assert "asked 'What of s0?', the sample asks 'Something else?'" in failed.why


def test_fewer_repeats_of_rollouts_than_are_asked_for(tmp_path: Path) -> None:
    from aurelia.bench.journal import Journal
    from aurelia.bench.rollouts import HEAD, KEY, TRAJECTORIES, RolloutKey, RolloutLine
    from tests.bench.analysis.made import made

    study = make_study(tmp_path, {"s0": [(9, True)]})
    with Journal(study.rollouts / TRAJECTORIES, KEY, HEAD) as journal:
        key = RolloutKey("s0", repeat=1)
        journal.append(RolloutLine.of(key, made(study.samples[0], [(9, True)])))
    wrong = pytest.raises(InputError, match="has 2 repeats of the variant 'default' and 3")
    with wrong, open_run(study.order(DEAF, settings=RunSettings(repeats=3))):
        pass


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["run", "-o", "out"], "No samples are given"),
        (["run", "x.jsonl", "--rendered", "-o", "out"], "--rendered makes its own samples"),
        (["run", "gone.jsonl", "--targets", DEAF, "-o", "out"], "gone.jsonl can't be read"),
        (
            ["run", "x.jsonl", "--targets", DEAF, "-o", "out", "--judge", "offline:perception"],
            "measures clips and can't compare answers",
        ),
        (["score", "gone"], "gone holds no manifest.json, so it is no folder of results"),
    ],
)
def test_commands_end_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["bench", *words])
    assert result.exit_code == 2
    assert sentence in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()
