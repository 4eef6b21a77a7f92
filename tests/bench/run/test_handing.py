"""What is checked for leaks is what is handed over, in the words of the form."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.rollouts import open_rollouts
from aurelia.bench.rstar_export.export import export
from aurelia.bench.run.handing import hand_over
from aurelia.bench.run.settings import LeakPolicy
from aurelia.bench.run.steps import steps_of
from aurelia.evaluators.leak import find_leaks
from aurelia.types.reasoning import Reasoning, RStarForm, Step
from aurelia.types.trajectory import Trajectory
from tests.bench.rstar_export.folders import folder_of, run

OPTIONS = {"A": "the red drum", "B": "the green ball"}
PLAN = "Listen for when each of them sounds."
MEASURED = Step(id="s1", text="At 2 s the green ball sounds.", plan=PLAN, evidence=["e1"])
LOOK = Step(id="s2", text="Look at the left half.")
TELLING = "The green ball is the nearest."


def rollout(reasoning: Reasoning) -> Trajectory:
    """An accepted rollout with this reasoning."""
    made = run("a", options=OPTIONS)
    made.iterations[1] = made.iterations[1].model_copy(update={"reasoning": reasoning})
    return made


def handed(
    form: RStarForm, leaks: LeakPolicy, findings: str = "", *steps: Step
) -> tuple[str, int | None, str]:
    """r*, the leaks that were left in, and why there is no r*."""
    reasoning = Reasoning(
        steps=list(steps or (MEASURED, LOOK)), findings=findings, answer="The green ball"
    )
    found = steps_of(rollout(reasoning), 2, form, leaks)
    return found.text, found.origin.leaks if found.origin else None, found.why


@pytest.mark.parametrize("policy", ["record", "drop", "withhold"])
def test_a_harmless_plan_is_handed_over_though_what_was_measured_leaks(policy: LeakPolicy) -> None:
    assert handed("plan", policy) == (f"- {PLAN}\n1. Look at the left half.", 0, "")


def test_findings_that_state_the_answer_leak_where_they_are_handed_over() -> None:
    whole = f"- {PLAN}\n1. Look at the left half.\nFindings: {TELLING}"
    form: RStarForm = "plan_and_findings"
    assert handed(form, "record", TELLING) == (whole, 1, "")
    assert handed(form, "drop", TELLING) == (whole.rpartition("\n")[0], 0, "")
    assert handed(form, "withhold", TELLING)[0] == ""
    assert handed("plan", "withhold", TELLING)[1] == 0


def test_measured_steps_leak_in_the_form_that_has_them() -> None:
    measured = "- At 2 s the green ball sounds. (measured, confidence 1.00)"
    assert handed("evidence", "record") == (measured, 1, "")
    assert handed("evidence", "drop") == ("1. Look at the left half.", 0, "")
    # What stands in for the measured ones is looked at, too.
    other = Step(id="s3", text="So the answer is the ball.")
    gone = ("", None, "each of its steps reveals the answer")
    assert handed("evidence", "drop", "", MEASURED, other) == gone


def test_a_plan_that_leaks_is_left_out_for_each_step_that_shares_it() -> None:
    plan = "Check that the green ball sounds."
    twice = [Step(id=f"s{n}", text=f"At {n} s.", plan=plan, evidence=["e1"]) for n in (1, 2)]
    assert handed("plan", "record", "", *twice) == (f"- {plan}", 1, "")
    assert handed("plan", "drop", "", *twice)[0] == ""


TEXTS = st.sampled_from(
    ["Look.", "the green ball", "the red drum", "The answer is B.", "", PLAN, "Hear the green ball"]
)
STEPS = st.lists(
    st.tuples(TEXTS, TEXTS, st.sampled_from([[], ["e1"]])), min_size=1, max_size=5
).map(
    lambda made: [
        Step(id=f"s{n}", text=text, plan=plan, evidence=evidence)
        for n, (text, plan, evidence) in enumerate(made)
    ]
)


@given(STEPS, TEXTS, st.sampled_from(["plan", "plan_and_findings", "evidence"]))
def test_each_line_that_is_handed_over_is_looked_at(
    steps: list[Step], findings: str, form: RStarForm
) -> None:
    reasoning = Reasoning(steps=steps, findings=findings, answer="The green ball")

    def leaking(text: str) -> bool:
        lines = [Step(id=str(n), text=line) for n, line in enumerate(text.splitlines())]
        return bool(find_leaks(lines, reasoning.answer, OPTIONS))

    kept = hand_over(reasoning, form, OPTIONS, "record")
    assert bool(kept.leaks) == leaking(kept.text)
    dropped = hand_over(reasoning, form, OPTIONS, "drop")
    assert not dropped.leaks
    assert not leaking(dropped.text)
    withheld = hand_over(reasoning, form, OPTIONS, "withhold")
    assert withheld.text == ("" if kept.leaks else kept.text)


@pytest.mark.parametrize(
    ("form", "left_in"), [("plan", 0), ("plan_and_findings", 1), ("evidence", 1)]
)
def test_the_export_counts_what_its_text_has(tmp_path: Path, form: RStarForm, left_in: int) -> None:
    reasoning = Reasoning(steps=[MEASURED, LOOK], findings=TELLING, answer="The green ball")
    folder = folder_of(tmp_path, rollout(reasoning))
    counted = export(open_rollouts(folder), folder / "r.jsonl", form=form)
    row = json.loads((folder / "r.jsonl").read_text("utf-8"))
    assert (row["leaks"], row["leaks_left_in"]) == (2, left_in)
    assert [step["leaks"] for step in row["steps"]] == [True, False]
    assert counted.leaking_text == left_in
