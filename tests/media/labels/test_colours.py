"""Names of colours: both methods agree with people on clear shades, and refuse the rest."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from aurelia.media.labels.colours import colour_name
from aurelia.media.labels.colours_again import hue_name
from aurelia.media.labels.vocabulary import COLOURS, Colour
from tests.media.labels.scenes import OTHER_SHADES, SHADES

Namer = Callable[[NDArray[np.float64]], tuple[Colour | None, float]]
NAMELESS = (
    (90, 90, 90),
    (128, 128, 128),
    (180, 180, 180),  # greys
    (110, 70, 35),
    (80, 50, 30),  # browns
    (255, 175, 195),
    (240, 110, 170),  # pinks
    (225, 175, 145),
    (240, 200, 170),  # skin
    (130, 150, 125),
    (120, 130, 150),  # muted
    (0, 150, 150),  # between green and blue
)


@pytest.mark.parametrize("name", [colour_name, hue_name])
@pytest.mark.parametrize("colour", COLOURS)
def test_clear_shades_get_their_name(name: Namer, colour: Colour) -> None:
    for shade in (*SHADES[colour], *OTHER_SHADES[colour]):
        found, sure = name(np.array(shade, np.float64))
        assert found == colour, shade
        assert 0.5 <= sure <= 1


@pytest.mark.parametrize("name", [colour_name, hue_name])
@pytest.mark.parametrize("rgb", NAMELESS)
def test_greys_browns_pinks_and_skin_get_none(name: Namer, rgb: tuple[int, int, int]) -> None:
    assert name(np.array(rgb, np.float64)) == (None, 0.0)


@given(st.tuples(*[st.floats(0, 255)] * 3))
def test_two_methods_never_disagree_by_far(rgb: tuple[float, float, float]) -> None:
    first, second = colour_name(np.array(rgb))[0], hue_name(np.array(rgb))[0]
    neighbours = {("red", "orange"), ("orange", "yellow"), ("blue", "purple"), ("black", "blue")}
    clash = first is not None and second is not None and first != second
    assert not clash or (first, second) in neighbours or (second, first) in neighbours
