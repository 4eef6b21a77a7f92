"""Node: the summarizer condenses steps, findings and answer into a caption. It sees no media."""

from typing import cast

from langgraph.runtime import Runtime

from aurelia.graph.context import Context
from aurelia.graph.state import Json, State
from aurelia.models.ask import ask
from aurelia.models.request import ModelRequest
from aurelia.nodes.budget import call_limits, stops
from aurelia.nodes.parsed import all_written
from aurelia.nodes.turn import emit, read_turn, template_records
from aurelia.nodes.wording import steps_text
from aurelia.types.events import CaptionWritten
from aurelia.types.reasoning import CaptionSentence, Reasoning
from aurelia.types.replies import CaptionReply


async def summarizer(state: State, runtime: Runtime[Context]) -> Json:
    """Ask the summarizer, and keep which steps each sentence came from."""
    turn = await read_turn(state, runtime, with_calls=False)
    reasoning = turn.current.reasoning or Reasoning()
    request = ModelRequest(
        role="summarizer",
        model=turn.context.summarizer,
        template=turn.template("summarizer"),
        variables={
            "question": turn.question,
            "steps": steps_text(reasoning.steps),
            "findings": reasoning.findings,
            "answer": reasoning.answer,
        },
        inputs={
            "question": turn.question,
            "steps": [step.model_dump(mode="json") for step in reasoning.steps],
            "findings": reasoning.findings,
            "answer": reasoning.answer,
        },
        sampling=turn.context.sampling("summarizer"),
        draw=turn.draw(),
        use_cache=turn.context.use_cache,
        limits=call_limits(turn.context),
    )
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
    sources = _sentences(cast(CaptionReply, asked.reply), reasoning)
    caption = " ".join(sentence.text for sentence in sources)
    iteration["caption"] = caption
    iteration["caption_sources"] = all_written(sources)
    emit(runtime, CaptionWritten(index=turn.index, text=caption))
    return turn.record_changes(update)


def _sentences(reply: CaptionReply, reasoning: Reasoning) -> list[CaptionSentence]:
    ids = [step.id for step in reasoning.steps]
    return [
        CaptionSentence(
            text=sentence.text, step_ids=[ids[n - 1] for n in sentence.steps if 1 <= n <= len(ids)]
        )
        for sentence in reply.sentences
    ]
