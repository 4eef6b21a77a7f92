"""A folder of results says what it was made with, and takes nothing else in."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.settled import differences, read_settled, settle
from aurelia.errors import InputError

SETTINGS = {"threshold": 6.0, "roles": {"actor": "a", "critic": "b"}, "aurelia": "0.1"}


def test_the_same_settings_go_on(tmp_path: Path) -> None:
    assert settle(tmp_path / "new", SETTINGS) == SETTINGS
    assert settle(tmp_path / "new", SETTINGS) == SETTINGS
    assert json.loads((tmp_path / "new" / "manifest.json").read_text("utf-8")) == SETTINGS
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["manifest.json"]


def test_other_settings_are_refused_by_name(tmp_path: Path) -> None:
    settle(tmp_path, SETTINGS)
    other = {"threshold": 7.0, "roles": {"actor": "a", "critic": "c"}, "aurelia": "0.2", "new": 1}
    with pytest.raises(InputError) as caught:
        settle(tmp_path, other, free={"aurelia"})
    told = str(caught.value)
    assert 'roles.critic was "b", now "c"' in told
    assert "threshold was 6.0, now 7.0" in told
    assert "new was absent, now 1" in told
    assert "aurelia was" not in told
    assert "actor" not in told
    assert "nothing was started" in told
    assert read_settled(tmp_path) == SETTINGS


def test_what_is_free_keeps_its_first_value(tmp_path: Path) -> None:
    settle(tmp_path, SETTINGS)
    assert settle(tmp_path, SETTINGS | {"aurelia": "0.2"}, free={"aurelia"}) == SETTINGS


def test_no_key_is_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(tmp_path, {"model": "x"})
    with pytest.raises(InputError, match=r"now \"http://\[secret\]@host"):
        settle(tmp_path, {"model": "http://me:hunter2@host/v1"})


@pytest.mark.parametrize("text", ["{", "[]", '"x"'])
def test_a_damaged_manifest_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"manifest\.json is (damaged|no manifest)"):
        settle(tmp_path, SETTINGS)


def test_no_manifest_is_no_folder_of_results(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no folder of results"):
        read_settled(tmp_path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda v: st.lists(v, max_size=2) | st.dictionaries(st.text(max_size=2), v, max_size=3),
)


@given(st.dictionaries(st.text(max_size=2), JSON), st.dictionaries(st.text(max_size=2), JSON))
def test_differences_are_named_where_there_are_any(
    a: dict[str, object], b: dict[str, object]
) -> None:
    assert bool(differences(a, b)) == (a != b)
    assert differences(a, a) == []
