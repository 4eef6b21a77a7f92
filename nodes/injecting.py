"""How r* reaches a target: in which words, at which place, and how much of it."""

import asyncio
from dataclasses import dataclass, replace
from functools import partial

from aurelia.configuration.text_rules import Style, TextRules
from aurelia.errors import ModelError
from aurelia.graph.context import Context
from aurelia.models.adapters.media import media_of
from aurelia.models.call import refused
from aurelia.models.counting import Counter, counters
from aurelia.models.faults import redact
from aurelia.models.registry import ResolvedModel, find_model
from aurelia.models.request import ModelRequest
from aurelia.nodes.shortening import Shortened, longest_fitting, shortenings
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.placing import TargetPrompts, placed
from aurelia.prompts.styles import style_prompts
from aurelia.prompts.template import MediaPart
from aurelia.types.reasoning import RStarForm, TextFit

TOO_LONG = "not asked: more text than the target takes"
"""`Call.parsed_as` of a request that was refused for its target's text budget."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A request to a target that its text budget allows.

    Attributes:
        request: what is sent.
        r_star: what of r* is in it; None: zero-shot.
        fit: what was counted and left out; None where the target has no budget.
    """

    request: ModelRequest
    r_star: str | None
    fit: TextFit | None = None


async def target_prompts(
    target: str, context: Context, prompts: PromptSet, task: str | None = None
) -> TargetPrompts:
    """The two prompts of a target, as its profile and the settings say.

    Args:
        target: a model string.
        context: settings of the run; `injection` beats the profile.
        prompts: the run's own set.
        task: of the sample, for a variant.

    Raises:
        PromptError: a prompt can't be loaded, is pinned as another, or can't be placed.
    """
    rules = (await find_model(target)).text
    if _style(rules, context) == "set":  # no file has to be looked at
        return _pair(rules, context, prompts, task)
    return await asyncio.to_thread(_pair, rules, context, prompts, task)


def check_injection(
    model: ResolvedModel, context: Context, prompts: PromptSet, task: str | None = None
) -> None:
    """Find out before anything is paid whether a target can be given r* as is set.

    Reads files: in async code, call it in a thread.

    Raises:
        PromptError: as `target_prompts`.
        ConfigurationError: the tokenizer's file can't be read.
    """
    _pair(model.text, context, prompts, task)
    if model.text.budget is not None:
        counters(model, model.text)


def injected_prompts(model: ResolvedModel, context: Context, prompts: PromptSet) -> PromptSet:
    """The set whose target prompts a target is asked with. Reads files, as `check_injection`.

    Raises:
        PromptError: one can't be loaded, or is pinned as another.
    """
    return _used(model.text, context, prompts)


def _used(rules: TextRules, context: Context, prompts: PromptSet) -> PromptSet:
    style = _style(rules, context)
    return style_prompts(style, prompts, context.overrides, context.prompt_pins)


def _style(rules: TextRules, context: Context) -> Style:
    return rules.prompt if context.injection == "auto" else context.injection


def _pair(
    rules: TextRules, context: Context, prompts: PromptSet, task: str | None
) -> TargetPrompts:
    used = _used(rules, context, prompts)
    pair = (used.get("target_zero_shot", task), used.get("target_distilled", task))
    return placed(*pair, rules.r_star)


async def fitted(
    request: ModelRequest, r_star: str | None, form: RStarForm | None, context: Context
) -> Fitted:
    """The request with as much of r* as the target's text budget allows, said in its record.

    Args:
        request: with all of r*.
        r_star: r*; None: zero-shot.
        form: of r*.
        context: `too_long` beats the profile.

    Raises:
        CallFailed: it is too long, and is not to be shortened, or can't be further; or its server,
            which counts, fails. Nothing was asked.
        ConfigurationError: the tokenizer's file can't be read.
    """
    model = await find_model(request.model)
    rules = model.text
    if rules.budget is None:
        return Fitted(request, r_star)
    shorten = (rules.too_long if context.too_long == "auto" else context.too_long) == "shorten"
    every = list(shortenings(r_star, form)) if r_star else [Shortened("")]
    candidates = every if shorten else every[:1]
    labels = await asyncio.to_thread(_labels, model, request)

    async def counted(counter: Counter, candidate: Shortened) -> int | None:
        try:
            return await counter.count(_all_text(_asking(request, candidate.text), labels))
        except ModelError as error:
            raise await refused(request, str(error)) from error

    limits, cached = request.limits, request.use_cache
    for counter in await asyncio.to_thread(counters, model, rules, limits, use_cache=cached):
        found = await longest_fitting(candidates, partial(counted, counter), rules.budget)
        if found is None:
            continue
        kept, tokens = found
        if tokens > rules.budget:
            left = "question alone"
            if r_star:
                left = f"question with {'the first step alone' if shorten else 'all steps'}"
            helps = "" if len(candidates) == len(every) else "set too_long='shorten'"
            why = _too_long(request, rules, f"the {left} has {tokens}", counter.by, helps)
            failure = await refused(request, why)
            failure.call.parsed_as = TOO_LONG
            raise failure
        left_out = list(kept.left_out)
        fit = TextFit(tokens=tokens, budget=rules.budget, counted_by=counter.by, left_out=left_out)
        return Fitted(_asking(request, kept.text), kept.text if r_star else None, fit)
    raise AssertionError("the estimate always counts")  # pragma: no cover


def _asking(request: ModelRequest, r_star: str) -> ModelRequest:
    if not r_star or request.variables.get("r_star") == r_star:
        return request
    return replace(
        request,
        variables={**request.variables, "r_star": r_star},
        inputs={**request.inputs, "r_star": r_star},
    )


def _labels(model: ResolvedModel, request: ModelRequest) -> list[str]:
    """The texts that stand before media; they reach the model as well."""
    return [medium.label for medium in media_of(model, request)]


def _all_text(request: ModelRequest, labels: list[str]) -> str:
    """Every text of a request in its order, as the model is given them."""
    texts: list[str] = []
    for message in request.rendered():
        if message.role == "system":
            texts.append(message.text)
            continue
        for part in message.parts:
            texts += labels if isinstance(part, MediaPart) else [part.text]
    return "\n".join(texts)


def _too_long(
    request: ModelRequest,
    rules: TextRules,
    what: str,
    by: str,
    helps: str,
) -> str:
    """Why nothing is asked, and what would help."""
    counted = "estimated" if by == "estimate" else f"counted by {by}"
    bare = request.template.bare  # the words that are left are the question's own
    helps = helps or ("ask less at once" if bare else "set injection='brief'")
    return (
        f"The target {redact(request.model)} takes {rules.budget} tokens of text, and {what} "
        f"({counted}); {helps}, or raise text.budget in its profile."
    )
