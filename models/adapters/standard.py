"""Clients that take LangChain's standard blocks: Anthropic's, and any that isn't known here."""

from collections.abc import Sequence

from aurelia.models.adapters.media import Medium
from aurelia.models.adapters.wire import Block, labelled, standard


def blocks(media: Sequence[Medium]) -> list[Block]:
    """Labelled images, and sound or video where the model is configured to take them."""
    return labelled(media, standard)
