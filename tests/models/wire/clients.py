"""The real clients, set up so that they call a server of ours and try once."""

import asyncio
from collections.abc import Callable
from typing import Any

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage

from tests.models.wire.server import KEY, Wire

# Pooled connections belong to an event loop, and each question here has one of its own.
_UNPOOLED = {"connection": "close"}


def openai(wire: Wire, **settings: Any) -> BaseChatModel:
    """Chat completions."""
    from langchain_openai import ChatOpenAI

    given: dict[str, Any] = {"base_url": wire.openai, "api_key": KEY, "model": "gpt-4o"}
    given |= {"max_retries": 0, "default_headers": _UNPOOLED}
    return ChatOpenAI(**(given | settings))


def gemini(wire: Wire, **settings: Any) -> BaseChatModel:
    """Google's API with a key."""
    from langchain_google_genai import ChatGoogleGenerativeAI

    given: dict[str, Any] = {"base_url": wire.url, "api_key": KEY, "model": "gemini-2.5-flash"}
    given |= {"max_retries": 1, "additional_headers": _UNPOOLED}
    return ChatGoogleGenerativeAI(**(given | settings))


def anthropic(wire: Wire, **settings: Any) -> BaseChatModel:
    """Messages."""
    from langchain_anthropic import ChatAnthropic

    given: dict[str, Any] = {"base_url": wire.url, "api_key": KEY, "model": "claude-wire"}
    given |= {"max_retries": 0, "default_headers": _UNPOOLED}
    return ChatAnthropic(**(given | settings))


def ollama(wire: Wire, **settings: Any) -> BaseChatModel:
    """Ollama's own API."""
    from langchain_ollama import ChatOllama

    given: dict[str, Any] = {"base_url": wire.url, "model": "llava"}
    given |= {"client_kwargs": {"headers": _UNPOOLED}}
    return ChatOllama(**(given | settings))


CLIENTS: dict[str, Callable[..., BaseChatModel]] = {
    "openai": openai,
    "gemini": gemini,
    "anthropic": anthropic,
    "ollama": ollama,
}


def ask(chat: Any, *blocks: Any) -> BaseMessage:
    """One question, of texts and content blocks, in an event loop of its own."""
    content = [{"type": "text", "text": b} if isinstance(b, str) else b for b in blocks]
    message: BaseMessage = asyncio.run(chat.ainvoke([HumanMessage([*content])]))
    return message


def type_of(error: BaseException) -> str:
    """Where an error comes from and what it is called, as `httpx.ReadError`."""
    return f"{type(error).__module__.partition('.')[0]}.{type(error).__name__}"
