"""What a summarizer is asked, and whose steps its sentences condense: for the node, and for
recorded reasoning that is summarized anew."""

from aurelia.graph.context import Context
from aurelia.models.request import Draw, ModelRequest
from aurelia.nodes.budget import call_limits
from aurelia.nodes.parsed import plain
from aurelia.nodes.wording import steps_text
from aurelia.prompts.template import Template
from aurelia.types.reasoning import CaptionSentence, Reasoning
from aurelia.types.replies import CaptionReply


def summarizer_request(
    context: Context, template: Template, question: str, reasoning: Reasoning, draw: Draw
) -> ModelRequest:
    """The request: steps, findings and answer in words, and no media."""
    return ModelRequest(
        role="summarizer",
        model=context.summarizer,
        template=template,
        variables={
            "question": question,
            "steps": steps_text(reasoning.steps),
            "findings": reasoning.findings,
            "answer": reasoning.answer,
        },
        inputs={
            "question": question,
            "steps": plain(reasoning)["steps"],
            "findings": reasoning.findings,
            "answer": reasoning.answer,
        },
        sampling=context.sampling("summarizer"),
        draw=draw,
        use_cache=context.use_cache,
        limits=call_limits(context),
    )


def caption_sentences(reply: CaptionReply, reasoning: Reasoning) -> list[CaptionSentence]:
    """The caption's sentences, with ids of the steps whose numbers the reply gave."""
    ids = [step.id for step in reasoning.steps]
    return [
        CaptionSentence(
            text=sentence.text, step_ids=[ids[n - 1] for n in sentence.steps if 1 <= n <= len(ids)]
        )
        for sentence in reply.sentences
    ]
