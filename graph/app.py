"""What LangGraph Studio and LangGraph Server load. They bring their own checkpointer."""

from aurelia.graph.build import build_graph

graph = build_graph()
