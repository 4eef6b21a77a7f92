"""An uploaded file of Gemini, and how its requests name things."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.models.wire.exchange import Received
from tests.models.wire.script import Fail


@dataclass(slots=True)
class StoredFile:
    """An uploaded file.

    Attributes:
        account: the key that it belongs to.
        asked: how often its state was asked for.
        sent: requests that brought bytes of it.
    """

    name: str
    mime: str
    declared: int
    account: str
    display_name: str | None = None
    size: int = 0
    asked: int = 0
    sent: int = 0
    final: bool = False
    gone: bool = False
    _digest: Any = field(default_factory=hashlib.sha256, repr=False)

    @property
    def sha256(self) -> str:
        """Of the bytes that came."""
        return str(self._digest.hexdigest())

    def add(self, data: bytes) -> None:
        """Take a chunk."""
        self._digest.update(data)
        self.size += len(data)
        self.sent += 1


def camel(value: Any) -> Any:
    """JSON with names as the documentation has them; Google reads `file_uri` as `fileUri`."""
    if isinstance(value, dict):
        return {_camel(name): camel(entry) for name, entry in value.items()}
    return [camel(entry) for entry in value] if isinstance(value, list) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def account_of(request: Received) -> str:
    """Whose request it is."""
    return request.headers.get("x-goog-api-key", "")


def no_file(name: str) -> Fail:
    """What is said of a file of somebody else, and of one that isn't there."""
    message = f"You do not have permission to access the File {name} or it may not exist."
    return Fail(403, message)


def file_uris(body: Any) -> Iterator[str]:
    """Files that a request refers to."""
    body = camel(body)
    contents = [body.get("systemInstruction"), *body.get("contents", ())]
    for content in contents:
        for part in (content or {}).get("parts", ()):
            if "fileData" in part:
                yield part["fileData"]["fileUri"]
