"""Which family a role's model belongs to, as far as its string tells."""

import re

from aurelia.models.profiles import spelled_out
from aurelia.models.registry import GROUNDED

_NO_FAMILY = ("offline:", "scripted:", "replay:")
_FAMILIES: dict[str, str] = {
    "gpt": "gpt",
    "chatgpt": "gpt",
    "o1": "gpt",
    "o3": "gpt",
    "o4": "gpt",
    "gemini": "gemini",
    "gemma": "gemini",
    "learnlm": "gemini",
    "claude": "claude",
    "llama": "llama",
    "qwen": "qwen",
    "qwq": "qwen",
    "qvq": "qwen",
    "mistral": "mistral",
    "mixtral": "mistral",
    "ministral": "mistral",
    "magistral": "mistral",
    "pixtral": "mistral",
    "voxtral": "mistral",
    "deepseek": "deepseek",
    "phi": "phi",
    "grok": "grok",
    "command": "command",
    "minicpm": "minicpm",
    "internvl": "internvl",
    "internlm": "internvl",
    "glm": "glm",
    "chatglm": "glm",
    "nova": "nova",
    "kimi": "kimi",
    "moonshot": "kimi",
}
_WORD = re.compile(r"[a-z]+")


def family(name: str) -> str | None:
    """The family of the model that a role's string names, such as `gemini` or `qwen`.

    Sizes, versions, providers and servers make no difference: `google_genai:gemini-2.5-pro` and
    `openai:gemini-2.5-flash` are of one family. A name of no known family is its own first word.
    None for models that compute, or replay, instead of judging by themselves.
    """
    name = spelled_out(name.removeprefix(GROUNDED))
    if name.startswith(_NO_FAMILY):
        return None
    if name.startswith(("http://", "https://")):
        name = name.partition("#")[2]
    else:
        name = name.rpartition(":")[2] if name.count(":") == 1 else name.partition(":")[2] or name
    name = name.partition("?")[0].rpartition("/")[2].lower()
    tokens = re.split(r"[^a-z0-9]+", name)
    for token in tokens:
        letters = _WORD.match(token)
        for known in (token, letters[0] if letters else ""):
            if known in _FAMILIES:
                return _FAMILIES[known]
    return next((token for token in tokens if token), None)


def same_family(actor: str, critic: str) -> str | None:
    """The family that an actor and a critic share; None where they don't."""
    shared = family(actor)
    return shared if shared is not None and shared == family(critic) else None
