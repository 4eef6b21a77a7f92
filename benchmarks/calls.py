"""What one rollout sends, beside the published method. Part of `make bench`.

Five iterations that nobody accepts, on a rendered clip, with the real clients of the providers
against a server on this machine that counts bodies, uploads and model calls. No model answers, so
nothing here depends on what one says; sizes are those of rendered clips.

    python benchmarks/calls.py            about three minutes
    python benchmarks/calls.py --quick    the 10 s clip alone

It ends with 1 where a target isn't reached.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from calls_published import PUBLISHED, Form, roll_out
from media_clips import render, write_script

sys.path.append(str(Path(__file__).parents[1]))  # the server is a part of the tests

import aurelia
from tests.models.wire.exchange import Received, Reply
from tests.models.wire.script import say
from tests.models.wire.server import Wire

PASSES = 5
MOST_OF_BYTES = 0.1
RIVAL = "published"
OURS = "Gemini"

# One reply that every role can read: an actor's, a summarizer's, and a critic's that accepts
# nothing.
REPLY = {
    "steps": [{"text": "Listen for the tone.", "modality": "audio", "start_s": 0, "end_s": 1}],
    "findings": "A tone.",
    "answer": "the tone",
    "sentences": [{"text": "A tone sounds.", "steps": [1]}],
    "score": 4,
    "claims": [{"text": "A tone sounds.", "modality": "audio", "status": "supported"}],
}


@dataclass(frozen=True)
class Count:
    """What a rollout took.

    Attributes:
        sent: bytes of all request bodies, uploads included.
        uploads: files that were put into a provider's store.
        calls: model calls.
    """

    sent: int = 0
    uploads: int = 0
    calls: int = 0


class Counter(Wire):
    """The server, which forgets what it has counted: bodies of a rollout may take a gigabyte."""

    def __init__(self) -> None:
        super().__init__(say(json.dumps(REPLY)), polls=0)
        self.bytes_in = 0
        self.calls_in = 0

    def answer(self, request: Received) -> Reply:
        """Count a request, and answer it as ever."""
        reply = super().answer(request)
        self.bytes_in += request.size
        self.calls_in += request.purpose == "call"
        self.requests.clear()
        return reply

    def count(self, rollout: Callable[[], object]) -> Count:
        """What `rollout` takes."""
        before = Count(self.bytes_in, self.uploads, self.calls_in)
        rollout()
        return Count(
            self.bytes_in - before.sent,
            self.uploads - before.uploads,
            self.calls_in - before.calls,
        )


def roles_at(wire: Wire) -> Mapping[str, tuple[str, str]]:
    """Actor and critic, then the summarizer, by what they are sent; Gemini is what is judged."""
    gemini = "google_genai:gemini-2.5-pro"
    return {
        OURS: (gemini, gemini),
        "OpenAI: frames and WAV": (
            "openai:gpt-4o-audio-preview?video=frames&audio=input_audio",
            "openai:gpt-4o",
        ),
        "OpenAI: frames and MP3": (
            "openai:gpt-4o-audio-preview?video=frames&audio=mp3",
            "openai:gpt-4o",
        ),
        "a server: video and WAV": (
            f"{wire.openai}#m?video=raw&audio=input_audio",
            f"{wire.openai}#m",
        ),
    }


def aurelia_sends(wire: Counter, clip: Path, roles: tuple[str, str]) -> Count:
    """One rollout of ours, with nothing kept of earlier ones."""
    media, text = roles
    with tempfile.TemporaryDirectory() as cache, environment(AURELIA_CACHE_DIR=cache):

        def rollout() -> None:
            run = aurelia.reason(
                clip,
                "Which comes first, the sound or the movement?",
                actor=media,
                summarizer=text,
                critic=media,
                max_iterations=PASSES,
                stop_when="never",
            )
            # A rollout that broke off would send little.
            if len([i for i in run.iterations if i.score is not None]) != PASSES:
                raise SystemExit(f"the rollout with {media} ended early: {run.stop_detail}")

        return wire.count(rollout)


def published_sends(wire: Counter, clip: Path, form: Form) -> Count:
    """One rollout as the published script sends it."""
    with tempfile.TemporaryDirectory() as scratch:
        return wire.count(lambda: roll_out(wire, clip, PASSES, form, Path(scratch)))


def measure(wire: Counter, clip: Path) -> dict[str, Count]:
    """All rows of a clip's table."""
    rows = {form.name: published_sends(wire, clip, form) for form in PUBLISHED}
    for name, roles in roles_at(wire).items():
        rows[name] = aurelia_sends(wire, clip, roles)
    return rows


def report(label: str, clip: Path, rows: Mapping[str, Count]) -> bool:
    """Print a clip's table; whether the target is reached."""
    rival, ours = rows[RIVAL], rows[OURS]
    size = clip.stat().st_size / 1e6
    print(f"\n{label} ({size:.1f} MB): {PASSES} iterations, none accepted")
    print(f"  {'':44}{'MB sent':>10}{'ratio':>8}{'uploads':>9}{'calls':>7}")
    for name, row in rows.items():
        whose = "" if name in {form.name for form in PUBLISHED} else "aurelia, "
        figures = f"{row.sent / 1e6:10.2f}{row.sent / rival.sent:8.3f}{row.uploads:9}{row.calls:7}"
        print(f"  {whose + name:44}{figures}")
    reached = ours.sent <= MOST_OF_BYTES * rival.sent and ours.calls <= rival.calls
    print(
        f"  to reach with {OURS}: at most {MOST_OF_BYTES} of the published bytes, no more calls -> "
        f"{'reached' if reached else 'NOT reached'}"
    )
    return reached


@contextmanager
def environment(**values: str) -> Iterator[None]:
    """Variables that are there for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def alone(scratch: Path) -> dict[str, str]:
    """Variables that keep what this machine has set up, and tracing, out of what is counted."""
    nothing = scratch / "nothing.toml"
    nothing.write_text("", "utf-8")
    for name in [name for name in os.environ if name.startswith("AURELIA_")]:
        del os.environ[name]
    return {
        "AURELIA_CONFIG": str(nothing),
        "LANGSMITH_TRACING": "false",
        "LANGCHAIN_TRACING_V2": "false",
    }


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="the 10 s clip alone")
    parser.add_argument("--clips", type=Path, help="directory that keeps the rendered clips")
    given = parser.parse_args()
    scripts = {
        "10 s, 720p": write_script(1, 10, 720, 3, 3, 3),
        "10 min, 360p": write_script(1, 600, 360, 4, 4, 30),
    }
    reached = []
    with tempfile.TemporaryDirectory() as scratch, Counter() as wire:
        directory = given.clips or Path(scratch)
        directory.mkdir(parents=True, exist_ok=True)
        with environment(**wire.environment, **alone(Path(scratch))):
            for label, script in list(scripts.items())[: 1 if given.quick else None]:
                clip = render(script, directory)
                reached.append(report(label, clip, measure(wire, clip)))
    sys.exit(not all(reached))


if __name__ == "__main__":
    main()
