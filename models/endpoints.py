"""Whether servers that the user configured answer, asked by the very client that calls them."""

import json
import ssl
from collections.abc import Iterator, Sequence
from socket import gaierror
from typing import Any

from aurelia.models.announced import objection
from aurelia.models.faults import redact
from aurelia.models.registry import ResolvedModel
from aurelia.types.finding import Finding

TIMEOUT_S = 3.0
MOST_NAMED = 5
_LOG = "look into the server's log"


def has_endpoint(model: ResolvedModel) -> bool:
    """Whether a model is served at an address that the user chose."""
    return model.family in ("compatible", "ollama")


def check_endpoint(model: ResolvedModel) -> Finding:
    """Ask a server which models it serves; nothing is generated, and nothing paid.

    Args:
        model: one of which `has_endpoint` holds.
    """
    return _ollama(model) if model.family == "ollama" else _compatible(model)


def _compatible(model: ResolvedModel) -> Finding:
    import openai

    chat: Any = model.chat
    client = chat.root_client.with_options(timeout=TIMEOUT_S, max_retries=0)
    where = redact(str(client.base_url).rstrip("/"))
    try:
        text = client.models.with_raw_response.list().http_response.text
    except openai.APIStatusError as error:
        return _refused(where, error.status_code)
    except openai.APIConnectionError as error:
        return _unreachable(where, error)
    listed = _listed(text)
    if listed is None:
        said = "it answers, but with no list of models; is it a server of OpenAI's protocol?"
        return Finding(
            where, "warning", said, "look at host, port and path: it usually ends in /v1"
        )
    wanted, names = str(chat.model_name), list(listed)
    if wanted in listed:
        served = f"it answers, and serves {redact(wanted)}"
        if against := objection(listed[wanted], model.takes):
            return Finding(where, "warning", f"{served}, but {against[0]}", against[1])
        return Finding(where, "ok", served)
    return Finding(
        where,
        "warning",
        f"it answers, but does not list {redact(wanted)!r}",
        f"it lists: {_some(names)}" if names else "it lists no model: load one",
    )


def _ollama(model: ResolvedModel) -> Finding:
    import httpx
    import ollama

    chat: Any = model.chat
    # As in calls: to a host of the user's own no key of the environment goes along.
    headers = {"authorization": "Bearer none"} if chat.base_url else None
    client = ollama.Client(host=chat.base_url, timeout=TIMEOUT_S, headers=headers)
    where = redact(chat.base_url or "ollama (OLLAMA_HOST)")
    try:
        names = [str(entry.model) for entry in client.list().models]
    except ollama.ResponseError as error:
        return _refused(where, error.status_code)
    except (ConnectionError, httpx.TransportError) as error:
        return _unreachable(where, error, start="ollama serve")
    wanted = str(chat.model)
    if wanted in names or f"{wanted}:latest" in names:
        return Finding(where, "ok", f"it answers, and has {redact(wanted)}")
    said = f"it answers, but does not have {redact(wanted)!r}"
    return Finding(where, "missing", said, f"ollama pull {redact(wanted)}", blocks=True)


def _listed(text: str) -> dict[str, object] | None:
    """Ids of a list of models, and what each says that it takes; None where the text is none."""
    try:
        return {str(one["id"]): one.get("capabilities") for one in json.loads(text)["data"]}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _refused(where: str, status: int) -> Finding:
    if status in (401, 403):
        said = f"it refuses the key, or that there is none (status {status})"
        help_ = "name the variable that holds its key in a profile (api_key_env)"
        return Finding(where, "missing", said, help_, blocks=True)
    if status in (404, 405):
        said = "it answers, but has no list of models there, so the address may be wrong"
        return Finding(where, "warning", said, "look at its path: it usually ends in /v1")
    return Finding(where, "missing", f"it answers with status {status}", _LOG, blocks=True)


def _unreachable(where: str, error: Exception, start: str = "") -> Finding:
    causes = list(_causes(error))
    help_ = "correct the address, or start the server" + (f": {start}" if start else "")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        said = "nothing listens there"
    elif any(isinstance(cause, gaierror) for cause in causes):
        said, help_ = "its host's name can't be resolved", "correct the address"
    elif any(isinstance(cause, ssl.SSLError) for cause in causes):
        said = "its certificate is not accepted, or it speaks no TLS"
        help_ = "correct the address (http or https), or set SSL_CERT_FILE"
    elif any("Timeout" in type(cause).__name__ for cause in causes):
        said = f"it does not answer within {TIMEOUT_S:g} s"
        help_ = f"it may still be loading its model: {_LOG}"
    else:
        said = f"the connection fails: {redact(str(causes[-1]))[:120].rstrip('.')}"
    return Finding(where, "missing", said, help_, blocks=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(redact(name)[:80] for name in names[:MOST_NAMED]) + more
