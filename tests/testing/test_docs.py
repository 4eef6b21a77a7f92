"""docs/testing.md names what there is, and its example passes."""

import re
from pathlib import Path

import pytest

from aurelia.testing import plugin, scripts

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text("utf-8")


def test_every_fixture_and_reply_is_named() -> None:
    fixtures = {name for name in vars(plugin) if name.startswith("aurelia_")}
    assert set(re.findall(r"^\| `(aurelia_\w+)", PAGE, re.M)) == fixtures
    made = {
        name
        for name, f in vars(scripts).items()
        if callable(f) and f.__module__ == scripts.__name__
    }
    listed = set(re.findall(r"^\| `(\w+)\(", PAGE, re.M)) - fixtures
    assert listed == {name for name in made if not name.startswith("_")} - {"script"}


def test_its_example_passes(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    (example,) = re.findall(r"```python\n(.*?)```", PAGE, re.S)
    pytester.makepyfile(example)
    result = pytester.runpytest_subprocess("-p", plugin.__name__, "-p", "no:cacheprovider")
    result.assert_outcomes(passed=1)
