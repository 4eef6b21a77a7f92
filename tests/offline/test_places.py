"""Countries, flags and cities: consistent, and found in what a sign says."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurelia.media.labels.vocabulary import COLOURS, Colour, FlagLayout
from aurelia.models.offline.places import (
    CITIES,
    COUNTRIES,
    continent_of,
    country_of_flag,
    place_in,
)

_CONTINENTS = {"Europe", "Africa", "Asia", "North America", "South America", "Oceania"}


def test_every_entry_is_well_formed() -> None:
    assert {c.continent for c in COUNTRIES.values()} == _CONTINENTS
    assert set(CITIES.values()) <= set(COUNTRIES)
    for name, country in COUNTRIES.items():
        assert country.name == name
        if country.flag:
            layout, colours = country.flag
            assert layout in get_args(FlagLayout)
            assert set(colours) <= set(COLOURS)
            assert 2 <= len(colours) <= 3
            assert len(colours) == 2 or layout != "disc"


def test_each_flag_is_that_of_one_country() -> None:
    flags = [c.flag for c in COUNTRIES.values() if c.flag]
    assert len(flags) == len(set(flags)) >= 25
    for country in COUNTRIES.values():
        if country.flag:
            assert country_of_flag(*country.flag) == country.name


@pytest.mark.parametrize(
    ("layout", "colours", "country"),
    [
        ("vertical", ("blue", "white", "red"), "France"),
        ("horizontal", ("yellow", "yellow", "blue", "red"), "Colombia"),
        ("disc", ("white", "red"), "Japan"),
        ("vertical", ("blue", "yellow", "red"), None),  # Romania's and Chad's
        ("horizontal", ("purple", "white"), None),
    ],
)
def test_flags_name_countries(
    layout: FlagLayout, colours: tuple[Colour, ...], country: str | None
) -> None:
    assert country_of_flag(layout, colours) == country


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("LAGOS", "Nigeria"),
        ("Welcome to nairobi!", "Kenya"),
        ("BUENOS AIRES CENTRAL", "Argentina"),
        ("BUENOSAIRES", "Argentina"),
        ("Bogotá", "Colombia"),
        ("T0KYO", "Japan"),  # one wrong letter
        ("REYKJAVK", "Iceland"),
        ("Côte d'Ivoire", "Ivory Coast"),
        ("New Zealand", "New Zealand"),
        ("LIMB", None),  # short names are not guessed at
        ("Parisian", None),
        ("Chana", None),  # China or Ghana
        ("From Paris to Rome", None),
        ("BEST DAY EVER", None),
        ("", None),
    ],
)
def test_places_in_signs(text: str, country: str | None) -> None:
    place = place_in(text)
    assert (place.name if place else None) == country


@given(st.sampled_from(sorted(COUNTRIES) + sorted(CITIES)))
def test_every_name_finds_its_country_in_any_case(name: str) -> None:
    country = CITIES.get(name, name)
    for text in (name, name.upper(), f"the {name.lower()} sign"):
        place = place_in(text)
        assert place is not None
        assert place.name == country
    assert continent_of(name) == COUNTRIES[country].continent


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    place = place_in(text)
    assert place is None or place in COUNTRIES.values()
    assert continent_of(text) is None or text.strip()
