"""What was encoded for one call is held for the next, within bounds, and never shared."""

from typing import Any

import pytest

from aurelia.models.adapters.held import Holder

MEDIA: Any = object()


def _block(size: int) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": "x" * size}}


def test_a_client_that_changes_its_blocks_changes_nobody_elses() -> None:
    holder = Holder()
    given = [_block(3)]
    holder.put(("a",), given, MEDIA)
    given[0]["image_url"]["url"] = "changed before"
    first = holder.get(("a",))
    assert first == [_block(3)]
    first[0]["image_url"]["url"] = "changed after"
    assert holder.get(("a",)) == [_block(3)]


def test_those_not_asked_for_longest_go_first() -> None:
    holder = Holder(most_bytes=1000)
    for name in "abcdefgh":
        holder.put((name,), [_block(110)], MEDIA)
    assert holder.get(("a",))
    holder.put(("i",), [_block(110)], MEDIA)
    assert holder.get(("b",)) is None
    assert holder.get(("a",))
    assert holder.get(("i",))


@pytest.mark.parametrize("key", [None, ("a",)])
def test_what_has_no_key_or_is_large_is_not_held(key: tuple[str] | None) -> None:
    holder = Holder(most_bytes=1000)
    holder.put(key, [_block(600)], MEDIA)
    assert holder.get(key) is None


def test_holding_the_same_again_takes_no_more_room() -> None:
    holder = Holder(most_bytes=1000)
    holder.put(("kept",), [_block(110)], MEDIA)
    for _ in range(50):
        holder.put(("again",), [_block(110)], MEDIA)
    assert holder.get(("kept",))
