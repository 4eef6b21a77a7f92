"""Real clips, real rollouts, and a server that plays actor, summarizer, critic and target."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aurelia
from aurelia.bench.rollouts import RolloutKey
from aurelia.bench.run.order import RunOrder
from aurelia.bench.run.reply import Reply
from aurelia.bench.run.run import carry_out, open_run
from aurelia.bench.run.score import read_replies
from aurelia.bench.run.settings import RunSettings
from aurelia.bench.sample import Sample
from aurelia.types.trajectory import Trajectory
from tests.bench.analysis.folders import write_rollouts
from tests.clips import make_clip, tones, write_clip
from tests.models.wire.exchange import Part, Received
from tests.models.wire.script import Behaviour, fail, say
from tests.models.wire.server import Wire

SENTINEL = "zanzibar"
"""A ground truth, and part of a reference reasoning: it may go nowhere."""
PASSES = 2
ACCEPTED = {"first": 2, "second": 1, "third": 0, "silent": 2, "dark": 1, "short": 2}
"""By sample, the pass that the critic accepts; 0: none."""
SAID = {"first": "The sound", "second": "it was the block", "silent": "B", "dark": "B"}
"""What the actor answers; of the others `none`."""
EARLY, LATE = (0.4, 0.9), (1.9, 2.5)
OPTIONS = {"A": "The sound", "B": "The movement"}
_PASS = re.compile(r"[Pp]ass (\d)")
_NAME = re.compile(r"\((\w+)\)")


@dataclass
class Lab:
    """A samples file with rollouts, a server, and what has been asked of it.

    Attributes:
        target: says what the target replies.
        fails: says which requests the server refuses.
        samples: by id.
        rollouts: by id.
        seed: of the targets' draws: what another test asked does not count as asked before.
    """

    folder: Path
    server: Wire
    target: Callable[[Received], str] = lambda _: "Answer: A"
    fails: Callable[[Received], bool] = lambda _: False
    samples: dict[str, Sample] = field(default_factory=dict)
    rollouts: dict[str, Trajectory] = field(default_factory=dict)
    seed: int = 0

    def model(self, name: str) -> str:
        """A model string that leads to the server."""
        return f"{self.server.openai}#{name}?audio=input_audio"

    def order(self, controls: str, **changes: Any) -> RunOrder:
        """Both modes and some controls."""
        settings = changes.pop("settings", RunSettings())
        targets = changes.pop("targets", [self.model("target")])
        return RunOrder(
            samples=self.folder / "samples.jsonl",
            folder=self.out(changes.pop("out", "out")),
            targets=targets,
            controls=controls,
            r_star=self.folder / "rollouts",
            settings=settings,
            context={"max_frames": 3, "seed": self.seed, **changes},
        )

    def out(self, name: str = "out") -> Path:
        """A folder for replies."""
        return self.folder / f"{name}-{self.seed}"

    def ask(self, control: str, **changes: Any) -> tuple[dict[str, Reply], list[Received]]:
        """The replies under a control by sample, and the requests that it alone has caused."""
        self.run(self.order("none", **changes))
        before = len(self.server.calls)
        order = self.order(control, **changes)
        self.run(order)
        replies = {r.sample_id: r for r in read_replies(order.folder) if r.condition == control}
        return replies, self.server.calls[before:]

    def run(self, order: RunOrder) -> None:
        """Ask for whatever is missing."""
        with open_run(order) as opened:
            carry_out(opened, at_once=2)

    def replies(self, control: str, out: str = "out") -> dict[str, Reply]:
        """Replies of a condition by sample."""
        found = read_replies(self.out(out))
        return {r.sample_id: r for r in found if r.condition == control}

    def parts(self, request: Received, kind: str) -> list[Part]:
        """What a request has of a kind."""
        return [part for part in self.server.media(request) if part.kind == kind]

    def text(self, request: Received) -> str:
        """All texts of a request."""
        return "\n".join(part.text for part in self.parts(request, "text"))


def about(request: Received) -> str:
    """The sample that a request is about."""
    return str(_NAME.findall(request.raw.decode())[0])


@contextmanager
def lab(folder: Path, **settings: Any) -> Iterator[Lab]:
    """A lab with a rollout of every sample, each of which ran all passes."""
    made: Lab

    def answer(request: Received) -> Behaviour:
        role = str(request.body["model"])
        if made.fails(request):
            return fail(400, "out of order")
        if role == "target":
            return say(made.target(request))
        return say(json.dumps(_loop(request, role)))

    with Wire(answer) as server:
        made = Lab(folder, server)
        made.samples = {s.id: s for s in _samples(folder)}
        roles = {role: made.model(role) for role in ("actor", "summarizer", "critic")}
        for sample in made.samples.values():
            made.rollouts[sample.id] = aurelia.reason(
                sample.located(folder).clip,
                sample.asked,
                sample.options,
                sample={"id": sample.id, "task": sample.task, "repeat": 0},
                max_frames=3,
                **{
                    "max_iterations": PASSES,
                    "stop_when": "never",
                    "r_star_form": "plan",
                    **roles,
                    **settings,
                },
            )
        write_rollouts(
            folder / "rollouts",
            list(made.samples.values()),
            {RolloutKey(name): run for name, run in made.rollouts.items()},
        )
        yield made


def _loop(request: Received, role: str) -> dict[str, Any]:
    """What actor, summarizer and critic say; the pass is named in every text."""
    name = about(request)
    seen = max((int(n) for n in _PASS.findall(request.raw.decode())), default=0)
    if role == "actor":
        steps = [{"text": f"Pass {seen + 1} of {name}: listen for the tone.", "modality": "audio"}]
        return {"steps": steps, "findings": "A tone.", "answer": SAID.get(name, "none")}
    if role == "summarizer":
        return {"sentences": [{"text": f"Pass {seen}: a tone. ({name})", "steps": [1]}]}
    return {"score": 9 if seen == ACCEPTED[name] else 3}


def _samples(folder: Path) -> list[Sample]:
    small = {"width": 64, "height": 48, "fps": 10}
    make_clip(folder / "first.mp4", 3.0, moves=[LATE], sounds=[EARLY], **small)  # type: ignore[arg-type]
    make_clip(folder / "second.mp4", 3.0, moves=[EARLY], sounds=[LATE], **small)  # type: ignore[arg-type]
    make_clip(folder / "third.mp4", 3.2, moves=[LATE], sounds=[EARLY], **small)  # type: ignore[arg-type]
    make_clip(folder / "silent.mp4", 3.0, moves=[EARLY], sounds=None, **small)  # type: ignore[arg-type]
    write_clip(folder / "dark.m4a", None, tones(3.0, [LATE]))
    right = {"first": "A", "second": "B", "third": "A", "silent": "B", "dark": "B"}
    samples = [
        Sample(
            id=name,
            task="av_compositional",
            category="order",
            clip="dark.m4a" if name == "dark" else f"{name}.mp4",
            question=f"Which comes first, the sound or the movement? ({name})",
            options=OPTIONS,
            ground_truth=[letter],
            reference_reasoning=[SENTINEL],
        )
        for name, letter in right.items()
    ]
    make_clip(folder / "short.mp4", 2.0, moves=[EARLY], sounds=[EARLY], **small)  # type: ignore[arg-type]
    short = Sample(
        id="short",
        task="music_avqa",
        clip="short.mp4",
        question="What is heard? (short)",
        answer_type="short",
        ground_truth=[SENTINEL],
    )
    return [*samples, short]
