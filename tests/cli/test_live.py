"""The live view shows each iteration once, from events alone, on a terminal and elsewhere."""

from io import StringIO

import pytest
from rich.console import Console

from aurelia.cli.live import NO_STEPS, LoopView
from aurelia.cli.plain import clean
from aurelia.types.events import (
    AnyEvent,
    CaptionWritten,
    FeedbackGiven,
    IterationStarted,
    StepsProposed,
    Stopped,
    TokenStreamed,
    VerdictGiven,
)
from aurelia.types.reasoning import CannotAnswer, Reasoning, Unscored
from aurelia.types.trajectory import Trajectory


def events_of(trajectory: Trajectory) -> list[AnyEvent]:
    events: list[AnyEvent] = []
    for iteration in trajectory.iterations:
        index = iteration.index
        events.append(IterationStarted(index=index, max_iterations=5, threshold=6))
        if iteration.reasoning:
            events.append(StepsProposed(index=index, reasoning=iteration.reasoning))
        if iteration.caption:
            events.append(CaptionWritten(index=index, text=iteration.caption))
        if iteration.verdict:
            events.append(VerdictGiven(index=index, verdict=iteration.verdict))
        if iteration.feedback:
            events.append(FeedbackGiven(index=index, feedback=iteration.feedback))
    return [*events, Stopped(stop_reason=trajectory.stop_reason, best=2)]


def shown(events: list[AnyEvent], console: Console) -> str:
    with LoopView(console) as view:
        for event in events:
            view.on_event(event)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def terminal(width: int = 80) -> Console:
    return Console(file=StringIO(), force_terminal=True, width=width, height=40)


def test_plain_lines_show_each_iteration_once(trajectory: Trajectory) -> None:
    text = shown(events_of(trajectory), Console(file=StringIO()))
    lines = text.splitlines()
    assert lines.count("Iteration 1 of 5") == lines.count("Iteration 2 of 5") == 1
    assert "  score 3 of 10, below the threshold of 6" in lines
    assert "  capped at 3, the critic gave 7: a claim is contradicted" in lines
    assert (
        "  ✗ s2  visual  0.0–3.0 s  Nothing moves in the picture before the tone sounds." in lines
    )
    assert any(line.strip() == "contradicted: movement from 1.0 to 2.2 s" for line in lines)
    assert any(line.startswith("  asks     step s2, visual 0.5–2.7 s: Measure") for line in lines)
    assert any(line.startswith("  asked    fixed: Measure") for line in lines)
    assert "    ~ s2  [-Nothing-] {+Something+} moves in the picture" in text
    assert "    + s3  {+The sound has no visible source.+}" in lines
    assert "\x1b" not in text


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_terminal_ends_with_the_same_words(trajectory: Trajectory, width: int) -> None:
    plain = shown(events_of(trajectory), Console(file=StringIO()))
    moving = shown(events_of(trajectory), terminal(width))
    assert "\x1b[" in moving
    for block in plain.split("\n\n"):
        assert clean(block) in clean(moving)


def test_steps_stand_unmarked_while_the_critic_works(trajectory: Trajectory) -> None:
    console = terminal()
    with LoopView(console) as view:
        for event in events_of(trajectory)[:3]:
            view.on_event(event)
        with console.capture() as captured:
            console.print(view.under_way())
    text = captured.get()
    assert "the critic checks the caption" in text
    assert "Nothing moves in the picture" in text
    assert "✓" not in text
    assert "✗" not in text


def test_no_color_leaves_signs_and_words(
    trajectory: Trajectory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    text = shown(events_of(trajectory), terminal())
    assert "✗ " in text.replace("\x1b[0m", "")
    for colour in range(30, 38):
        assert f"[{colour}m" not in text
        assert f";{colour}m" not in text


def test_a_terminal_without_utf8_gets_ascii_signs(trajectory: Trajectory) -> None:
    class Latin(StringIO):
        encoding = "iso8859-1"

    text = shown(events_of(trajectory), Console(file=Latin()))
    assert "  x s2" in text
    assert "✗" not in text


def test_a_pass_without_readable_steps_is_not_passed_over(trajectory: Trajectory) -> None:
    second = trajectory.iterations[1]
    events: list[AnyEvent] = [IterationStarted(index=1, max_iterations=5, threshold=6)]
    trajectory.iterations = [second]
    text = shown(events + events_of(trajectory), Console(file=StringIO()))
    assert f"  no reasoning: {NO_STEPS}" in text.splitlines()
    assert "changed" not in text


def test_an_unscored_pass_says_so(trajectory: Trajectory) -> None:
    trajectory.iterations[0].verdict = Unscored(reason="the reply holds no number")
    text = shown(events_of(trajectory), Console(file=StringIO()))
    assert "  not scored: the reply holds no number" in text.splitlines()


def test_a_declining_actor_is_shown_with_what_it_needs(trajectory: Trajectory) -> None:
    declined = CannotAnswer(reason="Colours are not measured.", needed=["a vision model"])
    trajectory.iterations = [
        trajectory.iterations[0].model_copy(
            update={
                "reasoning": Reasoning(cannot_answer=declined),
                "caption": "",
                "verdict": None,
                "feedback": None,
            }
        )
    ]
    trajectory.stop_reason = "cannot_answer"
    text = shown(events_of(trajectory), Console(file=StringIO()))
    assert "  declined Colours are not measured." in text.splitlines()
    assert "  needed   a vision model" in text.splitlines()


def test_an_error_inside_the_run_keeps_what_was_seen(trajectory: Trajectory) -> None:
    console = Console(file=StringIO())

    def broken() -> None:
        with LoopView(console) as view:
            for event in events_of(trajectory)[:2]:
                view.on_event(event)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert isinstance(console.file, StringIO)
    assert "A loud tone sounds" in console.file.getvalue()


def test_a_reply_is_shown_while_it_is_written() -> None:
    def piece(text: str, call: str = "c1", attempt: int = 0) -> TokenStreamed:
        return TokenStreamed(index=1, role="actor", call=call, attempt=attempt, text=text)

    def foot(view: LoopView) -> str:
        console = terminal(60)
        console.print(view.under_way())
        assert isinstance(console.file, StringIO)
        return clean(console.file.getvalue())

    view = LoopView(terminal(60))
    view.on_event(IterationStarted(index=1, max_iterations=5, threshold=6))
    for text in ("Listen ", "for \x1b[2Jthe\n", "tone."):
        view.on_event(piece(text))
    assert foot(view).endswith("Listen for the tone.")
    view.on_event(piece("Again", attempt=1))
    assert foot(view).endswith("looks and listens Again")
    view.on_event(piece("x" * 200 + "end", call="c2"))
    assert foot(view).endswith("xxxend")
    view.on_event(StepsProposed(index=1, reasoning=Reasoning()))
    assert "end" not in foot(view)
