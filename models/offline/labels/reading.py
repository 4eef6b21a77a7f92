"""From a sentence to statements about labels: our own sentences, and those of people and models."""

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from aurelia.models.offline.labels.countries import countries_named
from aurelia.models.offline.labels.mentions import mentions
from aurelia.models.offline.labels.numbers import counts, paces, tracks
from aurelia.models.offline.labels.reading_order import NAMED, related
from aurelia.models.offline.labels.words import MOOD, MUSIC, known_label_words, path_in
from aurelia.models.offline.lexicon import plain, subjects, unknown_words
from aurelia.models.offline.said import Said
from aurelia.models.offline.when import When, read_when

QUOTED = re.compile(r"“([^”]{1,200})”|\"([^\"]{1,200})\"|(?<!\w)'([^']{2,200})'(?!\w)")
_MEASURED = re.compile(r"\(measured, confidence [\d.]+\)")
_BEFORE_NUMBER = re.compile(
    r"\b(?:seconds?|secs?|t ?=) ?(\d+(?:\.\d+)?)(?! ?s\b)(?!\.?\d)", re.IGNORECASE
)
_ONE = re.compile(
    r"\bone(?= (?:hears|sees|reads|can|could|may|might|notices|counts|finds|would)\b)",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(
    r"[,;]\s*(?:and|but|while|whereas|then|whilst|with)?\s|\b(?:and then|and|but|while|whilst"
    r"|whereas|then|before|after|followed by|as)\b"
)
_NEGATED = re.compile(r"\b(?:no|not|never|without|nothing|none|neither|nor)\b|n't\b")
_HARMLESS = re.compile(r"\bno longer\b|\bnothing else\b|\bnot yet\b|\bno more\b")
_DOUBT = re.compile(
    r"\b(?:hardly|barely|scarcely|anything but|far from|false|untrue|if|unless|perhaps|maybe|might"
    r"|possibly|supposedly)\b"
)
_NARROWED = re.compile(
    r"\b(?:twice|thrice|again|repeatedly|(?:\d+|several|many) times(?! (?:a|per|each|every) minute)"
    r"|throughout|only|more than|fewer than|less than|at least|at most|(?:just )?as many|twice as"
    r"|(?:almost|nearly) \d+(?! s\b)(?!\.)|all of them|half|near the (?:end|start|beginning)"
    r"|at the (?:very )?(?:end|start|beginning)|in the (?:middle|corner)|on the (?:left|right)"
    r"|and back|for \d+(?:\.\d+)? s|at first|opposite"
    r"|\d+ (?:bells|crashes|knocks|sirens|balls|squares|triangles))\b"
)
_NO_EVENT = re.compile(r"\bno (?:single )?sounds? (?:could be|can be|is|was) identified\b")
_NO_OBJECT = re.compile(r"\bno moving (?:object|thing) (?:could be|can be|is|was) identified\b")
_NO_TEXT = re.compile(r"\bno (?:text|words?|writing) (?:is|are|can be)\b")
_NO_PACE = re.compile(r"\bno movement (?:that )?repeats\b|\bno repeating movement\b")
_SPEECH = re.compile(r"\bspeech-?like\b|\blike speech\b")
_COUNTRY_NOUN = re.compile(r"\b(?:flags?|banners?|ensigns?|colou?rs of|tricolou?r)\b")


@dataclass(frozen=True, slots=True)
class Item:
    """A statement before its times are known: where it stands, and how it is made."""

    start: int
    end: int
    make: Callable[[str, When], Said]


def read_labels(sentence: str) -> list[Said]:
    """Every statement about labels in a sentence; empty where it speaks of none.

    Words that no statement uses come back as an `unread` statement beside the others, so that a
    sentence is never proven by half of it.
    """
    bare = _ONE.sub("you", _MEASURED.sub("", sentence))
    quotes = [next(g for g in m.groups() if g) for m in QUOTED.finditer(bare)]
    normal = plain(_BEFORE_NUMBER.sub(r"\1 s", QUOTED.sub(" _quote_ ", bare))).strip().rstrip(".! ")
    whole = _whole(normal, sentence)
    if whole:
        return whole
    items = sorted(_items(normal, sentence, quotes), key=lambda i: i.start)
    if not items:
        return []
    parts = _segments(normal, items)
    found = [i.make(part, read_when(part)) for i, part in zip(items, parts, strict=True)]
    if _DOUBT.search(normal):
        return [Said("unread", sentence)]
    found = related(normal, sentence, [(i.start, i.end) for i in items], found)
    if more := _more(normal, found):
        found = [replace(s, more=more) for s in found]
    return [*found, *_rest(normal, sentence)]


def _more(normal: str, found: list[Said]) -> str:
    """What narrows a statement beyond what is checked: how often, how long, where, and the like."""
    left = [m[0] for m in _NARROWED.finditer(normal)]
    if any(s.end_s is not None and s.start_s is not None for s in found):
        left = [w for w in left if not re.match(r"for \d", w)]
    return ", ".join(dict.fromkeys(left))


def _whole(normal: str, sentence: str) -> list[Said]:
    """Sentences that say that nothing was found, and the one about speech."""
    if _NO_EVENT.search(normal):
        return [Said("events.none", sentence)]
    if _NO_OBJECT.search(normal):
        return [Said("objects.none", sentence)]
    if _NO_TEXT.search(normal):
        return [Said("text.none", sentence)]
    if _NO_PACE.search(normal):
        return [Said("pace.none", sentence)]
    if _SPEECH.search(normal):
        start, end = _span(read_when(normal))
        return [Said("speech.like", sentence, start, end)]
    return []


def _items(normal: str, sentence: str, quotes: list[str]) -> list[Item]:
    numbers = [*tracks(normal), *paces(normal), *counts(normal)]
    items = [Item(n.start, n.end, _numbered(n.kind, n.value, n.other, sentence)) for n in numbers]
    items += [_quoted(m, q, sentence) for m, q in zip(_places(normal), quotes, strict=True)]
    if _COUNTRY_NOUN.search(normal):
        items += [
            Item(start, end, _timed("flag.shown", country, sentence))
            for country, start, end in countries_named(normal)
        ]
    elif any(n.kind == "sources.count" for n in numbers) or not MUSIC.search(normal):
        pass
    elif mood := _mood_word(normal):
        return [*items, Item(mood.start(), mood.end(), _mood(mood.lastgroup or "", sentence))]
    if any(n.kind != "shown.count" and n.kind != "sources.count" for n in numbers) or (
        numbers and not read_when(normal).ranges
    ):
        return items  # "3 objects" and "a ringing voice" are no further claims there
    for mention in mentions(normal):
        kind = "event" if mention.sense == "heard" else "object"
        items.append(Item(mention.start, mention.end, _mention(kind, mention.name, sentence)))
    return items


def _places(normal: str) -> list[re.Match[str]]:
    return list(re.finditer(r"_quote_", normal))


def _quoted(place: re.Match[str], quote: str, sentence: str) -> Item:
    return Item(place.start(), place.end(), _timed("text.shown", quote, sentence))


def _span(when: When) -> tuple[float | None, float | None]:
    """Start and end, however a sentence gives them: a range, an instant and an end, or either."""
    if when.ranges:
        return when.ranges[0]
    instants = list(when.at_s)
    start = when.start_s
    if start is None and instants:
        start = instants.pop(0)
    end = when.end_s if when.end_s is None or when.end_s < float("inf") else None
    if instants:
        end = instants[0]
    if start is not None and end is None and when.length_s is not None:
        end = start + when.length_s
    if start is not None and end is not None and end < start:
        start, end = end, start
    return start, end


def _timed(kind: str, value: str, sentence: str) -> Callable[[str, When], Said]:
    def make(part: str, when: When) -> Said:
        start, end = _span(when)
        if _denied(part):
            return Said("unread", sentence)
        return Said(kind, sentence, start, end, when.tolerance_s, value)  # type: ignore[arg-type]

    return make


def _mood_word(normal: str) -> re.Match[str] | None:
    """The word for the mood of music: the first one behind the music, else the last before it."""
    music = MUSIC.search(normal)
    if music is None:
        return None
    behind = MOOD.search(normal, music.end())
    return behind or next(iter(reversed(list(MOOD.finditer(normal, 0, music.start())))), None)


def _mood(named: str, sentence: str) -> Callable[[str, When], Said]:
    def make(part: str, when: When) -> Said:
        if _denied(part):
            return Said("unread", sentence)
        return Said("mood.is", sentence, value=named)

    return make


def _numbered(
    kind: str, value: float | None, other: str | None, sentence: str
) -> Callable[[str, When], Said]:
    def make(part: str, when: When) -> Said:
        if value is None or (_denied(part) and kind != "candidate.none"):
            return Said("unread", sentence)
        return Said(kind, sentence, value=value, other=other)  # type: ignore[arg-type]

    return make


def _mention(kind: str, name: str, sentence: str) -> Callable[[str, When], Said]:
    def make(part: str, when: When) -> Said:
        start, end = _span(when)
        path = path_in(part) if kind == "object" else None
        slack = when.tolerance_s
        if _denied(part):
            absent = "event.absent" if kind == "event" else "object.absent"
            return Said(absent, sentence, start, end, slack, name)  # type: ignore[arg-type]
        form = "event.heard" if kind == "event" else "object.moves"
        return Said(form, sentence, start, end, slack, name, path)  # type: ignore[arg-type]

    return make


def _denied(part: str) -> bool:
    return bool(_NEGATED.search(_HARMLESS.sub(" ", part)))


def _segments(normal: str, items: list[Item]) -> list[str]:
    """The words around each item: the sentence cut at the last joint between two of them."""
    cuts = [0]
    for one, two in itertools.pairwise(items):
        between = normal[one.end : two.start]
        joints = [m.start() for m in _BOUNDARY.finditer(between) if not _in_range(between, m)]
        cuts.append(one.end + (joints[-1] if joints else len(between)))
    cuts.append(len(normal))
    return [normal[a:b] for a, b in itertools.pairwise(cuts)]


def _in_range(between: str, joint: re.Match[str]) -> bool:
    """Whether an "and" or a comma joins two times, or a time and its end."""
    after = between[joint.end() :].lstrip()
    before = between[: joint.start()].rstrip()
    timed = bool(re.search(r"\d(?:\.\d+)?(?: s)?$", before))
    return timed and bool(re.match(r"(?:about |gone |until |to |ends? |stops? |\d)", after))


def _rest(normal: str, sentence: str) -> list[Said]:
    """What the sentence says beside labels."""
    odd = unknown_words(normal.replace("_quote_", " "), known_label_words(normal))
    odd = [w for w in odd if len(w) > 1 and not countries_named(w)]
    calm = [name for name in subjects(normal) if name in ("silence", "still")]
    if not odd and not calm:
        return []
    left = ", ".join([*odd, *calm])
    return [Said("unread", f"{sentence} ({left})", value=left)]


_SAME_ONE = re.compile(
    r"^\W*(?:it|this|that|they|the (?:sound|noise|object|shape|thing|movement|tone|burst))\b",
    re.IGNORECASE,
)


def timed_by(sentence: str, last: Said) -> Said | None:
    """The last statement with the times that a sentence about "it" adds; None if it adds none."""
    untimed = last.kind in NAMED and last.start_s is None and last.end_s is None
    if not untimed or not _SAME_ONE.match(sentence) or mentions(plain(sentence)):
        return None
    when = read_when(plain(_BEFORE_NUMBER.sub(r"\1 s", sentence)))
    start, end = _span(when)
    if (start is None and end is None) or _denied(plain(sentence)):
        return None
    text = f"{last.text} {sentence}"
    return replace(last, text=text, start_s=start, end_s=end, tolerance_s=when.tolerance_s)
