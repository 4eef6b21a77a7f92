"""What is to be generated: which rollouts, with which settings, checked before anything starts."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aurelia.bench.rollouts import DEFAULT, RolloutKey
from aurelia.bench.sample import Sample
from aurelia.errors import ConfigurationError, InputError
from aurelia.graph.context import Context, make_context
from aurelia.graph.forms import SUFFIX
from aurelia.models.grounded import asked_as
from aurelia.models.registry import resolve_model
from aurelia.nodes.budget import check_prices
from aurelia.nodes.injecting import injected_prompts
from aurelia.prompts.loader import PromptSet
from aurelia.prompts.template import Template

_NAME = re.compile(r"\w[\w.-]{0,63}")


@dataclass(frozen=True, slots=True)
class Variant:
    """One set of prompts, with the settings that it is run with.

    Attributes:
        name: in files.
        context: settings as resolved, with every prompt pinned to its text. All of them count as
            given: what file and environment say later changes nothing.
        prompts: the templates.
    """

    name: str
    context: Context
    prompts: PromptSet


@dataclass(frozen=True, slots=True)
class Order:
    """Samples × variants × repeats.

    Attributes:
        path: of the samples file.
        samples: those that are to be run, paths resolved.
        variants: at least one.
        repeats: independent draws of each.
    """

    path: Path
    samples: Sequence[Sample]
    variants: Sequence[Variant]
    repeats: int = 1

    def rollouts(self) -> Iterator[RolloutKey]:
        """All rollouts, in the order in which they are begun: a whole repeat before the next, and
        the variants of a sample together, as they share its prepared clip."""
        for repeat in range(self.repeats):
            for sample in self.samples:
                for variant in self.variants:
                    yield RolloutKey(sample.id, variant.name, repeat)

    def __len__(self) -> int:
        return self.repeats * len(self.samples) * len(self.variants)


def named_variants(given: Sequence[str]) -> dict[str, str]:
    """`NAME=PROMPTS` of each variant, by name.

    Raises:
        InputError: one is of another form, or a name stands there twice.
    """
    found: dict[str, str] = {}
    for text in given:
        name, sign, prompts = text.partition("=")
        if not sign or not prompts or not _NAME.fullmatch(name):
            raise InputError(
                f"--variant {text!r} is no NAME=PROMPTS_DIR; a name has letters, digits, `_`, `-` "
                "and dots."
            )
        if name in found:
            raise InputError(f"--variant {name} is given twice; give each its own name.")
        found[name] = prompts
    return found


def make_variants(named: Mapping[str, str], settings: Mapping[str, Any]) -> list[Variant]:
    """The variants with their settings, each checked; without any, the one that is `default`.

    Reads prompts and configuration, and looks models up; asks nothing.

    Args:
        named: prompt set or folder by name of the variant.
        settings: fields of `Context` that all of them share.

    Raises:
        ConfigurationError: a setting or a model's name is wrong, or a price isn't known.
        PromptError: a prompt set can't be used.
    """
    if named and "prompts" in settings:
        raise InputError(
            "--prompts and --variant both say which prompts to use; to run several sets, give "
            f"each as a variant, such as --variant base={settings['prompts']}."
        )
    if not named:
        return [_variant(DEFAULT, make_context(**settings))]
    return [
        _variant(name, make_context(**settings, prompts=prompts)) for name, prompts in named.items()
    ]


def _variant(name: str, context: Context) -> Variant:
    prompts = context.load_prompts()
    pins = sorted(
        {t.identity for t in (*prompts.templates.values(), *_of_target(context, prompts))}
    )
    context = context.model_copy(update={"prompt_pins": pins})
    # A prompt's own field isn't where it is empty: each node would look at the prompts' files for
    # it, and a text that came in by it later would not be the one that is pinned.
    context.__pydantic_fields_set__ = {
        field for field, value in context if value or not field.endswith(SUFFIX)
    }
    variant = Variant(name, context, prompts)
    check_variant(variant)
    return variant


def _of_target(context: Context, prompts: PromptSet) -> list[Template]:
    """The target's prompts, where its profile or the settings say another set than the run's."""
    if not context.target:
        return []
    model = resolve_model(context.target)
    used = injected_prompts(model, context, prompts).templates.values()
    return [template for template in used if template.role == "target"]


def check_variant(variant: Variant) -> None:
    """Whatever would make every rollout of a variant fail.

    Raises:
        ConfigurationError: a model can't be resolved, or a setting can't be used here.
        PromptError: a prompt has another text than when the variant was made.
    """
    context = variant.context
    context.load_prompts()
    if context.review != "off":
        raise ConfigurationError(
            f"review is {context.review!r}, and nobody is there to decide; set review to off."
        )
    for role, model in roles(context):
        found = resolve_model(asked_as(role, model))
        found.check_sampling(context.sampling(role))
    check_prices(context)


def roles(context: Context) -> list[tuple[str, str]]:
    """Roles and their model strings; a panel's members are critics."""
    listed = [("actor", context.actor), ("summarizer", context.summarizer)]
    listed += [("critic", name) for name in (context.critic, *context.panel)]
    return [*listed, *([("target", context.target)] if context.target else [])]


def check_run_cost(order: Order, max_cost: float | None) -> None:
    """Refuse a bound on the cost of the whole run that could not be kept.

    Raises:
        ConfigurationError: a model's price is not known.
    """
    if max_cost is not None:
        for variant in order.variants:
            check_prices(variant.context.model_copy(update={"max_cost": max_cost}))
