"""How verdicts of panels and of grounded critics are shown."""

from aurelia.cli.blocks import score_rows
from aurelia.cli.console import ASCII_SIGNS
from aurelia.cli.rows import Row
from aurelia.cli.view import calls_rows, verdict_rows
from aurelia.types.reasoning import Cap, Claim, Grounding, Member, Unscored, Verdict
from aurelia.types.trajectory import Call

LIE = Claim(id="k1.1", text="A bell rings.", status="contradicted", observed="silence")
GROUNDED = Verdict(
    score=5,
    raw_score=9,
    caps=[Cap(rule="grounded", limit=5, reason="measurement contradicts k1.1: silence")],
    grounded=Grounding(critic="offline:perception", score=2, contradicted=[LIE]),
)
PANEL = Verdict(
    score=6.5,
    raw_score=8.5,
    members=[
        Member(critic="openai:gpt-4o", verdict=Verdict(score=8, raw_score=8)),
        Member(critic="mine", verdict=Unscored(reason="no JSON")),
        Member(critic="grounded:other", verdict=GROUNDED),
    ],
    disagreement=3,
    spread=1.5,
)


def _text(rows: list[Row]) -> str:
    return "\n".join(f"{item.gutter}{item.body}" for item in rows)


def test_a_grounded_critic_is_shown_with_both_scores() -> None:
    text = _text(score_rows(GROUNDED, 6))
    assert "capped at 5, the critic gave 9: measurement contradicts k1.1: silence" in text
    assert "the critic gave 9, offline:perception gives 2; measurement contradicts 1 claim" in text


def test_where_nothing_was_measured_that_is_shown() -> None:
    grounded = Grounding(critic="offline:perception", problem="the file is gone")
    text = _text(score_rows(Verdict(score=7, raw_score=7, grounded=grounded), 6))
    assert "not measured: the file is gone" in text


def test_a_panel_is_shown_member_by_member() -> None:
    text = _text(score_rows(PANEL, 6))
    assert "score 6.5 of 10" in text
    assert "median of 2 critics, 3 apart" in text
    assert "openai:gpt-4o: 8" in text
    assert "mine: not scored: no JSON" in text
    assert "grounded:other: 5" in text
    assert "      the critic gave 9, offline:perception gives 2" in text


def test_an_unscored_panel_says_what_each_member_said() -> None:
    unscored = Unscored(reason="none of 1 critics gave a score", members=[PANEL.members[1]])
    assert "mine: not scored: no JSON" in _text(score_rows(unscored, 6))


def test_in_depth_the_spread_and_the_measured_contradictions_are_shown() -> None:
    text = _text(verdict_rows(PANEL, ASCII_SIGNS))
    assert "standard deviation of the critics' scores 1.50" in text
    assert "contradicted by offline:perception: A bell rings. measured: silence" in text


def test_a_members_call_is_told_from_the_main_one() -> None:
    call = Call(id="x", role="critic", purpose="panel", repeat=2, requested_model="m", prompt="p@1")
    assert "critic (panel, member 2), m" in _text(calls_rows([call]))
