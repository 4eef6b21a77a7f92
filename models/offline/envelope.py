"""The structured inputs that reach an offline model beside the prompt; prompt text is never parsed."""

from typing import Any, Literal

from langchain_core.messages import BaseMessage, HumanMessage
from pydantic import BaseModel, ConfigDict, ValidationError

from aurelia.errors import ModelError
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Complaint, Reasoning, Step

KEY = "aurelia"
"""Key in `additional_kwargs` of the last human message."""


class Inputs(BaseModel):
    """What a role is given; each role uses its own part."""

    model_config = ConfigDict(extra="ignore")

    question: str | None = None
    options: dict[str, str] | None = None
    previous: Reasoning | None = None
    feedback: str = ""
    complaints: list[Complaint] = []
    steps: list[Step] = []
    findings: str = ""
    answer: str = ""
    caption: str = ""
    r_star: str | None = None


class Envelope(BaseModel):
    """One request."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["actor", "summarizer", "critic", "target"]
    iteration: int = 1
    repeat: int = 0
    clip: Clip | None = None
    inputs: Inputs = Inputs()


def read_envelope(messages: list[BaseMessage]) -> Envelope:
    """The request that the last human message carries.

    Raises:
        ModelError: there is none, or it can't be read.
    """
    human = next((m for m in reversed(messages) if isinstance(m, HumanMessage)), None)
    raw: Any = human.additional_kwargs.get(KEY) if human else None
    if raw is None:
        raise ModelError(
            "The offline model got a bare prompt; it reads structured inputs, not text, so call it "
            "through AURELIA (`aurelia.reason`, `critique` or `answer`)."
        )
    try:
        return Envelope.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ModelError(
            f"The offline model can't read its inputs: {where}: {first['msg']}."
        ) from error


def needed_clip(envelope: Envelope) -> Clip:
    """The clip of a request.

    Raises:
        ModelError: it carries none.
    """
    if envelope.clip is None:
        raise ModelError(f"The offline {envelope.role} needs a clip to measure, and got none.")
    return envelope.clip
