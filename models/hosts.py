"""Which server a provider's client leads to, where the environment says another than the usual."""

from typing import Any
from urllib.parse import urlsplit

from langchain_core.language_models.chat_models import BaseChatModel

from aurelia.models.adapters.gemini_client import host_of
from aurelia.models.capabilities import family_of
from aurelia.settings import host_variables

_USUAL = {
    "openai": "https://api.openai.com/v1",
    "anthropic": "https://api.anthropic.com",
    "ollama": "http://127.0.0.1:11434",
}
_GOOGLE = ".googleapis.com"  # with its regions


def unusual_host(string: str, chat: BaseChatModel) -> str:
    """The server's address; empty where it is the provider's own, or stands in the string.

    It is part of what replies are kept under: another server's are another model's.

    Args:
        string: of the role, a profile spelled out.
        chat: its client.
    """
    if "://" in string.partition("?")[0] or "base_url=" in string:
        return ""
    provider = string.partition(":")[0]
    family = family_of(chat)
    client: Any = chat
    if family == "gemini":
        url = host_of(client)
        return "" if (urlsplit(url).hostname or "").endswith(_GOOGLE) else url
    if provider == "openai":
        url = str(client.root_client.base_url)
    elif provider == "anthropic":
        url = str(client._client.base_url)
    elif provider == "ollama":
        url = str(client._client._client.base_url)
    else:  # whatever its package reads: all that may lead it elsewhere
        said = host_variables("mistral" if provider == "mistralai" else provider.partition("_")[0])
        return " ".join(f"{name}={value}" for name, value in said)
    return "" if url.rstrip("/") == _USUAL[provider] else url
