"""What a reply answers where there are no options: a short text, yes or no, free words.

The last explicit answer counts; without one, a reply that is itself no longer than an answer. What
is neither is not guessed at: it is unparsed. Nothing here knows which mode a reply came from.
"""

import re
from dataclasses import dataclass

from aurelia.evaluators.answers import explicit_answers
from aurelia.evaluators.normal import normalise, words_of
from aurelia.models.structured import strip_thinking

MOST_WORDS = 12
"""A reply of one line and at most so many words may be an answer by itself."""

_EXPLICIT, _WHOLE = "explicit answer", "the whole reply"
_YES = frozenset({"yes", "yeah", "yep", "true"})
_NO = frozenset({"no", "nope", "false"})
_FILLERS = frozenset({"but", "well", "so", "then", "actually", "rather", "or", "and"})
_CLAUSE = re.compile(r"[.,:;!?\n]|\s[-–—]\s")
_BOTH = re.compile(r"\b(?:yes|no)\b\s*(?:,|/|or|and)\s*(?:or\s+|and\s+)?\b(?:yes|no)\b", re.I)
HEDGE = re.compile(r"\b(?:or|either|maybe|perhaps|possibly)\b", re.I)
"""Words of a reply that does not decide."""
_BECAUSE = re.compile(r"[,;.(]|\s(?:because|since|as|so)\s|\s[-–—]\s", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read.

    Attributes:
        value: the answer; None where none could be read.
        how: from what it was read, or why it could not be, in words.
    """

    value: str | None
    how: str


def answers_in(reply: str) -> tuple[list[str], str]:
    """What may be the answer, the last first, and where it stood; nothing and why not."""
    if explicit := explicit_answers(reply):
        return explicit[::-1], _EXPLICIT
    clean = strip_thinking(reply).strip()
    if not clean:
        return [], "the reply holds no words"
    if "\n" in clean or len(clean.split()) > MOST_WORDS:
        return [], "no explicit answer"
    return [clean], _WHOLE


def read_yes_no(reply: str) -> Reading:
    """`yes` or `no`: a word that opens the answer, or a clause of its own within it."""
    candidates, how = answers_in(reply)
    for candidate in candidates:
        if said := yes_or_no(candidate):
            return Reading(said, how)
    if candidates:
        return Reading(None, f"{how} says neither yes nor no, or both")
    opened = yes_or_no(strip_thinking(reply).strip(), opening=True)
    return Reading(opened, "the word that opens the reply") if opened else Reading(None, how)


def yes_or_no(text: str, *, opening: bool = False) -> str | None:
    """`yes`, `no`, or None where a text says neither, or both.

    Args:
        text: an answer.
        opening: look at its first clause alone, which has to be the word itself.
    """
    if _BOTH.search(text):
        return None
    clauses = [words for part in _CLAUSE.split(text) if (words := words_of(part))]
    if not clauses:
        return None
    if opening:
        return _polarity(clauses[0][0]) if len(clauses[0]) == 1 else None
    alone = {said for words in clauses if (said := _alone(words))}
    if first := _polarity(clauses[0][0]):
        return first if alone <= {first} else None  # "yes, but no"
    if alone:
        return alone.pop() if len(alone) == 1 else None
    return _polarity(clauses[-1][-1])  # "it would be yes"


def read_text(reply: str) -> Reading:
    """A short answer as its author gave it, not normalised."""
    candidates, how = answers_in(reply)
    return Reading(candidates[0], how) if candidates else Reading(None, how)


def read_free(reply: str) -> Reading:
    """Free words: the last explicit answer, else all that was said outside of thinking."""
    if explicit := explicit_answers(reply):
        return Reading(explicit[-1], _EXPLICIT)
    clean = strip_thinking(reply).strip()
    return Reading(clean, _WHOLE) if clean else Reading(None, "the reply holds no words")


def split_reason(answer: str) -> tuple[str, str]:
    """An answer and what explains it: "two" and "I hear both" of "two, because I hear both"."""
    parts = _BECAUSE.split(answer, maxsplit=1)
    return parts[0], parts[1] if len(parts) > 1 else ""


def wordings(answer: str) -> list[str]:
    """Normalised forms in which an answer is compared: whole, and without what explains it.

    "Two, because I hear both" is also "two"; "two, or three" is not, for it does not decide.
    """
    whole = normalise(answer)
    head = normalise(split_reason(answer)[0])
    return list(dict.fromkeys(w for w in (whole, "" if HEDGE.search(answer) else head) if w))


def _alone(words: list[str]) -> str | None:
    """What a clause says that is yes or no and little else."""
    left = [word for word in words if word not in _FILLERS]
    return _polarity(left[0]) if len(left) == 1 else None


def _polarity(word: str) -> str | None:
    return "yes" if word in _YES else "no" if word in _NO else None
