"""Ollama's client: it sends all text first and the images after it, so labels count them."""

from collections.abc import Sequence
from dataclasses import replace

from aurelia.models.adapters.media import Medium
from aurelia.models.adapters.wire import Block, labelled, standard


def blocks(media: Sequence[Medium]) -> list[Block]:
    """Labelled images: `Image 2: frame at 1.20 s.`"""
    numbered = []
    count = 0
    for medium in media:
        label = medium.label
        if medium.kind == "frame":
            count += 1
            label = f"Image {count}: {label[0].lower()}{label[1:].rstrip(':')}."
        numbered.append(replace(medium, label=label))
    return labelled(numbered, standard)
