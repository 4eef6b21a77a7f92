"""A thread's state as the pages show it. State comes from clients: nothing in it is trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from aurelia.graph.context import Context
from aurelia.types.clip import Clip
from aurelia.types.trajectory import Call, Iteration, TargetRecord, Trajectory

SIGNS = {"supported": "✓", "contradicted": "✗", "unverifiable": "?", "unchecked": "·"}
"""What was found of a step, without colour."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A run on the list."""

    thread_id: str
    status: str
    updated_at: str
    question: str
    clip: str
    passes: int
    ended: str
    answer: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run, ended or under way.

    Attributes:
        status: of the thread, in LangGraph's word.
        waits: what a person is asked, in words; empty where nobody is.
        trajectory: the record, once it has ended.
    """

    thread_id: str
    status: str
    waits: str
    clip: Clip
    question: str
    options: dict[str, str]
    context: Context
    iterations: tuple[Iteration, ...]
    texts: Mapping[str, str]
    warnings: tuple[str, ...]
    trajectory: Trajectory | None

    @property
    def targets(self) -> dict[str, TargetRecord]:
        """What targets answered."""
        return self.trajectory.targets if self.trajectory else {}

    @property
    def latest(self) -> Iteration | None:
        """The pass whose steps are marked on the clip: the best, or else the last with steps."""
        best = self.trajectory.best_iteration if self.trajectory else None
        return best or next((i for i in reversed(self.iterations) if i.reasoning), None)

    def text(self, key: str | None) -> str:
        """A text by its hash."""
        return self.texts.get(key or "", "")


def read_summary(thread: Mapping[str, Any]) -> Summary | None:
    """One line of the list; None for a thread without a question."""
    said = thread.get("extracted") or {}
    if not said.get("question"):
        return None
    passes = said.get("iteration")
    return Summary(
        thread_id=str(thread["thread_id"]),
        status=str(thread.get("status") or ""),
        updated_at=str(thread.get("updated_at") or "")[:19].replace("T", " "),
        question=str(said["question"]),
        clip=str(said.get("clip") or "").rpartition("/")[2],
        passes=passes if isinstance(passes, int) else 0,
        ended=str(said.get("stop_reason") or ""),
        answer=str(said.get("answer") or ""),
    )


def read_run(thread: Mapping[str, Any]) -> Run | None:
    """A thread's state, parsed; None where it holds no run.

    Raises:
        ValueError: it holds something else; says where, without its text.
    """
    values = thread.get("values")
    if not isinstance(values, Mapping) or not {"run", "clip", "context"} <= set(values):
        return None
    try:
        settings = {k: v for k, v in values["context"].items() if k in Context.model_fields}
        record = values.get("trajectory")
        trajectory = Trajectory.model_validate(record) if record else None
        iterations = tuple(Iteration.model_validate(i) for i in values.get("iterations") or ())
        return Run(
            thread_id=str(thread["thread_id"]),
            status=str(thread.get("status") or ""),
            waits=_waits(thread),
            clip=Clip.model_validate(values["clip"]),
            question=str(values.get("question") or ""),
            options={str(k): str(v) for k, v in (values.get("options") or {}).items()},
            context=Context(**settings),
            iterations=tuple(trajectory.iterations) if trajectory else iterations,
            texts={**(values.get("texts") or {}), **(trajectory.texts if trajectory else {})},
            warnings=tuple(str(w) for w in values.get("warnings") or ()),
            trajectory=trajectory,
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{error.title}.{place}: {first['msg']}.") from None
    except (AttributeError, TypeError) as error:
        raise ValueError(f"it has another shape than a run's ({type(error).__name__}).") from None


def sent(call: Call, run: Run) -> list[tuple[str, str]]:
    """Messages of a call: who speaks, and the text with media by their names."""
    return [
        (
            message.role,
            "\n".join(run.text(p.text) if p.text else f"[{p.media}]" for p in message.parts),
        )
        for message in call.messages
    ]


def _waits(thread: Mapping[str, Any]) -> str:
    for task in thread.get("tasks") or ():
        for interrupt in task.get("interrupts") or ():
            value = interrupt.get("value")
            if isinstance(value, Mapping) and "kind" in value:
                return f"pass {value.get('index')} waits for a person: {value['kind']}"
            return "waits for a person"
    return ""
