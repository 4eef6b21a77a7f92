"""An agent that calls AURELIA as a tool.

python examples/supervisor.py
python examples/supervisor.py --model openai:gpt-4o   # with a key; asks a real model

Without a model it follows a script, so that it runs offline: first it names a clip that isn't
there and is told so, then it asks about one that is. The agent keeps its own context, state and
checkpointer; none of them reaches AURELIA, and AURELIA's settings don't reach the agent.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from langchain.agents import create_agent
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langgraph.checkpoint.memory import InMemorySaver

import aurelia

QUESTION = "In the clip from the yard: which comes first, the sound or the movement?"


@dataclass
class Desk:
    """The agent's own context. `threshold` means something else here than it does to AURELIA."""

    user: str
    threshold: float = 0.5


class Scripted(BaseChatModel):
    """A supervisor that does what a language model would: it corrects a call that was refused."""

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def bind_tools(self, tools: Sequence[Any], **_: Any) -> "Scripted":
        """It knows its tool by heart."""
        return self

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **_: Any,
    ) -> ChatResult:
        told = [message for message in messages if isinstance(message, ToolMessage)]
        if not told:
            reply = _calling("garden")
        elif told[-1].status == "error":
            reply = _calling("yard")
        else:
            reply = AIMessage(f"I had it looked at.\n{told[-1].text}")
        return ChatResult(generations=[ChatGeneration(message=reply)])


def _calling(clip: str) -> AIMessage:
    arguments = {
        "clip": clip,
        "question": "Which comes first, the sound or the movement?",
        "options": ["the sound", "the movement"],
    }
    call = ToolCall(name="examine_clip", args=arguments, id=f"call-{clip}")
    return AIMessage("", tool_calls=[call])


def supervise(
    model: BaseChatModel | str, clips: Callable[[Any], dict[str, Any]]
) -> list[BaseMessage]:
    """The conversation of an agent that has AURELIA as its tool.

    Args:
        model: the supervisor.
        clips: gives the clips that it may name, when the tool is called.
    """
    tool = aurelia.as_tool(clips=clips, context={"max_iterations": 3})
    agent = create_agent(model, [tool], context_schema=Desk, checkpointer=InMemorySaver())
    result = agent.invoke(
        {"messages": [HumanMessage(QUESTION)]},
        {"configurable": {"thread_id": "desk-1"}},
        context=Desk(user="ana"),
    )
    messages: list[BaseMessage] = result["messages"]
    return messages


def main() -> None:
    """Run the agent, and print what was said."""
    parser = argparse.ArgumentParser(description="An agent that calls AURELIA as a tool.")
    parser.add_argument("--model", help="the supervisor, such as openai:gpt-4o; none: a script")
    parser.add_argument("--clip", help="a clip of your own; none: the demo's")
    given = parser.parse_args()
    folder = Path(os.environ.get("AURELIA_CACHE_DIR", ".aurelia")) / "examples"
    clip = given.clip or str(aurelia.demo_clip(folder))
    for message in supervise(given.model or Scripted(), lambda _runtime: {"yard": clip}):
        calls = message.tool_calls if isinstance(message, AIMessage) else []
        said = message.text or ", ".join(f"calls {c['name']}({c['args']['clip']})" for c in calls)
        sys.stdout.write(f"{message.type}: {said}\n")


if __name__ == "__main__":
    main()
