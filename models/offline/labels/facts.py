"""What is known of a clip by name, gathered from statements."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aurelia.models.offline.places import Country, place_in
from aurelia.models.offline.said import Said


@dataclass(frozen=True, slots=True)
class Happening:
    """A named sound or object: when it sets in, and when it ends, if that is known."""

    sense: str
    name: str
    start_s: float | None
    end_s: float | None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a flag or a sign stands for, and when it is shown."""

    start_s: float
    end_s: float
    country: str
    city: str | None = None


@dataclass(slots=True)
class Named:
    """Facts about a clip by name; None or empty where nothing is known."""

    happenings: list[Happening] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    heard: int | None = None
    shown: int | None = None
    pace: float | None = None
    tracks: dict[str, float] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    mood: str | None = None
    silent: bool = False
    blank: bool = False

    def of_sense(self, sense: str) -> list[Happening]:
        """What is heard, or what is seen, in order of time."""
        chosen = [h for h in self.happenings if h.sense == sense]
        return sorted(chosen, key=lambda h: h.start_s if h.start_s is not None else 1e9)


def name_facts(statements: Iterable[Said], window: tuple[float, float]) -> Named:
    """Gather statements about labels; of two counts or moods, the later one stands."""
    named = Named()
    for said in statements:
        named.told.add(said.topic)
        match said.kind:
            case "event.heard" | "object.moves":
                sense = "heard" if said.kind == "event.heard" else "seen"
                path = str(said.other) if said.other else None
                named.happenings.append(
                    Happening(sense, str(said.value), said.start_s, said.end_s, path)
                )
            case "sources.count":
                named.heard = int(float(str(said.value)))
            case "shown.count":
                named.shown = int(float(str(said.value)))
            case "pace.picture":
                named.pace = float(str(said.value))
            case "candidate.tempo":
                named.tracks[str(said.other)] = float(str(said.value))
            case "flag.shown":
                named.places.append(Place(*_when(said, window), str(said.value)))
            case "text.shown":
                named.texts.append(str(said.value))
                if place := place_in(str(said.value)):
                    named.places.append(_sign(said, place, window))
            case "sound.no_track":
                named.silent = True
            case "picture.none":
                named.blank = True
            case "mood.is":
                named.mood = str(said.value)
            case _:
                pass
    named.places.sort(key=lambda p: p.start_s)
    return named


def _when(said: Said, window: tuple[float, float]) -> tuple[float, float]:
    start = window[0] if said.start_s is None else said.start_s
    return start, window[1] if said.end_s is None else said.end_s


def _sign(said: Said, country: Country, window: tuple[float, float]) -> Place:
    text = str(said.value)
    city = None if text.lower() == country.name.lower() else text
    return Place(*_when(said, window), country.name, city)
