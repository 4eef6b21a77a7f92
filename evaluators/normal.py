"""One form for answers that say the same: case, punctuation, articles, number words."""

import re
import unicodedata

_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
NUMBERS = {word: str(number) for number, word in enumerate(_WORDS)}
"""Number words and their digits."""

NEGATIONS = frozenset(
    {
        *("not", "no", "never", "neither", "nor", "without", "cannot", "isnt", "arent", "wasnt"),
        *("werent", "doesnt", "dont", "didnt", "cant", "couldnt", "wont", "hasnt", "havent"),
    }
)
"""Normalised words that deny what stands beside them."""

_ARTICLES = frozenset({"a", "an", "the"})
_CONTRACTED = re.compile(r"(?<=\w)['’](?=\w)")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}\b)")
_WORD = re.compile(r"\d+(?:\.\d+)+|\w+")
_CARRIER = re.compile(
    r"^(?:it|that|this|there|they|these|those|he|she)(?: is| are| was| were|s|re)\b ?"
)


def words_of(text: str) -> list[str]:
    """Lower-case words without punctuation and articles; numbers up to twenty as digits.

    Underscores and hyphens part words (`acoustic_guitar`), a point between digits stays (`1.5`).
    """
    text = unicodedata.normalize("NFKC", text).casefold().replace("_", " ")
    text = _CONTRACTED.sub("", _THOUSANDS.sub("", text))
    return [NUMBERS.get(w, w) for w in _WORD.findall(text) if w not in _ARTICLES]


def normalise(text: str) -> str:
    """`words_of` as one string; a leading "it is", "there are" … is dropped where more follows."""
    joined = " ".join(words_of(text))
    return _CARRIER.sub("", joined) or joined


def holds(text: str, phrase: str) -> bool:
    """Whether normalised `text` holds normalised `phrase` as whole words."""
    return bool(phrase) and f" {phrase} " in f" {text} "


def denies(text: str) -> bool:
    """Whether a normalised text holds a negation."""
    return not NEGATIONS.isdisjoint(text.split())
