"""What importing and asking for help cost."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import aurelia

HEAVY = ("langchain_openai", "langchain_google_genai", "moviepy", "cv2", "langgraph", "av", "numpy")
CLI = str(Path(sys.executable).parent / "aurelia")


def loaded_after(statement: str) -> set[str]:
    """Top-level modules that a statement loads in a fresh interpreter."""
    code = f"import json, sys\n{statement}\nprint(json.dumps(sorted(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout
    return {name.split(".")[0] for name in json.loads(out)}


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not loaded_after("import aurelia") & set(HEAVY)


def test_building_the_graph_loads_no_provider() -> None:
    loaded = loaded_after("import aurelia; aurelia.build_graph()")
    assert not loaded & {"langchain_openai", "langchain_google_genai", "moviepy", "cv2"}


def cpu_seconds(command: list[str]) -> float:
    """User and system time of a finished command; the least of five, as the others are noise."""
    least = float("inf")
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
        least = min(least, spent)
    return least


def test_help_is_cheap() -> None:
    """CPU time, not wall time: a promise about start-up that a heavy import would break."""
    extra = cpu_seconds([CLI, "--help"]) - cpu_seconds([sys.executable, "-c", "pass"])
    assert extra <= 0.5


def test_every_public_name_can_be_had() -> None:
    for name in aurelia._EXPORTS:
        assert getattr(aurelia, name) is not None
        assert name in dir(aurelia)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        _ = aurelia.nonsense  # type: ignore[attr-defined]


def test_every_public_function_and_class_is_documented() -> None:
    for name in aurelia._EXPORTS:
        assert (getattr(aurelia, name).__doc__ or "").strip(), name


def test_the_error_tree_in_the_docstring_is_the_real_one() -> None:
    from aurelia import errors

    drawn = (errors.__doc__ or "").split("Each message")[0]
    classes = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, errors.AureliaError)
    ]
    for cls in classes:
        assert cls.__name__ in drawn
    assert errors.InputError.exit_code == 2
