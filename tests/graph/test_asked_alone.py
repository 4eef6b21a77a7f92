"""Budgets and strings where a critic or a target is asked outside the loop."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.types.reasoning import Unscored
from tests.models.loopback import Loopback, says
from tests.ticking import ticking

UNPRICED = "http://127.0.0.1:9/v1#m"
FINE = '{"score": 7, "claims": []}'


@pytest.fixture(autouse=True)
def _own_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path / "cache"))
    with ticking():
        yield


def test_max_cost_is_refused_where_nobody_knows_a_price(clip_path: str) -> None:
    with pytest.raises(aurelia.ConfigurationError, match="no price is known for http://127"):
        aurelia.critique(clip_path, "A tone.", critic=UNPRICED, max_cost=1)
    with pytest.raises(aurelia.ConfigurationError, match="no price is known for http://127"):
        aurelia.critique(clip_path, "A tone.", panel=[f"grounded:{UNPRICED}"], max_cost=1)
    with pytest.raises(aurelia.ConfigurationError, match="no price is known for http://127"):
        aurelia.answer(UNPRICED, clip_path, "What is heard?", max_cost=1)


def test_a_role_that_is_not_asked_needs_no_price(clip_path: str) -> None:
    verdict = aurelia.critique(clip_path, "A tone.", actor=UNPRICED, max_cost=1)
    assert not isinstance(verdict, Unscored)


@pytest.mark.parametrize(("tokens", "calls"), [(100, 1), (101, 2)])
def test_a_verdict_is_not_repaired_beyond_the_budget(
    clip_path: str, tokens: int, calls: int
) -> None:
    with Loopback(says("Hm.", usage=(90, 10)), says(FINE)) as server:
        verdict = aurelia.critique(clip_path, "A tone.", critic=server.model, max_tokens=tokens)
        assert len(server.requests) == calls
    assert isinstance(verdict, Unscored) == (calls == 1)
    if isinstance(verdict, Unscored):
        assert verdict.reason.endswith("not asked again: max_tokens of 100 are spent (100)")


def test_members_of_a_panel_share_the_budget(clip_path: str) -> None:
    with Loopback(says("Hm.", usage=(90, 10))) as server:
        verdict = aurelia.critique(
            clip_path, "A tone.", critic=server.model, panel=[server.model], max_tokens=200
        )
        assert len(server.requests) <= 3  # the first to end may have a repair; 200 are spent then
    assert isinstance(verdict, Unscored)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"critic": "grounded:grounded:offline:perception"}, "is grounded twice"),
        ({"panel": ["grounded:grounded:offline:perception"]}, "is grounded twice"),
        ({"critic": "grounded:"}, "names no critic"),
        ({"actor": "grounded:offline:perception"}, "The actor can't be grounded"),
        ({"summarizer": "grounded:offline:perception"}, "The summarizer can't be grounded"),
        ({"target": "grounded:offline:perception"}, "The target can't be grounded"),
        ({"actor": "htp://x/v1#m"}, "'htp://x/v1#m' begins with htp://, which leads to no server"),
    ],
    ids=str,
)
def test_a_string_that_has_no_meaning_in_its_role_says_so(
    clip_path: str, settings: dict[str, Any], problem: str
) -> None:
    with pytest.raises(aurelia.ConfigurationError, match=problem):
        aurelia.reason(clip_path, "What is heard?", **settings)


def test_a_target_that_is_asked_alone_is_not_grounded(clip_path: str) -> None:
    with pytest.raises(aurelia.ConfigurationError, match="The target can't be grounded"):
        aurelia.answer("grounded:offline:perception", clip_path, "What is heard?")
