"""Which exit code a run ends with."""

from aurelia.types.trajectory import Trajectory

OK = 0
FAILED = 1
BAD_INPUT = 2
CANNOT_ANSWER = 3
INTERRUPTED = 130


def exit_code(trajectory: Trajectory) -> int:
    """0 with a result, accepted or not; 3 where the question was declined; 1 otherwise."""
    if trajectory.stop_reason == "cannot_answer":
        return CANNOT_ANSWER
    return OK if trajectory.stop_reason in ("accepted", "exhausted", "budget") else FAILED
