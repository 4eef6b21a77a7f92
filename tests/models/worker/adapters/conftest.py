"""`stub`: an adapter with the stub of its repository around it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.models.worker.adapters.stubbing import Stub, stubbed


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Stub]]:
    """Gives the stub of a name; what it brought into `sys.modules` goes with the test."""
    with ExitStack() as stack:
        yield lambda name: stack.enter_context(stubbed(name, tmp_path / "place", monkeypatch))
