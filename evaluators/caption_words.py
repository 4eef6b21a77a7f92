"""Captions as words and n-grams, for the metrics that count them.

The usual tokeniser of captioning (Stanford's, in Java) is approximated: lower case, punctuation
dropped, contractions parted (`don't` → `do n't`, `dog's` → `dog 's`), hyphens kept. Where a metric
is compared with published figures, that is one of the differences.
"""

import re
import unicodedata
from collections import Counter

LONGEST = 4
"""n-grams of one to so many words are counted."""

Gram = tuple[str, ...]

_WORD = re.compile(r"\w+(?:[-.,']\w+)*")
_ENDS = re.compile(r"(n't|'(?:s|re|ve|ll|d|m))$")


def caption_words(text: str) -> list[str]:
    """The words of a caption."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    found = []
    for word in _WORD.findall(text):
        stem = _ENDS.sub("", word)
        found += [part for part in (stem, word[len(stem) :]) if part]
    return found


def grams(words: list[str]) -> list[Counter[Gram]]:
    """How often each n-gram occurs, for n of 1 to `LONGEST`."""
    return [
        Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))
        for n in range(1, LONGEST + 1)
    ]
