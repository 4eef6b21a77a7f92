"""A bare LangGraph of the loop's shape: the same nodes, edges and state, and the same models."""

from collections.abc import Mapping
from typing import Annotated, Literal

from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import HumanMessage
from langgraph.graph import END, START, StateGraph
from typing_extensions import TypedDict

from aurelia.graph.state import Json, merge, upsert_iterations
from aurelia.types.trajectory import Trajectory


class BareState(TypedDict, total=False):
    """As much as the loop carries."""

    clip: Json
    context: Json
    question: str
    iteration: int
    iterations: Annotated[list[Json], upsert_iterations]
    texts: Annotated[Json, merge]
    trajectory: Json


class Bare:
    """Its nodes ask the models and write what a rollout wrote; they look at nothing.

    Args:
        run: whose parts are written.
        models: by role.
    """

    def __init__(self, run: Trajectory, models: Mapping[str, BaseChatModel]) -> None:
        self._record: Json = run.model_dump(mode="json")
        self._models = models
        builder = StateGraph(BareState)
        builder.add_node("observe", self._observe)
        builder.add_node("generator", self._generator)
        builder.add_node("summarizer", self._summarizer)
        builder.add_node("evaluator", self._evaluator)
        builder.add_node("feedback", self._feedback)
        builder.add_node("distill", self._distill)
        builder.add_edge(START, "observe")
        builder.add_conditional_edges("observe", lambda state: "generator", ["generator"])
        builder.add_conditional_edges("generator", lambda state: "summarizer", ["summarizer"])
        builder.add_conditional_edges("summarizer", lambda state: "evaluator", ["evaluator"])
        builder.add_conditional_edges("evaluator", self._after)
        builder.add_edge("feedback", "generator")
        builder.add_edge("distill", END)
        self._graph = builder.compile()

    async def roll_out(self, number: int) -> None:
        """One run."""
        await self._graph.ainvoke({"question": f"{self._record['question']} {number}"})

    def _observe(self, state: BareState) -> Json:
        return {"clip": self._record["clip"], "context": self._record["context"], "iteration": 0}

    async def _generator(self, state: BareState) -> Json:
        index = state["iteration"] + 1
        return {"iteration": index, **await self._ask("actor", index, "reasoning")}

    async def _summarizer(self, state: BareState) -> Json:
        return await self._ask("summarizer", state["iteration"], "caption", "caption_sources")

    async def _evaluator(self, state: BareState) -> Json:
        return await self._ask("critic", state["iteration"], "verdict")

    def _feedback(self, state: BareState) -> Json:
        part = self._record["iterations"][state["iteration"] - 1]
        return {"iterations": [{"index": part["index"], "feedback": part["feedback"]}]}

    def _distill(self, state: BareState) -> Json:
        return {"trajectory": self._record}

    def _after(self, state: BareState) -> Literal["feedback", "distill"]:
        last = state["iteration"] == len(self._record["iterations"])
        return "distill" if last else "feedback"

    async def _ask(self, role: str, index: int, *fields: str) -> Json:
        part = self._record["iterations"][index - 1]
        calls = [call for call in part["calls"] if call["role"] == role]
        prompt = [p["text"] for m in calls[0]["messages"] for p in m["parts"] if p["text"]]
        texts = {key: self._record["texts"][key] for key in [*prompt, calls[0]["raw"]]}
        await self._models[role].ainvoke([HumanMessage("\n".join(texts[key] for key in prompt))])
        written = {"index": index, "calls": calls, **{name: part[name] for name in fields}}
        return {"iterations": [written], "texts": texts}
