"""BLEU-4 (Papineni et al., 2002) of a whole set: counts are summed before anything is divided."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aurelia.evaluators.caption_words import LONGEST, Gram, caption_words, grams

_TINY, _SMALL = 1e-15, 1e-9  # as the usual implementation of captioning has them: no 0/0
PARTS = 2 * LONGEST + 2
"""Numbers that `bleu_parts` gives: matched and said n-grams by n, words said, words wanted."""


def bleu_parts(caption: str, references: Sequence[str]) -> list[float]:
    """What a caption adds to the sums that BLEU is made of.

    An n-gram matches as often as the reference that has it most; wanted is the length of the
    reference nearest in length, of two the shorter.

    Raises:
        ValueError: there is no reference.
    """
    if not references:
        raise ValueError("BLEU wants one reference or more.")
    words = caption_words(caption)
    there = [caption_words(text) for text in references]
    counted = [grams(text) for text in there]
    matched, said = [], []
    for n, mine in enumerate(grams(words)):
        most: Counter[Gram] = Counter()
        for other in counted:
            most |= other[n]
        matched.append(float(sum((mine & most).values())))
        said.append(float(sum(mine.values())))
    wanted = min((abs(len(text) - len(words)), len(text)) for text in there)[1]
    return [*matched, *said, float(len(words)), float(wanted)]


def bleu_4(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """BLEU-4, 0 to 1, from summed parts.

    Args:
        sums: of shape (…, `PARTS`).

    Returns:
        Shape (…).
    """
    matched, said = sums[..., :LONGEST], sums[..., LONGEST : 2 * LONGEST]
    words, wanted = sums[..., -2], sums[..., -1]
    shares = np.prod((matched + _TINY) / (said + _SMALL), axis=-1) ** (1 / LONGEST)
    ratio = (words + _TINY) / (wanted + _SMALL)
    brevity = np.where(ratio < 1, np.exp(1 - 1 / np.minimum(ratio, 1)), 1.0)
    return np.asarray(shares * brevity, dtype=np.float64)
