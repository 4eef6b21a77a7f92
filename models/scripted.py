"""A model that replies from a file, and fails on whatever the file doesn't hold.

File format (YAML or JSON):

    model: my-fake            # optional, shown as the reported model
    shown:                    # optional: who was shown less than picture and sound
      critic: [visual]        # a role; `panel 2` is the second member of the panel, who is
                              # otherwise shown what the critic is
    measures: [critic]        # optional: who stands for a model that measures by itself, and so
                              # is told no measured sentences
    replies:
      - role: actor           # actor | summarizer | critic | target | scorer
        iteration: 1          # optional: any iteration when left out
        repeat: 0             # optional, default 0
        purpose: main         # optional: main | repair | panel, default main
        form: plan            # optional, targets only: zero_shot or a form of r*
        delay_s: 0.1          # optional, seconds before the reply
        finish_reason: stop   # optional; `length`: the reply was cut off
        text: "…"             # the reply as it is, or
        json: {steps: []}     # the reply as JSON
        error: "…"            # or: fail with this message

The first entry that fits a request is used, as often as it is asked for. `aurelia.models.replay`
turns a trajectory into such a file, or into a stricter model.
"""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from aurelia.errors import ConfigurationError, ModelError, UnseenRequest
from aurelia.models.envelope import detach
from aurelia.models.faults import redact
from aurelia.types.reasoning import Modality
from aurelia.types.trajectory import Purpose, Role

_WORDS = re.compile(r"\s*\S+\s*")

Who = Annotated[
    str, StringConstraints(pattern=r"^(actor|summarizer|critic|target|panel [1-9][0-9]*)$")
]
"""A role, or a member of the panel by its number."""


class ScriptedReply(BaseModel):
    """One entry of a script."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    iteration: int | None = None
    repeat: int = 0
    purpose: Purpose = "main"
    form: str | None = None
    request: str | None = None
    delay_s: float = Field(default=0.0, ge=0)
    finish_reason: str = "stop"
    text: str | None = None
    json_: dict[str, Any] | None = None
    error: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _rename_json(cls, data: Any) -> Any:
        if isinstance(data, dict) and "json" in data:
            return {("json_" if key == "json" else key): value for key, value in data.items()}
        return data

    @model_validator(mode="after")
    def _one_outcome(self) -> "ScriptedReply":
        if sum(x is not None for x in (self.text, self.json_, self.error)) != 1:
            raise ValueError("give exactly one of text, json and error")
        return self

    def fits(self, envelope: Mapping[str, Any]) -> bool:
        """Whether this entry answers that request."""
        return (
            self.role == envelope["role"]
            and self.repeat == envelope["repeat"]
            and self.purpose == envelope["purpose"]
            and self.iteration in (None, envelope["iteration"])
            and self.form in (None, envelope["inputs"].get("form") or "zero_shot")
            and self.request in (None, envelope["request"])
        )

    @property
    def content(self) -> str:
        """The reply as text."""
        return self.text if self.text is not None else json.dumps(self.json_, ensure_ascii=False)


class Script(BaseModel):
    """A whole script file."""

    model_config = ConfigDict(extra="forbid")

    model: str = "scripted"
    shown: dict[Who, list[Modality]] = {}
    measures: list[Who] = []
    replies: list[ScriptedReply]


class ScriptedChat(BaseChatModel):
    """Replies from a `Script`; deterministic, free and offline."""

    script: Script
    source: str = "script"
    kind: Literal["scripted", "replay"] = "scripted"
    takes_envelope: bool = True

    @property
    def shown(self) -> dict[str, list[Modality]]:
        """Senses by role or member of the panel, where the script limits them."""
        return self.script.shown

    @property
    def measures(self) -> list[str]:
        """Roles and members of the panel that stand for a model that measures by itself."""
        return self.script.measures

    @property
    def _llm_type(self) -> str:
        return f"aurelia-{self.kind}"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"source": self.source}

    def _find(self, messages: Sequence[BaseMessage]) -> ScriptedReply:
        envelope = detach(messages)
        for reply in self.script.replies:
            if reply.fits(envelope):
                return reply
        changed = ", or its prompt differs from the recorded one" if self.kind == "replay" else ""
        raise UnseenRequest(
            f"{self.source} holds no reply for role {envelope['role']}, iteration "
            f"{envelope['iteration']}, repeat {envelope['repeat']}, purpose "
            f"{envelope['purpose']}{changed}; add one to its replies."
        )

    def _result(self, reply: ScriptedReply) -> ChatResult:
        if reply.error is not None:
            # Messages are copied from real failures, and a provider may quote the key in one.
            raise ModelError(redact(reply.error))
        message = AIMessage(
            content=reply.content,
            response_metadata={
                "model_name": self.script.model,
                "finish_reason": reply.finish_reason,
            },
        )
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self._find(messages)
        if reply.delay_s:
            time.sleep(reply.delay_s)
        return self._result(reply)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self._find(messages)
        if reply.delay_s:
            await asyncio.sleep(reply.delay_s)
        return self._result(reply)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        """Word by word, so that what shows a reply as it grows can be tried without a model."""
        message = (await self._agenerate(messages)).generations[0].message
        pieces = _WORDS.findall(message.text) or [""]
        for piece in pieces[:-1]:
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        last = AIMessageChunk(content=pieces[-1], response_metadata=message.response_metadata)
        yield ChatGenerationChunk(message=last)


def load_script(path: Path) -> ScriptedChat:
    """Read a script file.

    Raises:
        ConfigurationError: the file is missing, is no YAML, or an entry is wrong.
    """
    try:
        data = yaml.safe_load(path.read_text("utf-8"))
        script = Script.model_validate(data)
    except OSError as error:
        raise ConfigurationError(f"The script {path} can't be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"The script {path.name} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from None
    except yaml.YAMLError as error:
        where = getattr(error, "problem_mark", None)
        line = f", line {where.line + 1}" if where else ""
        raise ConfigurationError(f"The script {path.name}{line} is not valid YAML.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        loc = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"The script {path.name} is wrong at {loc or 'its top level'}: {first['msg']}."
        ) from None
    except ValueError as error:  # YAML reads 2020-13-45 as a date
        raise ConfigurationError(
            f"The script {path.name} holds a value that YAML can't read ({error}); quote it."
        ) from None
    return ScriptedChat(script=script, source=path.name)
