"""A server that plays all roles from what it is sent, and notes how often it was asked."""

import json
import re
from collections.abc import Callable
from hashlib import sha256

from tests.models.wire.exchange import Received
from tests.models.wire.script import Behaviour, fail, say
from tests.models.wire.server import Wire

_PASS = re.compile(r"[Pp]ass (\d)")
PASSES = 2
CALLS = 3 * PASSES


def wire(before: Callable[[int], None] = lambda served: None, together: int = 1) -> Wire:
    """A server whose critic accepts the second pass.

    Args:
        before: called with how many calls there have been, before one is answered.
        together: how many calls must be there at once before any of them is answered.
    """
    server: Wire

    def answer(request: Received) -> Behaviour:
        before(len(server.calls))
        if request.body is None:  # a client that was killed as it sent it
            return fail(400)
        return say(json.dumps(reply(request)))

    server = Wire(answer, together=together)
    return server


def reply(request: Received) -> dict[str, object]:
    """What a role says; the pass is named in every text, so that it is found again."""
    role = str(request.body["model"])
    shown = max((int(n) for n in _PASS.findall(request.raw.decode())), default=0)
    if role == "actor":
        return {"steps": [{"text": f"Pass {shown + 1}: listen."}], "findings": "", "answer": "it"}
    if role == "summarizer":
        return {"sentences": [{"text": f"Pass {shown}: a tone.", "steps": [1]}]}
    return {"score": 9 if shown == PASSES else 3}


def models(server: Wire) -> dict[str, str]:
    """The settings that put a model of the server in each role."""
    return {role: f"{server.openai}#{role}" for role in ("actor", "summarizer", "critic")}


def options(server: Wire) -> list[str]:
    """The same on a command line."""
    return [word for role, name in models(server).items() for word in (f"--{role}", name)]


def served(server: Wire) -> int:
    """How many calls there have been that came in whole."""
    return sum(call.body is not None for call in server.calls)


def distinct(server: Wire) -> int:
    """How many different ones of them."""
    return len({sha256(call.raw).hexdigest() for call in server.calls if call.body is not None})
