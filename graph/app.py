"""What LangGraph Studio and LangGraph Server load. They bring their own checkpointer."""

from pathlib import Path

from aurelia.graph.build import build_graph
from aurelia.nodes.admission import Server

graph = build_graph(server=Server(start=Path.cwd()))
