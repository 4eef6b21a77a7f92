"""Ask a target: what the distill node, `aurelia.answer` and the benchmark share."""

from dataclasses import dataclass

from aurelia.evaluators.answers import ParsedAnswer, parse_answer
from aurelia.graph.context import Context
from aurelia.models.call import call
from aurelia.models.finish import finish_problem
from aurelia.models.request import Draw, ModelReply, ModelRequest
from aurelia.nodes.budget import call_limits
from aurelia.nodes.evidence import NOTHING, told
from aurelia.nodes.turn import delivery_for, media_for
from aurelia.nodes.wording import options_text
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.template import Template
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Answer, RStarForm


@dataclass(frozen=True, slots=True)
class Question:
    """What a target is asked about which clip; without one, it is sent no media at all."""

    clip: Clip | None
    text: str
    options: dict[str, str] | None = None
    task: str | None = None


async def ask_target(
    question: Question,
    *,
    target: str,
    context: Context,
    prompts: PromptSet,
    r_star: str | None = None,
    form: RStarForm | None = None,
    draw: Draw | None = None,
    template: Template | None = None,
) -> tuple[Answer, ModelReply]:
    """One answer of a target. With and without `r_star`, requests differ by that block alone.

    Args:
        question: what it is asked.
        target: its model string.
        context: settings of the run.
        prompts: where the two target prompts are taken from.
        r_star: the text to inject; None: zero-shot.
        form: the form of `r_star`, for the record.
        draw: which of several draws; None: the context's.
        template: another prompt than the two.

    Raises:
        CallFailed: the target could not be asked, or failed.
    """
    name = "target_distilled" if r_star else "target_zero_shot"
    clip = question.clip
    evidence = await told(target, clip, context, "target") if clip else NOTHING
    variables = {
        "question": question.text,
        "options": options_text(question.options),
        "evidence": evidence.text,
    }
    inputs = {
        "question": question.text,
        "options": question.options,
        "r_star": r_star,
        "form": (form or "given") if r_star else "zero_shot",
    }
    if r_star:
        variables["r_star"] = r_star
    reply = await call(
        ModelRequest(
            role="target",
            model=target,
            template=template or prompts.get(name, question.task),
            variables=variables,
            inputs=inputs,
            clip=clip,
            media=await media_for(target, clip, context) if clip else None,
            sampling=context.sampling("target"),
            draw=draw or Draw(seed=context.seed),
            use_cache=context.use_cache,
            delivery=delivery_for(target, context),
            limits=call_limits(context),
        ),
    )
    parsed = parse_answer(reply.text, question.options)
    problem = finish_problem(reply.call.finish_reason, reply.text)
    if problem:  # what was cut off or held back may look like an answer
        parsed = ParsedAnswer(text=reply.text, option=None, parsed=False)
    elif not parsed.parsed:
        problem = "no explicit answer"
    reply.call.parsed_as = f"failed: {problem}" if problem else "explicit answer"
    answer = Answer(
        text=parsed.text,
        option=parsed.option,
        parsed=parsed.parsed,
        note="" if parsed.parsed else problem,
        raw=reply.text,
        mode="distilled" if r_star else "zero_shot",
        form=form if r_star else None,
        injected_text=r_star,
    )
    return answer, reply
