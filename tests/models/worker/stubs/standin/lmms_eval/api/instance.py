"""As lmms_eval/api/instance.py at 015949b: fields, and what is read from the metadata."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class TokenCounts:
    """Tokens of one reply."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    reasoning_tokens: int | None = None


@dataclass
class GenerationResult:
    """A reply with its tokens."""

    text: str
    token_counts: TokenCounts | None = None


@dataclass
class Instance:
    """One request."""

    request_type: str
    arguments: tuple[Any, ...]
    idx: int
    metadata: dict[str, Any]
    resps: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.task_name = self.metadata["task"]
        self.doc_id = self.metadata["doc_id"]
        self.repeats = self.metadata["repeats"]

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments."""
        return self.arguments
