"""Records by the very JSON that they were read from, or written as.

State holds plain JSON, and a node parses it. What another node of the same run wrote a moment ago
reaches it as the same objects, whose records are known, and need not be made again. State that came
from elsewhere (a checkpoint, an edit, a fork, another process) holds other objects, and is parsed.

Nobody changes what state holds in place: LangGraph's channels share it between steps. Nor does a
node change a record that it was given; it makes another.
"""

import threading
from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic import BaseModel

from aurelia.graph.state import Json
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Call, Iteration, Trajectory

T = TypeVar("T", bound=BaseModel)

_MOST = 4096
"""How many are held at most; a run takes about ten a pass, and lets go of them when it ends."""
_RECORDS = ("reasoning", "verdict", "feedback")
_LISTS = ("caption_sources", "calls")


class Parsed:
    """Records by the identity of what holds them.

    It holds that, too: so no other object can come to have the same identity meanwhile.

    Args:
        most: how many are held; the oldest go first.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._held: dict[int, tuple[object, Any]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._held)

    def find(self, value: object) -> Any:
        """The record of this very object; None where it is not known."""
        found = self._held.get(id(value))
        return found[1] if found else None

    def put(self, value: object, record: object) -> None:
        """Hold the record of an object."""
        with self._lock:
            self._held[id(value)] = (value, record)
            while len(self._held) > self._most:
                del self._held[next(iter(self._held))]

    def forget(self, values: Iterable[object]) -> None:
        """Let go of the records of these objects."""
        with self._lock:
            for value in values:
                self._held.pop(id(value), None)


_parsed = Parsed()
_ended = Parsed(most=64)


def written(record: BaseModel) -> Json:
    """A record as state holds it. The nodes that come next are spared reading it."""
    value = record.model_dump(mode="json")
    _parsed.put(value, record)
    return value


def all_written(records: Iterable[BaseModel]) -> list[Json]:
    """`written`, for each of several."""
    return [written(record) for record in records]


def clip_of(value: Any) -> Clip:
    """The clip that state holds."""
    return _known(Clip, value)


def call_of(value: Any) -> Call:
    """A call that state holds."""
    return _known(Call, value)


def iteration_of(item: Json, *, with_calls: bool) -> Iteration:
    """A pass that state holds.

    Args:
        item: as state holds it.
        with_calls: False: without the records of its calls, which are most of what there is.
    """
    if not with_calls:
        known = _parsed.find(item)
        if known is not None:
            return known  # type: ignore[no-any-return]
    given = dict(item)
    if not with_calls:
        given.pop("calls", None)
    for name in _RECORDS:
        if name in given:
            given[name] = _record(given[name])
    for name in _LISTS:
        if isinstance(items := given.get(name), list):
            given[name] = [_record(each) for each in items]
    iteration = Iteration.model_validate(given)
    for name in _RECORDS:
        _note(item.get(name), getattr(iteration, name))
    for name in _LISTS:
        if name in given and isinstance(items := item[name], list):
            for value, record in zip(items, getattr(iteration, name), strict=True):
                _note(value, record)
    if not with_calls:
        _parsed.put(item, iteration)
    return iteration


def let_go(clip: object, iterations: Iterable[Json]) -> None:
    """A run has ended: nobody will ask for its records again, and they need not be held."""
    ended: list[object] = [clip]
    for item in iterations:
        ended += [item, *(item.get(name) for name in _RECORDS)]
        for name in _LISTS:
            if isinstance(items := item.get(name), list):
                ended += items
    _parsed.forget(ended)


def ended(run: Trajectory) -> Json:
    """The record of a run as state holds it; `outcome` gives whoever began the run the record."""
    value = run.model_dump(mode="json")
    _ended.put(value, run)
    return value


def outcome(value: Any) -> Trajectory:
    """The record of a run that has ended; handed over once, as it may be changed from then on.

    Args:
        value: as state holds it, or as a graph gave it.
    """
    run = _ended.find(value)
    _ended.forget([value])
    return run if isinstance(run, Trajectory) else Trajectory.model_validate(value)


def _known(model: type[T], value: Any) -> T:
    record = _parsed.find(value)
    if isinstance(record, model):
        return record
    record = model.model_validate(value)
    _note(value, record)
    return record


def _record(value: Any) -> Any:
    """The record of an object, where it is known; else the object, which is then parsed."""
    record = _parsed.find(value) if isinstance(value, dict) else None
    return value if record is None else record


def _note(value: Any, record: object) -> None:
    readable = isinstance(value, dict) and isinstance(record, BaseModel)
    if readable and _parsed.find(value) is not record:
        _parsed.put(value, record)
