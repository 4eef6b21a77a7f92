"""One lab for all tests of the folder: its rollouts are made once."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count

import pytest

from aurelia.testing.guard import offline
from aurelia.testing.isolation import isolated
from tests.bench.controls.lab import Lab, lab

_seeds = count(1)


@pytest.fixture(scope="session")
def shared_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab as it was made."""
    folder = tmp_path_factory.mktemp("lab")
    with ExitStack() as stack:
        with offline(providers=True), isolated(folder / "own"):
            made = stack.enter_context(lab(folder))
        yield made


@pytest.fixture
def lab_of(shared_lab: Lab) -> Lab:
    """The lab with replies of one test alone."""
    shared_lab.seed = next(_seeds)
    shared_lab.target = lambda _: "Answer: A"
    return shared_lab
