"""How a reply ended, looked at before anything in it is accepted.

Providers report a reply that was cut off or held back as a success: the text is then partial or
empty, and JSON in it may still be well-formed.
"""

from langchain_core.messages import BaseMessage

_CUT_OFF = {"length", "max_tokens", "max_output_tokens", "model_context_window_exceeded"}
_REFUSED = {"refusal", "refused"}
_RECITED = {"recitation", "image_recitation"}
_BLOCKED = {
    "content_filter",
    "content_filtered",
    "guardrail_intervened",
    "safety",
    "image_safety",
    "prohibited_content",
    "image_prohibited_content",
    "blocklist",
    "spii",
}
PROMPT_BLOCKED = "prompt_blocked"


_SAYS_BLOCKED = {"content_filter", "content_policy_violation"}


def blocked_by(error: BaseException) -> str:
    """The code of an error that says that a filter held the prompt back; empty for any other.

    OpenAI's wire tells it as a wrong request, where others send a reply without text. It is the
    same to a run: another wording may well pass.
    """
    current: BaseException | None = error
    while current is not None:
        code = getattr(current, "code", None)
        if code in _SAYS_BLOCKED and getattr(current, "status_code", None) == 400:
            return str(code)
        current = current.__cause__
    return ""


def finish_of(message: BaseMessage) -> str | None:
    """Why a reply ended, in the provider's word; `refusal` and `prompt_blocked: …` are ours."""
    if message.additional_kwargs.get("refusal"):
        return "refusal"  # OpenAI says `stop`, with the text in a field of its own
    said = message.response_metadata
    for name in ("finish_reason", "stop_reason", "done_reason"):
        if said.get(name):
            return str(said[name])
    feedback = said.get("prompt_feedback")  # Gemini: there is no candidate to have finished
    reason = feedback.get("block_reason") if isinstance(feedback, dict) else None
    return f"{PROMPT_BLOCKED}: {getattr(reason, 'value', reason)}" if reason else None


def finish_problem(finish_reason: str | None, text: str) -> str:
    """Why a reply is not to be accepted, in words; empty where it ended as it should.

    Args:
        finish_reason: as `finish_of` gives it.
        text: the reply.
    """
    reason = (finish_reason or "").strip()
    word = reason.lower()
    if word in _CUT_OFF:
        return "the reply was cut off at the token limit"
    if word in _REFUSED:
        return f"the model refused to reply ({reason})"
    if word in _RECITED:
        return f"the provider held the reply back as a quotation ({reason})"
    if word in _BLOCKED:
        return f"the provider's safety filter blocked the reply ({reason})"
    if word.startswith(PROMPT_BLOCKED):
        return f"the provider's safety filter blocked the prompt ({reason.partition(': ')[2]})"
    if not text.strip():
        ended = f" (it ended with {reason})" if word not in ("", "stop", "end_turn") else ""
        return f"the reply is empty{ended}"
    return ""
