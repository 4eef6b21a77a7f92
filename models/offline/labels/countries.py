"""Countries that a text names, by name or by the adjective."""

import re
from functools import cache

from aurelia.models.offline.places import COUNTRIES

_ADJECTIVES = """
    France: french; Italy: italian; Germany: german; Ireland: irish; Ukraine: ukrainian;
    Poland: polish; Belgium: belgian; Netherlands: dutch; Austria: austrian; Hungary: hungarian;
    Russia: russian; Bulgaria: bulgarian; Romania: romanian; Estonia: estonian;
    Lithuania: lithuanian; Luxembourg: luxembourgish; Nigeria: nigerian; Mali: malian;
    Guinea: guinean; Gabon: gabonese; Ivory Coast: ivorian; Chad: chadian;
    Sierra Leone: sierra leonean; Mauritius: mauritian; Japan: japanese; Bangladesh: bangladeshi;
    Yemen: yemeni; Indonesia: indonesian; Thailand: thai; Armenia: armenian; Palau: palauan;
    Peru: peruvian; Bolivia: bolivian; Colombia: colombian; Spain: spanish; Sweden: swedish;
    Argentina: argentine; Brazil: brazilian; Mexico: mexican; Canada: canadian; Egypt: egyptian;
    Kenya: kenyan; China: chinese; India: indian; Greece: greek; Portugal: portuguese;
    Australia: australian; Chile: chilean; Ghana: ghanaian; Morocco: moroccan; Turkey: turkish
"""


@cache
def _names() -> tuple[re.Pattern[str], dict[str, str]]:
    table = {name.lower(): name for name in COUNTRIES}
    for entry in _ADJECTIVES.split(";"):
        country, _, adjective = (part.strip() for part in entry.partition(":"))
        if country in COUNTRIES:
            table[adjective] = country
    longest = sorted(table, key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, longest)) + r")\b"), table


def countries_named(text: str) -> list[tuple[str, int, int]]:
    """Each country that a text names, with where, in order; upper and lower case are the same."""
    pattern, table = _names()
    return [(table[m[1]], m.start(), m.end()) for m in pattern.finditer(text.lower())]
