"""Rollouts with the benchmark run that was made on them."""

import json
import shutil
from pathlib import Path

import pytest

from aurelia.bench.analysis.folder import Opened, open_folder
from aurelia.bench.analysis.report import Analysis, analyse
from aurelia.bench.rollouts import open_rollouts
from aurelia.bench.run.scoring import judged_run, write_tables
from aurelia.bench.tables.results import read_results
from aurelia.errors import InputError
from aurelia.graph.context import make_context
from aurelia.types.hashing import json_hash
from aurelia.types.trajectory import Parent
from tests.bench.analysis.folders import write_rollouts
from tests.bench.analysis.made import Marks, made
from tests.bench.run.study import STEPS, Study, make_study, run, target
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, say
from tests.models.wire.server import Wire

MARKS: dict[str, Marks] = {
    "s0": [(8, True), (9, True)],
    "s1": [(3, False), (7, True)],
    "s2": [(2, False), (4, False)],
    "s3": [(7, False), (5, True)],
}
WRONGED = "What of s3?"
"""About this one the steps mislead."""


def answer(request: Received) -> Behaviour:
    """Right with steps, but for one question, of which it is right without."""
    text = request.raw.decode()
    return say("Answer: B" if (STEPS in text) != (WRONGED in text) else "Answer: A")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Both modes and the first pass, scored."""
    folder = tmp_path_factory.mktemp("study")
    study = make_study(folder, MARKS)
    with pytest.MonkeyPatch.context() as patched, Wire(answer) as server:
        patched.setenv("AURELIA_CACHE_DIR", str(folder / "cache"))
        run(study.order(target(server), controls="first_pass"))
    context = make_context()
    write_tables(judged_run(study.out, None, context=context, prompts=context.load_prompts()))
    return study


def analysed(opened: Opened) -> Analysis:
    return analyse(opened.logs, opened.asked, opened.against, draws=100, notes=opened.notes)


def test_at_the_logged_threshold_a_replay_is_what_the_run_measured(study: Study) -> None:
    found = analysed(open_folder(study.rollouts, run=study.out))
    results = [r for r in read_results(study.out / "results.jsonl") if r.condition == "distilled"]
    measured = sum(r.score for r in results) / len(results)
    cell = next(c for c in found.replays.cells if (c.threshold, c.passes) == (6, 2))
    assert cell.targets[0].known == 4
    assert cell.targets[0].value == measured == 0.5
    first = next(rule for rule in found.rules if rule.rule == "the first pass")
    assert first.targets[0].value == 0.75


def test_a_text_that_nobody_was_given_is_not_known(study: Study) -> None:
    found = analysed(open_folder(study.rollouts, run=study.out))
    cell = next(c for c in found.replays.cells if (c.threshold, c.passes) == (9, 2))
    # Of s0 the second pass, which nobody was given; of the others the zero-shot reply.
    assert (cell.targets[0].known, cell.targets[0].value) == (3, None)
    assert (cell.targets[0].lowest, cell.targets[0].highest) == (0.25, 0.5)


def test_what_the_steps_did(study: Study) -> None:
    found = analysed(open_folder(study.rollouts, run=study.out))
    row = next(r for r in found.benefit if r.condition == "distilled")
    assert (row.helped, row.harmed, row.same) == (2, 1, 0)
    assert row.auroc.value == 0.75


def test_a_control_whose_pass_is_the_accepted_one_was_handed_it(study: Study) -> None:
    """Of s0 and s3 the reply of `distilled` stands for `first_pass`. Without them the one that the
    steps misled would be missing, and what is left would be what scored low."""
    found = analysed(open_folder(study.rollouts, run=study.out))
    row = next(r for r in found.benefit if r.condition == "first_pass")
    # Scores 8, 3 and 2 helped, 7 harmed.
    assert (row.helped, row.harmed, row.same, row.left_out) == (3, 1, 0, 0)
    assert row.auroc.value == pytest.approx(1 / 3)


@pytest.mark.parametrize("handed", [None, {"manifest_sha256": "0"}])
def test_a_run_without_these_rollouts_is_refused(
    study: Study, tmp_path: Path, handed: dict[str, str] | None
) -> None:
    out = Path(shutil.copytree(study.out, tmp_path / "out"))
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    (out / "manifest.json").write_text(json.dumps({**manifest, "r_star": handed}), "utf-8")
    with pytest.raises(InputError, match="was run without the rollouts of"):
        open_folder(study.rollouts, run=out)


def test_a_run_that_was_not_scored(study: Study, tmp_path: Path) -> None:
    out = Path(shutil.copytree(study.out, tmp_path / "out"))
    (out / "results.jsonl").unlink()
    with pytest.raises(InputError, match="`aurelia bench score"):
        open_folder(study.rollouts, run=out)


def test_rollouts_that_were_judged_anew_use_the_run_of_the_first(
    study: Study, tmp_path: Path
) -> None:
    first = open_rollouts(study.rollouts)
    stricter = {}
    for line in first:
        assert line.trajectory is not None
        number = next(n for n, s in enumerate(study.samples) if s.id == line.sample_id)
        stricter[line.key] = made(
            study.samples[number],
            [(5.0, right) for _, right in MARKS[line.sample_id]],
            id=f"again-{number}",
            parent=Parent(id=line.trajectory.id, iteration=0),
        )
    about = {"manifest_sha256": json_hash(first.manifest)}
    folder = write_rollouts(tmp_path / "again", study.samples, stricter, recritiqued=about)
    found = analysed(open_folder(folder, run=study.out))
    # The same passes were handed over; of their scores now nothing tells helped from harmed.
    row = next(r for r in found.benefit if r.condition == "distilled")
    assert (row.helped, row.harmed, row.auroc.value) == (2, 1, 0.5)
    cell = next(c for c in found.replays.cells if (c.threshold, c.passes) == (5, 1))
    assert (cell.coverage.value, cell.targets[0].known) == (1.0, 4)


def test_samples_in_another_state_are_pointed_out(study: Study, tmp_path: Path) -> None:
    text = (study.folder / "samples.jsonl").read_text("utf-8")
    edited = text.replace('"ground_truth":["B"]', '"ground_truth":["A"]')
    (tmp_path / "samples.jsonl").write_text(edited, "utf-8")
    opened = open_folder(study.rollouts, tmp_path / "samples.jsonl")
    assert "ground truths could not be" in opened.notes[0]
