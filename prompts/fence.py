"""Puts a value between tags that the value itself cannot close."""

import hashlib
from functools import lru_cache
from itertools import count

SUFFIX_LENGTH = 6


def fence(name: str, value: str) -> str:
    """Wrap `value` as `<name-3fa91c>value</name-3fa91c>`.

    The suffix comes from the value's own SHA-256, so the same value always gives the same text
    (caches and diffs hold). A value that holds its own tag gets the next suffix of a fixed series.
    """
    tag = f"{name}-{_suffix(name, value)}"
    inner = f"\n{value}\n" if "\n" in value else value
    return f"<{tag}>{inner}</{tag}>"


@lru_cache(maxsize=1024)
def _suffix(name: str, value: str) -> str:
    """First suffix of the value's series whose tag does not occur in the value, in any case."""
    content = value.encode("utf-8", "surrogatepass")
    haystack = value.lower()
    for attempt in count():
        salt = str(attempt).encode() if attempt else b""
        suffix = hashlib.sha256(content + salt).hexdigest()[:SUFFIX_LENGTH]
        if f"{name}-{suffix}".lower() not in haystack:
            return suffix
    raise AssertionError("count() never ends")  # pragma: no cover
