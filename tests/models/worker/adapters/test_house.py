"""Every adapter: what it says of itself, and that it runs where its model does."""

import ast
import re
import sys

import pytest

from aurelia.models.worker import worker
from tests.models.worker.adapters.stubbing import ADAPTERS, HERE, NAMES

OWN = ("Repository:", "Commit:", "Entry point:", "Run from:", "Checkpoint:", "Needs:", "Licence:")


def _source(name: str) -> str:
    return (ADAPTERS / f"{name}.py").read_text()


def test_each_of_the_paper_that_has_code_and_no_server_has_an_adapter() -> None:
    paper = {
        "pandagpt", "macaw_llm", "video_llama", "imagebind_llm", "x_instructblip", "onellm",
        "avicuna", "crema", "videollama2", "anygpt", "next_gpt", "unified_io_2", "bay_cat",
        "video_salmonn", "vita",
    }  # fmt: skip
    assert paper <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_is_taken_by_the_worker(name: str) -> None:
    adapter = worker.Adapter(ADAPTERS / f"{name}.py")
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", adapter.name)
    assert adapter.module.CAPABILITIES
    assert isinstance(adapter.module.LIMITS, dict)


@pytest.mark.parametrize("name", NAMES)
def test_names_its_source_and_what_was_tried(name: str) -> None:
    said = ast.get_docstring(ast.parse(_source(name))) or ""
    assert all(f"\n{heading} " in said for heading in OWN)
    assert "\nStatus: never run with weights.\n" in said
    assert re.search(r"\nRepository: [\w.-]+/[\w.-]+\n", said)
    assert re.search(r"\nCommit: [0-9a-f]{40}\n", said)
    assert re.search(r"\nEntry point: [\w/.-]+\.py, ", said)
    cited = re.findall(r"\b[0-9a-f]{30,}\b", said)
    assert all(len(commit) == 40 for commit in cited)


@pytest.mark.parametrize("name", NAMES)
def test_runs_on_python_3_8_without_packages(name: str) -> None:
    tree = ast.parse(_source(name), feature_version=(3, 8))
    imported = [
        alias.name for node in tree.body if isinstance(node, ast.Import) for alias in node.names
    ]
    imported += [node.module or "" for node in tree.body if isinstance(node, ast.ImportFrom)]
    assert {part.partition(".")[0] for part in imported} <= sys.stdlib_module_names
    assert "__future__" in imported, "annotations are not evaluated, or `str | None` fails there"
    assert "aurelia" not in _source(name).replace("aurelia-", "")


@pytest.mark.parametrize("name", NAMES)
def test_is_small_and_has_a_stub(name: str) -> None:
    assert len(_source(name).splitlines()) < 120
    assert (HERE / "stubs" / f"{name}.txt").is_file()
