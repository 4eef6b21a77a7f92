"""Scripted models: a file of replies, and the model string that names it.

    model = script(tmp_path, [actor(), caption("A tone sounds."), verdict(9)])
    aurelia.reason(clip, question, **everyone(model))

What a file may hold is told in `aurelia.models.scripted`.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

STEPS: list[dict[str, Any]] = [
    {"text": "Listen for the tone and note when it starts.", "modality": "audio"},
    {"text": "Watch when the block starts to move.", "modality": "visual"},
]
"""What `actor` proposes unless told otherwise."""


def actor(iteration: int | None = None, **reply: Any) -> dict[str, Any]:
    """An actor's reply; by default two steps, findings and an answer.

    Args:
        iteration: the pass it is for; None: any.
        reply: fields in the place of those, such as `answer="B"` or `cannot_answer={…}`.
    """
    content = {"steps": STEPS, "findings": "A tone and a block.", "answer": "the tone"} | reply
    return _entry("actor", iteration, json=content)


def caption(*sentences: str, iteration: int | None = None) -> dict[str, Any]:
    """A summarizer's reply; sentence n comes from step n."""
    parts = [{"text": s, "steps": [n]} for n, s in enumerate(sentences, start=1)]
    return _entry("summarizer", iteration, json={"sentences": parts})


def verdict(score: float, iteration: int | None = None, **reply: Any) -> dict[str, Any]:
    """A critic's reply: a score from 1 to 10; further fields as `claims=[…]`, `complaints=[…]`."""
    return _entry("critic", iteration, json={"score": score} | reply)


def target(text: str, form: str | None = None) -> dict[str, Any]:
    """A target's reply, to one of the two modes or to both."""
    return _entry("target", None, text=text) | ({"form": form} if form else {})


def said(role: str, text: str, iteration: int | None = None, **more: Any) -> dict[str, Any]:
    """Any role's reply as raw text."""
    return _entry(role, iteration, text=text) | more


def failing(role: str, message: str, iteration: int | None = None) -> dict[str, Any]:
    """A role whose model fails."""
    return _entry(role, iteration, error=message)


def script(directory: Path, replies: Sequence[dict[str, Any]], name: str = "script.yaml") -> str:
    """Write a script file; returns its model string. JSON is YAML, too."""
    path = directory / name
    path.write_text(json.dumps({"replies": list(replies)}), "utf-8")
    return f"scripted:{path}"


def everyone(model: str) -> dict[str, Any]:
    """Settings that put one model in every role of the loop."""
    return {"actor": model, "summarizer": model, "critic": model}


def _entry(role: str, iteration: int | None, **content: Any) -> dict[str, Any]:
    entry: dict[str, Any] = {"role": role, **content}
    return entry if iteration is None else entry | {"iteration": iteration}
