"""The loop as a graph. Reads as the diagram."""

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph
from langgraph.types import Checkpointer

from aurelia.graph.bound import Settings, bound, read_settings
from aurelia.graph.context import Context
from aurelia.graph.routes import (
    after_evaluator,
    after_generator,
    after_observe,
    after_review,
    after_summarizer,
)
from aurelia.graph.state import InputState, OutputState, State
from aurelia.graph.sync import Route, Step
from aurelia.nodes.admission import Server, guarded
from aurelia.nodes.distill import distill
from aurelia.nodes.evaluator import evaluator
from aurelia.nodes.feedback import feedback
from aurelia.nodes.generator import generator
from aurelia.nodes.observe import observe
from aurelia.nodes.review import review
from aurelia.nodes.summarizer import summarizer

AureliaGraph = CompiledStateGraph[State, Context, InputState, OutputState]


def build_graph(
    checkpointer: Checkpointer = None,
    *,
    context: Settings | None = None,
    server: Server | None = None,
) -> AureliaGraph:
    """Compile the actor-critic loop.

    Args:
        checkpointer: keeps state between steps, for resuming, forking and `update_state`. As a
            part of another graph: None for that graph's own, False for none at all.
        context: settings for runs that are given none; for a graph that is part of another one,
            whose context is its own business. What a run is given as a `Context` beats them.
        server: where clients run the graph, who may name some clips and models only; None: whoever
            runs it may name what they like.

    Returns:
        A LangGraph graph, for `ainvoke` and `astream`, or for `invoke` and `stream`.
        Input `{"clip", "question", "options"}`; output `{"trajectory", "answer", "stop_reason"}`;
        settings are a `Context`, given as `context=`.

    Raises:
        ConfigurationError: `context` has an unknown name or a wrong value.
    """
    builder = StateGraph(
        State, context_schema=Context, input_schema=InputState, output_schema=OutputState
    )
    opening = guarded(observe, server, opens=True)
    if context is not None:
        opening = bound(opening, read_settings(context))
    builder.add_node("observe", Step(opening, "observe"))
    builder.add_node("generator", Step(guarded(generator, server), "generator"))
    builder.add_node("summarizer", Step(guarded(summarizer, server), "summarizer"))
    builder.add_node("evaluator", Step(guarded(evaluator, server), "evaluator"))
    builder.add_node("feedback", Step(guarded(feedback, server), "feedback"))
    builder.add_node("review", Step(guarded(review, server), "review"))
    builder.add_node("distill", Step(guarded(distill, server), "distill"))

    builder.add_edge(START, "observe")
    builder.add_conditional_edges(
        "observe", Route(after_observe), {"propose": "generator", "revise": "feedback"}
    )
    builder.add_conditional_edges(
        "generator",
        Route(after_generator),
        {
            "summarize": "summarizer",
            "ask a person": "review",
            "try again": "generator",
            "stop": "distill",
        },
    )
    builder.add_conditional_edges(
        "summarizer", Route(after_summarizer), {"score": "evaluator", "stop": "distill"}
    )
    builder.add_conditional_edges(
        "evaluator",
        Route(after_evaluator),
        {"score ≥ τ or spent": "distill", "score < τ": "feedback", "ask a person": "review"},
    )
    builder.add_conditional_edges(
        "review",
        Route(after_review),
        {
            "summarize": "summarizer",
            "score ≥ τ or spent": "distill",
            "score < τ": "feedback",
            "stop": "distill",
        },
    )
    builder.add_edge("feedback", "generator")
    builder.add_edge("distill", END)
    return builder.compile(checkpointer=checkpointer, name="aurelia")
