"""The offline backend as a LangChain chat model: four roles behind one class."""

from collections.abc import Mapping
from typing import Any, Literal

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from aurelia.errors import ConfigurationError
from aurelia.models.offline.actor import reason
from aurelia.models.offline.critic import judge
from aurelia.models.offline.envelope import Envelope, needed_clip, read_envelope
from aurelia.models.offline.looks import TOPICS
from aurelia.models.offline.said import AUDIO_TOPICS, VISUAL_TOPICS
from aurelia.models.offline.summarizer import summarize
from aurelia.models.offline.target import answer
from aurelia.types.reasoning import Modality

VERSION = 2
"""Changes with what is measured or said, so that cached replies of older code are not reused."""

SenseMode = Literal["full", "deaf", "blind"]


class OfflineChat(BaseChatModel):
    """Answers by measuring the clip; reads structured inputs (`envelope`), never prompt text.

    Attributes:
        modality: `full`, `deaf` (picture only) or `blind` (sound only).
    """

    modality: SenseMode = "full"

    @property
    def _llm_type(self) -> str:
        return "aurelia-offline"

    @property
    def shown(self) -> dict[str, list[Modality]]:
        """What of a clip reaches a critic that lacks a sense; empty: all of it."""
        left: dict[str, list[Modality]] = {"deaf": ["visual"], "blind": ["audio"]}
        return {"critic": left[self.modality]} if self.modality in left else {}

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model": "offline:perception", "modality": self.modality, "version": VERSION}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self._reply(read_envelope(messages))
        metadata = {"model_name": "offline:perception", "finish_reason": "stop"}
        message = AIMessage(content=reply, response_metadata=metadata)
        return ChatResult(generations=[ChatGeneration(message=message)])

    def _reply(self, envelope: Envelope) -> str:
        inputs = envelope.inputs
        match envelope.role:
            case "actor":
                return reason(needed_clip(envelope), inputs, self._senses()).model_dump_json()
            case "summarizer":
                return summarize(inputs).model_dump_json()
            case "critic":
                verdict = judge(
                    needed_clip(envelope),
                    inputs.caption,
                    inputs.question,
                    hears=self.modality != "deaf",
                    sees=self.modality != "blind",
                )
                return verdict.model_dump_json()
            case "target":
                return answer(envelope.clip, inputs, self._senses())

    def _senses(self) -> tuple[str, ...]:
        lost = {"deaf": AUDIO_TOPICS, "blind": VISUAL_TOPICS}.get(self.modality, frozenset())
        return tuple(t for t in TOPICS if t not in lost)


def build(name: str, parameters: Mapping[str, str]) -> BaseChatModel:
    """The model behind a string such as `offline:perception?modality=deaf`.

    Raises:
        ConfigurationError: the name, a parameter or its value is unknown.
    """
    if name != "perception":
        raise ConfigurationError(f"There is no offline model {name!r}; use `offline:perception`.")
    unknown = sorted(set(parameters) - {"modality"})
    if unknown:
        raise ConfigurationError(
            f"`offline:perception` has no parameter {unknown[0]!r}; it knows `modality`."
        )
    match parameters.get("modality", "full"):
        case "full" | "deaf" | "blind" as modality:
            return OfflineChat(modality=modality)
        case other:
            raise ConfigurationError(
                f"`modality={other}` is unknown; use `full`, `deaf` (sees only) or `blind` "
                "(hears only)."
            )
