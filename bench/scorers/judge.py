"""An open answer, compared with its reference by a model.

The judge is given question, ground truths and answer, and nothing else: no clip, no r*, no name of
target or mode. So equal answers of two modes are one request, and get one verdict.
"""

from collections.abc import Mapping
from typing import Any, cast

from aurelia.bench.sample import Sample
from aurelia.bench.scorers.scored import Judgement, Scored, failed, marked, unparsed
from aurelia.errors import ConfigurationError, PromptError, ReplyError
from aurelia.evaluators.reading import Reading, read_free
from aurelia.models.ask import Asked, ask
from aurelia.models.faults import redact
from aurelia.models.grounded import asked_as
from aurelia.models.registry import resolve_model
from aurelia.models.request import Draw, ModelRequest
from aurelia.models.retry import CallLimits
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.template import Template
from aurelia.types.replies import Reply, ScoreReply


async def judge_reply(
    sample: Sample,
    raw: str,
    problem: str = "",
    *,
    model: str,
    prompts: PromptSet,
    draw: Draw | None = None,
    sampling: Mapping[str, Any] | None = None,
    limits: CallLimits | None = None,
    use_cache: bool = True,
) -> Scored:
    """Score an open answer by a judge.

    Args:
        sample: an open question.
        raw: the target's reply; thinking blocks, and what is not its explicit answer where it has
            one, are kept from the judge.
        problem: why the reply is not to be accepted; then nobody is asked.
        model: the judge's model string.
        prompts: a set whose `answer_judge` asks for a score.
        draw: for a second opinion of the same judge.
        sampling: settings of the judge, such as a temperature.

    Returns:
        Right (score 1), wrong (0), unparsed (no answer in the reply), or failed: the judge could
        not be asked, or gave neither 0 nor 1 in two replies.

    Raises:
        ConfigurationError: the model string names no model, or one that only measures.
        PromptError: the set's prompt asks for something else than a score.
    """
    reading = Reading(None, problem) if problem else read_free(raw)
    if reading.value is None:
        return unparsed(sample.id, reading.how)
    template = judge_template(prompts, sample.task)
    check_judge(model)
    request = ModelRequest(
        role="scorer",
        model=model,
        template=template,
        variables={
            "question": sample.asked,
            "ground_truth": _references(sample.ground_truth),
            "reply": reading.value,
        },
        inputs={
            "question": sample.asked,
            "ground_truth": sample.ground_truth,
            "reply": reading.value,
        },
        sampling=sampling or {},
        draw=draw or Draw(),
        use_cache=use_cache,
        limits=limits or CallLimits(),
    )
    asked = await ask(request, prompts.get("repair", sample.task), check=_zero_or_one)
    return _scored(sample.id, reading.value, model, template, asked)


def check_judge(model: str) -> None:
    """Refuse what can be no judge. May read a file or import a package.

    Raises:
        ConfigurationError: the model string names no model, or one that only measures.
    """
    if resolve_model(asked_as("judge", model)).identity.startswith("offline:"):
        raise ConfigurationError(
            f"{redact(model)!r} measures clips and can't compare answers; give a language model "
            "as the judge, or score open answers by string match."
        )


def judge_template(prompts: PromptSet, task: str | None = None) -> Template:
    """The judge's prompt.

    Raises:
        PromptError: it asks for something else than a score.
    """
    template = prompts.get("answer_judge", task)
    if template.output != "score":
        raise PromptError(
            f"`{template.name}` of the set `{prompts.name}` asks for `{template.output}`; a judge "
            "of answers has to give `output: score`."
        )
    return template


def _scored(sample_id: str, answer: str, model: str, template: Template, asked: Asked) -> Scored:
    reply = cast("ScoreReply | None", asked.reply)
    costs = [call.usage.cost_usd for call in asked.calls]
    judgement = Judgement(
        model=redact(model),
        prompt=template.identity,
        raw=asked.raw,
        rationale=reply.rationale if reply else "",
        calls=len(asked.calls),
        cost_usd=None if None in costs else sum(cost for cost in costs if cost),
    )
    if reply is None:
        said = "could not be asked" if asked.failed else "gave no verdict that can be read"
        scored = failed(sample_id, f"the judge {said}: {asked.problem}")
    else:
        scored = marked(sample_id, reply.score == 1, "the judge's verdict", answer)
    return scored.model_copy(update={"judge": judgement, "answer": answer})


def _zero_or_one(reply: Reply) -> None:
    score = cast(ScoreReply, reply).score
    if score not in (0, 1):
        raise ReplyError(f"the score is {score:g}; it has to be 0 or 1")


def _references(truths: list[str]) -> str:
    if len(truths) == 1:
        return truths[0]
    return "\n".join(["Any one of these is right:", *(f"- {truth}" for truth in truths)])
