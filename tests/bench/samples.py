"""Samples made by hand."""

from typing import Any

from aurelia.bench.sample import Sample


def make_sample(**changes: Any) -> Sample:
    """A question with two options; the second is right."""
    fields: dict[str, Any] = {
        "id": "one",
        "task": "av_compositional",
        "category": "order",
        "clip": "one.mp4",
        "question": "Which comes first, the sound or the movement?",
        "options": {"A": "The sound", "B": "The movement"},
        "ground_truth": ["B"],
    }
    return Sample(**{**fields, **changes})
