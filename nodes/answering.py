"""Ask a target: what the distill node, `aurelia.answer` and the benchmark share."""

from dataclasses import dataclass

from aurelia.evaluators.answers import parse_answer
from aurelia.graph.context import Context
from aurelia.models.call import call
from aurelia.models.request import Draw, ModelReply, ModelRequest
from aurelia.nodes.turn import media_for
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
    variables = {"question": question.text, "options": options_text(question.options)}
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
        ),
    )
    parsed = parse_answer(reply.text, question.options)
    reply.call.parsed_as = "explicit answer" if parsed.parsed else "failed: no explicit answer"
    answer = Answer(
        text=parsed.text,
        option=parsed.option,
        parsed=parsed.parsed,
        raw=reply.text,
        mode="distilled" if r_star else "zero_shot",
        form=form if r_star else None,
        injected_text=r_star,
    )
    return answer, reply
