"""Node: the summarizer condenses steps, findings and answer into a caption. It sees no media."""

from typing import cast

from langgraph.runtime import Runtime

from aurelia.graph.context import Context
from aurelia.graph.state import Json, State
from aurelia.models.ask import ask
from aurelia.nodes.budget import stops
from aurelia.nodes.parsed import all_written
from aurelia.nodes.summarizing import caption_sentences, summarizer_request
from aurelia.nodes.turn import emit, read_turn, template_records
from aurelia.types.events import CaptionWritten
from aurelia.types.reasoning import Reasoning
from aurelia.types.replies import CaptionReply


async def summarizer(state: State, runtime: Runtime[Context]) -> Json:
    """Ask the summarizer, and keep which steps each sentence came from."""
    turn = await read_turn(state, runtime, with_calls=False)
    reasoning = turn.current.reasoning or Reasoning()
    template = turn.template("summarizer")
    request = summarizer_request(turn.context, template, turn.question, reasoning, turn.draw())
    asked = await ask(request, turn.template("repair"), stop=stops(state))
    iteration: Json = {
        "index": turn.index,
        "calls": all_written(asked.calls),
    }
    update: Json = {
        "iterations": [iteration],
        "texts": asked.texts,
        "templates": template_records(asked.templates),
    }
    if asked.reply is None:
        if asked.stopped:  # no failure of the model: the budget ends the run here
            return turn.record_changes(update)
        update["failure"] = f"The summarizer gave no caption: {asked.problem}"
        return turn.record_changes(update)
    sources = caption_sentences(cast(CaptionReply, asked.reply), reasoning)
    caption = " ".join(sentence.text for sentence in sources)
    iteration["caption"] = caption
    iteration["caption_sources"] = all_written(sources)
    emit(runtime, CaptionWritten(index=turn.index, text=caption))
    return turn.record_changes(update)
