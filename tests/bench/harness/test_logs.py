"""Logs are read or refused in a sentence, whatever they hold; and none of a reply is lost."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.bench.harness.lmms_results import read_lmms
from aurelia.bench.harness.logged import Logged
from aurelia.bench.harness.vlmeval_results import read_vlmeval
from aurelia.errors import InputError

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["replied", "resps", "filtered_resps", "input", "token_counts", "doc_id"])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where files are written."""
    return tmp_path_factory.mktemp("logs")


@given(text=st.text())
def test_a_reply_arrives_whole(place: Path, text: str) -> None:
    named = {"sample_id": "one", "condition": "zero_shot", "replied": True}
    path = place / "log.jsonl"
    path.write_text(json.dumps({"replied": named, "filtered_resps": text}) + "\n")
    (found,) = read_lmms(path)
    assert (found.sample_id, found.condition, found.replies) == ("one", "zero_shot", (text,))


@given(entry=st.dictionaries(FIELDS, ANYTHING))
def test_any_object_is_read_or_refused(place: Path, entry: dict[str, object]) -> None:
    path = place / "any.jsonl"
    path.write_text(json.dumps(entry) + "\n")
    found, said = _read(lambda: list(read_lmms(path)))
    assert all(isinstance(reply, str) for log in found for reply in log.replies)
    assert "line 1" in said or not said


@given(content=st.binary(max_size=60))
@pytest.mark.parametrize("name", ["x.tsv", "x.json", "x.csv", "x.xlsx"])
def test_any_bytes_are_read_or_refused(place: Path, name: str, content: bytes) -> None:
    path = place / name
    path.write_bytes(content)
    _, said = _read(lambda: list(read_vlmeval(path)))
    assert name in said or not said


def _read(read: Callable[[], list[Logged]]) -> tuple[list[Logged], str]:
    """What was read, or how it was refused."""
    try:
        return read(), ""
    except InputError as error:
        return [], str(error)
