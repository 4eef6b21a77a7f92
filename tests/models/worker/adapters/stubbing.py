"""Stands in for the repositories that adapters call, so that their calls can be read.

`stubs/NAME.txt` holds the files of a stub: only what the adapter touches, written anew, with the
signatures that the cited commit has. A wrong keyword is a TypeError there as it would be in the
repository. What a stub is told, it notes in `recorder`; `torch` is one that keeps what its tensors
were made of.
"""

import base64
import importlib
import io
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from aurelia.models.worker import worker

HERE = Path(__file__).parent
ADAPTERS = Path(worker.__file__).parent / "adapters"
OTHERS = {"__init__", "lmms_eval"}
"""Not written against one repository's entry point."""
NAMES = sorted(path.stem for path in ADAPTERS.glob("*.py") if path.stem not in OTHERS)

PLAN = "Steps: 1. Count the rings of the bell. 2. Watch the ball until the last of them."
QUESTION = "How often does the bell ring before the ball falls? {A} or <= 3?"
TEXT = f"{PLAN}\n{QUESTION}"
"""What a target is asked with r*: braces and marks of its own, as texts have them."""


class Stub:
    """An adapter whose repository is a stub: loaded and asked by the worker's own code.

    Attributes:
        folder: where the stub lies.
        ended: how the last reply ended, from an adapter that says so.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.folder = folder
        self.ended = ""
        self.adapter = worker.Adapter(ADAPTERS / f"{name}.py")

    def load(self, checkpoint: str = "weights", device: str = "cuda:0", **options: str) -> "Stub":
        """As `worker.py --checkpoint … --device … --option …` does."""
        self.adapter.load(checkpoint, device, options)
        return self

    def ask(
        self,
        text: str = TEXT,
        *,
        video: bytes | None = None,
        audio: bytes | None = None,
        images: tuple[bytes, ...] = (),
        **fields: Any,
    ) -> str:
        """The reply to a request, read as the worker reads it; media as data URLs."""
        media = [("video", video, "mp4"), ("audio", audio, "wav")]
        content: list[dict[str, Any]] = [
            _part(kind, data, ending) for kind, data, ending in media if data
        ]
        content += [_part("image", data, "png") for data in images]
        content.append({"type": "text", "text": text})
        messages = [{"role": "user", "content": content}]
        body = {"model": self.adapter.name, "messages": messages, **fields}
        question = worker.Question(body, self.adapter, 1024)
        place = self.folder / "media"
        place.mkdir(exist_ok=True)
        question.place(place, [], 2**24)
        given = question.arguments(self.adapter)
        said = self.adapter.module.answer(self.adapter.model, **given)
        if isinstance(said, dict):
            said, self.ended = said["text"], said["finish_reason"]
        assert isinstance(said, str)
        return said

    def count(self, text: str) -> int:
        """Tokens of a text by the adapter."""
        assert self.adapter.count is not None
        tokens = self.adapter.count(self.adapter.model, text)
        assert tokens is not None
        return tokens

    def told(self, name: str) -> dict[str, Any]:
        """What the stub was told by this name; it was told once."""
        (one,) = self.all_told(name)
        return one

    def all_told(self, name: str) -> list[dict[str, Any]]:
        """What the stub was told by this name, in order."""
        return [given for called, given in self.calls if called == name]

    @property
    def calls(self) -> list[tuple[str, dict[str, Any]]]:
        """All that the stub was told, in order."""
        found: list[tuple[str, dict[str, Any]]] = sys.modules["recorder"].calls
        return found

    @property
    def refused(self) -> type[Exception]:
        """What the adapter raises for what it can't do."""
        found: type[Exception] = self.adapter.module.Refused
        return found


@contextmanager
def stubbed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stub]:
    """The adapter of this name, run in a folder where its repository's stub lies."""
    before = dict(sys.modules)
    lay_out(name, tmp_path)
    tops = {path.stem for path in tmp_path.iterdir()}
    for module in list(sys.modules):
        if module.partition(".")[0] in tops:
            del sys.modules[module]
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    importlib.import_module("recorder")
    try:
        yield Stub(name, tmp_path)
    finally:
        for module in set(sys.modules) - set(before):
            path = getattr(sys.modules[module], "__file__", None) or ""
            if path.startswith(str(tmp_path)) or module.partition(".")[0] in tops:
                del sys.modules[module]
        sys.modules.update(before)


def lay_out(name: str, to: Path) -> None:
    """The stub of this adapter's repository as files of a folder, `torch` and `recorder` beside."""
    for source in ("torch", name):
        _unpack(HERE / "stubs" / f"{source}.txt", to)


def _unpack(source: Path, to: Path) -> None:
    for part in source.read_text().split("#### ")[1:]:
        name, _, text = part.partition("\n")
        path = to / name.strip()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _part(kind: str, data: bytes, ending: str) -> dict[str, Any]:
    url = f"data:{kind}/{ending};base64,{base64.b64encode(data).decode()}"
    return {"type": f"{kind}_url", f"{kind}_url": {"url": url}}


def sound(seconds: float = 1.0, rate: int = 16_000) -> bytes:
    """A WAV file of silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(rate)
        made.writeframes(b"\0\0" * round(seconds * rate))
    return file.getvalue()


VIDEO = b"\0\0\0\x18ftypmp42 pictures of this clip"
SOUND = sound()
IMAGE = b"\x89PNG\r\n a picture"
