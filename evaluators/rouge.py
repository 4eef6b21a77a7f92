"""ROUGE-L (Lin, 2004), as captioning uses it: F of the longest common subsequence of words."""

from collections.abc import Sequence

from aurelia.evaluators.caption_words import caption_words

BETA = 1.2
"""How much more recall counts than precision."""


def rouge_l(caption: str, references: Sequence[str]) -> float:
    """ROUGE-L, 0 to 1: precision and recall each against the reference that suits it best.

    Raises:
        ValueError: there is no reference.
    """
    if not references:
        raise ValueError("ROUGE-L wants one reference or more.")
    said = caption_words(caption)
    pairs = [(_common(said, there := caption_words(text)), len(there)) for text in references]
    precision = max(common for common, _ in pairs) / len(said) if said else 0.0
    recall = max(common / length if length else 0.0 for common, length in pairs)
    if not precision or not recall:
        return 0.0
    return (1 + BETA**2) * precision * recall / (recall + BETA**2 * precision)


def _common(one: list[str], other: list[str]) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(other) + 1)
    for word in one:
        before = 0
        for place, there in enumerate(other, start=1):
            above = row[place]
            row[place] = before + 1 if word == there else max(above, row[place - 1])
            before = above
    return row[-1]
