"""What looks like a secret, by its name or by its shape: a configuration holds none."""

import re

_NAMES = re.compile(
    r"(^|[_-])(api_?key|key|token|secret|password|passwd|credentials?|authorization)$", re.I
)
# Words of tokenisers, which are texts and no secrets.
_HARMLESS = frozenset({"eos_token", "bos_token", "pad_token", "unk_token", "stop_token"})
_SHAPES = re.compile(r"\b(sk-|AIza|xai-|gsk_|hf_|ghp_|AKIA)[\w\-]{6,}|\bBearer\s+\S+")


def names_a_secret(name: str) -> bool:
    """Whether a text under this name would be a secret, such as `api_key` or `hf_token`."""
    return name.lower() not in _HARMLESS and bool(_NAMES.search(name))


def looks_secret(value: object) -> bool:
    """Whether a value has the shape of a provider's key."""
    return isinstance(value, str) and bool(_SHAPES.search(value))
