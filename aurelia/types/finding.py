"""What a check of the installation found."""

from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: what was looked at, such as `OPENAI_API_KEY` or a model's string.
        state: `ok`; `warning`: it works, or may; `missing`: it is not there, or does not work.
        text: what is the case, without a final stop.
        help: what would help; empty where nothing is needed.
        blocks: whether the configured roles can't work like this.
    """

    subject: str
    state: State
    text: str
    help: str = ""
    blocks: bool = False
