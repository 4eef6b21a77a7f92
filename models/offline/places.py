"""What a traveller knows: countries, their flags, their continents and their great cities."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

from aurelia.media.labels.vocabulary import Colour, FlagLayout

Flag = tuple[FlagLayout, tuple[Colour, ...]]
_FROM_LETTERS = 5
"""Names with fewer letters must be spelt right."""


@dataclass(frozen=True, slots=True)
class Country:
    """A country.

    Attributes:
        name: its English name.
        continent: Europe, Africa, Asia, North America, South America or Oceania.
        flag: layout and colours in reading order, equal neighbours merged (a disc is field, disc);
            None where stripes or a disc alone don't make the flag, or another country here has
            the same.
    """

    name: str
    continent: str
    flag: Flag | None = None


_CONTINENTS: Mapping[str, str] = {
    "Europe": "Austria, Belgium, Bulgaria, Denmark, Estonia, Finland, France, Germany, Greece, "
    "Hungary, Iceland, Ireland, Italy, Lithuania, Luxembourg, Netherlands, Norway, Poland, "
    "Portugal, Romania, Russia, Spain, Sweden, Switzerland, Ukraine, United Kingdom, "
    "Czech Republic, Croatia, Serbia, Latvia, Slovakia",
    "Africa": "Algeria, Chad, Egypt, Ethiopia, Gabon, Ghana, Guinea, Ivory Coast, Kenya, Mali, "
    "Morocco, Nigeria, Senegal, Sierra Leone, South Africa, Tanzania, Tunisia, Uganda, Zambia",
    "Asia": "Armenia, Bangladesh, China, India, Indonesia, Iran, Iraq, Israel, Japan, Malaysia, "
    "Nepal, Pakistan, Philippines, Saudi Arabia, Singapore, South Korea, Thailand, Turkey, "
    "United Arab Emirates, Vietnam, Yemen, Mongolia, Lebanon, Sri Lanka",
    "North America": "Canada, Costa Rica, Cuba, Guatemala, Jamaica, Mexico, Panama, United States",
    "South America": "Argentina, Bolivia, Brazil, Chile, Colombia, Ecuador, Peru, Uruguay, "
    "Venezuela, Paraguay",
    "Oceania": "Australia, Fiji, New Zealand, Palau",
}
_FLAGS: Mapping[str, str] = {
    "Austria": "horizontal red white red",
    "Belgium": "vertical black yellow red",
    "Bulgaria": "horizontal white green red",
    "Estonia": "horizontal blue black white",
    "France": "vertical blue white red",
    "Germany": "horizontal black red yellow",
    "Hungary": "horizontal red white green",
    "Ireland": "vertical green white orange",
    "Italy": "vertical green white red",
    "Lithuania": "horizontal yellow green red",
    "Netherlands": "horizontal red white blue",
    "Poland": "horizontal white red",
    "Romania": "vertical blue yellow red",
    "Russia": "horizontal white blue red",
    "Spain": "horizontal red yellow red",
    "Ukraine": "horizontal blue yellow",
    "Ethiopia": "horizontal green yellow red",
    "Gabon": "horizontal green yellow blue",
    "Guinea": "vertical red yellow green",
    "Ivory Coast": "vertical orange white green",
    "Mali": "vertical green yellow red",
    "Nigeria": "vertical green white green",
    "Sierra Leone": "horizontal green white blue",
    "Chad": "vertical blue yellow red",
    "Armenia": "horizontal red blue orange",
    "Bangladesh": "disc green red",
    "India": "horizontal orange white green",
    "Indonesia": "horizontal red white",
    "Japan": "disc white red",
    "Yemen": "horizontal red white black",
    "Argentina": "horizontal blue white blue",
    "Bolivia": "horizontal red yellow green",
    "Colombia": "horizontal yellow blue red",
    "Peru": "vertical red white red",
    "Palau": "disc blue yellow",
}
"""Emblems are left out: a wheel, a sun or a star in the middle does not change the stripes."""
_CITIES: Mapping[str, str] = {
    "Austria": "Vienna, Salzburg",
    "Belgium": "Brussels, Antwerp",
    "Bulgaria": "Sofia",
    "Czech Republic": "Prague",
    "Denmark": "Copenhagen",
    "Estonia": "Tallinn",
    "Finland": "Helsinki",
    "France": "Paris, Lyon, Marseille",
    "Germany": "Berlin, Munich, Hamburg, Cologne, Frankfurt",
    "Greece": "Athens",
    "Hungary": "Budapest",
    "Iceland": "Reykjavik",
    "Ireland": "Dublin",
    "Italy": "Rome, Milan, Venice, Naples, Florence, Turin",
    "Latvia": "Riga",
    "Lithuania": "Vilnius",
    "Netherlands": "Amsterdam, Rotterdam",
    "Norway": "Oslo, Bergen",
    "Poland": "Warsaw, Krakow",
    "Portugal": "Lisbon, Porto",
    "Romania": "Bucharest",
    "Russia": "Moscow",
    "Serbia": "Belgrade",
    "Croatia": "Zagreb",
    "Spain": "Madrid, Barcelona, Seville",
    "Sweden": "Stockholm, Gothenburg",
    "Switzerland": "Zurich, Geneva, Bern",
    "Ukraine": "Kyiv, Odesa",
    "United Kingdom": "London, Manchester, Edinburgh, Liverpool, Glasgow",
    "Algeria": "Algiers",
    "Egypt": "Cairo, Alexandria",
    "Ethiopia": "Addis Ababa",
    "Ghana": "Accra",
    "Ivory Coast": "Abidjan",
    "Kenya": "Nairobi, Mombasa",
    "Mali": "Bamako",
    "Morocco": "Casablanca, Marrakesh, Rabat",
    "Nigeria": "Lagos, Abuja",
    "Senegal": "Dakar",
    "Sierra Leone": "Freetown",
    "South Africa": "Cape Town, Johannesburg, Durban, Pretoria",
    "Tanzania": "Dar es Salaam",
    "Tunisia": "Tunis",
    "Uganda": "Kampala",
    "Zambia": "Lusaka",
    "Armenia": "Yerevan",
    "Bangladesh": "Dhaka",
    "China": "Beijing, Shanghai, Hong Kong",
    "India": "Delhi, Mumbai, Kolkata, Chennai, Bangalore",
    "Indonesia": "Jakarta",
    "Iran": "Tehran",
    "Iraq": "Baghdad",
    "Israel": "Tel Aviv",
    "Japan": "Tokyo, Osaka, Kyoto",
    "Lebanon": "Beirut",
    "Malaysia": "Kuala Lumpur",
    "Mongolia": "Ulaanbaatar",
    "Nepal": "Kathmandu",
    "Pakistan": "Karachi, Lahore, Islamabad",
    "Philippines": "Manila",
    "Saudi Arabia": "Riyadh",
    "South Korea": "Seoul, Busan",
    "Sri Lanka": "Colombo",
    "Thailand": "Bangkok",
    "Turkey": "Istanbul, Ankara",
    "United Arab Emirates": "Dubai, Abu Dhabi",
    "Vietnam": "Hanoi",
    "Yemen": "Sanaa",
    "Canada": "Toronto, Montreal, Vancouver, Ottawa",
    "Costa Rica": "San Jose",
    "Cuba": "Havana",
    "Jamaica": "Kingston",
    "Mexico": "Mexico City, Guadalajara, Cancun",
    "United States": "New York, Chicago, Los Angeles, Washington, Boston, Miami, Seattle, Houston",
    "Argentina": "Buenos Aires",
    "Bolivia": "La Paz",
    "Brazil": "Rio de Janeiro, Sao Paulo, Brasilia",
    "Chile": "Santiago",
    "Colombia": "Bogota, Medellin",
    "Ecuador": "Quito",
    "Peru": "Lima, Cusco",
    "Uruguay": "Montevideo",
    "Venezuela": "Caracas",
    "Paraguay": "Asuncion",
    "Australia": "Sydney, Melbourne, Perth, Brisbane, Canberra",
    "Fiji": "Suva",
    "New Zealand": "Auckland, Wellington",
}
_ALSO: Mapping[str, str] = {
    "UK": "United Kingdom", "Great Britain": "United Kingdom", "USA": "United States",
    "Holland": "Netherlands", "Cote d'Ivoire": "Ivory Coast",
    "Czechia": "Czech Republic", "Kiev": "Ukraine", "UAE": "United Arab Emirates",
}  # fmt: skip


def _flag(written: str) -> Flag:
    layout, *colours = written.split()
    return cast(FlagLayout, layout), tuple(cast(Colour, c) for c in colours)


def _countries() -> dict[str, Country]:
    carried = [_flag(written) for written in _FLAGS.values()]
    found = {}
    for continent, names in _CONTINENTS.items():
        for name in names.split(", "):
            flag = _flag(_FLAGS[name]) if name in _FLAGS else None
            unique = flag if flag and carried.count(flag) == 1 else None
            found[name] = Country(name, continent, unique)
    return found


COUNTRIES: Mapping[str, Country] = _countries()
"""Countries by name."""
CITIES: Mapping[str, str] = {
    city: country for country, cities in _CITIES.items() for city in cities.split(", ")
}
"""The country of each city."""


def country_of_flag(layout: FlagLayout, colours: Iterable[Colour]) -> str | None:
    """The one country with this flag, emblems apart; equal neighbouring stripes count as one."""
    merged: list[Colour] = []
    for colour in colours:
        if not merged or merged[-1] != colour:
            merged.append(colour)
    flag = layout, tuple(merged)
    return next((c.name for c in COUNTRIES.values() if c.flag == flag), None)


def continent_of(name: str) -> str | None:
    """The continent of a country or city; None where it is not known."""
    known = _NAMES.get("".join(_words(name)))
    return COUNTRIES[known].continent if known else None


def place_in(text: str) -> Country | None:
    """The country of a country's or city's name in a sign's text; None for none, or for two.

    Case and accents don't matter, whole words do. One wrong, missing or added letter is forgiven
    in names of five letters or more, where no other country has a name as near.
    """
    words = _words(text)
    phrases = {
        "".join(words[first : first + count])
        for count in range(1, _MOST_WORDS + 1)
        for first in range(len(words) - count + 1)
    }
    found = {_NAMES[phrase] for phrase in phrases if phrase in _NAMES}
    if not found:
        long = [phrase for phrase in phrases if len(phrase) >= _FROM_LETTERS]
        found = {_NAMES[name] for name in _LONG for phrase in long if _one_off(name, phrase)}
    return COUNTRIES[found.pop()] if len(found) == 1 else None


def _words(text: str) -> list[str]:
    """The words of a text in small letters, accents and apostrophes dropped."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in letters if not unicodedata.combining(c) and c not in "'’")
    return re.findall(r"[^\W_]+", plain)


def _one_off(name: str, other: str) -> bool:
    """Whether one letter replaced, added or left out makes `other` of `name`."""
    if name == other or abs(len(name) - len(other)) > 1:
        return name == other
    same = next((i for i, (a, b) in enumerate(zip(name, other, strict=False)) if a != b), None)
    if same is None:
        return True
    after, beyond = same + (len(name) >= len(other)), same + (len(other) >= len(name))
    return name[after:] == other[beyond:]


_NAMES: Mapping[str, str] = {
    "".join(_words(name)): country
    for name, country in [*((name, name) for name in COUNTRIES), *CITIES.items(), *_ALSO.items()]
}
_LONG = [name for name in _NAMES if len(name) >= _FROM_LETTERS]
_MOST_WORDS = max(len(_words(name)) for name in [*COUNTRIES, *CITIES, *_ALSO])
