"""AURELIA inside other graphs: as a node, a tool, a subgraph."""
