"""Records by the very JSON that they were read from, or written as.

State holds plain JSON, and a node parses it. What another node of the same run wrote a moment ago
reaches it as the same objects, whose records are known, and need not be made again. State that came
from elsewhere (a checkpoint, an edit, a fork, another process) holds other objects, and is parsed.

Nobody changes what state holds in place: LangGraph's channels share it between steps. Nor does a
node change a record that it was given; it makes another.
"""

import threading
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from aurelia.errors import InputError
from aurelia.graph.state import Json
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Call, Iteration, Trajectory

T = TypeVar("T", bound=BaseModel)

_MOST_RUNS = 256
"""Runs whose records are held; those that began first go first. A run lets go as it ends."""
_MOST_ENDED = 64
"""Records of ended runs that wait for whoever began them; who streams states asks for none."""
_RECORDS = ("reasoning", "verdict", "feedback")
_LISTS = ("caption_sources", "calls")


class Parsed:
    """Records by the identity of what holds them.

    It holds that, too: so no other object can come to have the same identity meanwhile.
    """

    def __init__(self) -> None:
        self._held: dict[int, tuple[object, Any]] = {}
        self._written: dict[int, tuple[object, Json]] = {}

    def __len__(self) -> int:
        return len(self._held)

    def find(self, value: object) -> Any:
        """The record of this very object; None where it is not known."""
        found = self._held.get(id(value))
        return found[1] if found else None

    def put(self, value: object, record: object) -> None:
        """Hold the record of an object."""
        self._held[id(value)] = (value, record)

    def put_written(self, value: Json, record: BaseModel) -> None:
        """Hold the record of an object that was made of it."""
        self.put(value, record)
        self._written[id(record)] = (record, value)

    def as_written(self, record: BaseModel) -> Json:
        """The object that was made of a record."""
        found = self._written.get(id(record))
        return found[1] if found else record.model_dump(mode="json")


_runs: dict[str, Parsed] = {}
_ended: dict[int, tuple[Json, Trajectory]] = {}
_guard = threading.Lock()
_nothing = Parsed()
_of_run: ContextVar[Parsed | None] = ContextVar("aurelia_parsed", default=None)


def enter(run: str) -> None:
    """What this task reads and writes from now on belongs to a run."""
    if (known := _runs.get(run)) is None:
        with _guard:
            known = _runs.setdefault(run, Parsed())
            while len(_runs) > _MOST_RUNS:
                del _runs[next(iter(_runs))]
    _of_run.set(known)


def _here() -> Parsed:
    known = _of_run.get()
    return _nothing if known is None else known


def let_go(run: str) -> None:
    """A run has ended: nobody will ask for its records again, and they need not be held."""
    with _guard:
        _runs.pop(run, None)
    _of_run.set(None)


def plain(record: BaseModel) -> Json:
    """A record as JSON. What this run has `written` is that very object, not to be changed."""
    return _here().as_written(record)


def written(record: BaseModel) -> Json:
    """A record as state holds it. The nodes that come next are spared reading it."""
    value = record.model_dump(mode="json")
    if (known := _of_run.get()) is not None:
        known.put_written(value, record)
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
    known = _here()
    if not with_calls and (found := known.find(item)) is not None:
        return found  # type: ignore[no-any-return]
    given = dict(item)
    if not with_calls:
        given.pop("calls", None)
    unknown = []
    for name in _RECORDS:
        if (value := given.get(name)) is not None:
            given[name] = _record(known, value)
            if given[name] is value:
                unknown.append(name)
    for name in _LISTS:
        if isinstance(items := given.get(name), list):
            given[name] = [_record(known, each) for each in items]
    try:
        iteration = Iteration.model_validate(given)
    except ValidationError as error:
        raise _unusable(error, f"pass {item.get('index')}") from None
    for name in unknown:
        _note(known, item[name], getattr(iteration, name))
    for name in _LISTS:
        if isinstance(items := given.get(name), list):
            for value, record in zip(items, getattr(iteration, name), strict=True):
                if record is not value:  # it was parsed just now
                    _note(known, value, record)
    if not with_calls:
        _note(known, item, iteration)
    return iteration


def ended(run: Trajectory) -> Json:
    """The record of a run as state holds it; `outcome` gives whoever began the run the record."""
    # Calls are most of it, and have been written before.
    value = run.model_dump(mode="json", exclude={"iterations": {"__all__": {"calls"}}})
    known = _here()
    for item, iteration in zip(value["iterations"], run.iterations, strict=True):
        item["calls"] = [known.as_written(call) for call in iteration.calls]
    with _guard:
        _ended[id(value)] = (value, run)
        while len(_ended) > _MOST_ENDED:
            del _ended[next(iter(_ended))]
    return value


def outcome(value: Any) -> Trajectory:
    """The record of a run that has ended; handed over once, as it may be changed from then on.

    Args:
        value: as state holds it, or as a graph gave it.
    """
    with _guard:
        found = _ended.pop(id(value), None)
    return found[1] if found else Trajectory.model_validate(value)


def _known(model: type[T], value: Any) -> T:
    known = _here()
    record = known.find(value)
    if isinstance(record, model):
        return record
    try:
        record = model.model_validate(value)
    except ValidationError as error:
        raise _unusable(error, model.__name__.lower()) from None
    _note(known, value, record)
    return record


def _unusable(error: ValidationError, what: str) -> InputError:
    """What of state can't be read: a client may have edited it, or another version written it."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return InputError(
        f"The {what} in this thread's state can't be read, at {place}: {first['msg'].rstrip('.')}; "
        "correct it there, or start another thread."
    )


def _record(known: Parsed, value: Any) -> Any:
    """The record of an object, where it is known; else the object, which is then parsed."""
    record = known.find(value) if isinstance(value, dict) else None
    return value if record is None else record


def _note(known: Parsed, value: Any, record: object) -> None:
    if known is _nothing or not isinstance(value, dict) or not isinstance(record, BaseModel):
        return
    if known.find(value) is not record:
        known.put(value, record)
