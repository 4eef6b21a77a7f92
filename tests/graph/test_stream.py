"""Events of a run, with the replies as they grow."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

import aurelia
from aurelia.types.events import (
    AnyEvent,
    Event,
    TokenStreamed,
    events_schema,
    parse_event,
)
from aurelia.types.trajectory import Trajectory
from tests.models.wire.exchange import Received
from tests.models.wire.script import Say, say
from tests.models.wire.server import Wire
from tests.scripts import actor, caption, everyone, script, target, verdict

QUESTION = "What comes first?"
DOCS = Path(__file__).parents[2] / "docs" / "events.md"


def tokens(events: list[AnyEvent]) -> list[TokenStreamed]:
    return [event for event in events if isinstance(event, TokenStreamed)]


def test_pieces_of_every_reply_add_up_to_what_the_record_holds(
    tmp_path: Path, clip_path: str
) -> None:
    replies = [actor(), caption("A."), verdict(2, 1), verdict(9, 2), target("(A) the tone")]
    model = script(tmp_path, replies)
    events: list[AnyEvent] = []
    settings = everyone(model) | {"target": model, "panel": [model]}
    replies += [{"role": "critic", "purpose": "panel", "repeat": 1, "json": {"score": 8}}]
    script(tmp_path, replies)
    run = aurelia.reason(
        clip_path, QUESTION, on_event=events.append, stream_tokens=True, **settings
    )
    written: dict[str, str] = {}
    for token in tokens(events):
        assert token.attempt == 0
        written[token.call] = written.get(token.call, "") + token.text
    calls = [c for i in run.iterations for c in i.calls]
    calls += [c for t in run.targets.values() for c in t.calls]
    assert written == {c.id: run.texts[c.raw] for c in calls}
    assert {t.role: t.index for t in tokens(events) if t.role == "target"} == {"target": None}
    assert len(tokens(events)) > 2 * len(calls)
    order = [e.type for e in events if e.type != "token"]
    assert order[:2] == ["iteration_started", "steps"]
    kinds = [e.type for e in events]
    assert kinds.index("iteration_started") < kinds.index("token") < kinds.index("steps")


def test_there_are_no_pieces_unless_they_are_asked_for(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(9)])
    events: list[AnyEvent] = []
    aurelia.reason(clip_path, QUESTION, on_event=events.append, **everyone(model))
    assert tokens(events) == []


def test_a_run_after_one_that_streamed_does_not(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(9)])
    first: list[AnyEvent] = []
    second: list[AnyEvent] = []
    for events, stream in ((first, True), (second, False)):
        aurelia.reason(
            clip_path, QUESTION, on_event=events.append, stream_tokens=stream, **everyone(model)
        )
    assert tokens(first)
    assert not tokens(second)


def _in_role(request: Received) -> Say:
    told = json.dumps(request.body)
    if "You check a caption" in told:
        return say(json.dumps({"score": 9}))
    if "how a question about it can be answered" in told:
        return say(json.dumps({"steps": [{"text": "Listen."}], "answer": "the tone"}))
    return say(json.dumps({"sentences": [{"text": "A tone.", "steps": [1]}]}))


@pytest.mark.parametrize("mode", ["values", "messages"])
@pytest.mark.parametrize("stream_tokens", [False, True])
def test_the_record_is_the_same_whatever_is_streamed(
    clip_path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, stream_tokens: bool
) -> None:
    monkeypatch.setenv("AURELIA_CACHE_DIR", str(tmp_path))
    with Wire(_in_role) as wire:
        context = aurelia.Context(**everyone(f"{wire.model}?video=frames"))
        context.stream_tokens = stream_tokens

        async def run() -> Trajectory:
            state: dict[str, Any] = {}
            modes: list[Any] = ["values", mode]
            stream = aurelia.build_graph().astream(
                {"clip": clip_path, "question": QUESTION}, context=context, stream_mode=modes
            )
            async for kind, chunk in stream:
                state = chunk if kind == "values" and isinstance(chunk, dict) else state
            return Trajectory.model_validate(state["trajectory"])

        record = asyncio.run(run())
    assert record.stop_reason == "accepted"
    assert (record.totals.calls, record.totals.input_tokens) == (3, 33)
    calls = record.iterations[0].calls
    assert {c.finish_reason for c in calls} == {"stop"}
    assert {c.reported_model for c in calls} == {"wire-1"}


def test_events_are_read_back_by_their_type(tmp_path: Path, clip_path: str) -> None:
    model = script(tmp_path, [actor(), caption("A."), verdict(2, 1), verdict(9, 2)])
    events: list[AnyEvent] = []
    aurelia.reason(
        clip_path, QUESTION, on_event=events.append, stream_tokens=True, **everyone(model)
    )
    for event in events:
        assert parse_event.validate_json(event.model_dump_json()) == event


def table() -> str:
    """The table of docs/events.md."""
    rows = ["| `type` | when | fields |", "|---|---|---|"]
    for kind in Event.__subclasses__():
        named = kind.model_fields["type"].default
        when = (kind.__doc__ or "").split(". ")[0].splitlines()[0].rstrip(".")
        fields = [
            f"`{name}`: {field.description}"
            for name, field in kind.model_fields.items()
            if name not in ("type", "version")
        ]
        rows.append(f"| `{named}` | {when} | {'<br>'.join(fields)} |")
    return "\n".join(rows)


def test_the_page_shows_every_event_and_field() -> None:
    assert table() in DOCS.read_text("utf-8")


def test_the_schema_names_every_type_and_its_version() -> None:
    schema = events_schema()
    named = set(schema["discriminator"]["mapping"])
    assert named == {kind.model_fields["type"].default for kind in Event.__subclasses__()}
    for kind in Event.__subclasses__():
        properties = schema["$defs"][kind.__name__]["properties"]
        assert properties["version"]["default"] == 1
        assert all("description" in p for name, p in properties.items() if name != "type"), kind
