"""A whole run in which one role, on a real client, meets a fault in its second pass.

All other roles are scripted, so whatever reaches the server is of that role. The first pass scores
2 of 5, the second 5: without the fault the run is accepted in its second pass.
"""

import itertools
import json
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.models import registry
from aurelia.models.clock import use_clock
from aurelia.types.trajectory import Call, Trajectory
from tests import scripts
from tests.models.cutting import Cutting
from tests.models.faults import LIMIT_S, TRIES, Cell
from tests.models.wire.dns import NOWHERE, Names
from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, Hang, say
from tests.models.wire.server import Wire
from tests.ticking import Ticking

SOUND = {"actor": 1, "summarizer": 1, "critic": 1, "panel": 1, "grounded": 1, "target": 0}
"""How many calls of a role go well before its fault; a repair follows a second one of the actor."""
REPLIES: dict[str, Any] = {
    "actor": {"steps": scripts.STEPS, "findings": "A tone and a block.", "answer": "the tone"},
    "summarizer": {"sentences": [{"text": "A tone sounds.", "steps": [1]}]},
    "critic": {"score": 2},
}
OTHERS = "the-others"
LIMITS: dict[str, Any] = {
    "max_retries": TRIES,
    "call_timeout_s": LIMIT_S,
    "max_frames": 1,
    "use_cache": False,
}
MODELS = {
    "openai": "openai:gpt-4o",
    "gemini": "google_genai:gemini-2.5-flash",
    "anthropic": "anthropic:claude-wire",
    "ollama": "ollama:llava",
}


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a cell.

    Attributes:
        met: tries that met the fault, as the server or the resolver counted them.
        clock: what was waited for.
        sent: calls that reached the server.
    """

    run: Trajectory
    met: int
    clock: Ticking
    sent: int

    @property
    def calls(self) -> list[Call]:
        """All that the record has, of all roles."""
        of_targets = [call for record in self.run.targets.values() for call in record.calls]
        return [call for i in self.run.iterations for call in i.calls] + of_targets

    @property
    def last(self) -> Call:
        """The last call on the wire."""
        return next(
            c
            for c in reversed(self.calls)
            if not c.requested_model.startswith((OTHERS, "offline:"))
        )


@dataclass(slots=True)
class Stage:
    """Runs cells against one server, each once."""

    wire: Wire
    clip: Any
    place: Path
    others: registry.ResolvedModel
    _done: dict[str, Ran] = field(default_factory=dict)
    _built: dict[str, Any] = field(default_factory=dict)
    _lost: dict[str, Any] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """What leads every provider's client to the server, and a cache directory."""
        return {**self.wire.environment, "AURELIA_CACHE_DIR": str(self.place / "cache")}

    def ran(self, cell: Cell) -> Ran:
        """What came of it."""
        if str(cell) not in self._done:
            self._done[str(cell)] = self.play(cell, [cell.meets.behaviour])
        return self._done[str(cell)]

    def play(
        self,
        cell: Cell,
        faults: Sequence[Behaviour | None],
        *,
        recovers: bool = False,
        passes: int = 2,
    ) -> Ran:
        """A run: the role meets `faults`, of which the last stays unless it recovers."""
        sound = 2 if cell.role == "repair" else SOUND[cell.role]
        settings = self._settings(cell) | {"max_iterations": passes}
        with self._met(cell, faults, sound, recovers=recovers) as (clock, met):
            run = aurelia.reason(self.clip, "What sounds?", **settings)
        return Ran(run, met(), clock, len(self.wire.calls))

    def ask(self, cell: Cell) -> tuple[Any, int, Ticking]:
        """A critic or a target alone: what it gave or raised, the tries, and the clock."""
        with self._met(cell, [cell.meets.behaviour], 0) as (clock, met):
            try:
                if cell.role == "critic":
                    said: Any = aurelia.critique(
                        self.clip, "A tone.", "What?", self._model(cell), **LIMITS
                    )
                else:
                    said = aurelia.answer(self._model(cell), self.clip, "What?", **LIMITS)
            except aurelia.ModelError as error:
                said = error
        return said, met(), clock

    @contextmanager
    def _met(
        self, cell: Cell, faults: Sequence[Behaviour | None], sound: int, *, recovers: bool = False
    ) -> Iterator[tuple[Ticking, Callable[[], int]]]:
        """The server plays `faults` after so many sound calls; gives how many tries met them."""
        clock, names, wire = Cutting(), Names(), self.wire
        wire.requests.clear()
        lost = cell.fault == "dns"
        names.lost = lost and not sound
        turns = itertools.count(1)

        def meets(request: Received) -> Behaviour:
            number = next(turns)
            if lost and number == sound:
                names.lost = True
            if number <= sound:
                return say(self._good(cell.role, number))
            past = number - sound - 1
            if past >= len(faults) and (recovers or cell.ends == "renewed"):
                return say(self._good(cell.role, sound + 1 + (cell.role == "repair")))
            fault = faults[min(past, len(faults) - 1)]
            assert fault is not None, "nothing reaches a server whose name is lost"
            if isinstance(fault, Hang):
                clock.hang()
            return fault

        wire.plays(meets)
        with pytest.MonkeyPatch.context() as patch, use_clock(clock):
            patch.setattr(socket, "getaddrinfo", names.resolving())
            patch.setattr(registry, "_registered", {OTHERS: self.others})
            patch.setattr(registry, "_built", self._lost if lost else self._built)
            for name, value in self.environment.items():
                patch.setenv(name, value.replace("127.0.0.1", NOWHERE) if lost else value)
            yield clock, lambda: names.failed or len(wire.calls) - sound

    def _good(self, role: str, number: int) -> str:
        """What a role says when all is well; a repair's is asked for by prose of the actor's."""
        if role == "repair":
            return "I would listen to it." if number == 2 else json.dumps(REPLIES["actor"])
        if role == "target":
            return "Answer: the tone"
        if role in ("critic", "panel", "grounded"):
            return json.dumps({"score": 2 if number == 1 else 5})
        return json.dumps(REPLIES[role])

    def _settings(self, cell: Cell) -> dict[str, Any]:
        model = self._model(cell)
        settings: dict[str, Any] = {
            **scripts.everyone(OTHERS),
            "threshold": 5,
            **LIMITS,
        }
        match cell.role:
            case "repair":
                return settings | {"actor": model}
            case "panel":
                return settings | {"panel": [model]}
            case "grounded":
                return settings | {"critic": f"grounded:{model}"}
        return settings | {cell.role: model}

    def _model(self, cell: Cell) -> str:
        if cell.provider != "url":
            return MODELS[cell.provider]
        model = self.wire.model
        return model.replace("127.0.0.1", NOWHERE) if cell.fault == "dns" else model


@contextmanager
def staged(clip: Any, place: Path) -> Iterator[Stage]:
    """A server for all cells of a module."""
    replies = [
        scripts.actor(),
        scripts.caption("A tone sounds."),
        scripts.verdict(2, iteration=1),
        scripts.verdict(5),
    ]
    others = registry.resolve_model(scripts.script(place, replies))
    with Wire(polls=0) as wire:
        yield Stage(wire, clip, place, others)
