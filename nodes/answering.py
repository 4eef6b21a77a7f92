"""Ask a target: what the distill node, `aurelia.answer` and the benchmark share."""

from dataclasses import dataclass

from aurelia.evaluators.answers import ParsedAnswer, parse_answer
from aurelia.graph.context import Context
from aurelia.models.call import call
from aurelia.models.finish import finish_problem
from aurelia.models.request import Draw, ModelReply, ModelRequest
from aurelia.nodes.budget import call_limits
from aurelia.nodes.evidence import NOTHING, told
from aurelia.nodes.injecting import fitted, target_prompts
from aurelia.nodes.turn import delivery_for, media_for
from aurelia.nodes.wording import options_text
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.template import Template
from aurelia.types.clip import Clip
from aurelia.types.reasoning import Answer, RStarForm, TextFit


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
        prompts: where the two target prompts are taken from, unless its profile or the settings
            say another set; the profile says where in them r* stands.
        r_star: the text to inject; None: zero-shot. Where the target takes only so much text,
            `Answer.fit` says what was left out, and `Answer.injected_text` is what was sent.
        form: the form of `r_star`, for the record.
        draw: which of several draws; None: the context's.
        template: another prompt than the two, which is sent as it is.

    Raises:
        CallFailed: the target could not be asked, or failed, or takes less text than this.
    """
    if template is None:
        pair = await target_prompts(target, context, prompts, question.task)
        template = pair.get(distilled=bool(r_star))
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
    request = ModelRequest(
        role="target",
        model=target,
        template=template,
        variables=variables,
        inputs=inputs,
        clip=clip,
        media=await media_for(target, clip, context) if clip else None,
        sampling=context.sampling("target"),
        draw=draw or Draw(seed=context.seed),
        use_cache=context.use_cache,
        delivery=delivery_for(target, context),
        limits=call_limits(context),
    )
    sent = await fitted(request, r_star, form, context)
    reply = await call(sent.request)
    parsed = _read(reply.text, question.options, template)
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
        note="; ".join(filter(None, ("" if parsed.parsed else problem, shortened_note(sent.fit)))),
        raw=reply.text,
        mode="distilled" if r_star else "zero_shot",
        form=form if r_star else None,
        injected_text=sent.r_star,
        fit=sent.fit,
    )
    return answer, reply


def _read(text: str, options: dict[str, str] | None, template: Template) -> ParsedAnswer:
    """The answer of a reply; where the prompt ends in "Answer:", the reply goes on from there."""
    parsed = parse_answer(text, options)
    if parsed.parsed or not template.text.rstrip().endswith("Answer:"):
        return parsed
    continued = parse_answer(f"Answer: {text.strip()}", options)
    return continued if continued.parsed else parsed


def shortened_note(fit: TextFit | None) -> str:
    """What was left out of r* for a target's text budget, in words; empty where nothing was."""
    if fit is None or not fit.left_out:
        return ""
    count = len(fit.left_out)
    return (
        f"r* was shortened: {count} {'part' if count == 1 else 'parts'} of it left out, as the "
        f"target takes {fit.budget} tokens of text"
    )
