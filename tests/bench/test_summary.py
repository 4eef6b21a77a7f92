"""From outcomes to numbers, on outcomes made by hand."""

import pytest

from aurelia.bench.facts import Stated
from aurelia.bench.mechanism import summary
from aurelia.bench.mechanism.outcome import Arm, Judged, Outcome
from aurelia.bench.mechanism.summary import blind_scores, cell, cells, critic_shares, pooled
from aurelia.bench.sample import Fact, Sample
from aurelia.bench.scoring import Score
from tests.bench.samples import make_sample


def outcome(index: int, zero: float, distilled: float, **more: object) -> Outcome:
    made = Outcome("order", "clean", index, make_sample(id=str(index), clip=f"{index}.mp4"))
    made.scores = {"zero_shot": Score(zero, True), "distilled": Score(distilled, True)}
    made.accepted, made.iterations = True, 1
    for name, value in more.items():
        setattr(made, name, value)
    return made


def test_failed_samples_are_wrong_and_stay_in_the_denominator() -> None:
    rows = [outcome(i, 0, 1) for i in range(8)]
    rows += [outcome(8, 1, 1, failed="broken"), Outcome("order", "clean", 9, failed="dead")]
    made = cell(rows, seed=0)
    assert (made.n, made.failed) == (10, 2)
    assert (made.zero_shot, made.distilled, made.gain) == (0.0, 0.8, 0.8)
    assert made.accepted == 0.8
    assert made.p == pytest.approx(2 / 2**8)
    assert made.distilled_lower == pytest.approx(0.49, abs=0.01)
    assert 0.1 < made.gain_lower < 0.8


def test_the_accepted_are_a_subset_with_their_own_means() -> None:
    rows = [outcome(0, 0, 1), outcome(1, 1, 1), outcome(2, 1, 1, accepted=False)]
    made = cell(rows, seed=0)
    assert made.accepted == pytest.approx(2 / 3)
    assert (made.zero_shot_accepted, made.distilled_accepted) == (0.5, 1.0)
    none = cell([outcome(0, 0, 0, accepted=False)], seed=0)
    assert none.distilled_accepted is None


def test_another_clips_steps_count_where_there_were_any() -> None:
    rows = [outcome(0, 1, 1), outcome(1, 0, 1)]
    rows[0].scores["other_clip"] = Score(0.0, False)
    made = cell(rows, seed=0)
    assert (made.other_clip, made.other_clip_n, made.zero_shot_other) == (0.0, 1, 1.0)
    assert made.unparsed["other_clip"] == 1
    assert cell(rows[1:], seed=0).other_clip is None


def test_the_bar_without_looking_is_the_better_of_letter_and_text() -> None:
    """Letters are even, but one text is right three times of four."""
    texts = [("A", "up"), ("B", "up"), ("A", "up"), ("B", "down")]
    samples = [
        make_sample(
            id=str(n),
            options={"A": text, "B": "x"} if letter == "A" else {"A": "x", "B": text},
            ground_truth=[letter],
        )
        for n, (letter, text) in enumerate(texts)
    ]
    assert blind_scores(samples) == {"chance": 0.5, "majority": 0.75}
    assert blind_scores([]) == {"chance": None, "majority": None}


def test_a_caption_by_chance_is_that_of_another_clip(monkeypatch: pytest.MonkeyPatch) -> None:
    words = {"bell": "bell", "siren": "siren"}
    monkeypatch.setattr(
        summary, "stated", lambda text: [Stated("event.heard", words[text], None, None)]
    )

    def sample(name: str, label: str) -> Sample:
        fact = Fact(kind="event.heard", modality="audio", value=label)
        return make_sample(
            id=name, options=None, answer_type="caption", ground_truth=[label], true_facts=[fact]
        )

    three = [sample("a", "bell"), sample("b", "bell"), sample("c", "siren")]
    bar = blind_scores(three)
    assert bar["chance"] == pytest.approx(1 / 3)
    assert bar["majority"] == pytest.approx(2 / 3)
    assert blind_scores(three[:1]) == {"chance": None, "majority": None}


def test_families_are_pooled_with_their_own_bars() -> None:
    rows = [outcome(i, 0, 1) for i in range(3)]
    for row in rows[1:]:
        row.family = "other"
    by_family = cells(rows, ("order", "other", "absent"), ("clean", "noisy"), 0)
    assert list(by_family) == ["order", "other"]
    whole = pooled(rows, [by_family["order"]["clean"], by_family["other"]["clean"]], 0)
    assert (whole.n, whole.distilled, whole.majority) == (3, 1.0, 1.0)


def test_questions_about_one_video_are_one_cluster() -> None:
    rows = [outcome(i, 0, 1) for i in range(6)]
    assert cell(rows, seed=0).p == pytest.approx(2 / 2**6)
    for row in rows:
        row.sample = make_sample(clip="same.mp4")
    assert cell(rows, seed=0).p == 1.0


def test_the_critic_by_kind() -> None:
    one, two = outcome(0, 0, 1), outcome(1, 0, 1)
    one.judged = [Judged("true", 9.0), Judged("count_off", 3.0), Judged("mood_flipped", 6.0)]
    two.judged = [Judged("true", None), Judged("count_off", None, failed=True)]
    one.wrong_accepted, two.wrong_accepted = [True, False], [False, False]
    shares = critic_shares([one, two], 6.0)
    assert (shares.true_rejected, shares.true_n, shares.true.unscored) == (0.0, 2, 1)
    assert shares.corrupted_rejected == 0.5
    assert (shares.corrupted.n, shares.corrupted.failed) == (3, 1)
    assert shares.kinds["count_off"].failed == 1
    assert shares.by_kind == {"count_off": 1.0, "mood_flipped": 0.0}
    assert shares.by_kind_n == {"count_off": 2, "mood_flipped": 1}
    assert (shares.wrong_given_actor_wrong, shares.wrong_given_actor_wrong_n) == (0.25, 4)


def test_nothing_judged_is_no_share() -> None:
    shares = critic_shares([outcome(0, 0, 1)], 6.0)
    assert shares.true_rejected is shares.corrupted_rejected is shares.wrong_given_actor_wrong
    assert shares.true_rejected is None


ARM: Arm = "plan_only"


def test_an_arm_that_was_not_run_scores_nothing() -> None:
    assert outcome(0, 1, 1).value(ARM) == 0.0
