"""Which option an answer about labels stands for."""

import itertools
import re
from collections.abc import Mapping

from aurelia.models.offline.found import Event
from aurelia.models.offline.labels.countries import countries_named
from aurelia.models.offline.labels.mentions import Mention, in_time
from aurelia.models.offline.labels.words import known_label_words, path_in
from aurelia.models.offline.lexicon import unknown_words
from aurelia.models.offline.places import continent_of, place_in

_SLACK_S = 0.05


def choose_label(value: object, kind: str, texts: Mapping[str, str]) -> str | None:
    """Letter of the one option (in lower case, normalised) that says what was found."""
    match kind:
        case "sequence":
            events: list[Event] = value if isinstance(value, list) else []
            return _best(events, texts)
        case "named":
            fits = [k for k, t in texts.items() if [m.name for m in in_time(t)][:1] == [value]]
        case "label":
            fits = [k for k, t in texts.items() if _labelled(t) == value]
        case _:
            city, _, country = str(value).partition("|")
            fits = [k for k, t in texts.items() if _is_place(t, city, country)]
    return fits[0] if len(fits) == 1 else None


def _labelled(text: str) -> str | None:
    """The candidate that an option names: `track b`, `b`, `the recording labelled b`."""
    found = re.findall(r"\b([a-h])\b", re.sub(r"\ba (?=\w{2,})", "", text))
    return found[-1].upper() if len(set(found)) == 1 else None


def _is_place(text: str, city: str, country: str) -> bool:
    if city and city.lower() in text:
        return True
    named = countries_named(text)
    if named:
        return named[0][0] == country
    if place := place_in(text):
        return place.name == country and not city
    continent = continent_of(country)
    return continent is not None and continent.lower() in text


def fitting(value: object, texts: Mapping[str, str]) -> list[str]:
    """The descriptions that fit an order of events best."""
    events: list[Event] = value if isinstance(value, list) else []
    scores = {k: _score(in_time(t), events) - _misfit(t, events) for k, t in texts.items()}
    best = max(scores.values(), default=0.0)
    return [k for k, s in scores.items() if s == best]


def _misfit(text: str, events: list[Event]) -> float:
    """What a description says beside names and order: another path, and words nobody measured."""
    said = path_in(text)
    paths = {path for sense, _, _, path in events if sense == "seen" and path not in ("", "about")}
    wrong_way = bool(said and paths and said not in paths)
    odd = len(unknown_words(text, known_label_words(text)))
    turned = bool(re.search(r"\b(?:not|never|no|none|twice|times|again)\b|n't\b", text))
    return 2.0 * wrong_way + 2.0 * turned + min(0.5 * odd, 1.0)


def _best(events: list[Event], texts: Mapping[str, str]) -> str | None:
    fits = fitting(events, texts)
    return fits[0] if len(fits) == 1 else None


def _score(mentioned: list[Mention], events: list[Event]) -> float:
    """How well a description fits: one for each thing that happens, two for a right order."""
    if not mentioned:
        return -9.0
    score = 0.0
    times: list[float | None] = []
    for mention in mentioned:
        wanted = set(mention.name.split())
        own = [t for sense, _, t, _ in events if sense == mention.sense]
        fits = [t for s, n, t, _ in events if s == mention.sense and wanted <= set(n.split())]
        if fits:
            score += 1.0
            times.append(fits[0])
        else:
            score -= 1.0
            times.append(own[0] if len(own) == 1 else None)  # unnamed as it is, it has a time
    for one, two in itertools.pairwise(times):
        if one is not None and two is not None:
            score += 2.0 if one <= two + _SLACK_S else -2.0
    return score
