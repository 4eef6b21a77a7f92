"""What the page on embedding says is so."""

import ast
import inspect
import re
from pathlib import Path
from typing import get_args

import aurelia
from aurelia.graph.as_node import Result

PAGE = (Path(__file__).parents[2] / "docs" / "embedding.md").read_text("utf-8")


def test_every_result_of_a_node_is_named() -> None:
    (said,) = re.findall(r"`out` takes (.*?)\(", PAGE, re.S)
    assert set(re.findall(r"`(\w+)`", said)) == set(get_args(Result))


def test_every_argument_in_the_code_exists() -> None:
    known = {f"aurelia.{n}": getattr(aurelia, n) for n in ("as_node", "as_tool", "build_graph")}
    used = set()
    for code in re.findall(r"```python\n(.*?)```", PAGE, re.S):
        for call in (n for n in ast.walk(ast.parse(code)) if isinstance(n, ast.Call)):
            name = ast.unparse(call.func)
            if name in known:
                used.add(name)
                parameters = inspect.signature(known[name]).parameters
                assert {k.arg for k in call.keywords} <= set(parameters)
    assert used == set(known)
