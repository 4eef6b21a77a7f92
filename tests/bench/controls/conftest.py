"""One lab for all tests of the folder: its rollouts are made once."""

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

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


@pytest.fixture(scope="session")
def everything(shared_lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run with all controls."""
    with offline(providers=True), isolated(tmp_path_factory.mktemp("everything")):
        order = shared_lab.order("all", out="everything")
        shared_lab.run(order)
    return order.folder


@pytest.fixture
def lab_of(shared_lab: Lab) -> Lab:
    """The lab with replies of one test alone."""
    shared_lab.seed = next(_seeds)
    shared_lab.target = lambda _: "Answer: A"
    shared_lab.fails = lambda _: False
    return shared_lab
