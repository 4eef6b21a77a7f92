"""One job in this process: the arms of a sample, steps of another clip, and the critic."""

from collections.abc import Callable
from pathlib import Path

import pytest
from langchain_core.language_models import FakeListChatModel

from aurelia.bench.mechanism.arms import run_sample
from aurelia.bench.mechanism.outcome import Outcome
from aurelia.bench.mechanism.plan import Job, Models, Plan
from aurelia.bench.mechanism.summary import cell
from aurelia.bench.mechanism.work import work
from aurelia.bench.sample import Fact
from aurelia.bench.scoring import Score
from aurelia.models.registry import register_model
from tests.bench.fakes import Fake
from tests.models.wire.script import say
from tests.models.wire.server import Wire

JOB = Job("order", "clean", (0, 1))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Two clips with opposite answers."""
    return work(Plan(0, "dev", Models(), tmp_path_factory.mktemp("bench"), source=Fake()), JOB)


def test_measured_steps_help_a_deaf_target(outcomes: list[Outcome]) -> None:
    assert [o.value("distilled") for o in outcomes] == [1.0, 1.0]
    assert [o.value("actor_answer") for o in outcomes] == [1.0, 1.0]
    assert sum(o.value("zero_shot") for o in outcomes) < 2
    assert all(o.accepted and o.iterations == 1 and not o.failed for o in outcomes)


def test_steps_of_the_other_clip_mislead(outcomes: list[Outcome]) -> None:
    assert [o.value("other_clip") for o in outcomes] == [0.0, 0.0]


def test_every_arm_has_a_score(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        assert set(outcome.scores) == {
            *("zero_shot", "distilled", "plan_only", "plan_and_findings"),
            *("single_pass", "actor_answer", "other_clip"),
        }


def test_the_critic_judged_true_and_corrupted_captions(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        scores = {j.kind: j.score or 0 for j in outcome.judged}
        assert scores["true"] >= 6 > max(scores["reversed"], scores["time_shifted"])


def test_without_an_accepted_pass_the_targets_own_answer_stands(tmp_path: Path) -> None:
    """A critic that can't hear can't confirm what is heard first."""
    models = Models(critic="offline:perception?modality=deaf", threshold=10, max_iterations=1)
    (one,) = work(Plan(0, "dev", models, tmp_path, source=Fake()), Job("order", "clean", (0,)))
    assert not one.accepted
    zero = one.scores["zero_shot"]
    assert one.scores["distilled"] == one.scores["plan_only"] == zero
    assert one.value("single_pass") == 1.0
    assert "other_clip" not in one.scores


def test_grounded_critics_and_panels_judge_in_the_loop_and_alone(tmp_path: Path) -> None:
    """Measurement bounds each believer, and there are two of them."""
    register_model("believer", FakeListChatModel(responses=['{"score": 9, "claims": []}']))
    models = Models(critic="grounded:believer", panel=("grounded:believer", "offline:perception"))
    assert models.by_role["panel 2"] == "offline:perception"
    (one,) = work(Plan(0, "dev", models, tmp_path, source=Fake()), Job("order", "clean", (0,)))
    assert one.accepted
    scores = {judged.kind: judged.score or 0 for judged in one.judged}
    assert scores["true"] >= 6 > max(scores["reversed"], scores["time_shifted"])
    trusting = Models(critic="believer", panel=("believer", "offline:perception"))
    (fooled,) = work(Plan(0, "dev", trusting, tmp_path, source=Fake()), Job("order", "clean", (0,)))
    assert {judged.kind: judged.score for judged in fooled.judged}["reversed"] == 9


def test_a_sample_that_fails_is_an_outcome_and_the_rest_goes_on(tmp_path: Path) -> None:
    plan = Plan(0, "dev", Models(), tmp_path, source=Fake(broken=(0,)))
    first, second = work(plan, JOB)
    assert first.failed == "order, clean 0: The encoder is missing."
    assert first.value("zero_shot") == 0.0
    assert second.value("distilled") == 1.0


def test_clips_are_kept_only_on_demand(tmp_path: Path) -> None:
    job = Job("order", "noisy", (1,))
    work(Plan(0, "dev", Models(), tmp_path, source=Fake()), job)
    assert list(tmp_path.iterdir()) == []
    work(Plan(0, "dev", Models(), tmp_path, keep=True, source=Fake()), job)
    assert [p.name for p in tmp_path.rglob("*.mp4")] == ["order-1.mp4"]


def test_ground_truth_and_facts_never_enter_a_run(tmp_path: Path) -> None:
    sample = Fake().sample("order", 0, 0, tmp_path, difficulty="clean", split="dev")
    fact = Fact(kind="text.shown", modality="visual", value="SENTINEL-FACT")
    marked = sample.located(tmp_path).model_copy(
        update={"ground_truth": ["SENTINEL-TRUTH"], "true_facts": [fact]}
    )
    run = run_sample(marked, Models()).run
    assert "SENTINEL" not in run.model_dump_json()
    assert run.sample is not None
    assert (run.sample["id"], run.sample["task"]) == ("order-0", "av_compositional")


def test_a_language_model_as_target(tmp_path: Path) -> None:
    """It always says A, whatever it is told: right once of two, in every arm."""
    register_model("stubborn", FakeListChatModel(responses=["I think so.\nAnswer: A"]))
    models = Models(target="stubborn")
    outcomes = work(Plan(0, "dev", models, tmp_path, source=Fake()), JOB)
    for arm in ("zero_shot", "distilled", "plan_only", "other_clip"):
        assert [o.scores[arm] for o in outcomes] == [Score(1.0, True), Score(0.0, True)]
    assert [o.value("actor_answer") for o in outcomes] == [1.0, 1.0]


def test_a_target_that_mumbles_is_wrong_and_counted_as_unread(tmp_path: Path) -> None:
    register_model("mumbling", FakeListChatModel(responses=["Either of the two, I would say."]))
    plan = Plan(0, "dev", Models(target="mumbling"), tmp_path, source=Fake())
    (one,) = work(plan, Job("order", "clean", (0,)))
    assert not one.failed
    assert one.scores["distilled"] == Score(0.0, False)


BUDGETED = """
[models.small]
base_url = "{url}"
model = "m1"
video = "off"
audio = "off"
text = {{ budget = {budget}, prompt = "brief", too_long = "{too_long}" }}
"""


def test_what_a_text_budget_leaves_of_r_star_is_counted_by_arm(
    tmp_path: Path, configured: Callable[[str], Path]
) -> None:
    with Wire(say("Answer: A")) as wire:
        configured(BUDGETED.format(url=wire.openai, budget=95, too_long="shorten"))
        plan = Plan(0, "dev", Models(target="small"), tmp_path, source=Fake())
        shortened = work(plan, JOB)
        configured(BUDGETED.format(url=wire.openai, budget=95, too_long="refuse"))
        refused = work(plan, JOB)
    made = cell(shortened, seed=0)
    assert "distilled" in made.shortened
    assert (made.shortened["distilled"], made.refused, made.failed) == (2, {}, 0)
    assert not {"zero_shot", "actor_answer"} & made.shortened.keys()
    held = cell(refused, seed=0)
    assert (held.shortened, held.refused["distilled"], held.failed) == ({}, 2, 2)
    assert set(held.refused) == set(made.shortened) - {"other_clip"}
    assert all("takes 95 tokens of text" in outcome.failed for outcome in refused)
