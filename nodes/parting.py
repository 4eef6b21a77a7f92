"""A thread that goes on after its run has ended: what comes is a run of its own."""

import time
import uuid

from aurelia.graph.state import Json, State, texts_so_far
from aurelia.nodes.turn import Turn


def parted(state: State, turn: Turn) -> Json:
    """What of state changes as a pass begins: nothing, unless the run has a record already.

    Then the passes so far are its parent's, as in a fork of a saved run, and the record that is
    there keeps its id to itself. A fork from before the end can't be told from a run under way.
    """
    run = state["run"]
    if (state.get("trajectory") or {}).get("id") != run["id"]:
        return {}
    parent = {"id": run["id"], "iteration": turn.index, "changed": turn.noted()}
    return {
        "run": {**run, "id": uuid.uuid4().hex[:12], "started_at": time.time(), "parent": parent},
        "texts": texts_so_far(state, "texts"),
        "templates": texts_so_far(state, "templates"),
    }
