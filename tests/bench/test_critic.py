"""A critic on captions of known truth."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import FakeListChatModel

from aurelia.bench.cases import CriticCase
from aurelia.bench.critic import ask_critic
from aurelia.errors import ConfigurationError
from aurelia.models.registry import register_model
from tests.clips import make_clip

MOVES = "The picture moves from 0.4 s to 0.9 s."


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("clips")
    return str(make_clip(folder / "a.mp4", 3.0, moves=[(0.4, 0.9)], sounds=[(1.9, 2.5)]))


@pytest.fixture
def cases(clip: str) -> list[CriticCase]:
    def case(name: str, caption: str, **more: Any) -> CriticCase:
        return CriticCase(id=name, clip=clip, caption=caption, **more)

    return [
        case("a", "The movement starts before the sound.", truth="true"),
        case("b", f"Sound is heard from 1.9 s to 2.5 s. {MOVES}", truth="true"),
        case("c", "The sound starts before the movement.", truth="lie", kind="order", of="a"),
        case("d", f"Sound is heard from 1.3 s to 1.9 s. {MOVES}", truth="lie", kind="time"),
        case("e", "It is silent throughout.", truth="lie"),
    ]


def test_a_critic_that_measures_tells_truth_from_lie(cases: list[CriticCase]) -> None:
    seen: list[tuple[int, int]] = []
    report = ask_critic(cases, "offline:perception", 6.0, lambda a, b: seen.append((a, b)))
    assert (report.true.n, report.true.rejected, report.true.share) == (2, 0, 0.0)
    assert (report.lies.n, report.lies.rejected) == (3, 3)
    assert list(report.by_kind) == ["order", "time", "unnamed"]
    assert report.true.high == pytest.approx(0.66, abs=0.01)
    assert seen[-1] == (5, 5)


def test_no_score_is_neither_taken_nor_rejected(cases: list[CriticCase]) -> None:
    register_model("mumbling", FakeListChatModel(responses=["I would rather not say."]))
    report = ask_critic(cases[:2], "mumbling")
    assert (report.true.unscored, report.true.rejected, report.true.share) == (2, 0, None)
    assert (report.true.low, report.true.high) == (0.0, 1.0)


def test_a_call_that_fails_is_counted_and_named(cases: list[CriticCase], tmp_path: Path) -> None:
    """A clip that turns out to be unreadable costs one case."""
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    cases[0].clip = str(broken)
    report = ask_critic(cases, "offline:perception")
    assert (report.true.n, report.true.failed, report.true.share) == (2, 1, 0.0)
    assert list(report.failures) == ["a"]
    assert "broken.mp4" in report.failures["a"]


BELIEVER = '{"score": 9, "claims": []}'


def test_a_grounded_critic_is_kept_in_check_by_measurement(cases: list[CriticCase]) -> None:
    register_model("believer", FakeListChatModel(responses=[BELIEVER]))
    report = ask_critic(cases, "grounded:believer")
    assert (report.true.rejected, report.lies.rejected) == (0, 3)
    assert (report.critic, report.panel) == ("grounded:believer", [])


def test_the_median_of_a_panel_decides(cases: list[CriticCase]) -> None:
    register_model("believer", FakeListChatModel(responses=[BELIEVER]))
    alone = ask_critic(cases[2:], "offline:perception")
    outvoted = ask_critic(cases[2:], "offline:perception", panel=["believer", "believer"])
    assert (alone.lies.rejected, outvoted.lies.rejected) == (3, 0)
    assert outvoted.panel == ["believer", "believer"]


def test_an_interrupted_critic_gives_what_was_done(cases: list[CriticCase]) -> None:
    ticks: Iterator[int] = iter((1, 2))

    def stop(done: int, total: int) -> None:
        if next(ticks) == 2:
            raise KeyboardInterrupt

    report = ask_critic(cases, "offline:perception", on_progress=stop)
    assert report.interrupted
    assert report.n == 2


@pytest.mark.parametrize(
    ("critic", "threshold", "panel"),
    [
        ("nobody", 6.0, []),
        ("grounded:nobody", 6.0, []),
        ("grounded:grounded:offline:perception", 6.0, []),
        ("offline:perception", 0.0, []),
        ("offline:perception", 6.0, ["nobody"]),
    ],
)
def test_what_can_not_be_used_is_refused(
    cases: list[CriticCase], critic: str, threshold: float, panel: list[str]
) -> None:
    with pytest.raises(ConfigurationError):
        ask_critic(cases, critic, threshold, panel=panel)
