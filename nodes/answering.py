"""Ask a target: what the distill node, `aurelia.answer` and the benchmark share."""

from dataclasses import dataclass

from aurelia.evaluators.answers import ParsedAnswer, parse_answer
from aurelia.graph.context import Context
from aurelia.models.call import call
from aurelia.models.finish import finish_problem
from aurelia.models.request import Draw, ModelReply, ModelRequest
from aurelia.nodes.budget import call_limits
from aurelia.nodes.evidence import told
from aurelia.nodes.turn import delivery_for, media_for
from aurelia.nodes.wording import options_text
from aurelia.prompts.loader import PromptSet
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Answer, RStarForm


@dataclass(frozen=True, slots=True)
class Question:
    """What a target is asked about which clip."""

    clip: Clip
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
) -> tuple[Answer, ModelReply]:
    """One answer of a target. With and without `r_star`, requests differ by that block alone.

    Raises:
        CallFailed: the target could not be asked, or failed.
    """
    name = "target_distilled" if r_star else "target_zero_shot"
    evidence = await told(target, question.clip, context, "target")
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
            template=prompts.get(name, question.task),
            variables=variables,
            inputs=inputs,
            clip=question.clip,
            media=await media_for(target, question.clip, context),
            sampling=context.sampling("target"),
            draw=Draw(seed=context.seed),
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
