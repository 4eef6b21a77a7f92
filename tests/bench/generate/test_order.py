"""What a variant pins: the prompts of its own set, and those its target is asked with."""

from collections.abc import Callable
from pathlib import Path

from aurelia.bench.generate.order import make_variants
from aurelia.models.registry import resolve_model
from aurelia.nodes.injecting import check_injection, injected_prompts


def test_a_target_of_another_prompt_set_can_be_asked(configured: Callable[[str], Path]) -> None:
    configured(
        '[models.small]\nbase_url = "http://127.0.0.1:9/v1"\nmodel = "m1"\nvideo = "off"\n'
        'audio = "off"\ntext = { prompt = "brief" }\n'
    )
    (variant,) = make_variants({}, {"target": "small"})
    model = resolve_model("small")
    check_injection(model, variant.context, variant.prompts)
    used = injected_prompts(model, variant.context, variant.prompts).get("target_distilled")
    assert used.identity in variant.context.prompt_pins
    assert variant.prompts.get("target_distilled").identity in variant.context.prompt_pins
