"""Pages that LangGraph's server shows beside its own API: the clip of a thread, and its passes."""
