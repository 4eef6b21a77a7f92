"""The structured inputs that reach an offline model; prompt text is never parsed."""

from typing import Literal

from langchain_core.messages import BaseMessage
from pydantic import BaseModel, ConfigDict, ValidationError

from aurelia.errors import ModelError
from aurelia.models.envelope import detach
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Complaint, Reasoning, Step


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
    iteration: int | None = None
    repeat: int = 0
    clip: Clip | None = None
    inputs: Inputs = Inputs()


def read_envelope(messages: list[BaseMessage]) -> Envelope:
    """The request that the last human message carries.

    Raises:
        ModelError: there is none, or it can't be read.
    """
    try:
        return Envelope.model_validate(detach(messages))
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
