"""Which exit code a run ends with. Bad input is 2; errors carry their own code."""

FAILED = 1
CANNOT_ANSWER = 3
INTERRUPTED = 130


def exit_code(stop_reason: str) -> int:
    """0 with a result, accepted or not; 3 where the question was declined; 1 otherwise."""
    if stop_reason == "cannot_answer":
        return CANNOT_ANSWER
    return 0 if stop_reason in ("accepted", "exhausted", "budget") else FAILED
