"""The structured side of a request, for models that compute instead of read.

Offline, scripted and replayed models get their inputs as data on the last message. Models of a
provider never get it: it names files.
"""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import BaseMessage

from aurelia.errors import ModelError

KEY = "aurelia"


def attach(message: BaseMessage, envelope: dict[str, Any]) -> None:
    """Put the structured request on a message."""
    message.additional_kwargs[KEY] = envelope


def detach(messages: Sequence[BaseMessage]) -> dict[str, Any]:
    """The structured request of a conversation.

    Raises:
        ModelError: there is none, because the model was called outside AURELIA.
    """
    for message in reversed(messages):
        envelope = message.additional_kwargs.get(KEY)
        if isinstance(envelope, dict):
            return envelope
    raise ModelError(
        "This model computes its reply from a structured request and was called without one; "
        "call it through aurelia.reason, aurelia.critique or aurelia.answer."
    )
