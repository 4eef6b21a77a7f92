"""One short clip, and models that are really asked."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clips import ordinary
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, say
from tests.models.wire.server import Wire


@pytest.fixture(scope="session")
def clip_path(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A clip with picture and sound."""
    directory: Path = tmp_path_factory.mktemp("clips")
    return str(ordinary(directory))


def all_roles(request: Received) -> Behaviour:
    """A reply that whoever asked can read: actor, summarizer and critic alike."""
    reply: dict[str, Any] = {
        "steps": [{"text": "Listen for the tone.", "modality": "audio"}],
        "findings": "A tone.",
        "answer": "the tone",
        "sentences": [{"text": "A tone sounds.", "steps": [1]}],
        "score": 8,
    }
    return say(json.dumps(reply))


@pytest.fixture
def wire() -> Iterator[Wire]:
    """A server that plays all roles; it counts what it is asked."""
    with Wire(all_roles) as server:
        yield server
