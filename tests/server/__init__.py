"""The graph on a real LangGraph server, on this machine and offline."""
