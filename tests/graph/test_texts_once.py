"""Texts that calls refer to by hash stand in state once, and are never lost."""

import asyncio
import json
from pathlib import Path
from typing import Any

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver

from aurelia.graph.build import AureliaGraph, build_graph
from aurelia.graph.context import Context
from aurelia.types.trajectory import Trajectory
from tests.scripts import actor, caption, everyone, script, verdict

THREAD: RunnableConfig = {"configurable": {"thread_id": "a"}}


def _record(graph: AureliaGraph) -> tuple[dict[str, Any], Trajectory]:
    state = asyncio.run(graph.aget_state(THREAD)).values
    return state, Trajectory.model_validate(state["trajectory"])


def _missing(record: Trajectory) -> set[str]:
    calls = [call for i in record.iterations for call in i.calls]
    hashes = {h for call in calls for h in (call.raw, *call.variables.values())}
    hashes |= {p.text for c in calls for m in c.messages for p in m.parts if p.text}
    templates = {call.prompt.partition("@")[2] for call in calls} - set(record.templates)
    return (hashes - set(record.texts)) | templates


def test_a_run_that_goes_on_after_its_end_loses_no_text(clip_path: str, tmp_path: Path) -> None:
    model = script(tmp_path, [actor(), caption("A tone."), *(verdict(8, k) for k in (1, 2))])
    graph = build_graph(InMemorySaver())
    context = Context(**everyone(model))

    async def go_on() -> None:
        await graph.ainvoke({"clip": clip_path, "question": "q?"}, THREAD, context=context)
        ended = (await graph.aget_state(THREAD)).values
        worse = {**ended["iterations"][0]["verdict"], "score": 2}
        update = {"iterations": [{"index": 1, "verdict": worse}]}
        await graph.aupdate_state(THREAD, update, as_node="evaluator")
        await graph.ainvoke(None, THREAD, context=context)

    asyncio.run(go_on())
    state, record = _record(graph)
    assert [i.score for i in record.iterations] == [2, 8]
    assert _missing(record) == set()
    text = max(record.texts.values(), key=len)
    assert json.dumps(state).count(json.dumps(text)) == 1
