"""Captions: scored as a set, with the summarizer's own as a control."""

from pathlib import Path
from typing import Any

from aurelia.bench.run.grids import all_grids, whole_table
from aurelia.bench.run.score import score_run
from aurelia.bench.sample import Sample
from tests.bench.run.study import STEPS, make_study, run, target
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, say
from tests.models.wire.server import Wire


def wanted(sample: Sample) -> dict[str, Any]:
    """A caption, with a reference of its own."""
    return {
        "task": "av_captioning",
        "options": None,
        "answer_type": "caption",
        "ground_truth": [f"a red ball number {sample.id} falls while a bell rings"],
    }


def describer(request: Received) -> Behaviour:
    """Nearer to the reference with steps."""
    helped = STEPS in request.raw.decode()
    return say("a red ball falls while a bell rings" if helped else "a ball is there")


def test_captions_have_metrics_of_the_set_and_the_summarizers_beside(tmp_path: Path) -> None:
    marks = {"s0": [(3, False), (9, True)], "s1": [(4, False)], "s2": None}
    study = make_study(tmp_path, marks, wanted)
    with Wire(describer) as server:
        run(study.order(target(server), controls="summarizer_caption"))
        assert len(server.calls) == 4  # three alone, one with steps; the control asks nobody
    replies = study.replies()
    given = replies["summarizer_caption", "s0"]
    assert (given.status, given.said[0].raw) == ("given", "Caption 2.")
    assert given.elsewhere.calls == 6
    # The best pass, accepted or not; without a rollout there is none, and that counts as wrong.
    assert replies["summarizer_caption", "s1"].said[0].raw == "Caption 1."
    scored = score_run(study.out)
    by = {(r.condition, r.sample_id): r for r in scored.results}
    assert by["summarizer_caption", "s2"].outcome == "unparsed"
    assert by["distilled", "s0"].caption == "a red ball falls while a bell rings"
    assert by["distilled", "s1"].caption == "a ball is there"
    table = whole_table(scored)
    assert [metric for _, metric in table.columns] == ["cider_d", "bleu_4", "rouge_l"]
    place = next(place for place in table.comparisons if place[2] == "rouge_l")
    assert table.comparisons[place].gain.absolute > 0
    assert table.cells[place, "summarizer_caption"].n == 3
    notes = " ".join(note for grid in all_grids(scored, table) for note in grid.notes)
    assert "CIDEr-D weighs words by how many of these 3 clips" in notes


def test_the_summarizers_caption_is_no_answer_to_other_questions(tmp_path: Path) -> None:
    study = make_study(tmp_path, {"s0": [(9, True)]})
    with Wire(describer) as server:
        run(study.order(target(server), controls="summarizer_caption"))
    assert study.replies()["summarizer_caption", "s0"].status == "missing"
    scored = score_run(study.out)
    assert scored.missing.total() == 1
    assert not any(r.condition == "summarizer_caption" for r in scored.results)
    assert not scored.unfinished
    notes = [n for grid in all_grids(scored, whole_table(scored)) for n in grid.notes]
    assert any("nothing to say" in n and "summarizer's caption (1)" in n for n in notes)
