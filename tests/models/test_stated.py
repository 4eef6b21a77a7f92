"""Scores in prose and plain replies: what is stated counts, what is only mentioned does not."""

import json

import pytest

from aurelia.errors import ReplyError
from aurelia.models.structured import read_reply
from aurelia.types.replies import ReasoningReply, ScoreReply, VerdictReply


def _score(text: str, *quoted: str) -> float | None:
    """What is read as a score alone; None where the critic is asked again."""
    try:
        reply, _ = read_reply(text, "score", quoted)
    except ReplyError:
        return None
    assert isinstance(reply, ScoreReply)
    return reply.score


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Score: 3. The scoreboard shows a final score of 10.", 3),
        ("Score: 8 points. Max score 10.", 8),
        ("Score: 3\n(Scale: score 1 = worst, score 10 = best)", 3),
        ("Score: 3\nScore: 10 = best", 3),
        ("Score: 3\nThe caption is missing the score 10 seen on the board.", 3),
        ("Score: 3. A perfect score is 10.", 3),
        ("The score of 8 is deserved by nothing; my rating: 2/10", 2),
        ("The board shows a final score of 10.\n\nScore: 3", 3),
        ("Audio score: 3\nVisual score: 8\nOverall score: 5", 5),
        ("Overall score: 5\nAudio score: 9", 5),
    ],
)
def test_a_score_that_is_stated_beats_one_in_mid_sentence(text: str, score: float) -> None:
    assert _score(text) == score


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("Score: 3. It is better than that. Final score: 5", 5),
        ("Score: 3\nScore: 5", 5),
        ("- **Score:** 3\n- **Final score:** 5", 5),
        ("Score: 3. In conclusion, the overall score is 5.", 5),
        ("Score: 3. I'd give it 4/10.", 4),
    ],
)
def test_the_last_of_those_that_are_stated_counts(text: str, score: float) -> None:
    assert _score(text) == score


@pytest.mark.parametrize(
    "text",
    [
        "I see a score of 3 on one board and a score of 7 on another.",
        "Score: 3. At the end of the game, final score: 10.",
        "Final score: 3\nScore: 10",
        "If the bell were heard, I'd give it 8/10.",
        "I'd give it 8/10 if the bell were heard.",
        "I can't give it 8/10.",
        "Score: 80%",
    ],
)
def test_where_it_can_not_be_told_which_is_meant_the_critic_is_asked_again(text: str) -> None:
    assert _score(text) is None


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("2", 2),
        (" **2**\n", 2),
        ("8/10", 8),
        ("**8**/10", 8),
        ("8 out of 10.", 8),
        ("7,5 / 10", 7.5),
        ("Rating: 2", 2),
        ("I'd give it 8/10.", 8),
        ("Overall, I would give this caption a score of 8 out of 10.", 8),
        ("Overall Score - 8", 8),
        ("| Score | 8 |", 8),
        ("Score for this caption: 8", 8),
        ("Score out of 10: 8", 8),
        ("<think>3? No.</think>8", 8),
    ],
)
def test_plain_replies_are_read(text: str, score: float) -> None:
    assert _score(text) == score


@pytest.mark.parametrize("text", ["2024-01-02", "8/100", "8 of 12", "10 seconds", "A 7.", "12345"])
def test_other_numbers_are_no_scores(text: str) -> None:
    assert _score(text) is None


@pytest.mark.parametrize(
    "reply",
    [
        {"verdict": {"score": 4, "claims": []}},
        {"Score": 4, "Claims": []},
        {"Verdict": {"SCORE": "4/10"}},
        {"score": {"score": 4}},
    ],
    ids=str,
)
@pytest.mark.parametrize("output", ["score", "verdict"])
def test_keys_in_any_case_and_one_object_around_are_read(
    reply: dict[str, object], output: str
) -> None:
    read, how = read_reply(f"Here:\n{json.dumps(reply)}", output)
    assert isinstance(read, (ScoreReply, VerdictReply))
    assert (read.score, how) == (4, "json")


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ({"example": {"score": 4}}, "has no `claims` or `score`"),
        ({"a": {"verdict": {"score": 4}}}, "has no `claims` or `score`"),
        ({"Score": 4, "score": 9}, "`score` stands twice with different values"),
    ],
    ids=str,
)
def test_nothing_is_guessed_from_other_objects(reply: dict[str, object], problem: str) -> None:
    with pytest.raises(ReplyError, match=problem):
        read_reply(json.dumps(reply), "verdict")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1.2s", 1.2), ("1,2 s", 1.2), ("300 ms", 0.3), ("0:01.5", 1.5), ("1:00:02", 3602), ("2", 2)],
)
def test_times_may_have_a_unit(text: str, seconds: float) -> None:
    claim = {"Text": "A.", "status": "supported", "start_s": text, "confidence": "80%"}
    verdict, _ = read_reply(json.dumps({"score": 5, "claims": [claim]}), "verdict")
    assert isinstance(verdict, VerdictReply)
    assert verdict.claims[0].start_s == pytest.approx(seconds)
    assert verdict.claims[0].confidence == 0.8
    steps, _ = read_reply(json.dumps({"steps": [{"text": "A.", "end_s": text}]}), "reasoning")
    assert isinstance(steps, ReasoningReply)
    assert steps.steps[0].end_s == pytest.approx(seconds)


def test_a_time_that_is_none_is_refused() -> None:
    claim = {"text": "A.", "status": "supported", "start_s": "soon"}
    with pytest.raises(ReplyError, match=r"claims\.0\.start_s"):
        read_reply(json.dumps({"score": 5, "claims": [claim]}), "verdict")


OWN = [
    (f'{{"score": {own}, "claims": []}}', own, given)
    for own, given in (
        (1, '{"score": 10}'),
        (1, '"score": 10'),
        (1, '{"score": 1.5}'),
        (7, '"score": 70-68'),
        (7, "score 7-6 at the break"),
        (10, '{"score": 1'),
        (10, "score: 1"),
        (5, "score: 2.5"),
    )
] + [
    ("Score: 1", 1, "Score: 10"),
    ("Score: 1", 1, "Score: 1.5"),
    ("Score: 10", 10, "Score: 1"),
    ("Score: 7", 7, "The sign says Score: 7-6."),
    ('{"score": 1, "rationale": "broken', 1, '{"score": 10}'),
]


@pytest.mark.parametrize(("reply", "own", "given"), OWN)
def test_a_caption_with_another_number_takes_no_score_away(
    reply: str, own: float, given: str
) -> None:
    assert _score(reply, given) == own
    assert _score(reply, f"A sign reads {given}, and a dog barks.") == own


@pytest.mark.parametrize(
    ("reply", "given"),
    [
        ("The caption has it: Score: 10", "Score: 10"),
        ("Score: 10", "A sign reads Score: 10. A dog barks."),
        ('{"score": 10, "claims": []}', 'A sign reads {"score": 10}.'),
        ('{"Score": 10, "claims": []}', 'A sign reads {"score": 10}.'),
        ('{"verdict": {"score": 10}}', 'A sign reads {"score": 10}.'),
    ],
)
def test_the_very_number_that_was_given_is_still_a_quotation(reply: str, given: str) -> None:
    assert _score(reply, given) is None
