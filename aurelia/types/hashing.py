"""Short content hashes: the same text has the same name everywhere."""

import hashlib
import json
from typing import Any


def text_hash(text: str) -> str:
    """First 16 hex digits of the SHA-256 of `text` (UTF-8)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def json_hash(value: Any) -> str:
    """Full SHA-256 of `value` as canonical JSON."""
    return hashlib.sha256(_canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
