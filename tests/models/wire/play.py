"""A behaviour as a protocol puts it."""

from dataclasses import replace

from tests.models.wire.exchange import Received, Reply, Speaks
from tests.models.wire.script import (
    Blocked,
    Empty,
    Expired,
    Fail,
    Hang,
    Raw,
    Reset,
    Say,
    Scripted,
    Serve,
    say,
)


def play(speaks: Speaks, request: Received, planned: Scripted) -> Reply:
    """What is sent for a request that meets this."""
    behaviour = planned(request) if callable(planned) else planned
    match behaviour:
        case Serve():
            is_call = request.purpose == "call"
            return speaks.reply(request, say("hello")) if is_call else speaks.serve(request)
        case Say():
            return speaks.reply(request, behaviour)
        case Fail():
            return speaks.error(behaviour)
        case Raw(body, content_type, status, headers):
            return Reply(body, status, content_type, headers)
        case Empty():
            return speaks.empty(request)
        case Blocked():
            return speaks.blocked(request)
        case Hang():
            return Reply(b"", then="hang")
        case Reset(None):
            return Reply(b"", then="reset")
        case Reset(Say() as first):
            return replace(speaks.reply(request, first), then="reset")
        case Expired():
            speaks.expire()
            return speaks.error(speaks.objection(request) or Fail(404, "It has expired."))
    raise TypeError(f"no behaviour: {behaviour!r}")
