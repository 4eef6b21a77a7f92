"""Which named sounds and objects a text mentions, where, and in which order of time."""

import re
from dataclasses import dataclass

from aurelia.models.offline.labels.words import COLOUR, NOUN, SHAPE, SOUND, all_of

_REACH = 4  # words between a colour and what has it


@dataclass(frozen=True, slots=True)
class Mention:
    """A named thing in a normalised text.

    Attributes:
        sense: whether it is heard or seen.
        name: a sound's label, or an object's colour and shape (`red ball`, `red`, `ball`).
        start: first character.
        end: past the last one.
    """

    sense: str
    name: str
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """The sounds and objects that a text names, in order of the text."""
    found = [Mention("heard", name, a, b) for name, a, b in all_of(SOUND, text)]
    return sorted(_merged([*found, *objects(text)], text), key=lambda m: m.start)


def objects(text: str) -> list[Mention]:
    """Coloured or shaped things: `red ball`, `something red`, `the triangle`."""
    colours = all_of(COLOUR, text)
    nouns = [(name, a, b) for name, a, b in all_of(SHAPE, text)]
    nouns += [("", m.start(), m.end()) for m in NOUN.finditer(text)]
    found, used = [], set[int]()
    for shape, start, end in sorted(nouns, key=lambda n: n[1]):
        owner = next(
            (c for c in reversed(colours) if c[1] not in used and _owns(text, c, start, end)), None
        )
        if owner:
            used.add(owner[1])
            name = f"{owner[0]} {shape}".strip()
            found.append(Mention("seen", name, min(start, owner[1]), max(end, owner[2])))
        elif shape:
            found.append(Mention("seen", shape, start, end))
    return found


def _owns(text: str, colour: tuple[str, int, int], start: int, end: int) -> bool:
    """Whether a colour stands shortly before a noun, or right after `something`."""
    if colour[2] <= start:
        between = text[colour[2] : start]
        return not re.search(r"[,;]|\b(?:and|or)\b", between) and len(between.split()) <= _REACH - 2
    between = text[end : colour[1]]
    return text[start:end] == "something" and not between.strip()


def _merged(found: list[Mention], text: str) -> list[Mention]:
    """One mention for words about the same thing: `a bell rings`, `the engine hums`."""
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda m: m.start):
        last = kept[-1] if kept else None
        if last and last.name == mention.name and last.sense == mention.sense:
            between = text[last.end : mention.start]
            if len(between.split()) <= 2 and not re.search(
                r"\b(?:and|then|another)\b|(?<!of )\ban?\b", between
            ):
                kept[-1] = Mention(last.sense, last.name, last.start, mention.end)
                continue
        kept.append(mention)
    return kept


_AFTER = re.compile(
    r"\b(?:after|following|follows|preceded by|once|later than|behind|comes after)\b"
)
_BEFORE = re.compile(
    r"\b(?:before|precedes|ahead of|prior to|earlier than|followed by|then|leads)\b"
)
_LAST = re.compile(r"\b(?:second|last|finally|afterwards)\b")


THEREUPON = re.compile(
    r"\b(?:(?:only |shortly |right |soon |some time )?(?:after|following) (?:that|this|which|it)"
    r"|thereafter|afterwards)\b"
)


def in_time(text: str) -> list[Mention]:
    """The mentions of a text in the order of time that it states; that of the text by default."""
    text = THEREUPON.sub("then", text)
    found = mentions(text)
    if len(found) < 2:
        return found
    first, second = found[0], found[1]
    before, between = text[: first.start], text[first.end : second.start]
    turned = bool(re.search(r"\bbefore (?:that|this|it)\b", between))
    if turned or re.search(r"\b(?:before|prior to|ahead of)\b[^,]*$", before):
        turned = True  # "Before the bell, a ball crosses"
    elif not re.search(r"\b(?:after|following|once|when|as soon as)\b[^,]*$", before):
        behind = _AFTER.search(between) and not re.search(r"\bfollowed by\b", between)
        turned = bool(behind) or bool(_LAST.search(before) and not _BEFORE.search(between))
    return [second, first, *found[2:]] if turned else found
