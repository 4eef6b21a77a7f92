"""Closed vocabularies: data sets whose every answer is one of a few dozen classes.

MUSIC-AVQA (Li et al., 2022) is scored by exact class over 42 of them. Its authors' model picks a
class; a language model words one. Which kind of class a question wants (a number, a side …) follows
from its ground truth, and says nothing of which member is right.
"""

import re
from dataclasses import dataclass

from aurelia.evaluators.normal import denies, holds, normalise
from aurelia.evaluators.reading import HEDGE, Reading, answers_in, read_yes_no, split_reason

YES_NO = frozenset({"yes", "no"})
MUSIC_AVQA = (
    YES_NO,
    frozenset({*(str(n) for n in range(11)), "more than 10"}),
    frozenset({"left", "middle", "right"}),
    frozenset({"indoor", "outdoor"}),
    frozenset(
        {
            *("accordion", "acoustic guitar", "bagpipe", "banjo", "bassoon", "cello", "clarinet"),
            *("congas", "drum", "electric bass", "erhu", "flute", "guzheng", "piano", "pipa"),
            *("saxophone", "suona", "trumpet", "tuba", "ukulele", "violin", "xylophone"),
            "simultaneously",
        }
    ),
)
"""The 42 classes by kind, normalised. What sounds first is an instrument, or all at once."""

_ALIASES = {
    "none": "0",
    "center": "middle",
    "centre": "middle",
    "leftmost": "left",
    "rightmost": "right",
    "indoors": "indoor",
    "outdoors": "outdoor",
    "guitar": "acoustic guitar",
    "conga": "congas",
    "sax": "saxophone",
    "at same time": "simultaneously",
    "same time": "simultaneously",
    "simultaneous": "simultaneously",
}
"""Our own additions, for words that can mean one class only; plurals are understood as well."""

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The classes of one data set, by kind, in normalised form."""

    kinds: tuple[frozenset[str], ...]

    def kind_of(self, truth: str) -> frozenset[str] | None:
        """The kind that a ground truth belongs to; None where it is no class."""
        word = self._class(normalise(truth))
        return next((kind for kind in self.kinds if word in kind), None)

    def read(self, reply: str, kind: frozenset[str]) -> Reading:
        """The class of that kind that a reply answers.

        An explicit answer that names none is an answer all the same (a wrong one); one that names
        several, or says what it is not, is none.
        """
        if kind == YES_NO:
            return read_yes_no(reply)
        candidates, how = answers_in(reply)
        for candidate in candidates:
            text = normalise(candidate)
            found = self._named(text, kind)
            if len(found) > 1:
                found = self._decided(candidate, kind)
                if not found:
                    return Reading(None, f"{how} names several answers")
            elif found and self._class(text) not in kind and denies(text):
                return Reading(None, f"{how} says what it is not")
            if found:
                return Reading(found.pop(), how)
        if not candidates or HEDGE.search(candidates[0]):
            return Reading(None, how)
        return Reading(normalise(candidates[0]) or None, how)

    def same(self, answer: str, truth: str) -> bool:
        """Whether two texts are one class."""
        return self._class(normalise(answer)) == self._class(normalise(truth))

    def _decided(self, answer: str, kind: frozenset[str]) -> set[str]:
        """What "left, not the right" answers: one class, and after it only what is denied."""
        head, rest = (normalise(part) for part in split_reason(answer))
        found = self._named(head, kind)
        return found if len(found) == 1 and denies(rest) and not denies(head) else set()

    def _named(self, text: str, kind: frozenset[str]) -> set[str]:
        """Classes of a kind that a normalised text names; "more than 10" is not also "10"."""
        whole = self._class(text)
        if whole in kind:
            return {whole}
        found = set()
        phrases = [(name, name) for name in kind]
        phrases += [(f"{name}s", name) for name in kind if not name.endswith("s")]
        phrases += [(alias, name) for alias, name in _ALIASES.items() if name in kind]
        for phrase, name in sorted(phrases, key=lambda pair: -len(pair[0])):
            if holds(text, phrase):
                found.add(name)
                text = f" {text} ".replace(f" {phrase} ", " | ").strip()
        if "more than 10" in kind:
            found |= {"more than 10" for n in _NUMBER.findall(text) if int(n) > 10}
        return found

    def _class(self, text: str) -> str:
        text = _ALIASES.get(text, text)
        if any(text in kind for kind in self.kinds):
            return text
        if text.isdecimal() and int(text) > 10 and any("more than 10" in k for k in self.kinds):
            return "more than 10"
        return text.removesuffix("s") if any(text[:-1] in kind for kind in self.kinds) else text


VOCABULARIES = {"music-avqa": Vocabulary(MUSIC_AVQA)}
"""By the name of the data set, as `vocabulary_of` spells it."""


def vocabulary_of(dataset: str) -> Vocabulary | None:
    """The closed vocabulary of a data set; versions and splits share it (`music_avqa-update`)."""
    name = dataset.casefold().replace("_", "-")
    return next((v for key, v in VOCABULARIES.items() if name.startswith(key)), None)
