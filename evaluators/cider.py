"""CIDEr-D (Vedantam, Zitnick and Parikh, 2015): n-grams weighted by how telling they are.

How telling an n-gram is follows from the references of the *scored set* (its document frequency):
the same caption scores differently within another set, and one clip alone scores 0. So a subset's
CIDEr-D is not comparable with the whole set's. It does not depend on the captions that are scored,
hence two conditions on one set are.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from aurelia.evaluators.caption_words import LONGEST, Gram, caption_words, grams

SIGMA = 6.0
"""Spread, in words, of the penalty for another length than the reference's."""
SCALE = 10.0


@dataclass(frozen=True, slots=True)
class _Weighed:
    """A text as one weighted vector for each n, with their lengths."""

    vectors: tuple[dict[Gram, float], ...]
    norms: tuple[float, ...]
    pairs: int


class CiderD:
    """CIDEr-D of captions within one set of clips."""

    def __init__(self, references: Sequence[Sequence[str]]) -> None:
        """Count in how many clips each n-gram occurs.

        Args:
            references: of each clip, one or more.

        Raises:
            ValueError: there is no clip, or one without a reference.
        """
        if not references or not all(references):
            raise ValueError("CIDEr-D wants one reference or more of every clip.")
        texts = [[grams(caption_words(text)) for text in texts] for texts in references]
        self._clips = math.log(len(texts))
        self._seen: Counter[Gram] = Counter()
        for several in texts:
            self._seen.update({gram for text in several for count in text for gram in count})
        self._references = [[self._weigh(text) for text in several] for several in texts]

    def score(self, clip: int, caption: str) -> float:
        """CIDEr-D of a caption, 0 to 10; an empty one gets 0.

        Args:
            clip: which clip, counted from 0 in the order of the references.
            caption: the text.
        """
        said = self._weigh(grams(caption_words(caption)))
        references = self._references[clip]
        return SCALE * sum(_alike(said, other) for other in references) / len(references)

    def _weigh(self, counts: list[Counter[Gram]]) -> _Weighed:
        vectors = tuple(
            {
                gram: times * (self._clips - math.log(max(1, self._seen[gram])))
                for gram, times in count.items()
            }
            for count in counts
        )
        norms = tuple(math.sqrt(sum(w * w for w in vector.values())) for vector in vectors)
        return _Weighed(vectors, norms, sum(counts[1].values()))


def _alike(said: _Weighed, other: _Weighed) -> float:
    """Mean over n of the clipped cosine, times the penalty for length."""
    total = 0.0
    for mine, theirs, norm, norm_there in zip(
        said.vectors, other.vectors, said.norms, other.norms, strict=True
    ):
        if norm and norm_there:
            shared = mine.keys() & theirs.keys()
            total += sum(min(mine[g], theirs[g]) * theirs[g] for g in shared) / norm / norm_there
    penalty = math.exp(-((said.pairs - other.pairs) ** 2) / (2 * SIGMA**2))
    return total / LONGEST * penalty
