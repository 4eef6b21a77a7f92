"""Clips rendered once a session, and decoded once."""

from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path

import pytest

from aurelia.bench.rendered.render import Difficulty, Split, render_sample
from aurelia.bench.sample import Sample
from tests.bench.rendered.decoded import Decoded, decoded

Clip = Callable[..., tuple[Sample, Decoded]]


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """A sample and its decoded clip, by family, number, set and difficulty."""
    folder = tmp_path_factory.mktemp("rendered")

    @cache
    def rendered(family: str, index: int, split: Split, difficulty: Difficulty) -> Sample:
        sample = render_sample(family, index, 11, folder, split=split, difficulty=difficulty)
        return sample.located(folder)

    @lru_cache(maxsize=3)  # a decoded clip holds 50 MB
    def make(
        family: str, index: int = 0, split: Split = "dev", difficulty: Difficulty = "clean"
    ) -> tuple[Sample, Decoded]:
        sample = rendered(family, index, split, difficulty)
        return sample, decoded(Path(sample.clip))

    return make
