"""Language models that call a tool as they are told, and note what they got for it."""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

TOOL = "examine_clip"


class Supervisor(BaseChatModel):
    """Makes its calls, each list of them at once, and then says that it is done."""

    calls: list[list[dict[str, Any]]]
    bound: list[Any] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "supervisor"

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> "Supervisor":
        """Note the tools."""
        self.bound.extend(tools)
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> ChatResult:
        turn = sum(isinstance(message, AIMessage) for message in messages)
        if turn < len(self.calls):
            calls = [
                ToolCall(name=TOOL, args=args, id=f"{turn}.{n}")
                for n, args in enumerate(self.calls[turn])
            ]
            reply = AIMessage("", tool_calls=calls)
        else:
            reply = AIMessage("done")
        return ChatResult(generations=[ChatGeneration(message=reply)])


def told(result: dict[str, Any]) -> list[ToolMessage]:
    """What the tools replied."""
    return [message for message in result["messages"] if isinstance(message, ToolMessage)]
