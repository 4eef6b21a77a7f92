"""What the wording of captions consists of, and how one fact is put into words."""

from collections.abc import Mapping
from dataclasses import dataclass

from aurelia.bench.sample import Fact
from aurelia.media.labels.vocabulary import Path, SoundLabel

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six")


@dataclass(frozen=True, slots=True)
class CaptionWords:
    """The phrasings of one set.

    Templates may use `{start}`, `{end}` (seconds); `{what}`, `{What}` (with its article),
    `{happens}`, `{Happens}` (a clause), `{path}`; `{count}`, `{Count}` (a word), `{s}`, `{are}`;
    `{tempo}`, `{label}`; `{text}`; `{country}`; `{mood}`.

    Attributes:
        templates: fact kind (or `sign`, for the text of a sign) to at least four sentences.
        happens: sound to clauses.
        names: sound to noun phrases.
        paths: path to adverbials.
        moods: pairs of words for bright and dark music.
    """

    templates: Mapping[str, tuple[str, ...]]
    happens: Mapping[SoundLabel, tuple[str, ...]]
    names: Mapping[SoundLabel, tuple[str, ...]]
    paths: Mapping[Path, tuple[str, ...]]
    moods: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """How a fact is to be said: a template and a number that picks words within it."""

    template: str
    pick: int

    def say(self, fact: Fact, words: CaptionWords) -> str:
        """The sentence, with a full stop. A changed fact changes nothing but its own words."""
        sentence = self.template.format(**_fields(fact, words, self.pick))
        return _capital(sentence)


def _fields(fact: Fact, words: CaptionWords, pick: int) -> dict[str, str]:
    fields = {} if fact.start_s is None else {"start": f"{fact.start_s:.1f}"}
    if fact.end_s is not None:
        fields["end"] = f"{fact.end_s:.1f}"
    value = fact.value
    if isinstance(value, float):
        count = round(value)
        fields |= {
            "count": _NUMBERS[count] if count < len(_NUMBERS) else str(count),
            "s": "" if count == 1 else "s",
            "are": "is" if count == 1 else "are",
            "tempo": str(count),
            "label": fact.other or "",
        }
    elif fact.kind == "event.heard":
        happens, names = words.happens[_sound(value)], words.names[_sound(value)]
        fields |= {"happens": happens[pick % len(happens)], "what": names[pick % len(names)]}
    elif fact.kind == "object.moves":
        paths = words.paths[_path(fact.other)]
        article = "an" if value[0] in "aeiou" else "a"
        fields |= {"what": f"{article} {value}", "path": paths[pick % len(paths)]}
    elif fact.kind == "mood.is":
        pair = words.moods[pick % len(words.moods)]
        fields["mood"] = pair[0] if value == "bright" else pair[1]
    else:
        fields |= {"text": value, "country": value}
    capitals = {key.capitalize(): _capital(text) for key, text in fields.items()}
    return capitals | fields


def _sound(value: str) -> SoundLabel:
    return value  # type: ignore[return-value]  # a Fact of this kind holds nothing else


def _path(value: str | None) -> Path:
    return value or "about"  # type: ignore[return-value]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
