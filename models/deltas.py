"""Pieces of a reply as a model writes them, for whoever listens.

Off unless somebody does: then calls are made exactly as if this file were not there. A reply that
was paid for before, or is shared with an equal call, comes in no pieces.
"""

from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, BaseMessage, message_chunk_to_message

from aurelia.models.finish import finish_of
from aurelia.types.trajectory import Call, Purpose, Role

_ALWAYS_SAY_HOW_IT_ENDED = ("openai", "gemini", "anthropic")


@dataclass(frozen=True, slots=True)
class Delta:
    """One piece.

    Attributes:
        call: id of the call in the record.
        attempt: from 0; with a higher number than before, the reply begins anew.
    """

    call: str
    role: Role
    iteration: int | None
    purpose: Purpose
    repeat: int
    attempt: int
    text: str


Listener = Callable[[Delta], None]

_listener: ContextVar[Listener | None] = ContextVar("aurelia_deltas", default=None)


def listen(listener: Listener | None) -> None:
    """Who hears the calls of this task, and of those that it starts, from now on; None: nobody."""
    _listener.set(listener)


@dataclass(slots=True)
class Telling:
    """Tells a listener of one call."""

    listener: Listener
    record: Call
    attempt: int = field(default=-1)

    def begin(self) -> None:
        """The model is asked, for the first time or again."""
        self.attempt += 1

    def tell(self, text: str) -> None:
        """The next piece."""
        if text:
            of = self.record
            self.listener(
                Delta(of.id, of.role, of.iteration, of.purpose, of.repeat, self.attempt, text)
            )


def telling(record: Call) -> Telling | None:
    """What tells of a call; None where nobody listens."""
    listener = _listener.get()
    return Telling(listener, record) if listener else None


def streams(chat: BaseChatModel) -> bool:
    """Whether a client can give a reply in pieces."""
    kind = type(chat)
    able = kind._astream is not BaseChatModel._astream or kind._stream is not BaseChatModel._stream
    return able and chat.disable_streaming is not True


async def gathered(
    chunks: AsyncIterator[AIMessageChunk], telling: Telling, family: str
) -> BaseMessage:
    """The whole message of a stream, as the client would have given it in one.

    Args:
        chunks: the client's stream.
        telling: told of every piece.
        family: of the client.

    Raises:
        ConnectionError: the stream ended before the reply did; asking again may help.
    """
    telling.begin()
    whole: AIMessageChunk | None = None
    said: dict[str, Any] = {}
    async for chunk in chunks:
        # Adding chunks up would string equal words together: `wire-1wire-1`.
        said |= {key: value for key, value in chunk.response_metadata.items() if value}
        bare = chunk.model_copy(update={"response_metadata": {}})
        whole = bare if whole is None else whole + bare
        telling.tell(chunk.text)
    if whole is None:
        raise ConnectionError("the stream ended before it began")
    message = message_chunk_to_message(whole.model_copy(update={"response_metadata": said}))
    if message.text and family in _ALWAYS_SAY_HOW_IT_ENDED and finish_of(message) is None:
        raise ConnectionError("the stream ended before the reply did")
    return message
