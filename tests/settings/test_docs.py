"""docs/configuration.md shows what is so."""

import re
from collections.abc import Callable
from pathlib import Path

from aurelia.configuration.file import TABLES
from aurelia.configuration.profile import _KEYS
from aurelia.graph.context import make_context
from aurelia.settings import CONFIG, LIMITS, configuration, load_settings

PAGE = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text("utf-8")


def _example() -> str:
    block = re.search(r"```toml\n(.*?)```", PAGE, re.S)
    assert block
    return block.group(1)


def test_the_documented_file_can_be_read(configured: Callable[[str], Path]) -> None:
    configured(_example())
    context, settings, file = make_context(), load_settings(), configuration()
    assert (context.actor, context.threshold, context.max_cost) == ("omni", 7, 0.5)
    assert context.prompt_pins == ["generator@0123456789ab"]
    assert settings.max_concurrency.of("127.0.0.1:8000") == 2
    assert set(settings.sources) == set(LIMITS)
    assert set(file.models) == {"omni", "judge"}
    assert file.models["omni"].price == (0.1, 0.4)


def test_the_documented_file_shows_every_table_and_key() -> None:
    example = _example()
    for table in TABLES:
        assert f"[{table}" in example
    for key in (*_KEYS, *LIMITS):
        assert re.search(rf"^{key} = ", example, re.M), key
    for key in _KEYS:
        assert f"`{key}`" in PAGE, key


def test_every_variable_is_named() -> None:
    for name in (CONFIG, *(f"AURELIA_{name.upper()}" for name in LIMITS)):
        assert f"`{name}`" in PAGE
