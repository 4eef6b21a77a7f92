"""What looks like a secret, by its name or by its shape: a configuration holds none."""

import re
from collections.abc import Mapping

_NAMES = re.compile(
    r"(^|[_-])("
    r"(api|access|auth|secret|private|client|session)?_?(key|token|secret)"
    r"|pass|password|passwd|passphrase|pwd|credential|auth|authorization|authentication|bearer"
    r"|cookie)s?$",
    re.I,
)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
# Words of tokenisers, which are texts and no secrets, and a name for what a provider may reuse.
_HARMLESS = re.compile(
    r"^((eos|bos|pad|unk|sep|cls|mask|stop|special|additional_special|bad|image|audio|video)_tokens?"
    r"|prompt_cache_key)$",
    re.I,
)
_SHAPES = re.compile(r"\b(sk-|AIza|xai-|gsk_|hf_|ghp_|AKIA)[\w\-]{6,}|\bBearer\s+\S+")
_USER = re.compile(r"://[^/\s?#@]*@")


def names_a_secret(name: str) -> bool:
    """Whether a text under this name would be a secret, such as `api_key` or `hfToken`."""
    return not _HARMLESS.match(name) and bool(_NAMES.search(_CAPITAL.sub("_", name)))


def looks_secret(value: object) -> bool:
    """Whether a value has the shape of a provider's key."""
    return isinstance(value, str) and bool(_SHAPES.search(value))


def named_secret(value: object, name: str = "") -> str | None:
    """The name in `value` under which a secret stands, however deep; None where none does.

    Every text under headers counts, whatever it is called. Numbers are counts, and no secrets.
    """
    if isinstance(value, Mapping):
        sent = "header" in name.lower()
        for key, inner in value.items():
            if (sent or names_a_secret(str(key))) and _has_text(inner):
                return str(key)
            if found := named_secret(inner, str(key)):
                return found
    elif isinstance(value, (list, tuple)):
        return next(filter(None, (named_secret(inner, name) for inner in value)), None)
    return None


def shaped_secret(value: object, name: str = "") -> str | None:
    """The name of a text that looks like a key, or a URL with a password; None where none does."""
    if isinstance(value, Mapping):
        found = (shaped_secret(inner, str(key)) for key, inner in value.items())
        return next(filter(None, found), None)
    if isinstance(value, (list, tuple)):
        return next(filter(None, (shaped_secret(inner, name) for inner in value)), None)
    # A table's own base_url is looked at where it is read.
    user = isinstance(value, str) and name != "base_url" and _USER.search(value)
    return name if user or looks_secret(value) else None


def _has_text(value: object) -> bool:
    if isinstance(value, Mapping):
        # What has a type describes a field of this name: a JSON schema.
        return "type" not in value and any(map(_has_text, value.values()))
    if isinstance(value, (list, tuple)):
        return any(map(_has_text, value))
    return isinstance(value, str) and bool(value)
