"""Open answers: a judge is asked once for equal answers, and never again."""

import json
from pathlib import Path
from typing import Any

import pytest

from aurelia.bench.run.grids import all_grids, whole_table
from aurelia.bench.run.judging import JUDGEMENTS
from aurelia.bench.run.score import ScoredRun
from aurelia.bench.run.scoring import judged_run
from aurelia.bench.sample import Sample
from aurelia.graph.context import make_context
from tests.bench.run.study import Study, follower, make_study, run, target
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, fail, say
from tests.models.wire.server import Wire


def open_ended(_: Sample) -> dict[str, Any]:
    return {"options": None, "answer_type": "open", "ground_truth": ["the movement"]}


def scored(study: Study, judge: str | None) -> dict[tuple[str, str], str]:
    """Outcomes by condition and sample."""
    context = make_context()
    made = judged_run(study.out, judge, context=context, prompts=context.load_prompts(), at_once=1)
    return {(r.condition, r.sample_id): r.outcome for r in made.results}


def run_again(study: Study) -> ScoredRun:
    """The run, scored as it was last."""
    context = make_context()
    return judged_run(study.out, None, context=context, prompts=context.load_prompts())


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """Three replies differ: A of two questions, and B of one."""
    study = make_study(tmp_path, {"s0": [(9, True)], "s1": [(2, True)]}, open_ended)
    with Wire(follower) as server:
        run(study.order(target(server)))
    return study


def strict(request: Received) -> Behaviour:
    """B is right."""
    right = b"\\nB\\n" in request.raw or b">B<" in request.raw
    return say(json.dumps({"score": int(right), "rationale": "compared"}))


def test_a_judge_is_asked_once_and_its_words_are_kept(study: Study) -> None:
    assert set(scored(study, None).values()) == {"wrong"}  # by string match
    with Wire(strict) as server:
        first = scored(study, target(server))
        assert len(server.calls) == 3  # the reply that stands is the same answer
        assert scored(study, target(server)) == first
        assert len(server.calls) == 3
        note = f"Open answers: compared by the judge {server.openai}#m1"
        grids = all_grids(run_again(study), whole_table(run_again(study)))
        assert any(n.startswith(note) for n in grids[0].notes)
    assert first["distilled", "s0"] == "right"
    assert first["zero_shot", "s0"] == first["distilled", "s1"] == "wrong"
    # The server is gone: who scores again goes by what was kept.
    assert scored(study, None) == first
    assert set(scored(study, "none").values()) == {"wrong"}
    lines = [json.loads(line) for line in (study.out / JUDGEMENTS).read_text().splitlines()]
    prompts = {line["scored"]["judge"]["prompt"] for line in lines}
    (prompt,) = prompts
    assert prompt.startswith("answer_judge@")
    assert "{{ground_truth}}" in (study.out / "prompts" / f"{prompt}.md").read_text()
    assert {line["raw"] for line in lines} == {"Answer: A", "Answer: B"}
    assert all(line["scored"]["judge"]["rationale"] == "compared" for line in lines)


def test_a_judge_that_failed_is_asked_again_when_told_to(study: Study) -> None:
    with Wire(fail(400, "not now")) as server:
        name = target(server)
        assert set(scored(study, name).values()) == {"failed"}
        assert set(scored(study, None).values()) == {"failed"}
        server.plays(strict)
        assert scored(study, name)["distilled", "s0"] == "right"


def test_answers_that_are_not_judged_yet_fail_in_a_sentence(study: Study) -> None:
    with Wire(strict) as server:
        scored(study, target(server))
    path = study.out / JUDGEMENTS
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))
    context = make_context()
    made = judged_run(study.out, None, context=context, prompts=context.load_prompts())
    failed = [r for r in made.results if r.outcome == "failed"]
    assert failed
    assert "no judgement by" in failed[0].how
    assert "--judge" in failed[0].how
